package dev.parley.conversations;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for beginning conversations and marking them as read. Lists and what agents do with them are in the inbox.
@Path("/api/v1/conversations")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Conversations",
    description = "Conversations with customers, one for each contact and channel.")
public final class ConversationRoutes {
  private final Conversations conversations;

  ConversationRoutes(Conversations conversations) {
    this.conversations = conversations;
  }

  /// Whom to write to.
  @Schema(name = "ConversationInput")
  public record ConversationInput(
      @Schema(description = "The channel", required = true) @Nullable UUID channelId,
      @Schema(
              description = "The contact; it needs an identity that the channel reaches",
              required = true)
          @Nullable UUID contactId) {}

  /// How to mark as read.
  @Schema(name = "ReadInput")
  public record ReadInput(
      @Schema(description = "Whether the customer sees that somebody writes, for up to 25 seconds")
          @Nullable Boolean typing,
      @Schema(
              description =
                  "The number of the last message that was seen; what came after it stays unread. Without it"
                      + " everything is read")
          @Nullable Long seq) {}

  @POST
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Begin a conversation",
      description =
          "Answers the conversation with the contact on the channel, which is made when there is none. Until the"
              + " customer writes only templates can be sent.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such channel or contact")
  @APIResponse(responseCode = "422", description = "The channel cannot reach the contact")
  public Conversation open(@Context SecurityContext security, ConversationInput input) {
    var check = new Input();
    check.check(input.channelId() != null, "channelId", "is required");
    check.check(input.contactId() != null, "contactId", "is required");
    check.done();
    UUID channel = input.channelId();
    UUID contact = input.contactId();
    if (channel == null || contact == null) {
      throw Problem.invalid("channelId", "is required");
    }
    return conversations.open(Access.caller(security), channel, contact);
  }

  @POST
  @Path("/{id}/read")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Mark as read",
      description =
          "Up to `seq`, or all of it: the unread count is what came after that, and the customer is told that the"
              + " messages were read; with `typing` also that somebody writes. The mark never moves back.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Conversation read(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable ReadInput input) {
    boolean typing = input != null && Boolean.TRUE.equals(input.typing());
    Long seq = input == null ? null : input.seq();
    if (seq != null && seq < 0) {
      throw Problem.invalid("seq", "must not be negative");
    }
    return conversations.markRead(
        Access.caller(security), Input.id(id, "conversation"), seq, typing);
  }
}
