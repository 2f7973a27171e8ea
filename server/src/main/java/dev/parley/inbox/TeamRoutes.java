package dev.parley.inbox;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for teams.
@Path("/api/v1/teams")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Teams", description = "Groups of agents whose conversations can be.")
public final class TeamRoutes {
  private static final int NAME = 100;
  private static final int DESCRIPTION = 500;
  private static final int AT_ONCE = 100;

  private final Teams teams;

  TeamRoutes(Teams teams) {
    this.teams = teams;
  }

  /// A team to make.
  @Schema(name = "TeamInput")
  public record TeamInput(
      @Schema(required = true, maxLength = NAME, examples = "Billing") @Nullable String name,
      @Schema(maxLength = DESCRIPTION) @Nullable String description,
      @Schema(description = "Users who are in it from the beginning, at most 100")
          @Nullable List<UUID> userIds) {}

  /// What is to change; what is absent stays.
  @Schema(name = "TeamUpdate")
  public record TeamUpdate(
      @Schema(maxLength = NAME) @Nullable String name,
      @Schema(maxLength = DESCRIPTION, description = "Empty to take it away")
          @Nullable String description) {}

  /// Who comes in.
  @Schema(name = "TeamMembersInput")
  public record TeamMembersInput(
      @Schema(required = true, description = "At most 100") @Nullable List<UUID> userIds) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List teams",
      description = "In the order of their making. `mine` tells whether the caller is in it.")
  @APIResponse(responseCode = "200", description = "A page of teams")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<Team> list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        teams.page(Access.caller(security), Page.decodeId(after), most),
        most,
        team -> team.id().toString());
  }

  @POST
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Create a team",
      description = "The name is unique, whatever its case. A tenant has at most 500 teams.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = TeamInput.class),
              examples = @ExampleObject(name = "billing", value = "{\"name\":\"Billing\"}")))
  @APIResponse(
      responseCode = "201",
      description = "The team",
      content = @Content(schema = @Schema(implementation = Team.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "A user is not there or not active")
  @APIResponse(responseCode = "409", description = "The name is taken")
  public Response create(@Context SecurityContext security, TeamInput input) {
    Caller caller = Access.caller(security);
    TeamInput wanted = Input.body(input);
    var check = new Input();
    String name = check.text("name", wanted.name(), NAME);
    String description = check.optional("description", wanted.description(), DESCRIPTION);
    Set<UUID> users = users(check, wanted.userIds());
    check.done();
    Team team = teams.create(caller, name, description, users);
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/teams/" + team.id()))
        .entity(team)
        .build();
  }

  private static Set<UUID> users(Input check, @Nullable List<UUID> ids) {
    if (ids == null) {
      return Set.of();
    }
    check.check(ids.size() <= AT_ONCE, "userIds", "must be at most " + AT_ONCE);
    check.check(!ids.contains(null), "userIds", "must be ids");
    return new HashSet<>(ids);
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(summary = "Read a team", description = "Its name and how many are in it.")
  @APIResponse(responseCode = "200", description = "The team")
  @APIResponse(responseCode = "404", description = "There is no such team")
  public Team get(@Context SecurityContext security, @PathParam("id") String id) {
    return teams.find(Access.caller(security), Input.id(id, "team"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(summary = "Change a team", description = "Its name and description.")
  @APIResponse(responseCode = "200", description = "The team")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such team")
  @APIResponse(responseCode = "409", description = "The name is taken")
  public Team change(
      @Context SecurityContext security, @PathParam("id") String id, TeamUpdate input) {
    Caller caller = Access.caller(security);
    TeamUpdate wanted = Input.body(input);
    Team known = teams.find(caller, Input.id(id, "team"));
    var check = new Input();
    String name = wanted.name() == null ? known.name() : check.text("name", wanted.name(), NAME);
    String description =
        wanted.description() == null
            ? known.description()
            : check.optional("description", wanted.description(), DESCRIPTION);
    check.done();
    return teams.change(caller, known.id(), name, description);
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Delete a team",
      description =
          "A moment later its unresolved conversations have no team; who works on them stays.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "404", description = "There is no such team")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    teams.delete(Access.caller(security), Input.id(id, "team"));
  }

  @GET
  @Path("/{id}/members")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(summary = "List a team's members", description = "Users with name and address.")
  @APIResponse(responseCode = "200", description = "A page of members")
  @APIResponse(responseCode = "404", description = "There is no such team")
  public Page<Team.Member> members(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    return teams.members(
        Access.caller(security), Input.id(id, "team"), Page.decodeId(after), Page.limit(limit));
  }

  @POST
  @Path("/{id}/members")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Take users into a team",
      description = "Who is in it already stays. A team has at most 1,000 members.")
  @APIResponse(responseCode = "200", description = "The team")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such team or active user")
  public Team add(
      @Context SecurityContext security, @PathParam("id") String id, TeamMembersInput input) {
    List<UUID> ids = Input.body(input).userIds();
    Caller caller = Access.caller(security);
    UUID team = teams.find(caller, Input.id(id, "team")).id();
    var check = new Input();
    check.check(ids != null && !ids.isEmpty(), "userIds", "is required");
    Set<UUID> users = users(check, ids);
    check.done();
    return teams.add(caller, team, users);
  }

  @DELETE
  @Path("/{id}/members/{userId}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Take a user out of a team",
      description =
          "A moment later nobody works on the team's unresolved conversations that were theirs.")
  @APIResponse(responseCode = "204", description = "They are out of it")
  @APIResponse(responseCode = "404", description = "There is no such team, or they are not in it")
  public void remove(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("userId") String userId) {
    teams.remove(Access.caller(security), Input.id(id, "team"), Input.id(userId, "user"));
  }
}
