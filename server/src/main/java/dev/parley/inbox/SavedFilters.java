package dev.parley.inbox;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists of conversations that users come back to: their own, and those that others share.
@Singleton
public final class SavedFilters {
  /// Most of a user.
  static final int MOST = 100;

  private final TenantDb db;
  private final InstantSource clock;

  /// Works through `db`, with times of `clock`.
  public SavedFilters(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// What is to change; null leaves it.
  public record Change(
      @Nullable String name, SavedFilter.@Nullable Query query, @Nullable Boolean shared) {}

  /// Keeps one for the caller. Throws a [Problem] when they have one of that name or too many, or are no user.
  public SavedFilter create(Caller caller, String name, SavedFilter.Query query, boolean shared) {
    if (caller.kind() != Caller.Kind.USER) {
      throw new Problem(Problem.Code.FORBIDDEN, "Filters are kept for users who sign in.");
    }
    return unlessTaken(
        name,
        caller,
        tx -> {
          if (SavedFilterStore.count(tx.sql(), tx.tenant(), caller.id()) >= MOST) {
            throw new Problem(
                Problem.Code.QUOTA_EXCEEDED, "You have " + MOST + " filters; delete one first.");
          }
          Instant now = clock.instant();
          var filter = new SavedFilter(Ids.next(), caller.id(), name, query, shared, now, now);
          SavedFilterStore.insert(tx.sql(), tx.tenant(), filter);
          return filter;
        });
  }

  /// Changes one's own. Throws a [Problem] when the caller sees none of that id, when it is somebody else's, or when they
  /// have another one of that name.
  public SavedFilter change(Caller caller, UUID id, Change change) {
    return unlessTaken(
        String.valueOf(change.name()),
        caller,
        tx -> {
          SavedFilter known = require(tx, caller, id);
          if (!known.userId().equals(caller.id())) {
            throw new Problem(Problem.Code.FORBIDDEN, "Only whose filter it is can change it.");
          }
          var changed =
              new SavedFilter(
                  id,
                  known.userId(),
                  change.name() == null ? known.name() : change.name(),
                  change.query() == null ? known.query() : change.query(),
                  change.shared() == null ? known.shared() : change.shared(),
                  known.createdAt(),
                  clock.instant());
          SavedFilterStore.update(tx.sql(), tx.tenant(), changed);
          return changed;
        });
  }

  /// Deletes one's own, or a shared one for who runs the inbox. Throws a [Problem] when the caller sees none of that id
  /// or may not.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          SavedFilter known = require(tx, caller, id);
          if (!known.userId().equals(caller.id()) && !caller.allows(Permission.INBOX_MANAGE)) {
            throw new Problem(
                Problem.Code.FORBIDDEN,
                "Only whose filter it is, or who runs the inbox, can delete it.");
          }
          SavedFilterStore.delete(tx.sql(), tx.tenant(), id);
        });
  }

  /// The caller's and those that others share, by age: `limit` + 1 rows where there are more.
  public List<SavedFilter> page(Caller caller, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> SavedFilterStore.page(tx.sql(), tx.tenant(), caller.id(), after, limit + 1));
  }

  /// Deletes those of users who were deleted.
  static void forget(Tx tx, Collection<UUID> users) {
    SavedFilterStore.delete(tx.sql(), tx.tenant(), users);
  }

  private static SavedFilter require(Tx tx, Caller caller, UUID id) {
    return SavedFilterStore.lock(tx.sql(), tx.tenant(), id)
        .filter(filter -> filter.shared() || filter.userId().equals(caller.id()))
        .orElseThrow(() -> Problem.notFound("filter"));
  }

  private SavedFilter unlessTaken(String name, Caller caller, Function<Tx, SavedFilter> work) {
    try {
      return db.inTenant(caller.inTenant(), work);
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, SavedFilterStore.ONE_NAME)) {
        throw new Problem(Problem.Code.CONFLICT, "You have another filter called " + name + ".");
      }
      throw e;
    }
  }
}
