/// The one JSON mapper and its settings.
@NullMarked
package dev.parley.platform.json;

import org.jspecify.annotations.NullMarked;
