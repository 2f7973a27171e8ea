package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Signing in and out.
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Sign-in", description = "Signing in and out, for users and operators.")
public final class AuthRoutes {
  private final SignIn signIn;
  private final Callers callers;

  /// Signs in through `signIn`.
  public AuthRoutes(SignIn signIn, Callers callers) {
    this.signIn = signIn;
    this.callers = callers;
  }

  /// Who wants in.
  ///
  /// @param tenant slug; not needed on the tenant's own subdomain, nor where only one tenant knows the address
  @Schema(name = "Login")
  public record Login(
      @Schema(examples = "ada@acme.example") String email,
      @Schema(examples = "correct horse battery staple") String password,
      @Schema(examples = "acme", description = "The tenant's slug; operators leave it out")
          @Nullable String tenant,
      @Schema(
              examples = "Ada's phone",
              maxLength = 100,
              description = "What the list of devices calls this sign-in")
          @Nullable String device) {}

  /// A refresh token.
  @Schema(name = "Refresh")
  public record Refresh(@Schema(description = "Good once") String refreshToken) {}

  /// A change of one's own password.
  @Schema(name = "PasswordChange")
  public record PasswordChange(
      String current, @Schema(minLength = 12, maxLength = 200) String next) {}

  /// What somebody gets who signs in.
  @Schema(name = "Grant")
  public record GrantView(
      @Schema(description = "Goes into Authorization: Bearer") String accessToken,
      @Schema(examples = "Bearer") String tokenType,
      @Schema(description = "When the access token expires") Instant expiresAt,
      @Schema(description = "Good once, for the next of these") String refreshToken,
      @Schema(description = "When to sign in again at the latest") Instant refreshUntil,
      MeView user) {}

  /// Who is calling.
  ///
  /// @param kind `user`, `api-key` or `operator`
  /// @param tenantId absent for an operator outside any tenant
  @Schema(name = "Me")
  public record MeView(
      UUID id,
      @Schema(examples = "user", description = "user, api-key or operator") String kind,
      @Schema(examples = "ada@acme.example") String email,
      @Nullable UUID tenantId,
      @Schema(examples = {"conversations:read", "conversations:write"}) List<String> permissions) {}

  /// How many sign-ins were ended.
  @Schema(name = "Ended")
  public record Ended(int ended) {}

  @POST
  @Path("/login")
  @Requires.Nothing
  @Operation(
      summary = "Sign in",
      description =
          "With e-mail address and password. The answer is the same, after the same time, for a wrong password, an unknown address, an unknown tenant and a disabled user. After five tries for an account, or fifty from an address, the next one must wait: 2 seconds, then twice as long each time, up to 15 minutes.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Login.class),
              examples =
                  @ExampleObject(
                      name = "user",
                      value =
                          """
                          {"email": "ada@acme.example", "password": "correct horse battery staple", "tenant": "acme"}\
                          """)))
  @APIResponse(
      responseCode = "200",
      description = "Signed in",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = GrantView.class)))
  @APIResponse(responseCode = "401", description = "The address or the password is wrong")
  @APIResponse(
      responseCode = "403",
      description =
          "email-unverified: the password is that of a registration whose link was not opened yet; tenant-suspended")
  @APIResponse(responseCode = "429", description = "Too many tries; see Retry-After")
  public RestResponse<GrantView> login(
      @Context UriInfo uri,
      @Nullable @HeaderParam("User-Agent") @Parameter(hidden = true) String userAgent,
      @Nullable Login login) {
    Login given = Input.body(login);
    return secretly(
        signIn.login(
            new SignIn.Shown(
                given.email(),
                given.password(),
                callers.slug(uri.getRequestUri().getHost(), given.tenant()),
                userAgent,
                given.device())));
  }

  @POST
  @Path("/refresh")
  @Requires.Nothing
  @Operation(
      summary = "Get the next access token",
      description =
          "A refresh token is good once; the answer holds the next one. Showing one that was used before ends its sign-in, because somebody else may hold the newer one.")
  @APIResponse(
      responseCode = "200",
      description = "Refreshed",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = GrantView.class)))
  @APIResponse(responseCode = "401", description = "The sign-in is over")
  public RestResponse<GrantView> refresh(@Nullable Refresh refresh) {
    return secretly(signIn.refresh(Input.body(refresh).refreshToken()));
  }

  @POST
  @Path("/logout")
  @Requires(Permission.SELF)
  @Consumes(MediaType.WILDCARD)
  @Operation(
      summary = "Sign out",
      description = "Ends the sign-in that the access token belongs to; its sockets close.")
  @APIResponse(responseCode = "204", description = "Signed out")
  public void logout(@Context SecurityContext security) {
    signIn.logout(Access.caller(security));
  }

  @POST
  @Path("/logout-everywhere")
  @Requires(Permission.SELF)
  @Consumes(MediaType.WILDCARD)
  @Operation(
      summary = "Sign out everywhere",
      description = "Ends all sign-ins of the caller, on every device, this one too.")
  @APIResponse(
      responseCode = "200",
      description = "Signed out",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Ended.class),
              examples = @ExampleObject(name = "three devices", value = "{\"ended\": 3}")))
  public Ended logoutEverywhere(@Context SecurityContext security) {
    return new Ended(signIn.logoutEverywhere(Access.caller(security)));
  }

  @GET
  @Path("/me")
  @Requires(Permission.SELF)
  @Operation(summary = "Who am I", description = "The caller, as the server sees them.")
  @APIResponse(
      responseCode = "200",
      description = "The caller",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = MeView.class)))
  public MeView me(@Context SecurityContext security) {
    return me(Access.caller(security));
  }

  @POST
  @Path("/password")
  @Requires(Permission.SELF)
  @Operation(
      summary = "Change the own password",
      description =
          "Asks for the current one, and ends all the caller's sign-ins, this one too; the answer is a new one. Users get a mail that tells of the change, where mails are sent.")
  @APIResponse(
      responseCode = "200",
      description = "Changed, and signed in anew",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = GrantView.class)))
  @APIResponse(responseCode = "429", description = "Too many tries; see Retry-After")
  public RestResponse<GrantView> changePassword(
      @Context SecurityContext security,
      @Nullable @HeaderParam("User-Agent") @Parameter(hidden = true) String userAgent,
      @Nullable PasswordChange change) {
    PasswordChange given = Input.body(change);
    return secretly(
        signIn.changePassword(Access.caller(security), given.current(), given.next(), userAgent));
  }

  private static RestResponse<GrantView> secretly(SignIn.Grant grant) {
    var view =
        new GrantView(
            grant.accessToken(),
            "Bearer",
            grant.expiresAt(),
            grant.refreshToken(),
            grant.refreshUntil(),
            me(grant.caller()));
    return RestResponse.ResponseBuilder.ok(view).header("Cache-Control", "no-store").build();
  }

  static MeView me(Caller caller) {
    var tenant = caller.tenant();
    return new MeView(
        caller.id(),
        Input.word(caller.kind()),
        caller.name(),
        tenant == null ? null : tenant.value(),
        caller.permissions().stream().map(Permission::scope).sorted().toList());
  }
}
