package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.Input;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A tenant on the wire.
@Schema(name = "Tenant")
public record TenantView(
    UUID id,
    @Schema(examples = "acme") String slug,
    @Schema(examples = "Acme Ltd") String name,
    @Schema(
            examples = "active",
            enumeration = {"active", "suspended", "deleting"})
        String state,
    @Schema(implementation = Map.class, examples = "{\"locale\": \"pt-BR\"}") JsonNode settings,
    UUID defaultProjectId,
    Instant createdAt,
    Instant updatedAt) {

  /// The view of a tenant.
  public static TenantView of(Tenant tenant) {
    return new TenantView(
        tenant.id().value(),
        tenant.slug(),
        tenant.name(),
        Input.word(tenant.state()),
        tenant.settings(),
        tenant.defaultProject(),
        tenant.createdAt(),
        tenant.updatedAt());
  }
}
