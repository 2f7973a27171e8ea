package dev.parley.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.TenantRemoval;
import dev.parley.tenants.TenantRoutes;
import dev.parley.tenants.Tenants;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// All tenants, for the operator. Here and not with the tenants, because a tenant is made together with its first user.
@Path("/api/v1/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(
    name = "Tenants",
    description = "The organisations of this installation; the operator's alone.")
public final class TenantsRoutes {
  private static final Logger LOG = Logger.getLogger(TenantsRoutes.class);

  private static final List<String> COLUMNS =
      List.of("id", "slug", "name", "state", "createdAt", "updatedAt");

  private final Tenants tenants;
  private final TenantRemoval removal;
  private final Users users;

  /// Reads and changes through these.
  public TenantsRoutes(Tenants tenants, TenantRemoval removal, Users users) {
    this.tenants = tenants;
    this.removal = removal;
    this.users = users;
  }

  /// A tenant to be made.
  @Schema(name = "NewTenant")
  public record Draft(
      @Schema(examples = "acme", pattern = "[a-z0-9][a-z0-9-]{1,38}[a-z0-9]") String slug,
      @Schema(examples = "Acme Ltd", maxLength = 200) String name,
      @Schema(description = "Makes the first administrator in the same call")
          @Nullable Admin admin) {}

  /// The first administrator.
  @Schema(name = "NewAdmin")
  public record Admin(
      @Schema(examples = "ada@acme.example") String email,
      @Schema(examples = "Ada Lovelace") String name,
      @Schema(
              minLength = 12,
              maxLength = 200,
              description = "Without it a random one is made and answered, once")
          @Nullable String password) {}

  /// A new tenant and, if asked for, its first administrator.
  @Schema(name = "CreatedTenant")
  public record CreatedView(TenantRoutes.View tenant, UserRoutes.@Nullable View admin) {}

  /// What is to change; what is absent stays.
  @Schema(name = "TenantChangeByOperator")
  public record Change(
      @Schema(maxLength = 200) @Nullable String name,
      @Schema(implementation = Map.class, description = "Merged into the settings (RFC 7396)")
          @Nullable JsonNode settings) {}

  /// A page of them.
  @Schema(name = "TenantPage")
  public record Listed(List<TenantRoutes.View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(summary = "List tenants", description = "In the order of their making." + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Listed.class)))
  public Response list(
      @Nullable @QueryParam("limit") @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @Nullable @QueryParam("after") @Parameter(description = "next of the page before")
          String after,
      @Nullable @QueryParam("state") @Parameter(description = "Only tenants in this state")
          String state,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    var input = new Input();
    Tenant.State only = state == null ? null : input.word("state", state, Tenant.State.class);
    input.done();
    Csv.Pages<TenantRoutes.View> pages =
        (cursor, size) ->
            Page.of(
                    tenants.page(only, Page.decodeId(cursor), size + 1),
                    size,
                    tenant -> tenant.id().toString())
                .map(TenantRoutes.View::of);
    return Csv.asked(accept)
        ? Csv.file("tenants", after, COLUMNS, TenantsRoutes::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  private static List<@Nullable Object> cells(TenantRoutes.View tenant) {
    return Arrays.asList(
        tenant.id(),
        tenant.slug(),
        tenant.name(),
        tenant.state(),
        tenant.createdAt(),
        tenant.updatedAt());
  }

  @POST
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(
      summary = "Create a tenant",
      description =
          "With a project Default and, if asked for, its first administrator: all or nothing.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Draft.class),
              examples =
                  @ExampleObject(
                      name = "with administrator",
                      value =
                          """
                          {"slug": "acme", "name": "Acme Ltd", "admin": {"email": "ada@acme.example", "name": "Ada Lovelace"}}\
                          """)))
  @APIResponse(
      responseCode = "201",
      description = "Created",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CreatedView.class)))
  @APIResponse(responseCode = "409", description = "The slug is taken")
  public RestResponse<CreatedView> create(@Context SecurityContext security, @Nullable Draft body) {
    Caller caller = Access.caller(security);
    Draft given = Input.body(body);
    Optional<Users.FirstUser> first = first(caller, given.admin());
    var admin = new AtomicReference<Users.@Nullable Created>();
    Tenant tenant =
        tenants.create(
            caller,
            given.slug(),
            given.name(),
            tx -> first.ifPresent(user -> admin.set(user.create(tx))));
    return RestResponse.ResponseBuilder.<CreatedView>created(
            URI.create("/api/v1/tenants/" + tenant.id()))
        .entity(new CreatedView(TenantRoutes.View.of(tenant), view(admin.get())))
        .header("Cache-Control", "no-store")
        .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(summary = "Read a tenant", description = "For the operator, by id.")
  @APIResponse(responseCode = "200", description = "The tenant")
  public TenantRoutes.View get(@PathParam("id") String id) {
    return TenantRoutes.View.of(tenants.get(tenant(id)));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(
      summary = "Change a tenant",
      description = "The name, and settings by JSON Merge Patch. The slug stays for ever.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      name = "name",
                      value =
                          """
                          {"name": "Acme Group"}\
                          """)))
  @APIResponse(responseCode = "200", description = "Changed")
  public TenantRoutes.View change(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable Change body) {
    Change given = Input.body(body);
    return TenantRoutes.View.of(
        tenants.change(Access.caller(security), tenant(id), given.name(), given.settings()));
  }

  @POST
  @Path("/{id}/suspend")
  @Consumes(MediaType.WILDCARD)
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(
      summary = "Suspend a tenant",
      description =
          "Nobody gets in and nothing is sent, on other servers within ten seconds. Nothing is lost.")
  @APIResponse(responseCode = "200", description = "Suspended")
  public TenantRoutes.View suspend(@Context SecurityContext security, @PathParam("id") String id) {
    return TenantRoutes.View.of(tenants.suspend(Access.caller(security), tenant(id)));
  }

  @POST
  @Path("/{id}/resume")
  @Consumes(MediaType.WILDCARD)
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(summary = "Resume a tenant", description = "Lets a suspended tenant in again.")
  @APIResponse(responseCode = "200", description = "Resumed")
  public TenantRoutes.View resume(@Context SecurityContext security, @PathParam("id") String id) {
    return TenantRoutes.View.of(tenants.resume(Access.caller(security), tenant(id)));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.TENANTS_MANAGE)
  @Operation(
      summary = "Delete a tenant",
      description =
          "Nobody gets in from now on, and all its rows are removed in the background. There is no way back.")
  @APIResponse(
      responseCode = "202",
      description = "Being deleted",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = TenantRoutes.View.class)))
  public RestResponse<TenantRoutes.View> delete(
      @Context SecurityContext security, @PathParam("id") String id) {
    Tenant tenant = tenants.delete(Access.caller(security), tenant(id));
    Thread.ofVirtual().name("tenant-removal").start(() -> remove(tenant.id()));
    return RestResponse.ResponseBuilder.<TenantRoutes.View>create(RestResponse.Status.ACCEPTED)
        .entity(TenantRoutes.View.of(tenant))
        .build();
  }

  /// What is left when this process dies or the database does not answer is removed by the worker's next round.
  private void remove(TenantId tenant) {
    try {
      removal.run(tenant);
    } catch (RuntimeException e) {
      LOG.warnf("tenant %s is not gone yet: %s", tenant, e.getMessage());
    }
  }

  private Optional<Users.FirstUser> first(Caller caller, @Nullable Admin admin) {
    if (admin == null) {
      return Optional.empty();
    }
    var input = new Input();
    Users.Draft draft =
        users.check(input, "admin.", admin.email(), admin.name(), UserRole.ADMIN, admin.password());
    input.done();
    return Optional.of(users.first(caller, draft));
  }

  private static UserRoutes.@Nullable View view(Users.@Nullable Created created) {
    if (created == null) {
      return null;
    }
    var password = created.password();
    return UserRoutes.View.of(created.user(), password == null ? null : password.reveal());
  }

  private static TenantId tenant(String id) {
    return new TenantId(Input.id(id, "tenant"));
  }
}
