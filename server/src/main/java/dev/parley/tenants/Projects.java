package dev.parley.tenants;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The workspaces of tenants.
@Singleton
public final class Projects {
  /// What the project that comes with each tenant is called at first.
  static final String DEFAULT_NAME = "Default";

  private static final int NAME_LENGTH = 100;

  private final TenantDb db;
  private final Tenants tenants;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;

  /// Works through `db`, with times of `clock`.
  public Projects(TenantDb db, Tenants tenants, EventLog events, Audit audit, InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
  }

  /// Makes a project. Throws a [Problem] when the name is not valid or taken.
  public Project create(Caller caller, @Nullable String name) {
    String checked = checkName(name);
    TenantId tenant = caller.inTenant();
    Instant now = clock.instant();
    var project = new Project(Ids.next(), checked, now, now);
    return unlessNameTaken(
        checked,
        () ->
            db.inTenant(
                tenant,
                tx -> {
                  ProjectStore.insert(tx.sql(), tenant, project);
                  events.publish(
                      tx, project.id(), new TenantEvent.ProjectCreated(project.id(), checked));
                  audit.record(
                      tx,
                      caller,
                      "project.created",
                      "project",
                      project.id(),
                      Map.of("name", checked));
                  return project;
                }));
  }

  /// One of the tenant's projects.
  public Optional<Project> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> ProjectStore.find(tx.sql(), tenant, id));
  }

  /// A project that somebody named, or the tenant's default one. Throws a [Problem] when the tenant has none of that id.
  public UUID orDefault(TenantId tenant, @Nullable UUID id) {
    if (id == null) {
      return tenants.defaultProject(tenant);
    }
    return find(tenant, id).map(Project::id).orElseThrow(() -> Problem.notFound("project"));
  }

  /// Up to `limit` projects in the order of their making, after one.
  public List<Project> page(TenantId tenant, @Nullable UUID after, int limit) {
    return db.inTenant(tenant, tx -> ProjectStore.page(tx.sql(), tenant, after, limit));
  }

  /// Gives a project another name. Throws a [Problem] when there is none of that id or the name is not valid or taken.
  public Project rename(Caller caller, UUID id, @Nullable String name) {
    String checked = checkName(name);
    TenantId tenant = caller.inTenant();
    return unlessNameTaken(
        checked,
        () ->
            db.inTenant(
                tenant,
                tx -> {
                  Project project =
                      ProjectStore.rename(
                              tx.sql(),
                              tenant,
                              id,
                              checked,
                              clock.instant().atOffset(ZoneOffset.UTC))
                          .orElseThrow(() -> Problem.notFound("project"));
                  events.publish(tx, id, new TenantEvent.ProjectChanged(id, checked));
                  audit.record(
                      tx, caller, "project.changed", "project", id, Map.of("name", checked));
                  return project;
                }));
  }

  /// Deletes a project that nothing is in. Throws a [Problem] when there is none of that id, when it is the tenant's
  /// default project, or when something is in it.
  public void delete(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    if (tenants.defaultProject(tenant).equals(id)) {
      throw new Problem(
          Problem.Code.WRONG_STATE,
          "This is the default project; it can be renamed but not deleted.");
    }
    try {
      db.runInTenant(
          tenant,
          tx -> {
            if (!ProjectStore.delete(tx.sql(), tenant, id)) {
              throw Problem.notFound("project");
            }
            events.publish(tx, id, new TenantEvent.ProjectDeleted(id));
            audit.record(tx, caller, "project.deleted", "project", id, Map.of());
          });
    } catch (RuntimeException e) {
      if (SqlFailure.isReferenced(e)) {
        throw new Problem(
            Problem.Code.WRONG_STATE, "Something is in this project; move or delete that first.");
      }
      throw e;
    }
  }

  private static String checkName(@Nullable String name) {
    var input = new Input();
    String checked = input.text("name", name, NAME_LENGTH);
    input.done();
    return checked;
  }

  private static Project unlessNameTaken(String name, Supplier<Project> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, "projects_name")) {
        throw new Problem(Problem.Code.CONFLICT, "Another project is called " + name + ".");
      }
      throw e;
    }
  }
}
