package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The tenant's invitations.
@Path("/api/v1/invitations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Invitations", description = "Asking people to become users of the tenant.")
public final class InvitationRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "email",
          "role",
          "state",
          "invitedBy",
          "invitedByName",
          "userId",
          "createdAt",
          "sentAt",
          "expiresAt",
          "endedAt");

  private final Invitations invitations;

  /// Reads and changes through `invitations`.
  public InvitationRoutes(Invitations invitations) {
    this.invitations = invitations;
  }

  /// Somebody to be invited.
  @Schema(name = "NewInvitation")
  public record Draft(
      @Schema(examples = "ada@acme.example", maxLength = 254) String email,
      @Schema(
              examples = "agent",
              enumeration = {"admin", "manager", "agent", "read-only", "member"})
          String role) {}

  /// An invitation on the wire.
  @Schema(name = "Invitation")
  public record View(
      UUID id,
      @Schema(examples = "ada@acme.example") String email,
      @Schema(
              examples = "agent",
              enumeration = {"admin", "manager", "agent", "read-only", "member"})
          String role,
      @Schema(
              examples = "open",
              enumeration = {"open", "accepted", "revoked"},
              description = "An open one may have expired; see expiresAt")
          String state,
      @Schema(description = "The user or key that invited") UUID invitedBy,
      @Schema(examples = "Grace Hopper") String invitedByName,
      @Schema(description = "The user that came of it") @Nullable UUID userId,
      Instant createdAt,
      @Schema(description = "When the newest mail was asked for") Instant sentAt,
      Instant expiresAt,
      @Schema(description = "When it was accepted or revoked") @Nullable Instant endedAt) {

    static View of(Invitation invitation) {
      return new View(
          invitation.id(),
          invitation.email(),
          invitation.role().word(),
          Input.word(invitation.state()),
          invitation.inviterId(),
          invitation.inviterName(),
          invitation.userId(),
          invitation.createdAt(),
          invitation.sentAt(),
          invitation.expiresAt(),
          invitation.endedAt());
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          email,
          role,
          state,
          invitedBy,
          invitedByName,
          userId,
          createdAt,
          sentAt,
          expiresAt,
          endedAt);
    }
  }

  /// A page of them.
  @Schema(name = "InvitationPage")
  public record Listed(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "List invitations",
      description =
          "In the order of their making; those that were over 90 days ago are gone." + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Listed.class)))
  public Response list(
      @Context SecurityContext security,
      @Nullable @QueryParam("limit") @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @Nullable @QueryParam("after") @Parameter(description = "next of the page before")
          String after,
      @Nullable @QueryParam("state") @Parameter(description = "Only open, accepted or revoked ones")
          String state,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    var input = new Input();
    Invitation.State wanted =
        state == null ? null : input.word("state", state, Invitation.State.class);
    input.done();
    Csv.Pages<View> pages =
        (cursor, size) ->
            Page.of(
                    invitations.page(caller.inTenant(), wanted, Page.decodeId(cursor), size + 1),
                    size,
                    invitation -> invitation.id().toString())
                .map(View::of);
    return Csv.asked(accept)
        ? Csv.file("invitations", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  @POST
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Invite somebody",
      description =
          "Sends a mail with a link that is good once, for seven days. Nobody can give a role that permits more than they may do themselves. The tenant's setting registration must be invited or open.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Draft.class),
              examples =
                  @ExampleObject(
                      name = "agent",
                      value =
                          """
                          {"email": "ada@acme.example", "role": "agent"}\
                          """)))
  @APIResponse(
      responseCode = "201",
      description = "Invited",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  @APIResponse(
      responseCode = "409",
      description = "The address has an account, or an open invitation")
  @APIResponse(responseCode = "429", description = "Too many mails to the address")
  @APIResponse(responseCode = "503", description = "This installation sends no mail")
  public RestResponse<View> create(@Context SecurityContext security, @Nullable Draft body) {
    Draft given = Input.body(body);
    var input = new Input();
    String email = input.email("email", given.email());
    UserRole role = input.word("role", given.role(), UserRole.class);
    input.done();
    Invitation made =
        invitations.create(
            Access.caller(security), email, role == null ? UserRole.READ_ONLY : role);
    return RestResponse.ResponseBuilder.<View>created(
            URI.create("/api/v1/invitations/" + made.id()))
        .entity(View.of(made))
        .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.USERS_MANAGE)
  @Operation(summary = "Read an invitation", description = "Without its link, which nobody keeps.")
  @APIResponse(responseCode = "200", description = "The invitation")
  public View get(@Context SecurityContext security, @PathParam("id") String id) {
    return invitations
        .find(Access.caller(security).inTenant(), Input.id(id, "invitation"))
        .map(View::of)
        .orElseThrow(() -> Problem.notFound("invitation"));
  }

  @POST
  @Path("/{id}/resend")
  @Consumes(MediaType.WILDCARD)
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Send an invitation again",
      description = "With a new link, good for seven days from now; the old one is no longer good.")
  @APIResponse(
      responseCode = "200",
      description = "Queued",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "409", description = "It was accepted or revoked")
  @APIResponse(responseCode = "429", description = "Too many mails to the address")
  public View resend(@Context SecurityContext security, @PathParam("id") String id) {
    return View.of(invitations.resend(Access.caller(security), Input.id(id, "invitation")));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Revoke an invitation",
      description = "Its link is no longer good; it stays in the list as revoked.")
  @APIResponse(responseCode = "204", description = "Revoked")
  @APIResponse(responseCode = "409", description = "It was accepted or revoked")
  public void revoke(@Context SecurityContext security, @PathParam("id") String id) {
    invitations.revoke(Access.caller(security), Input.id(id, "invitation"));
  }
}
