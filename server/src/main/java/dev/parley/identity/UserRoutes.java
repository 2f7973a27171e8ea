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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The tenant's users.
@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Users", description = "Those who may sign in to a tenant, and their roles.")
public final class UserRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "email",
          "name",
          "role",
          "state",
          "locale",
          "timeZone",
          "createdAt",
          "updatedAt",
          "verifiedAt",
          "lastSignInAt");

  private final Users users;

  /// Reads and changes through `users`.
  public UserRoutes(Users users) {
    this.users = users;
  }

  /// A user to be made.
  @Schema(name = "NewUser")
  public record Draft(
      @Schema(examples = "ada@acme.example") String email,
      @Schema(examples = "Ada Lovelace", maxLength = 200) String name,
      @Schema(
              examples = "agent",
              enumeration = {"admin", "manager", "agent", "read-only", "member"})
          String role,
      @Schema(
              minLength = 12,
              maxLength = 200,
              description = "Without it a random one is made and answered, once")
          @Nullable String password) {}

  /// What is to change; what is absent stays.
  @Schema(name = "UserChange")
  public record Change(
      @Schema(maxLength = 200) @Nullable String name,
      @Schema(enumeration = {"admin", "manager", "agent", "read-only", "member"})
          @Nullable String role,
      @Schema(enumeration = {"active", "disabled"}) @Nullable String state) {}

  /// A user on the wire.
  ///
  /// @param password only in the answer to the call that made a random one
  @Schema(name = "User")
  public record View(
      UUID id,
      @Schema(examples = "ada@acme.example") String email,
      @Schema(examples = "Ada Lovelace") String name,
      @Schema(
              examples = "agent",
              enumeration = {"admin", "manager", "agent", "read-only", "member"})
          String role,
      @Schema(
              examples = "active",
              enumeration = {"active", "disabled"})
          String state,
      @Schema(description = "What they say of themselves") @Nullable String bio,
      @Schema(description = "The picture; see /api/v1/files") @Nullable UUID avatarFileId,
      @Schema(examples = "pt-BR") @Nullable String locale,
      @Schema(examples = "Europe/Lisbon") @Nullable String timeZone,
      Instant createdAt,
      Instant updatedAt,
      @Schema(
              description =
                  "When they proved that the address is theirs; absent while they have not")
          @Nullable Instant verifiedAt,
      @Schema(description = "Absent for somebody who never signed in")
          @Nullable Instant lastSignInAt,
      @Schema(description = "Shown once, by the call that made a random one")
          @Nullable String password) {

    static View of(User user, @Nullable String password) {
      return new View(
          user.id(),
          user.email(),
          user.name(),
          user.role().word(),
          Input.word(user.state()),
          user.profile().bio(),
          user.profile().avatar(),
          user.profile().locale(),
          user.profile().timeZone(),
          user.createdAt(),
          user.updatedAt(),
          user.verifiedAt(),
          user.lastSignInAt(),
          password);
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          email,
          name,
          role,
          state,
          locale,
          timeZone,
          createdAt,
          updatedAt,
          verifiedAt,
          lastSignInAt);
    }
  }

  /// A random password.
  @Schema(name = "NewPassword")
  public record NewPassword(@Schema(description = "Shown once") String password) {}

  /// A page of them.
  @Schema(name = "UserPage")
  public record Listed(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.USERS_READ)
  @Operation(summary = "List users", description = "In the order of their making." + Csv.DOC)
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
      @Nullable @QueryParam("role") @Parameter(description = "Only users of this role") String role,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    UserRole only = role == null ? null : role("role", role);
    Csv.Pages<View> pages =
        (cursor, size) ->
            Page.of(
                    users.page(caller.inTenant(), only, Page.decodeId(cursor), size + 1),
                    size,
                    user -> user.id().toString())
                .map(user -> View.of(user, null));
    return Csv.asked(accept)
        ? Csv.file("users", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  @POST
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Create a user",
      description = "Nobody can give a role that permits more than they may do themselves.")
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
                          {"email": "ada@acme.example", "name": "Ada Lovelace", "role": "agent"}\
                          """)))
  @APIResponse(
      responseCode = "201",
      description = "Created",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "409", description = "The address is taken")
  public RestResponse<View> create(@Context SecurityContext security, @Nullable Draft body) {
    Draft given = Input.body(body);
    var input = new Input();
    UserRole role = input.word("role", given.role(), UserRole.class);
    Users.Draft draft =
        users.check(
            input,
            "",
            given.email(),
            given.name(),
            role == null ? UserRole.READ_ONLY : role,
            given.password());
    input.done();
    Users.Created created = users.create(Access.caller(security), draft);
    var password = created.password();
    return RestResponse.ResponseBuilder.<View>created(
            URI.create("/api/v1/users/" + created.user().id()))
        .entity(View.of(created.user(), password == null ? null : password.reveal()))
        .header("Cache-Control", "no-store")
        .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.USERS_READ)
  @Operation(summary = "Read a user", description = "Without anything secret.")
  @APIResponse(responseCode = "200", description = "The user")
  public View get(@Context SecurityContext security, @PathParam("id") String id) {
    return users
        .find(Access.caller(security).inTenant(), Input.id(id, "user"))
        .map(user -> View.of(user, null))
        .orElseThrow(() -> Problem.notFound("user"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Change a user",
      description =
          "Name, role or state. Being disabled ends their sign-ins; with another role they go on and may do what it permits at once. The last active administrator stays one.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      name = "promote",
                      value =
                          """
                          {"role": "manager"}\
                          """)))
  @APIResponse(responseCode = "200", description = "Changed")
  @APIResponse(responseCode = "409", description = "The tenant would have no administrator left")
  public View change(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable Change body) {
    Change given = Input.body(body);
    var input = new Input();
    UserRole role = given.role() == null ? null : input.word("role", given.role(), UserRole.class);
    User.State state =
        given.state() == null ? null : input.word("state", given.state(), User.State.class);
    input.done();
    return View.of(
        users.change(
            Access.caller(security),
            Input.id(id, "user"),
            new Users.Change(given.name(), role, state)),
        null);
  }

  @POST
  @Path("/{id}/reset-password")
  @Consumes(MediaType.WILDCARD)
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Give a user a new password",
      description = "A random one, shown once. Ends their sign-ins.")
  @APIResponse(
      responseCode = "200",
      description = "The new password",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = NewPassword.class)))
  public RestResponse<NewPassword> resetPassword(
      @Context SecurityContext security, @PathParam("id") String id) {
    var password = users.resetPassword(Access.caller(security), Input.id(id, "user"));
    return RestResponse.ResponseBuilder.ok(new NewPassword(password.reveal()))
        .header("Cache-Control", "no-store")
        .build();
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.USERS_MANAGE)
  @Operation(
      summary = "Delete a user",
      description = "Ends their sign-ins; what they did stays. Not the last active administrator.")
  @APIResponse(responseCode = "204", description = "Deleted")
  @APIResponse(responseCode = "409", description = "The tenant would have no administrator left")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    users.delete(Access.caller(security), Input.id(id, "user"));
  }

  private static UserRole role(String field, String word) {
    var input = new Input();
    UserRole role = input.word(field, word, UserRole.class);
    input.done();
    return role == null ? UserRole.READ_ONLY : role;
  }
}
