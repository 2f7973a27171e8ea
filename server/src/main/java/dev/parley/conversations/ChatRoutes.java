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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for conversations among users; their messages are under `/api/v1/conversations/{id}/messages`.
@Path("/api/v1/chats")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Chats",
    description =
        "Conversations among users: direct, group, channel. Their participants see them and nobody else. Their messages"
            + " are under /api/v1/conversations/{id}/messages.")
public final class ChatRoutes {
  private final Chats chats;
  private final OwnChats own;
  private final Conversations conversations;

  ChatRoutes(Chats chats, OwnChats own, Conversations conversations) {
    this.chats = chats;
    this.own = own;
    this.conversations = conversations;
  }

  /// Somebody to be in it from the beginning.
  @Schema(name = "ChatParticipantInput")
  public record ParticipantInput(
      @Nullable UUID userId,
      @Schema(description = "member in a group and reader in a channel, if it is not said")
          @Nullable ChatRole role) {}

  /// A conversation to begin.
  @Schema(name = "ChatInput")
  public record ChatInput(
      @Schema(required = true, description = "direct, group or channel")
          @Nullable ConversationKind kind,
      @Schema(description = "The other user of a direct conversation") @Nullable UUID userId,
      @Schema(maxLength = ChatLimits.TITLE, description = "Of a group or channel")
          @Nullable String title,
      @Schema(maxLength = ChatLimits.DESCRIPTION) @Nullable String description,
      @Schema(description = "private, if it is not said") Chat.@Nullable Privacy privacy,
      @Schema(description = "admins, if it is not said") Chat.@Nullable InvitePolicy invitePolicy,
      @Schema(description = "Who is in it besides the caller, at most 100")
          @Nullable List<ParticipantInput> participants) {}

  /// What is to change; what is absent stays.
  @Schema(name = "ChatChange")
  public record ChatChange(
      @Schema(maxLength = ChatLimits.TITLE) @Nullable String title,
      @Schema(maxLength = ChatLimits.DESCRIPTION, description = "Empty to take it away")
          @Nullable String description,
      Chat.@Nullable Privacy privacy,
      Chat.@Nullable InvitePolicy invitePolicy) {}

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
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Begin a chat",
      description =
          "A direct one with another user, which is there once for each pair and is answered if it is there; or a group or"
              + " channel, which the caller owns. In a channel members write and readers read.")
  @APIResponse(
      responseCode = "201",
      description = "The chat",
      content = @Content(schema = @Schema(implementation = Chat.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such user")
  public Response create(@Context SecurityContext security, ChatInput input) {
    Caller caller = Access.caller(security);
    Chat chat = begin(caller, Input.body(input));
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/chats/" + chat.id()))
        .entity(chat)
        .build();
  }

  private Chat begin(Caller caller, ChatInput input) {
    ConversationKind kind = input.kind();
    if (kind == null || kind == ConversationKind.CUSTOMER) {
      throw Problem.invalid("kind", "must be one of direct, group, channel");
    }
    if (kind == ConversationKind.DIRECT) {
      UUID other = input.userId();
      if (other == null) {
        throw Problem.invalid("userId", "is required");
      }
      return chats.direct(caller, other);
    }
    var check = new Input();
    String title = check.text("title", input.title(), ChatLimits.TITLE);
    String description = check.optional("description", input.description(), ChatLimits.DESCRIPTION);
    Map<UUID, ChatRole> participants = participants(check, kind, input.participants());
    check.done();
    return chats.create(
        caller,
        new Chats.Draft(
            kind,
            title,
            description,
            input.privacy() == null ? Chat.Privacy.PRIVATE : input.privacy(),
            input.invitePolicy() == null ? Chat.InvitePolicy.ADMINS : input.invitePolicy(),
            participants));
  }

  private static Map<UUID, ChatRole> participants(
      Input check, ConversationKind kind, @Nullable List<ParticipantInput> wanted) {
    var participants = new HashMap<UUID, ChatRole>();
    if (wanted == null) {
      return participants;
    }
    check.check(
        wanted.size() <= ChatLimits.ADDED_AT_ONCE,
        "participants",
        "must be at most " + ChatLimits.ADDED_AT_ONCE + "; add more later");
    for (ParticipantInput one : wanted) {
      UUID user = one == null ? null : one.userId();
      if (user == null) {
        check.error("participants.userId", "is required");
        continue;
      }
      ChatRole role = one.role() == null ? ChatMembers.usual(kind) : one.role();
      check.check(role != ChatRole.OWNER, "participants.role", "must not be owner");
      participants.put(user, role);
    }
    return participants;
  }

  @GET
  @Path("/{id}")
  @Requires(value = Permission.CHAT, or = Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Read a chat",
      description = "Its settings, its last message, and the caller's own place in it.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Chat get(@Context SecurityContext security, @PathParam("id") String id) {
    return chats.find(Access.caller(security), Input.id(id, "conversation"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Change a chat",
      description = "Its settings; for its owner and administrators.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  @APIResponse(responseCode = "409", description = "It is archived")
  public Chat change(
      @Context SecurityContext security, @PathParam("id") String id, ChatChange input) {
    ChatChange wanted = Input.body(input);
    var check = new Input();
    String title =
        wanted.title() == null ? null : check.text("title", wanted.title(), ChatLimits.TITLE);
    String description =
        wanted.description() == null
            ? null
            : check.optional("description", wanted.description(), ChatLimits.DESCRIPTION);
    check.done();
    return chats.change(
        Access.caller(security),
        Input.id(id, "conversation"),
        new Chats.Change(
            title,
            wanted.description() == null ? null : description == null ? "" : description,
            wanted.privacy(),
            wanted.invitePolicy()));
  }

  @POST
  @Path("/{id}/archive")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Archive a chat",
      description = "For everybody: it stays readable and nobody writes any more.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Chat archive(@Context SecurityContext security, @PathParam("id") String id) {
    return chats.archive(Access.caller(security), Input.id(id, "conversation"), true);
  }

  @POST
  @Path("/{id}/unarchive")
  @Requires(Permission.CHAT)
  @Operation(summary = "Bring an archived chat back", description = "For everybody.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Chat unarchive(@Context SecurityContext security, @PathParam("id") String id) {
    return chats.archive(Access.caller(security), Input.id(id, "conversation"), false);
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
