package dev.parley.inbox;

import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.Priority;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
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

/// REST for what agents do with customers' conversations at the desk.
@Path("/api/v1/conversations")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Conversations",
    description = "Conversations with customers, one for each contact and channel.")
public final class DeskRoutes {
  private final InboxActions actions;

  DeskRoutes(InboxActions actions) {
    this.actions = actions;
  }

  /// What is to change; what is absent stays.
  @Schema(name = "ConversationChange")
  public record ConversationChange(
      @Nullable ConversationStatus status,
      @Schema(description = "With the status snoozed alone, and required there; within 366 days")
          @Nullable Instant snoozedUntil,
      @Nullable Priority priority,
      @Schema(
              description =
                  "The status that the caller saw: when it is another one by now, nothing changes and the answer is 409."
                      + " Without it the last one to say wins")
          @Nullable ConversationStatus from) {}

  /// In whose hands it is to be; what is absent stays.
  @Schema(name = "AssignmentInput")
  public record AssignmentInput(
      @Schema(description = "A user's id, me, or an empty text for nobody")
          @Nullable String assigneeId,
      @Schema(description = "A team's id, or an empty text for none") @Nullable String teamId,
      @Schema(
              description =
                  "Who has it as the caller saw it: a user's id, or an empty text for nobody. Needed to take it from"
                      + " somebody else")
          @Nullable String from) {}

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Change status or priority",
      description =
          "A customer's message opens a conversation whatever its status is; an answer changes no status. A snoozed one"
              + " opens by itself when its time has come. What is so already changes nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ConversationChange.class),
              examples = {
                @ExampleObject(name = "resolve", value = "{\"status\":\"resolved\"}"),
                @ExampleObject(
                    name = "snooze",
                    value = "{\"status\":\"snoozed\",\"snoozedUntil\":\"2026-12-01T08:00:00Z\"}"),
                @ExampleObject(name = "urgent", value = "{\"priority\":\"urgent\"}")
              }))
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  @APIResponse(responseCode = "409", description = "Its status is not `from` any more")
  public InboxConversation change(
      @Context SecurityContext security, @PathParam("id") String id, ConversationChange input) {
    ConversationChange wanted = Input.body(input);
    return actions.change(
        Access.caller(security),
        Input.id(id, "conversation"),
        new InboxActions.Change(
            wanted.status(), wanted.snoozedUntil(), wanted.priority(), wanted.from()));
  }

  @PUT
  @Path("/{id}/assignment")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Assign a conversation",
      description =
          "To a user, a team, or a user of a team. What somebody else has is taken from them only with their id in `from`:"
              + " else the answer is 409 `already-assigned`, with the id in `errors`. An agent who is not in the"
              + " conversation's team takes it out of the team; a team in which its agent is not takes it from the agent."
              + " Asking for what is so already changes nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = AssignmentInput.class),
              examples = {
                @ExampleObject(name = "take it", value = "{\"assigneeId\":\"me\"}"),
                @ExampleObject(
                    name = "take it over",
                    value =
                        "{\"assigneeId\":\"me\",\"from\":\"0199d9a0-0000-7000-8000-000000000000\"}"),
                @ExampleObject(
                    name = "to a team",
                    value =
                        "{\"teamId\":\"0199d9a0-0000-7000-8000-000000000000\",\"assigneeId\":\"\"}")
              }))
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(
      responseCode = "400",
      description = "There is no such user or team, or the user may not answer or is not in it")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  @APIResponse(responseCode = "409", description = "Somebody else has it")
  public InboxConversation assign(
      @Context SecurityContext security, @PathParam("id") String id, AssignmentInput input) {
    Caller caller = Access.caller(security);
    AssignmentInput wanted = Input.body(input);
    var check = new Input();
    Hands assignee =
        "me".equals(wanted.assigneeId())
            ? Hands.of(caller.id())
            : hands(check, "assigneeId", wanted.assigneeId());
    Hands team = hands(check, "teamId", wanted.teamId());
    Hands from = hands(check, "from", wanted.from());
    check.check(assignee.given() || team.given(), "assigneeId", "or teamId is required");
    check.done();
    return actions.assign(
        caller, Input.id(id, "conversation"), new InboxActions.Assignment(assignee, team, from));
  }

  private static Hands hands(Input check, String field, @Nullable String text) {
    UUID id = check.optionalId(field, text);
    return text == null ? Hands.ANY : id == null ? Hands.NOBODY : Hands.of(id);
  }

  @PUT
  @Path("/{id}/tags/{tagId}")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Tag a conversation",
      description = "A tag that it has already stays. A conversation has at most 50.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation or tag")
  @APIResponse(responseCode = "422", description = "It has 50 tags")
  public InboxConversation tag(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("tagId") String tagId) {
    return actions.tag(
        Access.caller(security), Input.id(id, "conversation"), Input.id(tagId, "tag"));
  }

  @DELETE
  @Path("/{id}/tags/{tagId}")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Take a tag from a conversation",
      description = "One that it does not have is no error.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public InboxConversation untag(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("tagId") String tagId) {
    return actions.untag(
        Access.caller(security), Input.id(id, "conversation"), Input.id(tagId, "tag"));
  }
}
