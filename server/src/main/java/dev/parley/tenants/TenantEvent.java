package dev.parley.tenants;

import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to tenants and projects.
public sealed interface TenantEvent extends DomainEvent {
  /// A tenant was made, with its default project.
  @EventType(value = "tenant.created", doc = "A tenant was created, with its default project.")
  record Created(UUID tenantId, String slug, String name, UUID defaultProjectId)
      implements TenantEvent {}

  /// Its name or settings changed.
  @EventType(value = "tenant.changed", doc = "A tenant's name or settings changed.")
  record Changed(UUID tenantId, String name) implements TenantEvent {}

  /// It was suspended.
  @EventType(
      value = "tenant.suspended",
      doc = "A tenant was suspended: nobody gets in, nothing is sent.")
  record Suspended(UUID tenantId) implements TenantEvent {}

  /// It works again.
  @EventType(value = "tenant.resumed", doc = "A suspended tenant works again.")
  record Resumed(UUID tenantId) implements TenantEvent {}

  /// Its rows are being removed from now on, this event with them.
  @EventType(
      value = "tenant.deleted",
      doc = "A tenant was deleted; its rows are being removed from now on.")
  record Deleted(UUID tenantId, String slug) implements TenantEvent {}

  /// A project was made.
  @EventType(value = "project.created", doc = "A project was created.")
  record ProjectCreated(UUID projectId, String name) implements TenantEvent {
    @Override
    public @Nullable UUID inProject() {
      return projectId;
    }
  }

  /// A project has another name.
  @EventType(value = "project.changed", doc = "A project was renamed.")
  record ProjectChanged(UUID projectId, String name) implements TenantEvent {
    @Override
    public @Nullable UUID inProject() {
      return projectId;
    }
  }

  /// A project is gone.
  @EventType(value = "project.deleted", doc = "An unused project was deleted.")
  record ProjectDeleted(UUID projectId) implements TenantEvent {
    @Override
    public @Nullable UUID inProject() {
      return projectId;
    }
  }
}
