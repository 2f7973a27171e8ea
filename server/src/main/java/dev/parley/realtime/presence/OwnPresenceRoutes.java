package dev.parley.realtime.presence;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// How the caller is shown. A class of its own: the longest path of a class wins, whatever its methods'.
@Path("/api/v1/me/presence")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Presence")
public final class OwnPresenceRoutes {
  private final Presence presence;

  /// Chooses in `presence`.
  public OwnPresenceRoutes(Presence presence) {
    this.presence = presence;
  }

  /// What the caller wants to be shown as.
  @Schema(name = "PresenceChoice")
  public record Choice(
      @Schema(
              examples = "away",
              enumeration = {"online", "away"},
              description =
                  "away: on every device until the last has gone; online: as the devices are")
          String state) {}

  @PUT
  @Requires(Permission.SELF)
  @Operation(
      summary = "Choose how to be shown",
      description =
          "Takes effect on all devices that are connected now or come while one of them is; others are told of the change as of any other.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Choice.class),
              examples = @ExampleObject(name = "away", value = "{\"state\": \"away\"}")))
  @APIResponse(responseCode = "204", description = "Chosen")
  public void choose(@Context SecurityContext security, @Nullable Choice body) {
    Caller caller = Access.caller(security);
    if (caller.kind() != Caller.Kind.USER) {
      throw new Problem(Problem.Code.FORBIDDEN, "Only users of a tenant have presence.");
    }
    String state = Input.body(body).state();
    var input = new Input();
    boolean away = "away".equals(state);
    input.check(away || "online".equals(state), "state", "must be online or away");
    input.done();
    presence.choose(caller, away);
  }
}
