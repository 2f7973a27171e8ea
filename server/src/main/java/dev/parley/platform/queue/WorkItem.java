package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.Lanes;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A piece of work in a queue.
///
/// @param id UUIDv7; items of one key are worked on in the order of their ids
/// @param tenant whose work it is
/// @param queue the queue's name
/// @param key what keeps its order: items of one key never overtake each other; at most 300
///   characters
/// @param dedupKey unique in the queue while the item is there: a second item with it is dropped;
///   at most 500 characters
/// @param kind tells the handler what the payload is
/// @param payload text, usually JSON
/// @param correlationId of the request or webhook that caused it
/// @param traceparent W3C trace context of it, or null
/// @param enqueuedAt when it was accepted
/// @param attempts how often the first item of its key has failed before
public record WorkItem(
    UUID id,
    TenantId tenant,
    String queue,
    String key,
    String dedupKey,
    String kind,
    String payload,
    String correlationId,
    @Nullable String traceparent,
    Instant enqueuedAt,
    int attempts) {

  /// The lane that the key falls into.
  public int lane() {
    return Lanes.of(tenant, key);
  }

  /// The same item, not tried yet.
  WorkItem untried() {
    return new WorkItem(
        id, tenant, queue, key, dedupKey, kind, payload, correlationId, traceparent, enqueuedAt, 0);
  }
}
