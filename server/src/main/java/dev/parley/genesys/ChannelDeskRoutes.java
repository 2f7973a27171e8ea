package dev.parley.genesys;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for where the conversations of a channel are answered.
@Path("/api/v1/channels/{channel}/desk")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Channels")
public final class ChannelDeskRoutes {
  private final Desks desks;

  ChannelDeskRoutes(Desks desks) {
    this.desks = desks;
  }

  /// Where a channel's conversations are to go.
  @Schema(name = "ChannelDeskInput")
  public record DeskInput(
      ChannelDesk.@Nullable Choice desk,
      @Schema(description = "A connection with Genesys; required unless the desk is inbox")
          @Nullable UUID integrationId,
      @Schema(description = "Required with rule, and only there") @Nullable DeskRule rule) {}

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read where a channel's conversations are answered",
      description = "In the inbox when nobody has said anything.")
  @APIResponse(responseCode = "200", description = "The desk")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public ChannelDesk get(@Context SecurityContext security, @PathParam("channel") String channel) {
    return desks.ofChannel(Access.caller(security), Input.id(channel, "channel"));
  }

  @PUT
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Say where a channel's conversations are answered",
      description =
          "For conversations in which a customer writes from now on; those that are decided stay until somebody hands"
              + " them over or resolves them, or the customer is silent for three days.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = DeskInput.class),
              examples = {
                @ExampleObject(name = "inbox", value = "{\"desk\":\"inbox\"}"),
                @ExampleObject(
                    name = "genesys",
                    value =
                        "{\"desk\":\"genesys\",\"integrationId\":\"0199d9a0-0000-7000-8000-000000000000\"}"),
                @ExampleObject(
                    name = "by hours",
                    value =
                        "{\"desk\":\"rule\",\"integrationId\":\"0199d9a0-0000-7000-8000-000000000000\",\"rule\":{\"hours\":{\"timezone\":\"Europe/Lisbon\",\"openings\":[{\"day\":\"monday\",\"from\":\"09:00\",\"to\":\"18:00\"}]}}}")
              }))
  @APIResponse(
      responseCode = "200",
      description = "The desk",
      content = @Content(schema = @Schema(implementation = ChannelDesk.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public ChannelDesk put(
      @Context SecurityContext security, @PathParam("channel") String channel, DeskInput input) {
    DeskInput given = Input.body(input);
    var check = new Input();
    ChannelDesk.Choice desk = given.desk();
    DeskRule rule = given.rule();
    if (desk == null) {
      throw Problem.invalid("desk", "is required");
    }
    boolean inbox = desk == ChannelDesk.Choice.INBOX;
    check.check(
        inbox || given.integrationId() != null, "integrationId", "is required for this desk");
    check.check(
        (desk == ChannelDesk.Choice.RULE) == (rule != null),
        "rule",
        "is required with the desk rule, and only there");
    if (rule != null) {
      rule.check(check);
    }
    check.done();
    return desks.choose(
        Access.caller(security),
        Input.id(channel, "channel"),
        new ChannelDesk(desk, inbox ? null : given.integrationId(), rule));
  }
}
