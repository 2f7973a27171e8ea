package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// For what outlives a request, such as a socket: whether those who came in are still good, and what they may do now.
///
/// There are two ways to learn of it, to be used together. Every event that may end somebody's access is in the event
/// log, and [#touched] tells from an event whose that is: cut or check those at once. And [#current] checks any number
/// of callers of a tenant in one statement for users, one for keys, one for operators: to be called at every heartbeat,
/// because a key and a sign-in may also simply expire.
@Singleton
public final class Sessions {
  private static final Set<String> TOUCHING =
      Set.of(
          "user.signed-out",
          "user.suspended",
          "user.role-changed",
          "user.password-changed",
          "user.deleted",
          "api-key.revoked");

  private final TenantDb db;
  private final Tenants tenants;
  private final Accounts accounts;
  private final InstantSource clock;

  Sessions(TenantDb db, Tenants tenants, Accounts accounts, InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.accounts = accounts;
    this.clock = clock;
  }

  /// What a caller stands on: the sign-in of those who have one, else the key. The key of what [#current] answers.
  public static UUID credential(Caller caller) {
    UUID signIn = caller.sessionId();
    return signIn == null ? caller.id() : signIn;
  }

  /// Those of these callers whose credential is still good, by their [#credential], with the permissions that they have
  /// now. All must be callers in `tenant`, operators who act in it among them. Whoever is missing from the answer is to
  /// be cut. Reads the credentials from the database and no memory of them. When the tenant is not active, which this
  /// process may learn [Tenants#STALE] late, only operators are left.
  public Map<UUID, Caller> current(TenantId tenant, Collection<Caller> callers) {
    var users = credentials(callers, Caller.Kind.USER);
    var keys = credentials(callers, Caller.Kind.API_KEY);
    var operators = credentials(callers, Caller.Kind.OPERATOR);
    Instant now = clock.instant();
    var good = new HashMap<UUID, Caller>();
    boolean active = tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent();
    if (active && !(users.isEmpty() && keys.isEmpty())) {
      db.runInTenant(
          tenant,
          tx -> {
            if (!users.isEmpty()) {
              SignInStore.accounts(tx.sql(), tenant, users, now)
                  .forEach((signIn, account) -> good.put(signIn, account.caller(signIn)));
            }
            if (!keys.isEmpty()) {
              ApiKeyStore.good(tx.sql(), tenant, keys, now)
                  .forEach(key -> good.put(key.id(), ApiKeys.caller(tenant, key)));
            }
          });
    }
    if (!operators.isEmpty()) {
      operators(tenant, operators, now, good);
    }
    return good;
  }

  private void operators(
      TenantId tenant, Collection<UUID> signIns, Instant now, Map<UUID, Caller> good) {
    Map<UUID, UUID> open =
        db.inTenant(TenantId.NONE, tx -> SignInStore.open(tx.sql(), TenantId.NONE, signIns, now));
    var byId = new HashMap<UUID, Account>();
    accounts.operators(open.values()).forEach(account -> byId.put(account.id(), account));
    open.forEach(
        (signIn, operator) -> {
          Account account = byId.get(operator);
          if (account != null) {
            good.put(
                signIn,
                new Caller(
                    Caller.Kind.OPERATOR,
                    account.id(),
                    account.email(),
                    tenant,
                    signIn,
                    RoleTable.ofOperatorInTenant()));
          }
        });
  }

  /// The user or key whose access an event may have ended or changed, as [Caller#id] has it; empty for all other
  /// events.
  public static Optional<UUID> touched(StoredEvent event) {
    if (!TOUCHING.contains(event.type())) {
      return Optional.empty();
    }
    var about = Json.tree(event.data());
    String id =
        about.hasNonNull("userId") ? about.path("userId").asText() : about.path("keyId").asText();
    return Optional.of(UUID.fromString(id));
  }

  private static List<UUID> credentials(Collection<Caller> callers, Caller.Kind kind) {
    return callers.stream()
        .filter(caller -> caller.kind() == kind)
        .map(Sessions::credential)
        .distinct()
        .toList();
  }
}
