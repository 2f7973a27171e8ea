/// Durable timers and recurring jobs that survive a restart. Table: `scheduled_tasks`.
@NullMarked
package dev.parley.platform.timers;

import org.jspecify.annotations.NullMarked;
