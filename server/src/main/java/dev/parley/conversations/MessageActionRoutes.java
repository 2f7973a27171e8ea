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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for what is done with messages that are there.
@Path("/api/v1/conversations/{conversation}")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Messages", description = "What is said in a conversation, and what became of it.")
public final class MessageActionRoutes {
  private final MessageActions actions;
  private final MessageViews views;
  private final ShownMessages messages;

  MessageActionRoutes(MessageActions actions, MessageViews views, ShownMessages messages) {
    this.actions = actions;
    this.views = views;
    this.messages = messages;
  }

  /// What a message is to say.
  @Schema(name = "MessageChange")
  public record MessageChange(
      @Schema(description = "The new content", required = true) @Nullable Content content,
      @Schema(description = "Whom it mentions now")
          MessageRoutes.@Nullable MentionsInput mentions) {}

  /// An emoji.
  @Schema(name = "ReactionInput")
  public record ReactionInput(
      @Schema(description = "One emoji, at most 64 bytes", examples = "👍", required = true)
          @Nullable String emoji) {}

  /// All that a message said before.
  @Schema(name = "MessageEdits")
  public record MessageEdits(List<MessageActions.Earlier> items) {}

  /// All pinned messages.
  @Schema(name = "MessagePins")
  public record MessagePins(List<MessageActions.Pin> items) {}

  /// A thread.
  ///
  /// @param participants who has answered
  /// @param next give it as `after` to go on; absent at the end
  @Schema(name = "MessageThread")
  public record MessageThread(
      Message root, List<UUID> participants, List<Message> items, @Nullable String next) {}

  @PATCH
  @Path("/messages/{id}")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Change a message",
      description =
          "Changes what one's own message to other users says. What it said before stays readable as its edits, at most"
              + " 100 of them.")
  @APIResponse(responseCode = "200", description = "The message as it is now")
  @APIResponse(responseCode = "403", description = "Somebody else wrote it")
  @APIResponse(responseCode = "404", description = "There is no such message")
  @APIResponse(
      responseCode = "409",
      description = "It is a message to a customer, was taken away, or has 100 edits")
  public Message edit(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      MessageChange input) {
    Content content = input == null ? null : input.content();
    if (content == null) {
      throw Problem.invalid("content", "is required");
    }
    return actions.edit(
        Access.caller(security),
        Input.id(conversation, "conversation"),
        Input.id(id, "message"),
        content,
        input.mentions() == null ? null : input.mentions().mentions());
  }

  @DELETE
  @Path("/messages/{id}")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Take a message away",
      description =
          "One's own, or anybody's for the owner and administrators of the conversation. Its place stays, with who took"
              + " it away and when; its content and its edits are gone from every answer.")
  @APIResponse(responseCode = "204", description = "It is away")
  @APIResponse(responseCode = "403", description = "Somebody else wrote it")
  @APIResponse(responseCode = "404", description = "There is no such message")
  @APIResponse(responseCode = "409", description = "It is a message to a customer")
  public void delete(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    actions.delete(
        Access.caller(security), Input.id(conversation, "conversation"), Input.id(id, "message"));
  }

  @GET
  @Path("/messages/{id}/edits")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read what a message said before",
      description = "The oldest first; nothing for a message that was taken away.")
  @APIResponse(responseCode = "200", description = "What it said, and until when")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public MessageEdits edits(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    return new MessageEdits(
        actions.edits(
            Access.caller(security),
            Input.id(conversation, "conversation"),
            Input.id(id, "message")));
  }

  @GET
  @Path("/messages/{id}/around")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read the messages around one",
      description =
          "Up to `limit` before it and as many after it, the nearest first, as after a search.")
  @APIResponse(responseCode = "200", description = "The message and its neighbours")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public MessageViews.Around around(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      @QueryParam("limit") @Nullable Integer limit) {
    Caller caller = Access.caller(security);
    MessageViews.Around around =
        views.around(
            caller,
            Input.id(conversation, "conversation"),
            Input.id(id, "message"),
            Page.limit(limit));
    return new MessageViews.Around(
        messages.shown(caller, around.before()),
        messages.shown(caller, around.message()),
        messages.shown(caller, around.after()));
  }

  @GET
  @Path("/messages/{id}/thread")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read a thread",
      description = "The message that began it, who has answered, and the answers in their order.")
  @APIResponse(responseCode = "200", description = "The thread")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public MessageThread thread(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    Caller caller = Access.caller(security);
    MessageViews.Answers thread =
        views.thread(
            caller,
            Input.id(conversation, "conversation"),
            Input.id(id, "message"),
            MessageRoutes.number(after, 0),
            most);
    Page<Message> page = Page.of(thread.replies(), most, m -> Long.toString(m.seq()));
    return new MessageThread(
        messages.shown(caller, thread.root()),
        thread.participants(),
        messages.shown(caller, page.items()),
        page.next());
  }

  @GET
  @Path("/messages/{id}/receipts")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read who has read a message",
      description =
          "Among users those who have read that far, without its writer; `readAt` is when their reading mark last moved,"
              + " so they read it then or before. Of a message to a customer what the customer's receipts tell.")
  @APIResponse(responseCode = "200", description = "A page of readers")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public Page<MessageViews.ReadBy> receipts(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        views.readBy(
            Access.caller(security),
            Input.id(conversation, "conversation"),
            Input.id(id, "message"),
            Page.decodeId(after),
            most),
        most,
        reader -> String.valueOf(reader.id()));
  }

  @POST
  @Path("/messages/{id}/reactions")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "React to a message",
      description =
          "Puts an emoji on it, each of a user once; a message takes 50 different ones. On a message of a customer's"
              + " conversation only users see it; send content of type reaction to show it to the customer.")
  @APIResponse(responseCode = "200", description = "The message with its reactions")
  @APIResponse(responseCode = "404", description = "There is no such message")
  @APIResponse(responseCode = "409", description = "It was taken away, or has too many")
  public Message react(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      ReactionInput input) {
    String emoji = input == null ? null : input.emoji();
    if (emoji == null) {
      throw Problem.invalid("emoji", "is required");
    }
    Caller caller = Access.caller(security);
    return messages.shown(
        caller,
        actions.react(
            caller, Input.id(conversation, "conversation"), Input.id(id, "message"), emoji));
  }

  @DELETE
  @Path("/messages/{id}/reactions/{emoji}")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Take a reaction back",
      description = "Takes one's own emoji off the message; nothing happens when it is not there.")
  @APIResponse(responseCode = "200", description = "The message with its reactions")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public Message unreact(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id,
      @PathParam("emoji") String emoji) {
    Caller caller = Access.caller(security);
    return messages.shown(
        caller,
        actions.unreact(
            caller, Input.id(conversation, "conversation"), Input.id(id, "message"), emoji));
  }

  @POST
  @Path("/messages/{id}/pin")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Pin a message",
      description =
          "Keeps it in sight for everybody in the conversation; at most 100. In a channel its owner and administrators"
              + " pin.")
  @APIResponse(responseCode = "200", description = "All pins, the newest first")
  @APIResponse(responseCode = "404", description = "There is no such message")
  @APIResponse(responseCode = "409", description = "It was taken away, or 100 are pinned")
  public MessagePins pin(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return pins(
        caller,
        actions.pin(caller, Input.id(conversation, "conversation"), Input.id(id, "message")));
  }

  @DELETE
  @Path("/messages/{id}/pin")
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Take a pin off",
      description = "Nothing happens when the message is not pinned.")
  @APIResponse(responseCode = "200", description = "All pins, the newest first")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public MessagePins unpin(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return pins(
        caller,
        actions.unpin(caller, Input.id(conversation, "conversation"), Input.id(id, "message")));
  }

  @GET
  @Path("/pins")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(summary = "List pinned messages", description = "The newest pin first; at most 100.")
  @APIResponse(responseCode = "200", description = "All pins")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public MessagePins pins(
      @Context SecurityContext security, @PathParam("conversation") String conversation) {
    Caller caller = Access.caller(security);
    return pins(caller, actions.pins(caller, Input.id(conversation, "conversation")));
  }

  private MessagePins pins(Caller caller, List<MessageActions.Pin> pins) {
    List<Message> shown =
        messages.shown(caller, pins.stream().map(MessageActions.Pin::message).toList());
    var all = new ArrayList<MessageActions.Pin>();
    for (int i = 0; i < pins.size(); i++) {
      MessageActions.Pin pin = pins.get(i);
      all.add(new MessageActions.Pin(shown.get(i), pin.pinnedBy(), pin.pinnedAt()));
    }
    return new MessagePins(all);
  }
}
