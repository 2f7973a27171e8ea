package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Collection;
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

  /// The only tenant that has a user of an address; [TenantId#NONE] when there is none or more than one.
  TenantId onlyTenantOf(String email) {
    List<TenantId> tenants = system.query(sql -> UserStore.tenantsOf(sql, email));
    return tenants.size() == 1 ? tenants.getFirst() : TenantId.NONE;
  }

  /// The account of an address whose owner named no tenant: an operator's, or that of the only tenant that knows the
  /// address. It asks the same number of questions whether there is one or not.
  Optional<Account> byEmail(String email) {
    Optional<Account> operator = system.query(sql -> OperatorStore.accountByEmail(sql, email));
    Optional<Account> user = byEmail(onlyTenantOf(email), email);
    return operator.or(() -> user);
  }

  Optional<Account> byId(TenantId realm, UUID id) {
    return realm.equals(TenantId.NONE)
        ? system.query(sql -> OperatorStore.account(sql, id))
        : db.inTenant(realm, tx -> UserStore.account(tx.sql(), realm, id));
  }

  /// Of operators; users' are set by [PasswordChanges].
  void changeOperatorsPassword(UUID operator, String hash) {
    system.run(sql -> OperatorStore.updatePassword(sql, operator, hash, clock.instant()));
  }

  /// The accounts of those operators that there are.
  List<Account> operators(Collection<UUID> ids) {
    return ids.isEmpty() ? List.of() : system.query(sql -> OperatorStore.accounts(sql, ids));
  }
}
