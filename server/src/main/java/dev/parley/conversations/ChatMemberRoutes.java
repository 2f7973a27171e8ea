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
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for who is in a conversation among users.
@Path("/api/v1/chats/{id}")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Chats",
    description =
        "Conversations among users: direct, group, channel. Their participants see them and nobody else. Their messages"
            + " are under /api/v1/conversations/{id}/messages.")
public final class ChatMemberRoutes {
  private final ChatMembers members;
  private final Chats chats;

  ChatMemberRoutes(ChatMembers members, Chats chats) {
    this.members = members;
    this.chats = chats;
  }

  /// Who is to be added.
  @Schema(name = "ChatParticipantsInput")
  public record Added(
      @Schema(required = true, description = "At most 100") @Nullable List<UUID> userIds,
      @Schema(description = "member in a group and reader in a channel, if it is not said")
          @Nullable ChatRole role) {}

  /// Another role.
  @Schema(name = "ChatRoleInput")
  public record NewRole(@Schema(required = true) @Nullable ChatRole role) {}

  @GET
  @Path("/participants")
  @Requires(value = Permission.CHAT, or = Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List participants",
      description = "With their roles and how far they have read; for participants.")
  @APIResponse(responseCode = "200", description = "A page of participants")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public Page<Chat.Participant> list(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        members.page(
            Access.caller(security), Input.id(id, "conversation"), Page.decodeId(after), most),
        most,
        participant -> participant.userId().toString());
  }

  @POST
  @Path("/participants")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Add participants",
      description =
          "For the owner and administrators, or with the invite policy members for whoever may write. Who is in it already"
              + " stays as they are. A group takes 1,000, a channel 100,000.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is no such chat or user")
  @APIResponse(responseCode = "409", description = "It is full, or archived")
  public Chat add(@Context SecurityContext security, @PathParam("id") String id, Added input) {
    Caller caller = Access.caller(security);
    UUID chat = Input.id(id, "conversation");
    List<UUID> userIds = Input.body(input).userIds();
    var check = new Input();
    check.check(userIds != null && !userIds.isEmpty(), "userIds", "is required");
    check.check(
        userIds == null || userIds.size() <= ChatLimits.ADDED_AT_ONCE,
        "userIds",
        "must be at most " + ChatLimits.ADDED_AT_ONCE);
    check.check(userIds == null || !userIds.contains(null), "userIds", "must be ids");
    check.check(input.role() != ChatRole.OWNER, "role", "must not be owner");
    ChatRole role =
        input.role() == null ? ChatMembers.usual(chats.find(caller, chat).kind()) : input.role();
    check.done();
    return members.add(
        caller, chat, userIds == null ? new HashSet<>() : new HashSet<>(userIds), role);
  }

  @PATCH
  @Path("/participants/{userId}")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Change a participant's role",
      description =
          "For the owner and administrators. The owner makes another one the owner and is administrator then;"
              + " administrators are changed by the owner alone.")
  @APIResponse(responseCode = "200", description = "The participant")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is no such participant")
  @APIResponse(responseCode = "409", description = "It is archived")
  public Chat.Participant changeRole(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("userId") String userId,
      NewRole input) {
    Caller caller = Access.caller(security);
    UUID chat = Input.id(id, "conversation");
    ChatRole role = Input.body(input).role();
    if (role == null) {
      throw Problem.invalid("role", "must be one of owner, admin, member, reader");
    }
    return members.changeRole(caller, chat, Input.id(userId, "participant"), role);
  }

  @DELETE
  @Path("/participants/{userId}")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Remove a participant",
      description =
          "For the owner and administrators; administrators are removed by the owner alone. From then on the user sees"
              + " nothing of it.")
  @APIResponse(responseCode = "204", description = "Removed")
  @APIResponse(responseCode = "403", description = "The caller's role does not permit it")
  @APIResponse(responseCode = "404", description = "There is no such participant")
  @APIResponse(responseCode = "409", description = "It is archived")
  public void remove(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("userId") String userId) {
    members.remove(
        Access.caller(security), Input.id(id, "conversation"), Input.id(userId, "participant"));
  }

  @POST
  @Path("/join")
  @Requires(Permission.CHAT)
  @Operation(
      summary = "Join a public chat",
      description =
          "A group as member, a channel as reader. What was said before is readable and not unread.")
  @APIResponse(responseCode = "200", description = "The chat")
  @APIResponse(responseCode = "404", description = "There is none that the caller may join")
  @APIResponse(responseCode = "409", description = "It is full")
  public Chat join(@Context SecurityContext security, @PathParam("id") String id) {
    return members.join(Access.caller(security), Input.id(id, "conversation"));
  }

  @POST
  @Path("/leave")
  @Requires(value = Permission.CHAT, or = Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Leave a chat",
      description =
          "An owner who leaves hands over to the administrator who has been there longest, or else to whoever has. One that"
              + " everybody has left is archived. A direct one cannot be left.")
  @APIResponse(responseCode = "204", description = "Left")
  @APIResponse(responseCode = "403", description = "It is a direct one")
  @APIResponse(responseCode = "404", description = "There is none in which the caller is")
  public void leave(@Context SecurityContext security, @PathParam("id") String id) {
    members.leave(Access.caller(security), Input.id(id, "conversation"));
  }
}
