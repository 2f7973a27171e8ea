package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Users and operators alike, for signing in.
@Singleton
final class Accounts {
  private final TenantDb db;
  private final SystemDb system;
  private final InstantSource clock;

  Accounts(TenantDb db, SystemDb system, InstantSource clock) {
    this.db = db;
    this.system = system;
    this.clock = clock;
  }

  /// The account of an address in a tenant.
  Optional<Account> byEmail(TenantId tenant, String email) {
    return db.inTenant(tenant, tx -> UserStore.accountByEmail(tx.sql(), tenant, email));
  }

  /// The account of an address whose owner named no tenant: an operator's, or that of the only tenant that knows the
  /// address. It asks the same number of questions whether there is one or not.
  Optional<Account> byEmail(String email) {
    Optional<Account> operator = system.query(sql -> OperatorStore.accountByEmail(sql, email));
    List<TenantId> tenants = system.query(sql -> UserStore.tenantsOf(sql, email));
    Optional<Account> user =
        byEmail(tenants.size() == 1 ? tenants.getFirst() : TenantId.NONE, email);
    return operator.or(() -> user);
  }

  Optional<Account> byId(TenantId realm, UUID id) {
    return realm.equals(TenantId.NONE)
        ? system.query(sql -> OperatorStore.account(sql, id))
        : db.inTenant(realm, tx -> UserStore.account(tx.sql(), realm, id));
  }

  void changePassword(Account account, String hash) {
    Instant now = clock.instant();
    if (account.role() == null) {
      system.run(sql -> OperatorStore.updatePassword(sql, account.id(), hash, now));
    } else {
      db.runInTenant(
          account.realm(),
          tx -> UserStore.updatePassword(tx.sql(), account.realm(), account.id(), hash, now));
    }
  }

  void signedIn(Account account) {
    if (account.role() != null) {
      db.runInTenant(
          account.realm(),
          tx -> UserStore.signedIn(tx.sql(), account.realm(), account.id(), clock.instant()));
    }
  }
}
