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
import jakarta.ws.rs.PATCH;
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

/// REST for what a user has of conversations among users: lists, the reading mark, mute, put away.
@Path("/api/v1/chats")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Chats",
    description =
        "Conversations among users: direct, group, channel. Their participants see them and nobody else. Their messages"
            + " are under /api/v1/conversations/{id}/messages.")
public final class OwnChatRoutes {
  private final OwnChats own;
  private final Chats chats;
  private final Conversations conversations;

  OwnChatRoutes(OwnChats own, Chats chats, Conversations conversations) {
    this.own = own;
    this.chats = chats;
    this.conversations = conversations;
  }

  /// Up to where one has read.
  @Schema(name = "ChatReadInput")
  public record ChatReadInput(
      @Schema(description = "The number of the last message that was read") @Nullable Long seq,
      @Schema(description = "Or its id") @Nullable UUID messageId) {}

  /// How one has it for oneself; what is absent stays.
  @Schema(name = "OwnChatChange")
  public record OwnChange(
      @Schema(description = "Until when no notifications are wanted; an empty text for no longer")
          @Nullable String mutedUntil,
      @Schema(description = "Whether it is put away from the own list")
          @Nullable Boolean archived) {}

  @GET
  @Requires(Permission.CHAT)
  @Operation(
      summary = "List one's own chats",
      description =
          "Those in which the caller is, the ones with the newest message first. With `archived=true` those that were put"
              + " away.")
  @APIResponse(responseCode = "200", description = "A page of chats with their unread counts")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<Chat> list(
      @Context SecurityContext security,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("archived") @Nullable Boolean archived,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    ConversationKind only = kind == null ? null : check.word("kind", kind, ConversationKind.class);
    check.done();
    Position position = Position.read(after);
    return Page.of(
        own.mine(
            Access.caller(security),
            only,
            Boolean.TRUE.equals(archived),
            position == null ? null : position.at(),
            position == null ? null : position.id(),
            most),
        most,
        chat -> new Position(chat.lastAt(), chat.id()).text());
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
  @Path("/public")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Find chats to join",
      description = "Public groups and channels, by a part of their title; without their messages.")
  @APIResponse(responseCode = "200", description = "A page of chats")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<Chat> open(
      @Context SecurityContext security,
      @QueryParam("title") @Nullable String title,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    String part = check.optional("title", title, ChatLimits.TITLE);
    check.done();
    return Page.of(
        own.open(Access.caller(security), part, Page.decodeId(after), most),
        most,
        chat -> chat.id().toString());
  }

  @POST
  @Path("/{id}/read")
  @Requires(value = Permission.CHAT, or = Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Mark as read",
      description =
          "Up to the message of that number or id, or up to the last one. The mark never moves back.")
  @APIResponse(responseCode = "200", description = "The chat with the counts that are left")
  @APIResponse(responseCode = "400", description = "There is no such message in it")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Chat read(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @Nullable ChatReadInput input) {
    Caller caller = Access.caller(security);
    UUID chat = Input.id(id, "conversation");
    Long seq = input == null ? null : input.seq();
    UUID messageId = input == null ? null : input.messageId();
    if (seq == null && messageId != null) {
      seq =
          conversations
              .message(caller, messageId)
              .filter(message -> message.conversationId().equals(chat))
              .map(Message::seq)
              .orElseThrow(
                  () -> Problem.invalid("messageId", "is no message of this conversation"));
    }
    return own.markRead(caller, chat, seq == null ? chats.find(caller, chat).lastSeq() : seq);
  }

  @PATCH
  @Path("/{id}/me")
  @Requires(value = Permission.CHAT, or = Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Change how one has a chat",
      description = "For oneself alone: mute it for a time, put it away from the own list.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Chat settle(
      @Context SecurityContext security, @PathParam("id") String id, OwnChange input) {
    OwnChange wanted = Input.body(input);
    var check = new Input();
    Instant until = check.optionalTime("mutedUntil", wanted.mutedUntil());
    check.done();
    return own.settle(
        Access.caller(security),
        Input.id(id, "conversation"),
        wanted.mutedUntil() != null,
        until,
        wanted.archived());
  }
}
