/// The one documented set of configuration keys, read from the environment, a file or system
/// properties.
@NullMarked
package dev.parley.platform.config;

import org.jspecify.annotations.NullMarked;
