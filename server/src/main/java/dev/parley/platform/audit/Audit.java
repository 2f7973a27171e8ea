package dev.parley.platform.audit;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.platform.telemetry.Trace;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The record of administrative acts.
@Singleton
public final class Audit {
  private final TenantDb db;
  private final InstantSource clock;

  /// Which entries to read; null fields do not narrow.
  ///
  /// @param actor id of the user, key or operator
  /// @param action the exact action
  /// @param from earliest time, included
  /// @param to latest time, excluded
  public record Filter(
      @Nullable UUID actor, @Nullable String action, @Nullable Instant from, @Nullable Instant to) {
    /// Everything.
    public static final Filter NONE = new Filter(null, null, null, null);
  }

  /// Writes with times of `clock`.
  public Audit(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Records an act in the transaction that does it, under that transaction's tenant. `detail` must hold no secret.
  public void record(
      Tx tx,
      Caller caller,
      String action,
      String targetType,
      @Nullable Object targetId,
      Map<String, ?> detail) {
    AuditStore.insert(
        tx.sql(),
        tx.tenant(),
        new AuditEntry(
            Ids.next(),
            clock.instant(),
            caller.kind(),
            caller.id(),
            caller.name(),
            action,
            targetType,
            targetId == null ? null : targetId.toString(),
            Json.MAPPER.valueToTree(detail),
            ClientAddress.current(),
            Trace.current().correlationId()));
  }

  /// Records an act in a transaction of its own; `realm` is a tenant, or [TenantId#NONE] for the operator's log.
  public void record(
      TenantId realm,
      Caller caller,
      String action,
      String targetType,
      @Nullable Object targetId,
      Map<String, ?> detail) {
    db.runInTenant(realm, tx -> record(tx, caller, action, targetType, targetId, detail));
  }

  /// Deletes up to `limit` entries of a tenant that are older than `time`; answers how many. The database lets nothing go
  /// that is younger than what the tenant has set, or than 90 days.
  public int deleteBefore(SystemDb system, TenantId realm, Instant time, int limit) {
    return system.query(sql -> AuditStore.deleteBefore(sql, realm, time, limit));
  }

  /// Up to `limit` entries, newest first, that are older than the entry `before` when that is given.
  public List<AuditEntry> page(TenantId realm, Filter filter, @Nullable UUID before, int limit) {
    return db.inTenant(realm, tx -> AuditStore.page(tx.sql(), realm, filter, before, limit));
  }
}
