package dev.parley.tenants;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
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

/// The tenant's projects.
@Path("/api/v1/projects")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Projects", description = "Workspaces inside a tenant.")
public final class ProjectRoutes {
  private final Projects projects;
  private final Tenants tenants;

  /// Reads and changes through `projects`.
  public ProjectRoutes(Projects projects, Tenants tenants) {
    this.projects = projects;
    this.tenants = tenants;
  }

  /// A project's name.
  @Schema(name = "ProjectName")
  public record Name(@Schema(examples = "Support", maxLength = 100) String name) {}

  /// A project on the wire.
  @Schema(name = "Project")
  public record View(
      UUID id,
      @Schema(examples = "Support") String name,
      @Schema(description = "Whether it is the tenant's default project, which cannot be deleted")
          boolean isDefault,
      Instant createdAt,
      Instant updatedAt) {}

  @GET
  @Requires(Permission.SETTINGS_READ)
  @Operation(summary = "List projects", description = "In the order of their making.")
  @APIResponse(responseCode = "200", description = "A page of projects")
  public Page<View> list(
      @Context SecurityContext security,
      @Nullable @QueryParam("limit") @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @Nullable @QueryParam("after") @Parameter(description = "next of the page before")
          String after) {
    Caller caller = Access.caller(security);
    int most = Page.limit(limit);
    return Page.of(
            projects.page(caller.inTenant(), Page.decodeId(after), most + 1),
            most,
            project -> project.id().toString())
        .map(project -> view(caller, project));
  }

  @POST
  @Requires(Permission.SETTINGS_MANAGE)
  @Operation(summary = "Create a project", description = "The name is unique in the tenant.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Name.class),
              examples = @ExampleObject(name = "support", value = "{\"name\": \"Support\"}")))
  @APIResponse(
      responseCode = "201",
      description = "Created",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "409", description = "The name is taken")
  public RestResponse<View> create(@Context SecurityContext security, @Nullable Name body) {
    Caller caller = Access.caller(security);
    Project project = projects.create(caller, Input.body(body).name());
    return RestResponse.ResponseBuilder.<View>created(
            URI.create("/api/v1/projects/" + project.id()))
        .entity(view(caller, project))
        .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.SETTINGS_READ)
  @Operation(summary = "Read a project", description = "Its name and when it was made.")
  @APIResponse(responseCode = "200", description = "The project")
  public View get(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    return projects
        .find(caller.inTenant(), Input.id(id, "project"))
        .map(project -> view(caller, project))
        .orElseThrow(() -> Problem.notFound("project"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.SETTINGS_MANAGE)
  @Operation(
      summary = "Rename a project",
      description = "Gives it another name; what is in it stays.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Name.class),
              examples = @ExampleObject(name = "sales", value = "{\"name\": \"Sales\"}")))
  @APIResponse(responseCode = "200", description = "Renamed")
  @APIResponse(responseCode = "409", description = "The name is taken")
  public View rename(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable Name body) {
    Caller caller = Access.caller(security);
    return view(caller, projects.rename(caller, Input.id(id, "project"), Input.body(body).name()));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.SETTINGS_MANAGE)
  @Operation(
      summary = "Delete a project",
      description = "Only one that nothing is in, and not the default one.")
  @APIResponse(responseCode = "204", description = "Deleted")
  @APIResponse(responseCode = "409", description = "Something is in it, or it is the default one")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    projects.delete(Access.caller(security), Input.id(id, "project"));
  }

  private View view(Caller caller, Project project) {
    return new View(
        project.id(),
        project.name(),
        project.id().equals(tenants.defaultProject(caller.inTenant())),
        project.createdAt(),
        project.updatedAt());
  }
}
