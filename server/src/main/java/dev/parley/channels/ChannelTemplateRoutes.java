package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/// REST for the message templates of a channel.
@Path("/api/v1/channels/{channel}/templates")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(
    name = "Templates",
    description =
        "Message templates of a channel: what the provider has, kept up by its notices and by sync, and changed there"
            + " first.")
public final class ChannelTemplateRoutes {
  private static final int MOST_COMPONENTS = 20;
  private static final List<String> COLUMNS =
      List.of(
          "id", "name", "language", "category", "status", "quality", "reason", "body", "updatedAt");

  private final Templates templates;
  private final TemplateSync sync;

  ChannelTemplateRoutes(Templates templates, TemplateSync sync) {
    this.templates = templates;
    this.sync = sync;
  }

  /// A template on the wire.
  @Schema(name = "MessageTemplate")
  public record View(
      UUID id,
      UUID channelId,
      @Schema(examples = "594425479261596") String providerId,
      @Schema(examples = "order_confirmation") String name,
      @Schema(examples = "en_US") String language,
      @Schema(examples = "utility") String category,
      @Schema(
              description =
                  "The provider's word in lower case: `approved` ones can be sent; `pending`, `rejected`, `paused`,"
                      + " `disabled` and others cannot",
              examples = "approved")
          String status,
      @Schema(examples = "green") @Nullable String quality,
      @Schema(description = "Why it was rejected or paused", examples = "invalid_format")
          @Nullable String reason,
      @Schema(
              description = "How variables are known",
              enumeration = {"positional", "named"})
          String parameterFormat,
      @Schema(implementation = Map[].class, description = "In the provider's form")
          JsonNode components,
      Instant createdAt,
      Instant updatedAt) {

    /// A template as the provider last told it.
    public static View of(MessageTemplate template) {
      return new View(
          template.id(),
          template.channelId(),
          template.providerId(),
          template.name(),
          template.language(),
          template.category(),
          template.status(),
          template.quality(),
          template.reason(),
          template.named() ? "named" : "positional",
          template.components(),
          template.createdAt(),
          template.updatedAt());
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      String body = "";
      for (JsonNode component : components) {
        if (component.path("type").asText("").equalsIgnoreCase("BODY")) {
          body = component.path("text").asText("");
        }
      }
      return Arrays.asList(id, name, language, category, status, quality, reason, body, updatedAt);
    }
  }

  /// A page of templates.
  @Schema(name = "MessageTemplatePage")
  public record Listed(List<View> items, @Nullable String next) {}

  /// A new template.
  @Schema(name = "MessageTemplateInput")
  public record NewTemplate(
      @Schema(description = "a to z, 0 to 9 and underscores", examples = "order_confirmation")
          @Nullable String name,
      @Schema(examples = "en_US") @Nullable String language,
      @Schema(enumeration = {"marketing", "utility", "authentication"}) @Nullable String category,
      @Schema(
              enumeration = {"positional", "named"},
              description = "`positional` when absent")
          @Nullable String parameterFormat,
      @Schema(
              implementation = Map[].class,
              description = "In the provider's form, with examples for variables")
          @Nullable JsonNode components) {}

  /// What is to change about a template; what is absent stays.
  @Schema(name = "MessageTemplateChange")
  public record Change(
      @Schema(enumeration = {"marketing", "utility", "authentication"}) @Nullable String category,
      @Schema(implementation = Map[].class) @Nullable JsonNode components) {}

  /// Values for variables.
  @Schema(name = "MessageTemplateValues")
  public record Values(
      @Schema(
              implementation = Map[].class,
              description = "As in the content of a message of type template")
          @Nullable List<JsonNode> components) {}

  /// A template as the customer will see it.
  @Schema(name = "MessageTemplatePreview")
  public record Shown(
      @Schema(description = "Text, or what kind of file stands there", examples = "[image]")
          @Nullable String header,
      String body,
      @Nullable String footer,
      @Schema(description = "The labels") List<String> buttons,
      @Schema(description = "What sending would be refused for; empty when nothing")
          List<Problem.FieldError> errors) {

    /// What a preview shows.
    public static Shown of(Templates.Preview preview) {
      return new Shown(
          preview.shown().header(),
          preview.shown().body(),
          preview.shown().footer(),
          preview.shown().buttons(),
          preview.errors());
    }
  }

  /// What a sync came to.
  @Schema(name = "TemplateSync")
  public record SyncResult(
      @Schema(description = "How many the provider has") int templates,
      int added,
      int changed,
      int removed) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "List templates",
      description = "In the order in which they became known here." + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page of templates, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Listed.class)))
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public Response list(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @QueryParam("status") @Nullable @Parameter(description = "Such as approved") String status,
      @QueryParam("category") @Nullable String category,
      @QueryParam("language") @Nullable String language,
      @QueryParam("name") @Nullable @Parameter(description = "A part of the name") String name,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    UUID id = Input.id(channel, "channel");
    var input = new Input();
    var filter =
        new TemplateStore.Filter(
            input.optional("status", status, 50),
            input.optional("category", category, 50),
            input.optional("language", language, 20),
            input.optional("name", name, 512));
    input.done();
    Csv.Pages<View> pages =
        (cursor, size) ->
            Page.of(
                    templates.page(caller.inTenant(), id, filter, Page.decodeId(cursor), size),
                    size,
                    template -> template.id().toString())
                .map(View::of);
    return Csv.asked(accept)
        ? Csv.file("templates", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  @POST
  @Path("/sync")
  @Requires(value = Permission.TEMPLATES_MANAGE)
  @Operation(
      summary = "Sync templates",
      description =
          "Takes over what the provider has, all its pages. It is done by itself each hour; what a notice or a person"
              + " changes meanwhile stays.")
  @APIResponse(
      responseCode = "200",
      description = "What it came to",
      content = @Content(schema = @Schema(implementation = SyncResult.class)))
  @APIResponse(responseCode = "404", description = "There is no such channel")
  @APIResponse(responseCode = "422", description = "The provider refuses to tell")
  @APIResponse(responseCode = "502", description = "The provider does not answer")
  public SyncResult sync(@Context SecurityContext security, @PathParam("channel") String channel) {
    TemplateSync.Synced synced =
        sync.sync(Access.caller(security).inTenant(), Input.id(channel, "channel"));
    return new SyncResult(synced.templates(), synced.added(), synced.changed(), synced.removed());
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CHANNELS_READ)
  @Operation(summary = "Read a template", description = "As the provider last told it.")
  @APIResponse(responseCode = "200", description = "The template")
  @APIResponse(responseCode = "404", description = "There is no such template")
  public View get(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @PathParam("id") String id) {
    return View.of(
        templates.get(
            Access.caller(security).inTenant(),
            Input.id(channel, "channel"),
            Input.id(id, "template")));
  }

  @POST
  @Requires(Permission.TEMPLATES_MANAGE)
  @Operation(
      summary = "Create a template",
      description =
          "Hands it in at the provider, which looks at it; `template.updated` tells what came of it.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = NewTemplate.class),
              examples =
                  @ExampleObject(
                      name = "utility",
                      value =
                          "{\"name\":\"order_sent\",\"language\":\"en_US\",\"category\":\"utility\",\"components\":[{\"type\":\"BODY\",\"text\":\"Hello {{1}}, order {{2}} is on its way.\",\"example\":{\"body_text\":[[\"Ada\",\"4711\"]]}}]}")))
  @APIResponse(
      responseCode = "201",
      description = "Handed in",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "400", description = "It is not what the provider takes")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  @APIResponse(responseCode = "422", description = "The provider refuses it")
  @APIResponse(responseCode = "502", description = "The provider does not answer")
  public Response create(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @Nullable NewTemplate body) {
    Caller caller = Access.caller(security);
    UUID channelId = Input.id(channel, "channel");
    NewTemplate wanted = Input.body(body);
    var input = new Input();
    String format = Objects.requireNonNullElse(wanted.parameterFormat(), "positional");
    input.check(
        List.of("positional", "named").contains(format),
        "parameterFormat",
        "must be positional or named");
    var draft =
        new MessageTemplate.Draft(
            input.text("name", wanted.name(), 512),
            input.text("language", wanted.language(), 20),
            input.text("category", wanted.category(), 30),
            format.equals("named"),
            wanted.components() == null ? Json.MAPPER.createArrayNode() : wanted.components());
    input.done();
    View view = View.of(templates.create(caller, channelId, draft));
    return Response.created(URI.create("/api/v1/channels/" + channelId + "/templates/" + view.id()))
        .entity(view)
        .build();
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.TEMPLATES_MANAGE)
  @Operation(
      summary = "Change a template",
      description =
          "At the provider, which looks at it anew and limits how often that may be. Name and language cannot be changed.")
  @APIResponse(responseCode = "200", description = "Handed in")
  @APIResponse(responseCode = "404", description = "There is no such template")
  @APIResponse(responseCode = "422", description = "The provider refuses it")
  @APIResponse(responseCode = "502", description = "The provider does not answer")
  public View update(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @PathParam("id") String id,
      @Nullable Change body) {
    Change change = Input.body(body);
    return View.of(
        templates.edit(
            Access.caller(security),
            Input.id(channel, "channel"),
            Input.id(id, "template"),
            change.category(),
            change.components()));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.TEMPLATES_MANAGE)
  @Operation(
      summary = "Delete a template",
      description = "At the provider and here, in this language alone.")
  @APIResponse(responseCode = "204", description = "Deleted")
  @APIResponse(responseCode = "404", description = "There is no such template")
  @APIResponse(responseCode = "422", description = "The provider refuses it")
  @APIResponse(responseCode = "502", description = "The provider does not answer")
  public void delete(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @PathParam("id") String id) {
    templates.delete(
        Access.caller(security), Input.id(channel, "channel"), Input.id(id, "template"));
  }

  @POST
  @Path("/{id}/preview")
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Preview a template",
      description =
          "Shows it with values in place, and what sending it so would be refused for; sends nothing.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = Values.class),
              examples =
                  @ExampleObject(
                      name = "values",
                      value =
                          "{\"components\":[{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ada\"}]}]}")))
  @APIResponse(
      responseCode = "200",
      description = "How it looks",
      content = @Content(schema = @Schema(implementation = Shown.class)))
  @APIResponse(responseCode = "404", description = "There is no such template")
  public Shown preview(
      @Context SecurityContext security,
      @PathParam("channel") String channel,
      @PathParam("id") String id,
      @Nullable Values body) {
    List<JsonNode> components = body == null ? null : body.components();
    List<JsonNode> given = components == null ? List.of() : components;
    if (given.size() > MOST_COMPONENTS || given.stream().anyMatch(Objects::isNull)) {
      throw Problem.invalid("components", "must be at most " + MOST_COMPONENTS + " objects");
    }
    Templates.Preview preview =
        templates.preview(
            Access.caller(security).inTenant(),
            Input.id(channel, "channel"),
            Input.id(id, "template"),
            given);
    return Shown.of(preview);
  }
}
