package dev.parley.identity;

import dev.parley.platform.access.Requires;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.PageOrigin;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Signing in and out for our own pages: the refresh token is in a cookie that no script can read and that goes to these
/// routes alone. They are for pages of this server: the `Origin` header says so, which other pages cannot write.
@Path(BrowserRoutes.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Sign-in", description = "Signing in and out, for users and operators.")
public final class BrowserRoutes {
  static final String PATH = "/api/v1/auth/session";

  private static final String COOKIE = "parley-session";
  private static final String ORIGIN = "Origin";
  private static final String ABOUT =
      " For pages of this server: the Origin header must name it. Programs use login, refresh and logout instead, which take no cookies.";

  private final SignIn signIn;
  private final Callers callers;
  private final Config config;
  private final InstantSource clock;

  /// Signs in through `signIn`.
  public BrowserRoutes(SignIn signIn, Callers callers, Config config, InstantSource clock) {
    this.signIn = signIn;
    this.callers = callers;
    this.config = config;
    this.clock = clock;
  }

  /// What a page gets whose user signs in.
  @Schema(name = "BrowserGrant")
  public record BrowserGrantView(
      @Schema(description = "Goes into Authorization: Bearer; kept in memory alone")
          String accessToken,
      @Schema(description = "When the access token expires") Instant expiresAt,
      @Schema(description = "When to sign in again at the latest") Instant refreshUntil,
      AuthRoutes.MeView user) {}

  @POST
  @Requires.Nothing
  @Operation(
      summary = "Sign in on a page",
      description =
          "As login does, but the refresh token comes as the cookie parley-session: HttpOnly, SameSite=Strict, for this path alone, and Secure where the page came by HTTPS."
              + ABOUT)
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = AuthRoutes.Login.class),
              examples =
                  @ExampleObject(
                      name = "user",
                      value =
                          """
                          {"email": "ada@acme.example", "password": "correct horse battery staple", "tenant": "acme"}\
                          """)))
  @APIResponse(
      responseCode = "200",
      description = "Signed in; see Set-Cookie",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = BrowserGrantView.class)))
  @APIResponse(responseCode = "401", description = "The address or the password is wrong")
  @APIResponse(
      responseCode = "403",
      description = "forbidden: not a page of this server; email-unverified; tenant-suspended")
  @APIResponse(responseCode = "429", description = "Too many tries; see Retry-After")
  public RestResponse<BrowserGrantView> begin(
      @Context UriInfo uri,
      @Nullable @HeaderParam(ORIGIN) @Parameter(hidden = true) String origin,
      @Nullable @HeaderParam("User-Agent") @Parameter(hidden = true) String userAgent,
      AuthRoutes.@Nullable Login login) {
    refuseStrangers(uri, origin);
    AuthRoutes.Login given = Input.body(login);
    return granted(
        signIn.login(
            new SignIn.Shown(
                given.email(),
                given.password(),
                callers.slug(uri.getRequestUri().getHost(), given.tenant()),
                userAgent,
                given.device())),
        origin);
  }

  @POST
  @Path("/refresh")
  @Requires.Nothing
  @Consumes(MediaType.WILDCARD)
  @Operation(
      summary = "Get a page's next access token",
      description =
          "By the cookie, which is changed for the next one. For session.grace after that the tabs of a browser, which share it, get the same answer for the old one as for the new one; after that, showing an old one ends its sign-in, because somebody else may hold the newer one."
              + ABOUT)
  @APIResponse(
      responseCode = "200",
      description = "Refreshed; see Set-Cookie",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = BrowserGrantView.class)))
  @APIResponse(responseCode = "401", description = "There is no cookie, or its sign-in is over")
  @APIResponse(responseCode = "403", description = "forbidden: not a page of this server")
  public RestResponse<BrowserGrantView> refresh(
      @Context UriInfo uri,
      @Nullable @HeaderParam(ORIGIN) @Parameter(hidden = true) String origin,
      @Nullable @CookieParam(COOKIE) @Parameter(hidden = true) String cookie) {
    refuseStrangers(uri, origin);
    return granted(signIn.refreshInBrowser(cookie), origin);
  }

  @DELETE
  @Requires.Nothing
  @Consumes(MediaType.WILDCARD)
  @Operation(
      summary = "Sign out on a page",
      description =
          "Ends the sign-in of the cookie, if it is one, and takes the cookie away; its sockets close. An access token is not needed."
              + ABOUT)
  @APIResponse(responseCode = "204", description = "Signed out")
  @APIResponse(responseCode = "403", description = "forbidden: not a page of this server")
  public RestResponse<Void> end(
      @Context UriInfo uri,
      @Nullable @HeaderParam(ORIGIN) @Parameter(hidden = true) String origin,
      @Nullable @CookieParam(COOKIE) @Parameter(hidden = true) String cookie) {
    refuseStrangers(uri, origin);
    signIn.logout(cookie);
    return RestResponse.ResponseBuilder.<Void>noContent()
        .header("Set-Cookie", cookie("", Duration.ZERO, origin))
        .build();
  }

  private void refuseStrangers(UriInfo uri, @Nullable String origin) {
    String authority = uri.getRequestUri().getRawAuthority();
    if (!PageOrigin.isOurs(origin, authority, config.find(Keys.PUBLIC_URL).orElse(null))) {
      throw new Problem(
          Problem.Code.FORBIDDEN,
          "This is for pages of this server, which the Origin header must name; programs use /api/v1/auth/login.");
    }
  }

  private RestResponse<BrowserGrantView> granted(SignIn.Grant grant, @Nullable String origin) {
    var view =
        new BrowserGrantView(
            grant.accessToken(),
            grant.expiresAt(),
            grant.refreshUntil(),
            AuthRoutes.me(grant.caller()));
    Duration left = Duration.between(clock.instant(), grant.refreshUntil());
    return RestResponse.ResponseBuilder.ok(view)
        .header("Cache-Control", "no-store")
        .header("Set-Cookie", cookie(grant.refreshToken(), left, origin))
        .build();
  }

  private static String cookie(String value, Duration life, @Nullable String origin) {
    return COOKIE
        + "="
        + value
        + "; Path="
        + PATH
        + "; Max-Age="
        + Math.max(0, life.toSeconds())
        + "; HttpOnly; SameSite=Strict"
        + (PageOrigin.isSecure(origin) ? "; Secure" : "");
  }
}
