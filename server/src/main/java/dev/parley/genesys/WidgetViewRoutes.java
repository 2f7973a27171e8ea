package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelTemplateRoutes;
import dev.parley.channels.MessageTemplate;
import dev.parley.channels.Templates;
import dev.parley.contacts.ContactFields;
import dev.parley.contacts.Contacts;
import dev.parley.conversations.Content.Template;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Message;
import dev.parley.conversations.SendResult;
import dev.parley.conversations.ShownMessages;
import dev.parley.inbox.CannedReplies;
import dev.parley.inbox.Inbox;
import dev.parley.inbox.Note;
import dev.parley.inbox.Notes;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for what the widget shows and does. No route takes a conversation's id: it is always that of the session.
@Path("/api/v1/genesys/widget")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Genesys widget")
public final class WidgetViewRoutes {
  private static final int MOST_COMPONENTS = 20;

  private final WidgetSessions sessions;
  private final Inbox inbox;
  private final Contacts contacts;
  private final ContactFields fields;
  private final Conversations conversations;
  private final ShownMessages messages;
  private final Notes notes;
  private final CannedReplies replies;
  private final Templates templates;
  private final TenantDb db;

  WidgetViewRoutes(
      WidgetSessions sessions,
      Inbox inbox,
      Contacts contacts,
      ContactFields fields,
      Conversations conversations,
      ShownMessages messages,
      Notes notes,
      CannedReplies replies,
      Templates templates,
      TenantDb db) {
    this.sessions = sessions;
    this.inbox = inbox;
    this.contacts = contacts;
    this.fields = fields;
    this.conversations = conversations;
    this.messages = messages;
    this.notes = notes;
    this.replies = replies;
    this.templates = templates;
    this.db = db;
  }

  /// A text to put into the composer.
  @Schema(name = "WidgetSuggestion")
  public record Suggestion(UUID id, String shortcut, String text) {}

  /// A template to send.
  @Schema(name = "WidgetTemplateInput")
  public record TemplateInput(
      @Schema(description = "Of one that is approved", required = true) @Nullable UUID templateId,
      @Schema(
              implementation = Map[].class,
              description =
                  "Values for its variables, as in the content of a message of type template")
          @Nullable List<JsonNode> components) {}

  /// The session's agent, as the conversation's other parts know them.
  private static Caller agent(WidgetSession session) {
    return new Caller(
        Caller.Kind.DESK,
        session.integration(),
        session.agentName(),
        session.tenant(),
        null,
        Set.of(Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE));
  }

  private WidgetSession session(SecurityContext security) {
    return sessions.connected(Access.caller(security));
  }

  @GET
  @Path("/conversation")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "Read the widget's conversation",
      description =
          "The contact with its fields, how the conversation stands, until when free messages may be sent.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public WidgetConversation conversation(@Context SecurityContext security) {
    WidgetSession session = session(security);
    return WidgetConversation.of(inbox, contacts, fields, db, agent(session), session);
  }

  @GET
  @Path("/messages")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "List the messages of the widget's conversation",
      description =
          "The newest first. A file that is `ready` comes with an address that needs no credentials for a while.")
  @APIResponse(responseCode = "200", description = "A page of messages")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public Page<Message> messages(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    WidgetSession session = session(security);
    Caller agent = agent(session);
    int most = Page.limit(limit);
    return Page.of(
        messages.shown(
            agent,
            conversations.messages(agent, session.conversation(), before(after), false, most)),
        most,
        message -> Long.toString(message.seq()));
  }

  private static long before(@Nullable String after) {
    String position = Page.decode(after);
    try {
      return position == null ? Long.MAX_VALUE : Long.parseLong(position);
    } catch (NumberFormatException e) {
      throw Page.badCursor();
    }
  }

  @GET
  @Path("/notes")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "List the notes of the widget's conversation",
      description = "What agents have written for each other, the newest first.")
  @APIResponse(responseCode = "200", description = "A page of notes")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public Page<Note> notes(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    WidgetSession session = session(security);
    int most = Page.limit(limit);
    return Page.of(
        notes.page(agent(session), session.conversation(), Page.decodeId(after), most),
        most,
        note -> note.id().toString());
  }

  @GET
  @Path("/suggestions")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "List texts for the composer",
      description =
          "Canned replies, filled for the conversation and the agent. With `q` those whose shortcut begins with it first.")
  @APIResponse(responseCode = "200", description = "A page of texts")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public Page<Suggestion> suggestions(
      @Context SecurityContext security,
      @QueryParam("q") @Parameter(description = "What to look for") @Nullable String q,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    WidgetSession session = session(security);
    int most = Page.limit(limit);
    var check = new Input();
    String text = check.optional("q", q, 100);
    check.done();
    return replies
        .page(agent(session), text, session.conversation(), after, most)
        .map(
            reply ->
                new Suggestion(
                    reply.id(),
                    reply.shortcut(),
                    Objects.requireNonNullElse(reply.filled(), reply.text())));
  }

  @GET
  @Path("/templates")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "List the templates that can be sent in the widget",
      description = "Those of the conversation's channel that the provider has approved.")
  @APIResponse(responseCode = "200", description = "A page of templates")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public Page<ChannelTemplateRoutes.View> templates(
      @Context SecurityContext security,
      @QueryParam("name") @Nullable @Parameter(description = "A part of the name") String name,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    WidgetSession session = session(security);
    int most = Page.limit(limit);
    var check = new Input();
    String part = check.optional("name", name, 512);
    check.done();
    return Page.of(
            templates.approved(
                session.tenant(), channel(session), part, Page.decodeId(after), most),
            most,
            template -> template.id().toString())
        .map(ChannelTemplateRoutes.View::of);
  }

  @POST
  @Path("/templates/{id}/preview")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "Preview a template in the widget",
      description =
          "Shows it with values in place, and what sending it so would be refused for; sends nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ChannelTemplateRoutes.Values.class),
              examples =
                  @ExampleObject(
                      name = "values",
                      value =
                          "{\"components\":[{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ada\"}]}]}")))
  @APIResponse(
      responseCode = "200",
      description = "How it looks",
      content = @Content(schema = @Schema(implementation = ChannelTemplateRoutes.Shown.class)))
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "404", description = "There is no such template")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  public ChannelTemplateRoutes.Shown preview(
      @Context SecurityContext security,
      @PathParam("id") String id,
      ChannelTemplateRoutes.@Nullable Values body) {
    WidgetSession session = session(security);
    return ChannelTemplateRoutes.Shown.of(
        templates.preview(
            session.tenant(),
            channel(session),
            Input.id(id, "template"),
            components(body == null ? null : body.components())));
  }

  @POST
  @Path("/messages")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "Send a template from the widget",
      description =
          "Accepts it for sending; nothing has been sent when this answers. What agents write by hand goes through"
              + " Genesys' composer. Send an `Idempotency-Key`: a repeated key answers the first message and sends"
              + " nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = TemplateInput.class),
              examples =
                  @ExampleObject(
                      name = "template",
                      value =
                          "{\"templateId\":\"0199d9a0-0000-7000-8000-000000000000\",\"components\":[]}")))
  @APIResponse(
      responseCode = "202",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = Message.class)))
  @APIResponse(responseCode = "400", description = "A value is missing or not valid")
  @APIResponse(responseCode = "401", description = "The session is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "404", description = "There is no such template")
  @APIResponse(responseCode = "409", description = "The conversation rings and is not taken yet")
  @APIResponse(responseCode = "422", description = "The channel cannot send it")
  public Response send(
      @Context SecurityContext security,
      @HeaderParam("Idempotency-Key") @Nullable String key,
      TemplateInput input) {
    WidgetSession session = session(security);
    Caller agent = agent(session);
    TemplateInput given = Input.body(input);
    if (given.templateId() == null) {
      throw Problem.invalid("templateId", "is required");
    }
    MessageTemplate template =
        templates.get(session.tenant(), channel(session), given.templateId());
    SendResult result =
        conversations.send(
            agent,
            session.conversation(),
            new Template(template.name(), template.language(), components(given.components())),
            null,
            key == null ? null : session.id() + ":" + key);
    return Response.accepted(messages.shown(agent, result.message())).build();
  }

  private static List<JsonNode> components(@Nullable List<JsonNode> given) {
    List<JsonNode> components = given == null ? List.of() : given;
    if (components.size() > MOST_COMPONENTS || components.stream().anyMatch(Objects::isNull)) {
      throw Problem.invalid("components", "must be at most " + MOST_COMPONENTS + " objects");
    }
    return components;
  }

  private UUID channel(WidgetSession session) {
    return conversations
        .find(agent(session), session.conversation())
        .orElseThrow(() -> Problem.notFound("conversation"))
        .channelId();
  }
}
