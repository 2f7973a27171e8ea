package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Programs' ways in. A key reads `pk_<8 characters that may be shown>_<43 that may not>`; the latter are 256 random
/// bits, so SHA-256 is hash enough.
@Singleton
public final class ApiKeys {
  /// How long another process may go on letting in a key that was revoked; the one that revokes it does so at once.
  public static final Duration STALE = Duration.ofSeconds(30);

  private static final Logger LOG = Logger.getLogger(ApiKeys.class);
  private static final Pattern FORM = Pattern.compile("pk_([a-z0-9]{8})_[A-Za-z0-9_-]{43}");
  private static final String PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Duration USE_NOTED = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;
  private static final int NAME_LENGTH = 100;

  private final TenantDb db;
  private final SystemDb system;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Remembered<String, Optional<ApiKeyStore.Candidate>> good;
  private final Remembered<UUID, Boolean> noted;

  /// A new key and its secret, which is shown once.
  public record Created(ApiKey key, Secret secret) {}

  /// Works through these doors, with times of `clock`.
  public ApiKeys(TenantDb db, SystemDb system, EventLog events, Audit audit, InstantSource clock) {
    this.db = db;
    this.system = system;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
    this.good = new Remembered<>(REMEMBERED, STALE, clock);
    this.noted = new Remembered<>(REMEMBERED, USE_NOTED, clock);
  }

  /// Makes a key. Throws a [Problem] when a field is not valid, there is no such project, or a scope is more than the
  /// caller may do.
  public Created create(
      Caller caller,
      @Nullable String name,
      @Nullable List<String> scopes,
      @Nullable UUID project,
      @Nullable Instant expiresAt) {
    var input = new Input();
    String checkedName = input.text("name", name, NAME_LENGTH);
    Set<Permission> checkedScopes = scopes(input, scopes == null ? List.of() : scopes, caller);
    Instant now = clock.instant();
    input.check(expiresAt == null || expiresAt.isAfter(now), "expiresAt", "must be in the future");
    input.done();
    String prefix = prefix();
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    var secret =
        new Secret(
            "pk_" + prefix + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    var key =
        new ApiKey(
            Ids.next(),
            checkedName,
            prefix,
            checkedScopes,
            project,
            caller.id(),
            now,
            expiresAt,
            null,
            null);
    TenantId tenant = caller.inTenant();
    List<String> words = checkedScopes.stream().map(Permission::scope).sorted().toList();
    try {
      db.runInTenant(
          tenant,
          tx -> {
            ApiKeyStore.insert(tx.sql(), tenant, key, Hashes.sha256(secret.reveal()));
            events.publish(
                tx,
                key.id(),
                new IdentityEvent.ApiKeyCreated(key.id(), checkedName, words, project));
            audit.record(
                tx,
                caller,
                "api-key.created",
                "api-key",
                key.id(),
                Map.of("name", checkedName, "prefix", prefix, "scopes", words));
          });
    } catch (RuntimeException e) {
      if (SqlFailure.isReferenced(e)) {
        throw Problem.invalid("projectId", "is no project of this tenant");
      }
      throw e;
    }
    return new Created(key, secret);
  }

  /// Up to `limit` keys in the order of their making, after one; revoked ones too.
  public List<ApiKey> page(TenantId tenant, @Nullable UUID after, int limit) {
    return db.inTenant(tenant, tx -> ApiKeyStore.page(tx.sql(), tenant, after, limit));
  }

  /// One of the tenant's keys.
  public Optional<ApiKey> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> ApiKeyStore.find(tx.sql(), tenant, id));
  }

  /// Makes a key no longer good, in this process at once and in others within [#STALE]. Doing it twice is no error.
  /// Throws a [Problem] when there is none of that id.
  public void revoke(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    db.runInTenant(
        tenant,
        tx -> {
          if (ApiKeyStore.revoke(tx.sql(), tenant, id, clock.instant())) {
            events.publish(tx, id, new IdentityEvent.ApiKeyRevoked(id));
            audit.record(tx, caller, "api-key.revoked", "api-key", id, Map.of());
          } else if (ApiKeyStore.find(tx.sql(), tenant, id).isEmpty()) {
            throw Problem.notFound("API key");
          }
        });
    good.forgetIf(known -> known.filter(key -> key.id().equals(id)).isPresent());
  }

  /// The caller behind a key; empty when it is none of ours, expired or revoked.
  public Optional<Caller> verify(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String hash = Hashes.sha256(text);
    var known =
        good.get(hash, _ -> find(form.group(1), hash))
            .filter(key -> key.expiresAt() == null || clock.instant().isBefore(key.expiresAt()));
    known.ifPresent(this::noteUse);
    return known.map(
        key ->
            new Caller(
                Caller.Kind.API_KEY, key.id(), key.name(), key.tenant(), null, key.scopes()));
  }

  /// Who comes by a good key.
  static Caller caller(TenantId tenant, ApiKey key) {
    return new Caller(Caller.Kind.API_KEY, key.id(), key.name(), tenant, null, key.scopes());
  }

  private Optional<ApiKeyStore.Candidate> find(String prefix, String hash) {
    return system.query(sql -> ApiKeyStore.candidates(sql, prefix)).stream()
        .filter(candidate -> Hashes.same(candidate.hash(), hash))
        .findFirst();
  }

  /// At most once a minute and beside the request, which must not wait for it nor fail with it.
  private void noteUse(ApiKeyStore.Candidate key) {
    noted.get(
        key.id(),
        id -> {
          Instant now = clock.instant();
          Thread.ofVirtual()
              .name("api-key-use")
              .start(
                  () -> {
                    try {
                      db.runInTenant(
                          key.tenant(), tx -> ApiKeyStore.used(tx.sql(), key.tenant(), id, now));
                    } catch (RuntimeException e) {
                      LOG.debugf("the use of key %s is not noted: %s", id, e.getMessage());
                    }
                  });
          return true;
        });
  }

  private static Set<Permission> scopes(Input input, List<String> words, Caller caller) {
    Set<Permission> scopes = EnumSet.noneOf(Permission.class);
    input.check(!words.isEmpty(), "scopes", "must name at least one scope");
    for (int i = 0; i < words.size(); i++) {
      String field = "scopes[" + i + "]";
      try {
        Permission scope = Permission.ofScope(String.valueOf(words.get(i)));
        input.check(RoleTable.keyScopes().contains(scope), field, "cannot be given to a key");
        input.check(caller.allows(scope), field, "is more than you may do");
        scopes.add(scope);
      } catch (IllegalArgumentException e) {
        input.error(field, "is no scope");
      }
    }
    return scopes;
  }

  private String prefix() {
    var prefix = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      prefix.append(PREFIX_LETTERS.charAt(random.nextInt(PREFIX_LETTERS.length())));
    }
    return prefix.toString();
  }
}
