/// Tests of presence.
@NullMarked
package dev.parley.realtime.presence;

import org.jspecify.annotations.NullMarked;
