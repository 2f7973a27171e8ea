package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The connections of all tenants with Genesys Cloud.
@Singleton
public final class Integrations {
  private static final Logger LOG = Logger.getLogger(Integrations.class);
  private static final Duration KNOWN = Duration.ofSeconds(5);
  private static final int MOST_KNOWN = 10_000;

  private final TenantDb db;
  private final SystemDb system;
  private final EventLog events;
  private final IntegrationSeal seal;
  private final TenantIntegrations ofTenants;
  private final Audit audit;
  private final InstantSource clock;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();
  // As many as there are integrations.
  private final Map<Call, Instant> called = new ConcurrentHashMap<>();

  private record Call(UUID integration, boolean good) {}

  private record Known(Optional<GenesysAccount> account, Instant until) {}

  /// What somebody says about an integration; null leaves a part as it is.
  record Wanted(
      @Nullable String name,
      Integration.@Nullable State state,
      @Nullable String region,
      @Nullable String clientId,
      @Nullable Secret clientSecret,
      @Nullable String genesysId,
      @Nullable List<Secret> webhookSecrets,
      @Nullable GenesysSettings settings) {}

  Integrations(
      TenantDb db,
      SystemDb system,
      EventLog events,
      FieldCipher cipher,
      TenantIntegrations ofTenants,
      Audit audit,
      InstantSource clock) {
    this.db = db;
    this.system = system;
    this.events = events;
    this.seal = new IntegrationSeal(cipher);
    this.ofTenants = ofTenants;
    this.audit = audit;
    this.clock = clock;
  }

  /// The account if it was looked up within the last seconds; null when somebody has to ask [#account]. Never blocks.
  @Nullable Optional<GenesysAccount> recent(UUID id) {
    Known entry = known.get(id);
    return entry != null && entry.until().isAfter(clock.instant()) ? entry.account() : null;
  }

  /// The account of any tenant by the integration's id; at most five seconds old. Empty when there is none.
  Optional<GenesysAccount> account(UUID id) {
    Optional<GenesysAccount> recent = recent(id);
    if (recent != null) {
      return recent;
    }
    Optional<GenesysAccount> account =
        system.query(sql -> IntegrationStore.ofAnyTenant(sql, id)).map(seal::open);
    if (known.size() >= MOST_KNOWN) {
      // Anybody can ask for integrations that do not exist.
      known.clear();
    }
    known.put(id, new Known(account, clock.instant().plus(KNOWN)));
    return account;
  }

  /// The account of a tenant as it stands now. Throws a [Problem] when there is none of that id.
  GenesysAccount account(TenantId tenant, UUID id) {
    return seal.open(db.inTenant(tenant, tx -> require(tx, id)));
  }

  /// Connects one; what it needs was checked.
  Integration create(Caller caller, Wanted wanted) {
    Instant now = clock.instant();
    var integration =
        new Integration(
            Ids.next(),
            given(wanted.name()),
            wanted.state() == null ? Integration.State.ACTIVE : wanted.state(),
            given(wanted.region()),
            given(wanted.clientId()),
            wanted.genesysId(),
            null,
            null,
            wanted.settings() == null ? GenesysSettings.NONE : wanted.settings(),
            null,
            null,
            null,
            null,
            now,
            now);
    var credentials =
        new GenesysAccount.Credentials(
            given(wanted.clientSecret()), given(wanted.webhookSecrets()));
    Integration made =
        db.inTenant(
            caller.inTenant(),
            tx -> {
              IntegrationStore.insert(tx.sql(), seal.sealed(tx.tenant(), integration, credentials));
              tell(
                  tx,
                  caller,
                  integration,
                  "connected",
                  new GenesysEvent.Connected(
                      integration.id(), integration.name(), integration.region()));
              return integration;
            });
    ofTenants.changed(caller.inTenant());
    return made;
  }

  private static <T> T given(@Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("the routes ask for it");
    }
    return value;
  }

  /// Changes one. Throws a [Problem] when there is none of that id.
  Integration update(Caller caller, UUID id, Wanted wanted) {
    return changed(
        caller,
        id,
        row -> {
          Integration before = row.integration();
          GenesysAccount.Credentials old = seal.open(row).credentials();
          String region = or(wanted.region(), before.region());
          String genesysId = wanted.genesysId() == null ? before.genesysId() : wanted.genesysId();
          boolean another = wanted.genesysId() != null || !region.equals(before.region());
          var after =
              new Integration(
                  id,
                  or(wanted.name(), before.name()),
                  or(wanted.state(), before.state()),
                  region,
                  or(wanted.clientId(), before.clientId()),
                  genesysId,
                  another ? null : before.createStatus(),
                  another ? null : before.createError(),
                  or(wanted.settings(), before.settings()),
                  before.lastError(),
                  before.lastErrorAt(),
                  before.lastWebhookAt(),
                  before.lastUnsignedAt(),
                  before.createdAt(),
                  clock.instant());
          return seal.sealed(
              row.tenant(),
              after,
              new GenesysAccount.Credentials(
                  or(wanted.clientSecret(), old.clientSecret()),
                  or(wanted.webhookSecrets(), old.webhookSecrets())));
        });
  }

  /// Changes the secrets that sign webhooks, the newest first. Throws a [Problem] when there is none of that id.
  Integration changeSecrets(Caller caller, UUID id, UnaryOperator<List<Secret>> change) {
    return changed(
        caller,
        id,
        row -> {
          GenesysAccount.Credentials old = seal.open(row).credentials();
          return seal.sealed(
              row.tenant(),
              row.integration(),
              new GenesysAccount.Credentials(
                  old.clientSecret(), change.apply(old.webhookSecrets())));
        });
  }

  /// Notes how far Genesys has come with creating it. Throws a [Problem] when there is none of that id.
  Integration created(
      Caller caller,
      UUID id,
      @Nullable String genesysId,
      Integration.CreateStatus status,
      @Nullable String error) {
    return changed(
        caller,
        id,
        row ->
            new IntegrationStore.Row(
                row.tenant(),
                row.integration().created(genesysId, status, error, clock.instant()),
                row.credentials()));
  }

  /// Sends nothing to it from now on, until somebody has mended it.
  void pause(GenesysAccount account, String why) {
    LOG.errorf("genesys integration %s is paused: %s", account.id(), why);
    changed(
        Caller.system(account.tenant()),
        account.id(),
        row ->
            new IntegrationStore.Row(
                row.tenant(),
                row.integration().in(Integration.State.PAUSED, clock.instant()),
                row.credentials()));
    noteError(account, why);
  }

  private Integration changed(Caller caller, UUID id, UnaryOperator<IntegrationStore.Row> change) {
    Integration changed =
        db.inTenant(
            caller.inTenant(),
            tx -> {
              IntegrationStore.Row row =
                  change.apply(
                      IntegrationStore.lock(tx.sql(), tx.tenant(), id)
                          .orElseThrow(() -> Problem.notFound("integration")));
              IntegrationStore.update(tx.sql(), row);
              Integration after = row.integration();
              tell(
                  tx,
                  caller,
                  after,
                  "changed",
                  new GenesysEvent.Changed(id, after.name(), after.state()));
              return after;
            });
    known.remove(id);
    ofTenants.changed(caller.inTenant());
    return changed;
  }

  /// Removes one here; Genesys keeps its own. Throws a [Problem] when there is none of that id.
  void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          Integration gone = require(tx, id).integration();
          IntegrationStore.delete(tx.sql(), tx.tenant(), id);
          DeskChoiceStore.forget(tx.sql(), tx.tenant(), id);
          tell(tx, caller, gone, "removed", new GenesysEvent.Removed(id));
        });
    known.remove(id);
    ofTenants.changed(caller.inTenant());
  }

  private void tell(Tx tx, Caller caller, Integration integration, String what, DomainEvent event) {
    events.publish(tx, integration.id(), event);
    audit.record(
        tx,
        caller,
        "genesys." + what,
        "genesys-integration",
        integration.id(),
        Map.of("name", integration.name(), "state", integration.state()));
  }

  /// One integration. Throws a [Problem] when there is none of that id.
  Integration get(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> require(tx, id)).integration();
  }

  /// Integrations by age: `limit` + 1 rows where there are more.
  public List<Integration> page(TenantId tenant, @Nullable UUID after, int limit) {
    return db
        .inTenant(tenant, tx -> IntegrationStore.page(tx.sql(), tx.tenant(), after, limit + 1))
        .stream()
        .map(IntegrationStore.Row::integration)
        .toList();
  }

  /// Keeps what Genesys last refused, or forgets it.
  void noteError(GenesysAccount account, @Nullable String error) {
    db.runInTenant(
        account.tenant(),
        tx -> IntegrationStore.noteError(tx.sql(), tx.tenant(), account.id(), error));
  }

  /// Whether Genesys' call is worth noting: the first in five seconds. Never blocks.
  boolean calledAnew(GenesysAccount account, boolean good) {
    Instant now = clock.instant();
    boolean[] anew = new boolean[1];
    called.compute(
        new Call(account.id(), good),
        (_, last) -> {
          anew[0] = last == null || last.plus(KNOWN).isBefore(now);
          return anew[0] ? now : last;
        });
    return anew[0];
  }

  /// Notes when Genesys has called, with a good signature or without.
  void noteCall(GenesysAccount account, boolean good) {
    Instant now = clock.instant();
    try {
      db.runInTenant(
          account.tenant(),
          tx ->
              IntegrationStore.noteCalls(
                  tx.sql(), tx.tenant(), account.id(), good ? now : null, good ? null : now));
    } catch (RuntimeException e) {
      LOG.debugf("a call of integration %s is not noted: %s", account.id(), e.getMessage());
    }
  }

  /// Encrypts all credentials of a tenant with the active key; answers how many were made with another.
  public int rotateKeys(TenantId tenant) {
    return db.inTenant(
        tenant,
        tx -> {
          int stale = 0;
          for (IntegrationStore.Row row :
              IntegrationStore.page(tx.sql(), tenant, null, Integer.MAX_VALUE)) {
            if (seal.isStale(row)) {
              IntegrationStore.update(
                  tx.sql(), seal.sealed(tenant, row.integration(), seal.open(row).credentials()));
              stale++;
            }
          }
          return stale;
        });
  }

  private static <T> T or(@Nullable T wanted, T old) {
    return wanted == null ? old : wanted;
  }

  private static IntegrationStore.Row require(Tx tx, UUID id) {
    return IntegrationStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("integration"));
  }
}
