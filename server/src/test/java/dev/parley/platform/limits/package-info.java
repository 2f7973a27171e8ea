/// Tests of rate limits.
@NullMarked
package dev.parley.platform.limits;

import org.jspecify.annotations.NullMarked;
