package dev.parley.genesys;

import dev.parley.channels.SetupCheck;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// REST for what looks at connections with Genesys Cloud have found.
@Path("/api/v1/genesys/integrations/{id}/checks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Genesys")
public final class IntegrationCheckRoutes {
  private final Integrations integrations;
  private final GenesysSetup setup;

  IntegrationCheckRoutes(Integrations integrations, GenesysSetup setup) {
    this.integrations = integrations;
    this.setup = setup;
  }

  /// What was found about one part.
  @Schema(name = "GenesysCheck")
  public record CheckView(
      @Schema(
              examples = "token",
              description = "`token`, `integration`, `permission`, `webhook`, `reachable`")
          String name,
      @Schema(enumeration = {"ok", "warning", "failed", "unknown"}) String state,
      String detail,
      @Schema(description = "What to do; empty when nothing") String mend,
      @Schema(description = "When it was first seen so") Instant since,
      Instant checkedAt) {

    static CheckView of(SetupCheck check) {
      return new CheckView(
          check.name(),
          Input.word(check.state()),
          check.detail(),
          check.mend(),
          check.since(),
          check.checkedAt());
    }
  }

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read the checks of a connection with Genesys Cloud",
      description =
          "What the last look has found; empty when nobody has looked. Active ones are looked at every six hours.")
  @APIResponse(responseCode = "200", description = "One for each part")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public List<CheckView> checks(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    Integration integration = integrations.get(caller, Input.id(id, "integration"));
    return setup.last(caller.inTenant(), integration.id()).stream().map(CheckView::of).toList();
  }

  @POST
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Check a connection with Genesys Cloud",
      description =
          "Looks at each part at Genesys: the OAuth client, the integration, the client's permission, the address of"
              + " the webhook and whether it can be reached. Sends nothing to anybody.")
  @APIResponse(responseCode = "200", description = "One for each part, in the order of setting up")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public List<CheckView> look(@Context SecurityContext security, @PathParam("id") String id) {
    return setup.look(Access.caller(security), Input.id(id, "integration")).stream()
        .map(CheckView::of)
        .toList();
  }
}
