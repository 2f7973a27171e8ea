package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Work that could not be done: seen, retried and dropped here.
public final class DeadLetters {
  private static final int CAUSE_LENGTH = 2000;
  private final TenantDb db;

  /// Reads and writes through `db`.
  public DeadLetters(TenantDb db) {
    this.db = db;
  }

  /// Keeps an item as a dead letter in the transaction that takes it out of its queue.
  public static void bury(Tx tx, WorkItem item, String cause, int attempts) {
    DeadLetterStore.insert(tx.sql(), tx.tenant(), Ids.next(), item, cut(cause), attempts);
  }

  /// A page of dead letters, newest first, optionally of one queue; `before` is the id after which
  /// to go on.
  public List<DeadLetter> page(
      TenantId tenant, @Nullable String queue, @Nullable UUID before, int limit) {
    return matching(tenant, new Filter(queue, null, null, null, null), before, limit);
  }

  /// Which dead letters are meant; null does not narrow.
  ///
  /// @param cause a part of the cause, in whatever case
  /// @param from earliest time, included
  /// @param to latest time, excluded
  public record Filter(
      @Nullable String queue,
      @Nullable String kind,
      @Nullable String cause,
      @Nullable Instant from,
      @Nullable Instant to) {
    /// All of them.
    public static final Filter ALL = new Filter(null, null, null, null, null);
  }

  /// A page of those that match, newest first; `before` is the id after which to go on.
  public List<DeadLetter> matching(
      TenantId tenant, Filter filter, @Nullable UUID before, int limit) {
    return db.inTenant(tenant, tx -> DeadLetterStore.page(tx.sql(), tenant, filter, before, limit));
  }

  /// Takes up to `limit` of them away, the oldest first, and does `also` in the same transaction with how many they were.
  /// With `queue` they go back to the ends of their queues, with all their tries again; without they are gone.
  public int takeAll(
      TenantId tenant,
      Filter filter,
      int limit,
      @Nullable WorkQueue queue,
      BiConsumer<Tx, Integer> also) {
    return db.inTenant(
        tenant,
        tx -> {
          List<DeadLetter> taken = DeadLetterStore.removeAll(tx.sql(), tenant, filter, limit);
          if (queue != null && !taken.isEmpty()) {
            queue.publish(tx, taken.stream().map(dead -> item(tenant, dead)).toList());
          }
          if (!taken.isEmpty()) {
            also.accept(tx, taken.size());
          }
          return taken.size();
        });
  }

  /// One of them.
  public Optional<DeadLetter> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> DeadLetterStore.find(tx.sql(), tenant, id));
  }

  /// Puts one back at the end of its queue through `queue`; false when there is none of that id. It
  /// has all its tries again.
  public boolean retry(TenantId tenant, UUID id, WorkQueue queue) {
    return db.inTenant(
        tenant,
        tx -> {
          Optional<DeadLetter> letter = DeadLetterStore.remove(tx.sql(), tenant, id);
          letter.ifPresent(dead -> queue.publish(tx, List.of(item(tenant, dead))));
          return letter.isPresent();
        });
  }

  /// Removes one for good; false when there is none of that id.
  public boolean drop(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> DeadLetterStore.remove(tx.sql(), tenant, id).isPresent());
  }

  /// Removes those older than a time; answers how many.
  public int deleteBefore(TenantId tenant, Instant time) {
    return db.inTenant(tenant, tx -> DeadLetterStore.deleteBefore(tx.sql(), tenant, time));
  }

  private static WorkItem item(TenantId tenant, DeadLetter dead) {
    return new WorkItem(
        Ids.next(),
        tenant,
        dead.queue(),
        dead.key(),
        dead.dedupKey(),
        dead.kind(),
        dead.payload(),
        dead.correlationId(),
        dead.traceparent(),
        dead.createdAt(),
        0);
  }

  /// A cause as the database can keep it: not too long, and without the character 0.
  static String cut(String cause) {
    String clean = cause.replace('\0', ' ');
    return clean.length() <= CAUSE_LENGTH ? clean : clean.substring(0, CAUSE_LENGTH);
  }
}
