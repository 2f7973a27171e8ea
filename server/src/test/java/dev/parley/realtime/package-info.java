/// Tests of the package of the same name.
@NullMarked
package dev.parley.realtime;

import org.jspecify.annotations.NullMarked;
