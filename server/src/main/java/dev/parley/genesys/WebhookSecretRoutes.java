package dev.parley.genesys;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// REST for the secret that signs the webhooks of a connection with Genesys Cloud.
@Path("/api/v1/genesys/integrations/{id}/webhook-secret")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Genesys")
public final class WebhookSecretRoutes {
  private final Creation creation;
  private final IntegrationRoutes integrations;

  WebhookSecretRoutes(Creation creation, IntegrationRoutes integrations) {
    this.creation = creation;
    this.integrations = integrations;
  }

  @POST
  @Requires(Permission.CHANNELS_MANAGE)
  @Operation(
      summary = "Rotate the secret of a connection's webhooks",
      description =
          "Makes a new secret and has Genesys Cloud sign with it. The one before is taken until the next rotation; to be"
              + " rid of one that somebody else has seen, rotate twice.")
  @APIResponse(responseCode = "200", description = "Genesys Cloud signs with the new one")
  @APIResponse(responseCode = "404", description = "There is no such integration")
  @APIResponse(
      responseCode = "409",
      description = "There is no integration at Genesys Cloud yet; `code` is `wrong-state`")
  @APIResponse(responseCode = "502", description = "Genesys refuses; `detail` says what")
  public IntegrationRoutes.IntegrationView rotate(
      @Context SecurityContext security, @PathParam("id") String id) {
    return integrations.view(
        creation.rotateSecret(Access.caller(security), Input.id(id, "integration")));
  }
}
