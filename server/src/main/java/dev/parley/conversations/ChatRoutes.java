package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
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

  ChatRoutes(Chats chats) {
    this.chats = chats;
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
      Chat.@Nullable InvitePolicy invitePolicy,
      @Schema(description = "An uploaded picture; an empty text for none")
          @Nullable String avatarFileId) {}

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
    UUID avatar = check.optionalId("avatarFileId", wanted.avatarFileId());
    check.done();
    return chats.change(
        Access.caller(security),
        Input.id(id, "conversation"),
        new Chats.Change(
            title,
            wanted.description() == null ? null : description == null ? "" : description,
            wanted.privacy(),
            wanted.invitePolicy(),
            wanted.avatarFileId() != null && avatar == null ? new UUID(0, 0) : avatar));
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
}
