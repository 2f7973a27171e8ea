package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for the connections with Genesys Cloud.
@Path("/api/v1/genesys/integrations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(
    name = "Genesys",
    description = "Connections with Genesys Cloud. Credentials go in and never come out.")
public final class IntegrationRoutes {
  private static final int MOST_SECRETS = 5;
  private static final int LEAST_SECRET = 16;
  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,24}");

  private final Integrations integrations;
  private final Creation creation;
  private final Config config;

  IntegrationRoutes(Integrations integrations, Creation creation, Config config) {
    this.integrations = integrations;
    this.creation = creation;
    this.config = config;
  }

  /// An integration to connect, or what is to change of one.
  @Schema(name = "GenesysIntegrationInput")
  public record IntegrationInput(
      @Schema(description = "What people call it; at most 100 characters", examples = "Genesys")
          @Nullable String name,
      Integration.@Nullable State state,
      @Schema(
              description = "The domain of the region, without api. or login. before it",
              examples = "mypurecloud.ie")
          @Nullable String region,
      @Schema(description = "Id of an OAuth client with the grant type Client Credentials")
          @Nullable String clientId,
      @Nullable String clientSecret,
      @Schema(
              description =
                  "Id of an Open Messaging integration that is there; leave it out to have one created")
          @Nullable String genesysId,
      @Schema(
              description =
                  "Secrets that sign Genesys' webhooks, 16 to 200 characters each, the newest first; several while one"
                      + " replaces another. One is made when a new integration has none")
          @Nullable List<String> webhookSecrets,
      @Nullable GenesysSettings settings) {}

  /// An integration as it is shown.
  @Schema(name = "GenesysIntegration")
  public record IntegrationView(
      UUID id,
      String name,
      Integration.State state,
      String region,
      String clientId,
      @Nullable String genesysId,
      Integration.@Nullable CreateStatus createStatus,
      @Nullable String createError,
      GenesysSettings settings,
      @Schema(description = "Where Genesys Cloud sends its webhooks") String webhookUrl,
      @Nullable String lastError,
      @Nullable Instant lastErrorAt,
      @Schema(description = "When the last webhook with a good signature came")
          @Nullable Instant lastWebhookAt,
      @Schema(description = "When a webhook with a wrong signature or none last came")
          @Nullable Instant lastUnsignedAt,
      Instant createdAt,
      Instant updatedAt) {}

  IntegrationView view(Integration one) {
    return new IntegrationView(
        one.id(),
        one.name(),
        one.state(),
        one.region(),
        one.clientId(),
        one.genesysId(),
        one.createStatus(),
        one.createError(),
        one.settings(),
        GenesysSetup.webhook(config, one.id()),
        one.lastError(),
        one.lastErrorAt(),
        one.lastWebhookAt(),
        one.lastUnsignedAt(),
        one.createdAt(),
        one.updatedAt());
  }

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "List connections with Genesys Cloud",
      description = "In the order in which they were connected.")
  @APIResponse(responseCode = "200", description = "A page of integrations")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<IntegrationView> list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
            integrations.page(Access.caller(security).inTenant(), Page.decodeId(after), most),
            most,
            one -> one.id().toString())
        .map(this::view);
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read a connection with Genesys Cloud",
      description = "Without its credentials.")
  @APIResponse(responseCode = "200", description = "The integration")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public IntegrationView get(@Context SecurityContext security, @PathParam("id") String id) {
    return view(integrations.get(Access.caller(security), Input.id(id, "integration")));
  }

  @POST
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Connect Genesys Cloud",
      description =
          "Stores the connection; nothing is asked of Genesys yet. Then have the integration created there, or give"
              + " `webhookUrl` and the secret to the one that is there.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = IntegrationInput.class),
              examples =
                  @ExampleObject(
                      name = "to be created",
                      value =
                          "{\"name\":\"Genesys\",\"region\":\"mypurecloud.ie\",\"clientId\":\"8f9d…\",\"clientSecret\":\"…\"}")))
  @APIResponse(
      responseCode = "201",
      description = "Connected",
      content = @Content(schema = @Schema(implementation = IntegrationView.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  public Response create(@Context SecurityContext security, IntegrationInput input) {
    IntegrationInput given = Input.body(input);
    var check = new Input();
    check.text("name", given.name(), 100);
    check.text("region", given.region(), 200);
    check.text("clientId", given.clientId(), 100);
    check.text("clientSecret", given.clientSecret(), 500);
    Integrations.Wanted wanted = wanted(check, given);
    check.done();
    if (wanted.webhookSecrets() == null) {
      wanted =
          new Integrations.Wanted(
              wanted.name(),
              wanted.state(),
              wanted.region(),
              wanted.clientId(),
              wanted.clientSecret(),
              wanted.genesysId(),
              List.of(Secret.random(32)),
              wanted.settings());
    }
    IntegrationView view = view(integrations.create(Access.caller(security), wanted));
    return Response.created(URI.create("/api/v1/genesys/integrations/" + view.id()))
        .entity(view)
        .build();
  }

  private static Integrations.Wanted wanted(Input check, IntegrationInput given) {
    String region = check.optional("region", given.region(), 200);
    if (region != null) {
      region = region.toLowerCase(Locale.ROOT);
      check.check(
          DOMAIN.matcher(region).matches(), "region", "must be a domain such as mypurecloud.ie");
    }
    List<String> secrets = given.webhookSecrets();
    if (secrets != null) {
      check.check(
          !secrets.isEmpty() && secrets.size() <= MOST_SECRETS,
          "webhookSecrets",
          "must hold 1 to " + MOST_SECRETS);
      secrets.forEach(
          secret ->
              check.check(
                  secret != null && secret.length() >= LEAST_SECRET && secret.length() <= 200,
                  "webhookSecrets",
                  "must have 16 to 200 characters each"));
    }
    GenesysSettings settings = given.settings();
    if (settings != null) {
      settings.check(check);
    }
    String clientSecret = check.optional("clientSecret", given.clientSecret(), 500);
    String genesysId = check.optional("genesysId", given.genesysId(), 100);
    check.check(
        genesysId == null || genesysId.matches("[A-Za-z0-9-]+"),
        "genesysId",
        "may only have letters, digits and hyphens");
    return new Integrations.Wanted(
        check.optional("name", given.name(), 100),
        given.state(),
        region,
        check.optional("clientId", given.clientId(), 100),
        clientSecret == null ? null : new Secret(clientSecret),
        genesysId,
        secrets == null ? null : secrets.stream().map(Secret::new).toList(),
        settings);
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Change a connection with Genesys Cloud",
      description =
          "What is absent stays as it is; settings are replaced as a whole. A paused one takes in what comes and sends"
              + " nothing to Genesys; what would go waits.")
  @APIResponse(responseCode = "200", description = "Changed")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public IntegrationView update(
      @Context SecurityContext security, @PathParam("id") String id, IntegrationInput input) {
    IntegrationInput given = Input.body(input);
    var check = new Input();
    Integrations.Wanted wanted = wanted(check, given);
    check.done();
    UUID integration = Input.id(id, "integration");
    return view(integrations.update(Access.caller(security), integration, wanted));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Remove a connection with Genesys Cloud",
      description =
          "Genesys keeps its integration; its webhooks are answered 404 from then on. Conversations stay.")
  @APIResponse(responseCode = "204", description = "Removed")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    integrations.delete(Access.caller(security), Input.id(id, "integration"));
  }

  @POST
  @Path("/{id}/provision")
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Create the integration at Genesys Cloud",
      description =
          "Or bring the one that is there up to date: name, address of the webhook, secret. Genesys creates in the"
              + " background; read the integration until `createStatus` is not `initiated`.")
  @APIResponse(responseCode = "200", description = "How far it is")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  @APIResponse(responseCode = "502", description = "Genesys refuses; `detail` says what")
  public IntegrationView provision(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return view(creation.provision(caller, Input.id(id, "integration")));
  }
}
