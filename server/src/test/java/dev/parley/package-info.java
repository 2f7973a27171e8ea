/// Tests of the code base as a whole.
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
