/// Correlation, metrics and log fields that follow a message through every hop.
@NullMarked
package dev.parley.platform.telemetry;

import org.jspecify.annotations.NullMarked;
