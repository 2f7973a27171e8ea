package dev.parley.platform.db;

import dev.parley.platform.access.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// One open transaction that sees one tenant's rows. It must not leave the closure that it was
/// given to.
public final class Tx {
  private final TenantId tenant;
  private final Handle sql;
  private final List<Consumer<Tx>> beforeCommit = new ArrayList<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final Map<Class<?>, Object> attachments = new HashMap<>();

  Tx(TenantId tenant, Handle sql) {
    this.tenant = tenant;
    this.sql = sql;
  }

  /// The tenant whose rows are visible.
  public TenantId tenant() {
    return tenant;
  }

  /// The connection; only `*Store` classes speak SQL.
  public Handle sql() {
    return sql;
  }

  /// Something kept for the length of the transaction, made on first use.
  public <T> T attachment(Class<T> type, Function<Tx, T> make) {
    Object known = attachments.get(type);
    if (known == null) {
      known = make.apply(this);
      attachments.put(type, known);
    }
    return type.cast(known);
  }

  /// Runs last before the commit; what it throws rolls everything back.
  public void beforeCommit(Consumer<Tx> work) {
    beforeCommit.add(work);
  }

  /// Runs once after the commit succeeded, never after a roll-back. It may be lost when the process
  /// dies, so it may only hint at what the database holds anyway.
  public void afterCommit(Runnable work) {
    afterCommit.add(work);
  }

  void runBeforeCommit() {
    beforeCommit.forEach(work -> work.accept(this));
  }

  void runAfterCommit() {
    afterCommit.forEach(Runnable::run);
  }
}
