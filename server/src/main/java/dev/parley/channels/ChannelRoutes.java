package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.tenants.Projects;
import io.smallrye.common.annotation.RunOnVirtualThread;
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

/// REST for channels.
@Path("/api/v1/channels")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Channels", description = "Connected accounts. Credentials go in and never come out.")
public final class ChannelRoutes {
  private static final int MOST_SECRETS = 5;

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "name",
          "kind",
          "state",
          "projectId",
          "webhookUrl",
          "lastError",
          "lastErrorAt",
          "lastInboundAt",
          "createdAt",
          "updatedAt");

  private final Channels channels;
  private final Projects projects;
  private final Config config;

  ChannelRoutes(Channels channels, Projects projects, Config config) {
    this.channels = channels;
    this.projects = projects;
    this.config = config;
  }

  /// What a provider knows us by.
  @Schema(name = "CredentialsInput")
  public record CredentialsInput(
      @Schema(description = "For calls to the provider", examples = "EAAG…")
          @Nullable String accessToken,
      @Schema(
              description =
                  "Secrets that sign the provider's webhooks; several while one replaces another")
          @Nullable List<String> appSecrets,
      @Schema(
              description =
                  "The word by which the webhook's handshake is known; at least 8 characters")
          @Nullable String verifyToken) {}

  /// A new channel, or what changes about one.
  @Schema(name = "ChannelInput")
  public record ChannelInput(
      @Schema(description = "Kind of channel; cannot be changed", examples = "whatsapp")
          @Nullable String kind,
      @Schema(description = "What people call it; at most 100 characters", examples = "Support")
          @Nullable String name,
      @Schema(
              description =
                  "`active` or `paused`; a paused channel takes in what comes and sends nothing")
          @Nullable String state,
      @Schema(description = "Project; the default one when absent") @Nullable UUID projectId,
      @Schema(
              description =
                  "For whatsapp: phoneNumberId and wabaId (required), portfolioId, displayPhoneNumber,"
                      + " messagesPerSecond, onUnknown (fail or resend), links (pass or fetch)")
          @Nullable JsonNode settings,
      @Nullable CredentialsInput credentials) {}

  /// A channel as it is shown: with the address for its provider, without its credentials.
  @Schema(name = "Channel")
  public record ChannelView(
      UUID id,
      UUID projectId,
      String kind,
      String name,
      String state,
      JsonNode settings,
      @Schema(description = "Where the provider sends its webhooks") String webhookUrl,
      @Nullable String lastError,
      @Nullable Instant lastErrorAt,
      @Schema(description = "When the provider's last webhook with a good signature came")
          @Nullable Instant lastInboundAt,
      @Schema(description = "When a webhook with a wrong signature or none last came")
          @Nullable Instant lastUnsignedAt,
      Instant createdAt,
      Instant updatedAt) {

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          name,
          kind,
          state,
          projectId,
          webhookUrl,
          lastError,
          lastErrorAt,
          lastInboundAt,
          createdAt,
          updatedAt);
    }
  }

  private ChannelView view(Channel channel) {
    String base = config.publicUrl();
    return new ChannelView(
        channel.id(),
        channel.projectId(),
        channel.kind(),
        channel.name(),
        channel.state(),
        channel.settings(),
        base + "/webhooks/" + channel.kind() + "/" + channel.id(),
        channel.lastError(),
        channel.lastErrorAt(),
        channel.lastInboundAt(),
        channel.lastUnsignedAt(),
        channel.createdAt(),
        channel.updatedAt());
  }

  /// A page of them.
  @Schema(name = "ChannelPage")
  public record Listed(List<ChannelView> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "List channels",
      description = "In the order in which they were connected." + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Listed.class)))
  public Response list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    Csv.Pages<ChannelView> pages =
        (cursor, size) ->
            Page.of(
                    channels.page(caller, Page.decodeId(cursor), size),
                    size,
                    channel -> channel.id().toString())
                .map(this::view);
    return Csv.asked(accept)
        ? Csv.file("channels", after, COLUMNS, ChannelView::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  /// A kind of channel.
  @Schema(name = "ChannelKind")
  public record KindView(
      @Schema(examples = "whatsapp") String kind,
      @Schema(description = "Whether free messages need one of the customer's within 24 hours")
          boolean hasWindow) {}

  @GET
  @Path("/kinds")
  @Requires(Permission.CHANNELS_READ)
  @Operation(summary = "List kinds of channel", description = "What can be connected here.")
  @APIResponse(responseCode = "200", description = "All kinds")
  public List<KindView> kinds() {
    return channels.kinds().stream()
        .map(kind -> new KindView(kind, channels.connector(kind).hasWindow()))
        .toList();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CHANNELS_READ)
  @Operation(summary = "Read a channel", description = "Without its credentials.")
  @APIResponse(responseCode = "200", description = "The channel")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public ChannelView get(@Context SecurityContext security, @PathParam("id") String id) {
    return view(
        channels
            .find(Access.caller(security), Input.id(id, "channel"))
            .orElseThrow(() -> Problem.notFound("channel")));
  }

  @POST
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Connect a channel",
      description =
          "Stores the account; then give `webhookUrl` and the verify token to the provider.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = ChannelInput.class),
              examples =
                  @ExampleObject(
                      name = "whatsapp",
                      value =
                          "{\"kind\":\"whatsapp\",\"name\":\"Support\",\"settings\":{\"phoneNumberId\":\"106540352242922\",\"wabaId\":\"102290129340398\"},\"credentials\":{\"accessToken\":\"EAAG...\",\"appSecrets\":[\"0123456789abcdef\"],\"verifyToken\":\"a-long-word\"}}")))
  @APIResponse(
      responseCode = "201",
      description = "Connected",
      content = @Content(schema = @Schema(implementation = ChannelView.class)))
  @APIResponse(
      responseCode = "400",
      description = "Settings or credentials are not what the kind needs")
  public Response create(@Context SecurityContext security, ChannelInput input) {
    Caller caller = Access.caller(security);
    var check = new Input();
    String kind = check.text("kind", input.kind(), 30);
    String name = check.text("name", input.name(), 100);
    CredentialsInput given = input.credentials();
    check.check(given != null, "credentials", "is required");
    List<String> secrets =
        given == null || given.appSecrets() == null ? List.of() : given.appSecrets();
    checkSecrets(check, given, secrets);
    check.done();
    var credentials =
        new ChannelAccount.Credentials(
            secret(given == null ? null : given.accessToken()),
            secrets.stream().map(Secret::new).toList(),
            secret(given == null ? null : given.verifyToken()));
    JsonNode settings =
        input.settings() == null ? Json.MAPPER.createObjectNode() : input.settings();
    UUID project = projects.orDefault(caller.inTenant(), input.projectId());
    ChannelView view = view(channels.create(caller, project, kind, name, settings, credentials));
    return Response.created(URI.create("/api/v1/channels/" + view.id())).entity(view).build();
  }

  private static void checkSecrets(
      Input check, @Nullable CredentialsInput given, List<String> secrets) {
    check.check(
        secrets.size() <= MOST_SECRETS,
        "credentials.appSecrets",
        "must hold at most " + MOST_SECRETS);
    secrets.forEach(s -> check.optional("credentials.appSecrets", s, 500));
    if (given != null) {
      check.optional("credentials.accessToken", given.accessToken(), 2000);
      check.optional("credentials.verifyToken", given.verifyToken(), 200);
    }
  }

  private static @Nullable Secret secret(@Nullable String text) {
    return text == null ? null : new Secret(text);
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Change a channel",
      description =
          "What is absent stays as it is. Credentials can be changed one by one; to rotate an app secret give the new"
              + " and the old one, and later the new one alone.")
  @APIResponse(responseCode = "200", description = "Changed")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public ChannelView update(
      @Context SecurityContext security, @PathParam("id") String id, ChannelInput input) {
    var check = new Input();
    String name = check.optional("name", input.name(), 100);
    String state = input.state();
    check.check(
        state == null || state.equals("active") || state.equals("paused"),
        "state",
        "must be active or paused");
    CredentialsInput given = input.credentials();
    List<String> secrets = given == null ? null : given.appSecrets();
    checkSecrets(check, given, secrets == null ? List.of() : secrets);
    check.done();
    var change =
        new Channels.Change(
            name,
            state,
            input.settings(),
            secret(given == null ? null : given.accessToken()),
            secrets == null ? null : secrets.stream().map(Secret::new).toList(),
            secret(given == null ? null : given.verifyToken()));
    return view(channels.update(Access.caller(security), Input.id(id, "channel"), change));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Remove a channel",
      description = "Its conversations stay readable; its webhooks are answered 404 from then on.")
  @APIResponse(responseCode = "204", description = "Removed")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    channels.delete(Access.caller(security), Input.id(id, "channel"));
  }

  @POST
  @Path("/{id}/test")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Test a channel",
      description = "Asks the provider whether the account works; sends nothing to a customer.")
  @APIResponse(responseCode = "200", description = "What the test found")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public ChannelConnector.Health test(
      @Context SecurityContext security, @PathParam("id") String id) {
    return channels.test(Access.caller(security), Input.id(id, "channel"));
  }

  @GET
  @Path("/{id}/notices")
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "List notices",
      description =
          "What the provider said about templates, the account, its quality or customers' preferences; newest first,"
              + " each as it came.")
  @APIResponse(responseCode = "200", description = "A page of notices")
  @APIResponse(responseCode = "404", description = "There is no such channel")
  public Page<Notice> notices(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @QueryParam("field") @Nullable String field,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        channels.notices(
            Access.caller(security), Input.id(id, "channel"), field, Page.decodeId(after), most),
        most,
        notice -> notice.id().toString());
  }
}
