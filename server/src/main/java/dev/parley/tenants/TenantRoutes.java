package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The caller's own tenant.
@Path("/api/v1/tenant")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Tenant", description = "The caller's own organisation and its settings.")
public final class TenantRoutes {
  private final Tenants tenants;

  /// Reads and changes through `tenants`.
  public TenantRoutes(Tenants tenants) {
    this.tenants = tenants;
  }

  /// What is to change; what is absent stays.
  @Schema(name = "TenantChange")
  public record Change(
      @Schema(maxLength = 200) @Nullable String name,
      @Schema(
              implementation = Map.class,
              description = "Merged into the settings (RFC 7396): null removes")
          @Nullable JsonNode settings) {}

  /// A tenant on the wire.
  @Schema(name = "Tenant")
  public record View(
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
    public static View of(Tenant tenant) {
      return new View(
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

  @GET
  @Requires(Permission.SETTINGS_READ)
  @Operation(summary = "Read the own tenant", description = "Name, state and settings.")
  @APIResponse(
      responseCode = "200",
      description = "The tenant",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  public View get(@Context SecurityContext security) {
    return View.of(tenants.get(Access.caller(security).inTenant()));
  }

  @PATCH
  @Requires(Permission.SETTINGS_MANAGE)
  @Operation(
      summary = "Change the own tenant",
      description =
          "The name, and settings by JSON Merge Patch: what is absent stays, null removes. The setting registration says who may become a user: {mode: open, invited or closed (closed without it), domains: those of the addresses that may register, any without it, role: agent, read-only or member, what who registers becomes}.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      name = "one setting",
                      value = "{\"settings\": {\"locale\": \"pt-BR\", \"greeting\": null}}")))
  @APIResponse(
      responseCode = "200",
      description = "Changed",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  public View change(@Context SecurityContext security, @Nullable Change body) {
    Caller caller = Access.caller(security);
    Change change = Input.body(body);
    return View.of(tenants.change(caller, caller.inTenant(), change.name(), change.settings()));
  }
}
