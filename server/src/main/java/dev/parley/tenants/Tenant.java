package dev.parley.tenants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import java.time.Instant;
import java.util.UUID;

/// An organisation.
///
/// @param slug its name in addresses: 3 to 40 of a-z, 0-9 and inner dashes; unique, never changed
/// @param settings a JSON object that the tenant's administrators change
/// @param defaultProject the project of everything that names none
public record Tenant(
    TenantId id,
    String slug,
    String name,
    State state,
    ObjectNode settings,
    UUID defaultProject,
    Instant createdAt,
    Instant updatedAt) {
  /// Whether it is let in.
  public enum State {
    /// Works.
    ACTIVE,
    /// Keeps its rows; nobody gets in, nothing is sent.
    SUSPENDED,
    /// Its rows are being removed.
    DELETING
  }
}
