package dev.parley.genesys;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
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

/// REST for how an agent of Genesys Cloud comes into the widget and out of it.
@Path("/api/v1/genesys/widget")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(
    name = "Genesys widget",
    description =
        "For the page that the Genesys desktop shows beside a conversation. An agent signs in at Genesys and may then see"
            + " the one conversation that they are on; the token of a session opens nothing else.")
public final class WidgetRoutes {
  // RFC 7636: 43 to 128 characters; the challenge is a SHA-256 in base64url.
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
  private static final int LONGEST_CODE = 2000;
  private static final int LONGEST_STATE = 1000;

  private final WidgetSignIn signIn;
  private final WidgetSessions sessions;

  WidgetRoutes(WidgetSignIn signIn, WidgetSessions sessions) {
    this.signIn = signIn;
    this.sessions = sessions;
  }

  /// For which conversation somebody wants to sign in.
  @Schema(name = "WidgetSignInInput")
  public record SignInInput(
      @Schema(description = "The connection with Genesys", required = true)
          @Nullable String integrationId,
      @Schema(
              description = "Genesys' id of the conversation, what it puts for gcConversationId",
              required = true)
          @Nullable String conversationId,
      @Schema(
              description =
                  "The base64url of the SHA-256 of a random verifier that the page keeps (RFC 7636)",
              required = true)
          @Nullable String codeChallenge) {}

  /// A sign-in that has begun.
  @Schema(name = "WidgetSignIn")
  public record SignInView(
      @Schema(description = "Where the browser has to go") String authorizeUrl,
      @Schema(description = "Comes back with the code; another one is not to be accepted")
          String state,
      Instant expiresAt,
      @Schema(
              description = "Origin of the Genesys desktop that may frame the page",
              examples = "https://apps.mypurecloud.ie")
          String hostOrigin) {}

  /// What Genesys' login came back with.
  @Schema(name = "WidgetSessionInput")
  public record SessionInput(
      @Schema(required = true) @Nullable String state,
      @Schema(required = true) @Nullable String code,
      @Schema(description = "The one that the challenge was made of", required = true)
          @Nullable String codeVerifier) {}

  /// A session.
  @Schema(name = "WidgetSession")
  public record SessionView(
      @Schema(description = "For `Authorization: Bearer`; only in the answer that makes it")
          @Nullable String token,
      @Schema(
              enumeration = {"connected", "alerting"},
              description =
                  "alerting: the conversation rings at the agent and is shown once it is taken")
          String state,
      @Schema(description = "When the agent has to sign in again") Instant expiresAt,
      String agentName) {

    static SessionView of(WidgetSession session, @Nullable String token) {
      return new SessionView(token, session.word(), session.expiresAt(), session.agentName());
    }
  }

  @POST
  @Path("/sign-ins")
  @Requires.Nothing
  @Operation(
      summary = "Begin to sign in to the widget",
      description =
          "Answers where the browser has to go, a window of its own or the frame, and a `state` that is good for ten"
              + " minutes. Nothing is stored.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = SignInInput.class),
              examples =
                  @ExampleObject(
                      name = "sign-in",
                      value =
                          "{\"integrationId\":\"0199d9a0-0000-7000-8000-000000000000\",\"conversationId\":\"5d0d331e-1b6f-4b44-9c3a-2f6a3b1c9d10\",\"codeChallenge\":\"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\"}")))
  @APIResponse(responseCode = "200", description = "Where to go")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "The integration has no widget")
  public SignInView begin(SignInInput input) {
    SignInInput given = Input.body(input);
    var check = new Input();
    UUID integration = check.optionalId("integrationId", given.integrationId());
    // A widget that is set up wrongly sends the braces instead of the id.
    UUID conversation = check.optionalId("conversationId", given.conversationId());
    String challenge = check.text("codeChallenge", given.codeChallenge(), 43);
    check.check(
        CHALLENGE.matcher(challenge).matches(), "codeChallenge", "must be 43 of A-Za-z0-9_-");
    check.done();
    if (integration == null) {
      throw Problem.invalid("integrationId", "is required");
    }
    if (conversation == null) {
      throw Problem.invalid("conversationId", "is required");
    }
    WidgetSignIn.Begun begun = signIn.begin(integration, conversation, challenge);
    return new SignInView(
        begun.authorizeUrl().toString(), begun.state(), begun.expiresAt(), begun.desktop());
  }

  @POST
  @Path("/sessions")
  @Requires.Nothing
  @Operation(
      summary = "Sign in to the widget",
      description =
          "Redeems the code at Genesys and asks there, with the agent's own token, who the agent is and whether they are"
              + " on the conversation. The session is for that conversation alone, lives for `genesys.widget.life` at most"
              + " and is not renewed; it ends when the agent leaves.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = SessionInput.class),
              examples =
                  @ExampleObject(
                      name = "code",
                      value =
                          "{\"state\":\"…\",\"code\":\"…\",\"codeVerifier\":\"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\"}")))
  @APIResponse(
      responseCode = "201",
      description = "Signed in",
      content = @Content(schema = @Schema(implementation = SessionView.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "401", description = "State, code or verifier are not good")
  @APIResponse(responseCode = "403", description = "The agent is not on this conversation")
  @APIResponse(responseCode = "404", description = "The conversation is none of this connection's")
  @APIResponse(responseCode = "502", description = "Genesys does not answer")
  public Response open(SessionInput input) {
    SessionInput given = Input.body(input);
    var check = new Input();
    String state = check.text("state", given.state(), LONGEST_STATE);
    String code = check.text("code", given.code(), LONGEST_CODE);
    String verifier = check.text("codeVerifier", given.codeVerifier(), 128);
    check.check(
        VERIFIER.matcher(verifier).matches(), "codeVerifier", "must be 43 to 128 of A-Za-z0-9._~-");
    check.done();
    WidgetSession session = signIn.complete(state, code, verifier);
    return Response.status(Response.Status.CREATED)
        .header("Cache-Control", "no-store")
        .entity(SessionView.of(session, sessions.token(session).reveal()))
        .build();
  }

  @GET
  @Path("/session")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "Read the widget's session",
      description =
          "Whether the agent is still let in. Genesys is asked every `genesys.widget.check`, and every two seconds while"
              + " the conversation rings.")
  @APIResponse(responseCode = "200", description = "The session")
  @APIResponse(responseCode = "401", description = "It is over; sign in again")
  @APIResponse(responseCode = "403", description = "The agent has left the conversation")
  @APIResponse(responseCode = "503", description = "Genesys has not answered for too long")
  public SessionView session(@Context SecurityContext security) {
    return SessionView.of(sessions.current(Access.caller(security)), null);
  }

  @DELETE
  @Path("/session")
  @Requires(Permission.GENESYS_WIDGET)
  @Operation(
      summary = "Sign out of the widget",
      description = "Ends the session; its token opens nothing any more.")
  @APIResponse(responseCode = "204", description = "Signed out")
  @APIResponse(responseCode = "401", description = "It is over already")
  public void end(@Context SecurityContext security) {
    sessions.end(Access.caller(security));
  }
}
