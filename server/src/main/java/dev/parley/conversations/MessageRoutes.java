package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Idempotency;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.OwnIdempotency;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for messages.
@Path("/api/v1/conversations/{conversation}/messages")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Messages", description = "What is said in a conversation, and what became of it.")
public final class MessageRoutes {
  private final Conversations conversations;
  private final MessageMedia media;
  private final ShownMessages messages;

  MessageRoutes(Conversations conversations, MessageMedia media, ShownMessages messages) {
    this.conversations = conversations;
    this.media = media;
    this.messages = messages;
  }

  /// A message to send.
  @Schema(name = "MessageInput")
  public record MessageInput(
      @Schema(description = "What it says; `type` tells which kind it is", required = true)
          dev.parley.conversations.@Nullable Content content,
      @Schema(description = "The message of this conversation that it answers")
          @Nullable UUID replyTo,
      @Schema(
              description =
                  "The message of this conversation in whose thread it goes; among users only")
          @Nullable UUID threadOf,
      @Schema(description = "Whom it mentions; among users only") @Nullable MentionsInput mentions,
      @Schema(
              type = SchemaType.OBJECT,
              description =
                  "Kept with the message for clients, at most 8 KiB of JSON; among users only")
          @Nullable JsonNode metadata) {}

  /// Whom a message mentions.
  @Schema(name = "MentionsInput")
  public record MentionsInput(
      @Schema(description = "Participants, at most 50") @Nullable List<UUID> users,
      @Schema(description = "Everybody in the conversation") @Nullable Boolean all,
      @Schema(
              description =
                  "Everybody in the conversation who is there at the moment; counts like all")
          @Nullable Boolean here) {
    Message.Mentions mentions() {
      return new Message.Mentions(
          users == null ? List.of() : users.stream().filter(Objects::nonNull).toList(),
          Boolean.TRUE.equals(all),
          Boolean.TRUE.equals(here));
    }
  }

  @GET
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "List messages",
      description =
          "By default the newest first; with `order=oldest` from the beginning. `around` starts at the message of that"
              + " number. A file that is `ready` comes with an address that needs no credentials for a"
              + " while.")
  @APIResponse(responseCode = "200", description = "A page of messages")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Page<Message> list(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @QueryParam("order") @DefaultValue("newest") String order,
      @QueryParam("around") @Nullable Long around,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    Caller caller = Access.caller(security);
    int most = Page.limit(limit);
    var check = new Input();
    check.check(
        order.equals("newest") || order.equals("oldest"), "order", "must be newest or oldest");
    check.done();
    boolean forward = order.equals("oldest");
    long from = from(after, around, forward);
    UUID within = Input.id(conversation, "conversation");
    return Page.of(
        messages.shown(caller, conversations.messages(caller, within, from, forward, most)),
        most,
        m -> Long.toString(m.seq()));
  }

  private static long from(@Nullable String after, @Nullable Long around, boolean forward) {
    if (after == null && around != null) {
      return forward ? around - 1 : around + 1;
    }
    return number(after, forward ? 0 : Long.MAX_VALUE);
  }

  /// The number of a message in a client's cursor.
  static long number(@Nullable String after, long without) {
    String position = Page.decode(after);
    try {
      return position == null ? without : Long.parseLong(position);
    } catch (NumberFormatException e) {
      throw Page.badCursor();
    }
  }

  @POST
  @OwnIdempotency
  @Requires(value = Permission.CONVERSATIONS_WRITE, or = Permission.CHAT)
  @Operation(
      summary = "Send a message",
      description =
          "In a customer's conversation it accepts a message for sending; nothing has been sent when this answers. It is"
              + " checked against the channel's limits first. Among users the message is there when this answers; they"
              + " send text, location and uploaded files. Follow what becomes of it by its `state`, or by events. Send an `Idempotency-Key`: a"
              + " repeated key in the same conversation answers the first message and sends nothing, however late; with another request it is refused.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = MessageInput.class),
              examples = {
                @ExampleObject(
                    name = "text",
                    value = "{\"content\":{\"type\":\"text\",\"body\":\"Good morning!\"}}"),
                @ExampleObject(
                    name = "image",
                    value =
                        "{\"content\":{\"type\":\"image\",\"attachment\":{\"link\":\"https://example.com/a.jpg\"},\"caption\":\"Your"
                            + " order\"}}"),
                @ExampleObject(
                    name = "file of ours",
                    value =
                        "{\"content\":{\"type\":\"document\",\"attachment\":{\"fileId\":\"0199d9a0-0000-7000-8000-000000000000\",\"filename\":\"invoice.pdf\"}}}"),
                @ExampleObject(
                    name = "buttons",
                    value =
                        "{\"content\":{\"type\":\"buttons\",\"body\":\"Shall we deliver"
                            + " today?\",\"buttons\":[{\"id\":\"yes\",\"title\":\"Yes\"},{\"id\":\"no\",\"title\":\"No\"}]}}"),
                @ExampleObject(
                    name = "list",
                    value =
                        "{\"content\":{\"type\":\"list\",\"body\":\"When?\",\"button\":\"Choose\",\"sections\":[{\"rows\":[{\"id\":\"am\",\"title\":\"Morning\"}]}]}}"),
                @ExampleObject(
                    name = "link",
                    value =
                        "{\"content\":{\"type\":\"link\",\"body\":\"Track it\",\"label\":\"Open\",\"url\":\"https://example.com/t/1\"}}"),
                @ExampleObject(
                    name = "location",
                    value =
                        "{\"content\":{\"type\":\"location\",\"latitude\":38.72,\"longitude\":-9.14,\"name\":\"Our"
                            + " shop\"}}"),
                @ExampleObject(
                    name = "template",
                    value =
                        "{\"content\":{\"type\":\"template\",\"name\":\"hello_world\",\"language\":\"en_US\",\"components\":[]}}"),
                @ExampleObject(
                    name = "reaction",
                    value =
                        "{\"content\":{\"type\":\"reaction\",\"messageId\":\"0199d9a0-0000-7000-8000-000000000000\",\"emoji\":\"👍\"}}")
              }))
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = Message.class)))
  @APIResponse(
      responseCode = "200",
      description = "The same Idempotency-Key came before; this is the message of then")
  @APIResponse(responseCode = "409", description = "The Idempotency-Key came with another request")
  @APIResponse(
      responseCode = "400",
      description = "A field is over WhatsApp's limit; `errors` names field and limit")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  @APIResponse(
      responseCode = "422",
      description = "The 24-hour window is closed, or the channel cannot send")
  public Response send(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      MessageInput input) {
    Caller caller = Access.caller(security);
    if (input == null || input.content() == null) {
      throw Problem.invalid("content", "is required");
    }
    ClientKey clientKey =
        key == null ? null : ClientKey.of(caller, key, Idempotency.print(Json.write(input)));
    SendResult result =
        conversations.send(
            caller,
            Input.id(conversation, "conversation"),
            new Draft(
                input.content(),
                input.replyTo(),
                input.threadOf(),
                input.mentions() == null ? null : input.mentions().mentions(),
                input.metadata(),
                clientKey));
    URI location =
        URI.create("/api/v1/conversations/" + conversation + "/messages/" + result.message().id());
    Message shown = messages.shown(caller, result.message());
    return switch (result) {
      case SendResult.Accepted _ -> Response.accepted(shown).location(location).build();
      case SendResult.Duplicate _ ->
          Response.ok(shown).location(location).header(Idempotency.REPLAYED, "true").build();
    };
  }

  @GET
  @Path("/{id}")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read a message",
      description = "With its state, the times of its receipts, and why it failed if it did.")
  @APIResponse(responseCode = "200", description = "The message")
  @APIResponse(responseCode = "404", description = "There is no such message")
  public Message get(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    return read(Access.caller(security), conversation, id);
  }

  private Message read(Caller caller, String conversation, String id) {
    UUID within = Input.id(conversation, "conversation");
    return conversations
        .message(caller, Input.id(id, "message"))
        .filter(message -> message.conversationId().equals(within))
        .map(message -> messages.shown(caller, message))
        .orElseThrow(() -> Problem.notFound("message"));
  }

  @POST
  @Path("/{id}/media/retry")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Fetch a message's file again",
      description =
          "Asks the provider once more for the file of a customer's message that could not be had. It"
              + " is of use while the provider keeps the file: WhatsApp does for 7 days.")
  @APIResponse(responseCode = "200", description = "The message; its file is on its way again")
  @APIResponse(responseCode = "404", description = "There is no such message, or it has no file")
  @APIResponse(
      responseCode = "409",
      description = "The file is here already, or the provider keeps it no longer")
  public Message retryMedia(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    media.retry(caller, Input.id(conversation, "conversation"), Input.id(id, "message"));
    return read(caller, conversation, id);
  }

  @POST
  @Path("/{id}/retry")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Send a failed message again",
      description =
          "Really hands it to the provider once more, as a further attempt of the same message.")
  @APIResponse(responseCode = "200", description = "Queued again")
  @APIResponse(responseCode = "404", description = "There is no such message")
  @APIResponse(responseCode = "409", description = "The message has not failed")
  public Message retry(
      @Context SecurityContext security,
      @PathParam("conversation") String conversation,
      @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return messages.shown(
        caller,
        conversations.retry(
            caller, Input.id(conversation, "conversation"), Input.id(id, "message")));
  }
}
