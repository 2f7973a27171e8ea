package dev.parley.platform.queue;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    return db.inTenant(tenant, tx -> DeadLetterStore.page(tx.sql(), tenant, queue, before, limit));
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
