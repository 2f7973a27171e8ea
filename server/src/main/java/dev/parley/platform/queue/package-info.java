/// Work queues: durable, ordered per key, each item's effect once; a stuck key is parked and then
/// dead-lettered. Tables: `work_items`, `parked_keys`, `dead_letters`.
@NullMarked
package dev.parley.platform.queue;

import org.jspecify.annotations.NullMarked;
