package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for conversations.
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
          @Nullable Boolean typing) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List conversations",
      description =
          "Those with the newest message first. `window` tells until when free messages may be sent.")
  @APIResponse(responseCode = "200", description = "A page of conversations")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<Conversation> list(
      @Context SecurityContext security,
      @QueryParam("channelId") @Nullable UUID channelId,
      @QueryParam("contactId") @Nullable UUID contactId,
      @QueryParam("status") @Nullable String status,
      @QueryParam("unread") @Nullable Boolean unread,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    Caller caller = Access.caller(security);
    int most = Page.limit(limit);
    Position position = Position.read(after);
    return Page.of(
        conversations.page(
            caller,
            new Conversations.Filter(channelId, contactId, status, unread),
            position == null ? null : position.at(),
            position == null ? null : position.id(),
            most),
        most,
        c -> new Position(c.lastAt(), c.id()).text());
  }

  private record Position(Instant at, UUID id) {
    String text() {
      return at + " " + id;
    }

    static @Nullable Position read(@Nullable String cursor) {
      String text = Page.decode(cursor);
      if (text == null) {
        return null;
      }
      try {
        String[] parts = text.split(" ", 2);
        return new Position(Instant.parse(parts[0]), UUID.fromString(parts[1]));
      } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw Page.badCursor();
      }
    }
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(summary = "Read a conversation", description = "Its state, without its messages.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Conversation get(@Context SecurityContext security, @PathParam("id") String id) {
    return conversations
        .find(Access.caller(security), Input.id(id, "conversation"))
        .orElseThrow(() -> Problem.notFound("conversation"));
  }

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
          "Sets the unread count to 0 and tells the customer that the messages were read; with `typing` also that"
              + " somebody writes.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Conversation read(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable ReadInput input) {
    boolean typing = input != null && Boolean.TRUE.equals(input.typing());
    return conversations.markRead(Access.caller(security), Input.id(id, "conversation"), typing);
  }
}
