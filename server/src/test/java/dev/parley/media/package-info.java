/// Tests of files.
@NullMarked
package dev.parley.media;

import org.jspecify.annotations.NullMarked;
