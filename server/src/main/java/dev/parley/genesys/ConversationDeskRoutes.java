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
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for where a conversation is answered, and for handing it over.
@Path("/api/v1/conversations/{conversation}/desk")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Conversations")
public final class ConversationDeskRoutes {
  private static final int NOTE = 1000;

  private final Desks desks;

  ConversationDeskRoutes(Desks desks) {
    this.desks = desks;
  }

  /// Where a conversation is answered.
  @Schema(name = "ConversationDesk")
  public record DeskView(
      UUID conversationId,
      ConversationDesk.Place desk,
      @Nullable UUID integrationId,
      @Schema(description = "Genesys' id of the conversation, the latest one")
          @Nullable String genesysConversationId,
      @Schema(
              enumeration = {"channel", "rule", "hand"},
              description = "Why: by the channel's setting, its rule, or somebody's hand")
          String cause,
      Instant decidedAt) {

    static DeskView of(Desks.Seen seen) {
      ConversationDesk desk = seen.desk();
      return new DeskView(
          desk.conversationId(),
          desk.desk(),
          desk.integrationId(),
          seen.genesysConversationId(),
          desk.cause(),
          desk.decidedAt());
    }
  }

  /// To whom it is handed over.
  @Schema(name = "HandoverInput")
  public record Handover(
      ConversationDesk.@Nullable Place desk,
      @Schema(description = "A connection with Genesys; the channel's own when absent")
          @Nullable UUID integrationId,
      @Schema(description = "What the next agent should know; at most 1000 characters")
          @Nullable String note) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Read where a conversation is answered",
      description = "In the inbox while nothing is decided.")
  @APIResponse(responseCode = "200", description = "The desk")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public DeskView get(
      @Context SecurityContext security, @PathParam("conversation") String conversation) {
    return DeskView.of(
        desks.ofConversation(Access.caller(security), Input.id(conversation, "conversation")));
  }

  @PUT
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Hand a conversation over",
      description =
          "To Genesys Cloud, whose agents get what was said so far as one text, or back to the inbox, of which Genesys'"
              + " agents are told. Asking for what is so already changes nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = Handover.class),
              examples = {
                @ExampleObject(
                    name = "to Genesys",
                    value = "{\"desk\":\"genesys\",\"note\":\"Wants a refund for order 4711\"}"),
                @ExampleObject(name = "back", value = "{\"desk\":\"inbox\"}")
              }))
  @APIResponse(
      responseCode = "200",
      description = "The desk",
      content = @Content(schema = @Schema(implementation = DeskView.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public DeskView handOver(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      Handover input) {
    Handover given = Input.body(input);
    var check = new Input();
    String note = check.optional("note", given.note(), NOTE);
    check.done();
    ConversationDesk.Place desk = given.desk();
    if (desk == null) {
      throw Problem.invalid("desk", "must be inbox or genesys");
    }
    return DeskView.of(
        desks.handOver(
            Access.caller(security),
            Input.id(conversation, "conversation"),
            desk,
            given.integrationId(),
            note));
  }
}
