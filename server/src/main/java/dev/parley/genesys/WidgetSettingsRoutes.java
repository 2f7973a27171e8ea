package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
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

/// REST for the agents' widget of a connection with Genesys Cloud: whether there is one, and how it signs agents in.
@Path("/api/v1/genesys/integrations/{id}/widget")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Genesys")
public final class WidgetSettingsRoutes {
  private final Widgets widgets;
  private final Integrations integrations;

  WidgetSettingsRoutes(Widgets widgets, Integrations integrations) {
    this.widgets = widgets;
    this.integrations = integrations;
  }

  /// The client by which agents sign in.
  @Schema(name = "GenesysWidgetInput")
  public record WidgetInput(
      @Schema(
              description =
                  "Id of an OAuth client of the same organisation with the grant type Code Authorization (PKCE)",
              required = true)
          @Nullable String clientId,
      @Schema(description = "Its secret; absent for a client that needs none")
          @Nullable String clientSecret) {}

  /// A widget.
  @Schema(name = "GenesysWidget")
  public record WidgetView(
      String clientId,
      boolean hasSecret,
      @Schema(description = "To be entered as the application URL of the interaction widget")
          String url,
      @Schema(description = "To be entered as an authorized redirect URI of the OAuth client")
          String redirectUri,
      @Schema(
              description = "The only origin that may frame the widget",
              examples = "https://apps.mypurecloud.ie")
          String hostOrigin,
      Instant updatedAt) {}

  private WidgetView view(Caller caller, WidgetClient client) {
    return new WidgetView(
        client.clientId(),
        client.secret() != null,
        widgets.address(client.integration()),
        widgets.redirectUri(),
        widgets.desktop(integrations.account(caller.inTenant(), client.integration())),
        client.updatedAt());
  }

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read the agents' widget of a connection",
      description = "With what has to be entered at Genesys, and without the client's secret.")
  @APIResponse(responseCode = "200", description = "The widget")
  @APIResponse(responseCode = "404", description = "There is no such integration, or no widget")
  public WidgetView get(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return view(caller, widgets.get(caller.inTenant(), Input.id(id, "integration")));
  }

  @PUT
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Switch the agents' widget on, or change its client",
      description =
          "Stores the OAuth client by which agents sign in at Genesys. Then enter `url` and `redirectUri` there.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = WidgetInput.class),
              examples =
                  @ExampleObject(
                      name = "without a secret",
                      value = "{\"clientId\":\"1b9cf3a6-8f55-4a4c-9f7e-0d1f4d3f7c11\"}")))
  @APIResponse(
      responseCode = "200",
      description = "The widget",
      content = @Content(schema = @Schema(implementation = WidgetView.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  public WidgetView put(
      @Context SecurityContext security, @PathParam("id") String id, WidgetInput input) {
    Caller caller = Access.caller(security);
    UUID integration = Input.id(id, "integration");
    WidgetInput given = Input.body(input);
    integrations.get(caller, integration);
    var check = new Input();
    String clientId = check.text("clientId", given.clientId(), 100);
    String secret = check.optional("clientSecret", given.clientSecret(), 500);
    check.done();
    return view(
        caller,
        widgets.put(caller, integration, clientId, secret == null ? null : new Secret(secret)));
  }

  @DELETE
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Switch the agents' widget off",
      description = "Nobody may frame its page any more, and whoever has it open is out.")
  @APIResponse(responseCode = "204", description = "Off")
  @APIResponse(responseCode = "404", description = "There is no such integration, or no widget")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    widgets.delete(Access.caller(security), Input.id(id, "integration"));
  }
}
