package dev.parley.identity;

import dev.parley.platform.access.Requires;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/// The public keys, at the address where other programs look for them.
@Path("/.well-known/jwks.json")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Sign-in")
public final class JwksRoutes {
  private final SigningKeys keys;

  /// Publishes `keys`.
  public JwksRoutes(SigningKeys keys) {
    this.keys = keys;
  }

  @GET
  @Requires.Nothing
  @Operation(
      summary = "Public keys of access tokens",
      description =
          "A JWK Set (RFC 7517): the key that signs now, and those it replaced until their last token has expired.")
  @APIResponse(
      responseCode = "200",
      description = "The keys",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              examples =
                  @ExampleObject(
                      name = "one key",
                      value =
                          """
                          {"keys": [{"kty": "EC", "kid": "Qx1…", "use": "sig", "alg": "ES256", "crv": "P-256", "x": "f83O…", "y": "x_FE…"}]}\
                          """)))
  public RestResponse<Map<String, Object>> keys() {
    return RestResponse.ResponseBuilder.ok(keys.published())
        .header("Cache-Control", "public, max-age=60")
        .build();
  }
}
