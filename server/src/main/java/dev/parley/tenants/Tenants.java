package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The organisations of this installation.
@Singleton
public final class Tenants {
  /// How long a process may go on believing what it read of a tenant's state; in the process that changes it, no time.
  public static final Duration STALE = Duration.ofSeconds(10);

  private static final int NAME_LENGTH = 200;
  private static final int SETTINGS_LENGTH = 64 << 10;
  private static final int REMEMBERED = 10_000;

  private final TenantDb db;
  private final SystemDb system;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;
  private final Remembered<TenantId, Optional<Tenant>> byId;
  private final Remembered<String, Optional<TenantId>> bySlug;

  /// Works through these doors, with times of `clock`.
  public Tenants(TenantDb db, SystemDb system, EventLog events, Audit audit, InstantSource clock) {
    this.db = db;
    this.system = system;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
    this.byId = new Remembered<>(REMEMBERED, STALE, clock);
    this.bySlug = new Remembered<>(REMEMBERED, STALE, clock);
  }

  /// Makes a tenant with a project "Default". Throws a [Problem] when the slug or name is not valid or the slug is
  /// taken.
  public Tenant create(Caller caller, @Nullable String slug, @Nullable String name) {
    return create(caller, slug, name, _ -> {});
  }

  /// [#create(Caller, String, String)], and `also` in the same transaction: what that throws leaves no tenant behind.
  public Tenant create(
      Caller caller, @Nullable String slug, @Nullable String name, Consumer<Tx> also) {
    var input = new Input();
    String checkedSlug = Slug.check(input, slug);
    String checkedName = input.text("name", name, NAME_LENGTH);
    input.done();
    Instant now = clock.instant();
    var tenant =
        new Tenant(
            new TenantId(Ids.next()),
            checkedSlug,
            checkedName,
            Tenant.State.ACTIVE,
            Json.MAPPER.createObjectNode(),
            Ids.next(),
            now,
            now);
    try {
      db.runInTenant(
          tenant.id(),
          tx -> {
            TenantStore.insert(tx.sql(), tenant);
            ProjectStore.insert(
                tx.sql(),
                tenant.id(),
                new Project(tenant.defaultProject(), Projects.DEFAULT_NAME, now, now));
            publish(
                tx,
                new TenantEvent.Created(
                    tenant.id().value(), tenant.slug(), tenant.name(), tenant.defaultProject()));
            record(
                tx, caller, "tenant.created", Map.of("slug", tenant.slug(), "name", tenant.name()));
            also.accept(tx);
          });
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, "tenants_slug")) {
        throw new Problem(
            Problem.Code.CONFLICT, "Another tenant has the slug " + checkedSlug + ".");
      }
      throw e;
    }
    forget(tenant);
    recordForOperator(caller, "tenant.created", tenant);
    return tenant;
  }

  /// A tenant as it stands now, in whatever state.
  public Optional<Tenant> find(TenantId id) {
    return db.inTenant(id, tx -> TenantStore.find(tx.sql(), id));
  }

  /// [#find]; throws a [Problem] when there is none.
  public Tenant get(TenantId id) {
    return find(id).orElseThrow(Tenants::missing);
  }

  /// The tenant of that slug; remembered for up to [#STALE].
  public Optional<TenantId> findBySlug(String slug) {
    return bySlug.get(
        slug, s -> system.query(sql -> TenantStore.findBySlug(sql, s)).map(Tenant::id));
  }

  /// The state of a tenant, empty when there is none; remembered for up to [#STALE]. For hot paths.
  public Optional<Tenant.State> state(TenantId id) {
    return byId.get(id, this::find).map(Tenant::state);
  }

  /// Who may become a user of a tenant; closed for one that is not there or not active. Remembered for up to [#STALE].
  public Registration registration(TenantId id) {
    return byId.get(id, this::find)
        .filter(tenant -> tenant.state() == Tenant.State.ACTIVE)
        .map(tenant -> Registration.of(tenant.settings()))
        .orElse(Registration.CLOSED);
  }

  /// The settings of a tenant, empty when there is none; remembered for up to [#STALE]. Not to be changed.
  public JsonNode settings(TenantId id) {
    return byId.get(id, this::find)
        .map(tenant -> (JsonNode) tenant.settings())
        .orElseGet(Json.MAPPER::createObjectNode);
  }

  /// The project of everything in the tenant that names none; remembered. Throws a [Problem] when there is no tenant.
  public UUID defaultProject(TenantId id) {
    return byId.get(id, this::find).orElseThrow(Tenants::missing).defaultProject();
  }

  /// Up to `limit` tenants in the order of their making, after one; only of a state when that is given.
  public List<Tenant> page(Tenant.@Nullable State state, @Nullable UUID after, int limit) {
    return system.query(sql -> TenantStore.page(sql, state, after, limit));
  }

  /// Changes the name when it is given, and merges `settings` into the settings when they are given: objects are
  /// merged, null removes, everything else replaces (RFC 7396). Throws a [Problem] when the outcome is not valid.
  public Tenant change(
      Caller caller, TenantId id, @Nullable String name, @Nullable JsonNode settings) {
    var input = new Input();
    String newName = name == null ? null : input.text("name", name, NAME_LENGTH);
    input.check(settings == null || settings.isObject(), "settings", "must be an object");
    input.done();
    return update(
        id,
        (tx, tenant) -> {
          wrongIf(tenant.state() == Tenant.State.DELETING, "The tenant is being deleted.");
          ObjectNode merged = tenant.settings().deepCopy();
          if (settings instanceof ObjectNode patch) {
            MergePatch.apply(merged, patch);
          }
          if (merged.toString().length() > SETTINGS_LENGTH) {
            throw Problem.invalid("settings", "must be at most " + SETTINGS_LENGTH + " characters");
          }
          Registration.check(merged);
          CallSettings.check(merged);
          Retention.check(merged);
          var changed =
              with(tenant, newName == null ? tenant.name() : newName, tenant.state(), merged);
          publish(tx, new TenantEvent.Changed(id.value(), changed.name()));
          record(tx, caller, "tenant.changed", told(changed.name(), settings));
          return changed;
        });
  }

  /// Lets nobody in any more. Doing it twice is no error.
  public Tenant suspend(Caller caller, TenantId id) {
    return move(
        caller,
        id,
        Tenant.State.SUSPENDED,
        "tenant.suspended",
        new TenantEvent.Suspended(id.value()));
  }

  /// Lets a suspended tenant in again. Doing it twice is no error.
  public Tenant resume(Caller caller, TenantId id) {
    return move(
        caller, id, Tenant.State.ACTIVE, "tenant.resumed", new TenantEvent.Resumed(id.value()));
  }

  /// Marks the tenant as going: from now on nobody gets in, and [TenantRemoval] removes its rows. There is no way back.
  /// Doing it twice is no error.
  public Tenant delete(Caller caller, TenantId id) {
    Tenant tenant =
        update(
            id,
            (tx, known) -> {
              if (known.state() != Tenant.State.DELETING) {
                publish(tx, new TenantEvent.Deleted(id.value(), known.slug()));
                record(tx, caller, "tenant.deleted", Map.of("slug", known.slug()));
              }
              return with(known, known.name(), Tenant.State.DELETING, known.settings());
            });
    recordForOperator(caller, "tenant.deleted", tenant);
    return tenant;
  }

  private Tenant move(
      Caller caller, TenantId id, Tenant.State to, String action, TenantEvent event) {
    Tenant tenant =
        update(
            id,
            (tx, known) -> {
              wrongIf(known.state() == Tenant.State.DELETING, "The tenant is being deleted.");
              if (known.state() != to) {
                publish(tx, event);
                record(tx, caller, action, Map.of());
              }
              return with(known, known.name(), to, known.settings());
            });
    recordForOperator(caller, action, tenant);
    return tenant;
  }

  private interface Step {
    Tenant apply(Tx tx, Tenant known);
  }

  private Tenant update(TenantId id, Step step) {
    Tenant changed =
        db.inTenant(
            id,
            tx -> {
              Tenant known = TenantStore.lock(tx.sql(), id).orElseThrow(Tenants::missing);
              Tenant next = step.apply(tx, known);
              TenantStore.update(tx.sql(), next);
              return next;
            });
    forget(changed);
    return changed;
  }

  /// Drops what is remembered of a tenant.
  void forget(Tenant tenant) {
    byId.forget(tenant.id());
    bySlug.forget(tenant.slug());
  }

  private Tenant with(Tenant tenant, String name, Tenant.State state, ObjectNode settings) {
    return new Tenant(
        tenant.id(),
        tenant.slug(),
        name,
        state,
        settings,
        tenant.defaultProject(),
        tenant.createdAt(),
        clock.instant());
  }

  private void publish(Tx tx, TenantEvent event) {
    events.publish(tx, tx.tenant().value(), event);
  }

  private void record(Tx tx, Caller caller, String action, Map<String, ?> detail) {
    audit.record(tx, caller, action, "tenant", tx.tenant(), detail);
  }

  /// The tenant's own audit goes with the tenant; the operator's stays.
  private void recordForOperator(Caller caller, String action, Tenant tenant) {
    audit.record(
        TenantId.NONE, caller, action, "tenant", tenant.id(), Map.of("slug", tenant.slug()));
  }

  /// What is short and matters later stands there itself.
  private static Map<String, Object> told(String name, @Nullable JsonNode settings) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("name", name);
    detail.put("settings", fields(settings));
    if (settings != null && settings.has("retention")) {
      detail.put("retention", settings.path("retention"));
    }
    return detail;
  }

  /// Which settings were sent; their values may be long and are in the tenant itself.
  private static List<String> fields(@Nullable JsonNode settings) {
    return settings == null ? List.of() : settings.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static void wrongIf(boolean wrong, String detail) {
    if (wrong) {
      throw new Problem(Problem.Code.WRONG_STATE, detail);
    }
  }

  private static Problem missing() {
    return Problem.notFound("tenant");
  }
}
