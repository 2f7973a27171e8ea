package dev.parley.identity;

import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// What people do about their account before they can sign in.
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Accounts", description = "Registration, lost passwords, invitations: by mail.")
public final class AccountRoutes {
  private final Registrations registrations;
  private final PasswordResets resets;
  private final Invitations invitations;
  private final Callers callers;

  /// Works through these faces.
  public AccountRoutes(
      Registrations registrations,
      PasswordResets resets,
      Invitations invitations,
      Callers callers) {
    this.registrations = registrations;
    this.resets = resets;
    this.invitations = invitations;
    this.callers = callers;
  }

  /// Who wants to become a user.
  @Schema(name = "NewRegistration")
  public record Draft(
      @Schema(examples = "ada@acme.example", maxLength = 254) String email,
      @Schema(examples = "Ada Lovelace", maxLength = 200) String name,
      @Schema(minLength = 12, maxLength = 200) String password,
      @Schema(examples = "acme", description = "The tenant's slug; not needed on its subdomain")
          @Nullable String tenant,
      @Schema(examples = "pt-BR", description = "Language of mails: English, Portuguese, Spanish")
          @Nullable String locale) {}

  /// Whose account it is about.
  @Schema(name = "AccountAddress")
  public record Address(
      @Schema(examples = "ada@acme.example", maxLength = 254) String email,
      @Schema(
              examples = "acme",
              description =
                  "The tenant's slug; not needed on its subdomain, nor for a password where only one tenant knows the address")
          @Nullable String tenant) {}

  /// What a link carries.
  @Schema(name = "MailToken")
  public record Token(
      @Schema(description = "What stands behind #token= in the link; good once") String token) {}

  /// A new password by a link.
  @Schema(name = "PasswordReset")
  public record Reset(
      @Schema(description = "What stands behind #token= in the link; good once") String token,
      @Schema(minLength = 12, maxLength = 200) String password) {}

  /// Somebody who accepts.
  @Schema(name = "InvitationAcceptance")
  public record Acceptance(
      @Schema(description = "What stands behind #token= in the link; good once") String token,
      @Schema(examples = "Ada Lovelace", maxLength = 200) String name,
      @Schema(minLength = 12, maxLength = 200) String password,
      @Schema(examples = "pt-BR") @Nullable String locale) {}

  /// Somebody who may sign in from now on.
  @Schema(name = "Joined")
  public record JoinedView(
      UUID userId,
      @Schema(examples = "ada@acme.example") String email,
      @Schema(examples = "acme", description = "The slug to sign in with") String tenant) {

    static JoinedView of(Registrations.Joined joined) {
      return new JoinedView(joined.user().id(), joined.user().email(), joined.slug());
    }
  }

  @POST
  @Path("/register")
  @Requires.Nothing
  @Operation(
      summary = "Register",
      description =
          "Where the tenant's setting registration is open. The answer is the same, after the same work, for an address that has an account and for one that has none; a mail with a link goes out in either case, to confirm the address or to tell its owner that there is an account. There is no user until the link was opened. After five mails to an address, or thirty asked for from a network address, the next one must wait.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Draft.class),
              examples =
                  @ExampleObject(
                      name = "somebody",
                      value =
                          """
                          {"email": "ada@acme.example", "name": "Ada Lovelace", "password": "correct horse battery staple", "tenant": "acme"}\
                          """)))
  @APIResponse(responseCode = "202", description = "Noted; look into the mailbox")
  @APIResponse(
      responseCode = "403",
      description = "Registration is not open, or not to this address")
  @APIResponse(responseCode = "429", description = "Too many mails; see Retry-After")
  @APIResponse(responseCode = "503", description = "This installation sends no mail")
  public RestResponse<Void> register(@Context UriInfo uri, @Nullable Draft body) {
    Draft given = Input.body(body);
    registrations.register(
        slug(uri, given.tenant()),
        new Registrations.Draft(given.email(), given.name(), given.password(), given.locale()));
    return RestResponse.accepted();
  }

  @POST
  @Path("/verify-email")
  @Requires.Nothing
  @Operation(
      summary = "Confirm the address of a registration",
      description =
          "Makes the user, with the password of the registration that the link belongs to. The link is good once, for 24 hours.")
  @APIResponse(
      responseCode = "200",
      description = "The user may sign in",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JoinedView.class)))
  @APIResponse(responseCode = "409", description = "The address has got an account meanwhile")
  public JoinedView verifyEmail(@Nullable Token body) {
    return JoinedView.of(registrations.verify(Input.body(body).token()));
  }

  @POST
  @Path("/resend-verification")
  @Requires.Nothing
  @Operation(
      summary = "Send the mail of a registration again",
      description =
          "With a new link; the old one is no longer good. The answer is the same whether there is such a registration or not.")
  @APIResponse(responseCode = "202", description = "Noted")
  @APIResponse(responseCode = "429", description = "Too many mails; see Retry-After")
  @APIResponse(responseCode = "503", description = "This installation sends no mail")
  public RestResponse<Void> resendVerification(@Context UriInfo uri, @Nullable Address body) {
    Address given = Input.body(body);
    registrations.again(slug(uri, given.tenant()), given.email());
    return RestResponse.accepted();
  }

  @POST
  @Path("/forgot-password")
  @Requires.Nothing
  @Operation(
      summary = "Ask for a link to a new password",
      description =
          "The answer is the same, after the same work, whether there is such an account or not. Operators get none; their passwords are reset on the machine.")
  @APIResponse(responseCode = "202", description = "Noted; look into the mailbox")
  @APIResponse(responseCode = "429", description = "Too many mails; see Retry-After")
  @APIResponse(responseCode = "503", description = "This installation sends no mail")
  public RestResponse<Void> forgotPassword(@Context UriInfo uri, @Nullable Address body) {
    Address given = Input.body(body);
    resets.ask(slug(uri, given.tenant()), given.email());
    return RestResponse.accepted();
  }

  @POST
  @Path("/reset-password")
  @Requires.Nothing
  @Operation(
      summary = "Set a new password by a link",
      description =
          "Ends all sign-ins of the user. The link is good once, for 30 minutes; a password that is not fit does not use it up.")
  @APIResponse(responseCode = "204", description = "Set; sign in with it")
  public void resetPassword(@Nullable Reset body) {
    Reset given = Input.body(body);
    resets.complete(given.token(), given.password());
  }

  @POST
  @Path("/accept-invitation")
  @Requires.Nothing
  @Operation(
      summary = "Accept an invitation",
      description =
          "Makes the user with the role that the invitation gives. The link is good once, until the invitation expires or is revoked, and as long as the inviter may give that role.")
  @APIResponse(
      responseCode = "200",
      description = "The user may sign in",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = JoinedView.class)))
  @APIResponse(responseCode = "409", description = "The address has got an account meanwhile")
  public JoinedView acceptInvitation(@Nullable Acceptance body) {
    Acceptance given = Input.body(body);
    return JoinedView.of(
        invitations.accept(given.token(), given.name(), given.password(), given.locale()));
  }

  private @Nullable String slug(UriInfo uri, @Nullable String named) {
    return callers.slug(uri.getRequestUri().getHost(), named);
  }
}
