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

/// The tenant's API keys.
@Path("/api/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "API keys", description = "Programs' ways in: scoped, expiring, revocable.")
public final class ApiKeyRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "name",
          "prefix",
          "scopes",
          "projectId",
          "createdBy",
          "createdAt",
          "expiresAt",
          "lastUsedAt",
          "revokedAt");

  private final ApiKeys keys;

  /// Reads and changes through `keys`.
  public ApiKeyRoutes(ApiKeys keys) {
    this.keys = keys;
  }

  /// A key to be made.
  @Schema(name = "NewApiKey")
  public record Draft(
      @Schema(examples = "CRM export", maxLength = 100) String name,
      @Schema(
              examples = "[\"conversations:read\", \"contacts:read\"]",
              description = "Permissions; none that the caller lacks")
          List<String> scopes,
      @Schema(description = "The project that it is for; absent for the whole tenant")
          @Nullable String projectId,
      @Schema(examples = "2027-01-01T00:00:00Z", description = "Absent for never")
          @Nullable String expiresAt) {}

  /// A key on the wire.
  ///
  /// @param secret only in the answer to the call that made it
  @Schema(name = "ApiKey")
  public record View(
      UUID id,
      @Schema(examples = "CRM export") String name,
      @Schema(examples = "pk_k3x9a0bq", description = "How the key begins") String prefix,
      List<String> scopes,
      @Nullable UUID projectId,
      UUID createdBy,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Schema(description = "To the minute; absent for never") @Nullable Instant lastUsedAt,
      @Schema(description = "Absent while it is good") @Nullable Instant revokedAt,
      @Schema(description = "The key itself, shown once, by the call that made it")
          @Nullable String secret) {

    static View of(ApiKey key, @Nullable String secret) {
      return new View(
          key.id(),
          key.name(),
          "pk_" + key.prefix(),
          key.scopes().stream().map(Permission::scope).sorted().toList(),
          key.project(),
          key.createdBy(),
          key.createdAt(),
          key.expiresAt(),
          key.lastUsedAt(),
          key.revokedAt(),
          secret);
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          name,
          prefix,
          scopes,
          projectId,
          createdBy,
          createdAt,
          expiresAt,
          lastUsedAt,
          revokedAt);
    }
  }

  /// A page of them.
  @Schema(name = "ApiKeyPage")
  public record Listed(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.API_KEYS_MANAGE)
  @Operation(
      summary = "List API keys",
      description =
          "In the order of their making, revoked ones too; never their secrets." + Csv.DOC)
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
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    Csv.Pages<View> pages =
        (cursor, size) ->
            Page.of(
                    keys.page(caller.inTenant(), Page.decodeId(cursor), size + 1),
                    size,
                    key -> key.id().toString())
                .map(key -> View.of(key, null));
    return Csv.asked(accept)
        ? Csv.file("api-keys", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  @POST
  @Requires(Permission.API_KEYS_MANAGE)
  @Operation(
      summary = "Create an API key",
      description = "The answer holds the key itself, once; only its hash is stored.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Draft.class),
              examples =
                  @ExampleObject(
                      name = "read-only",
                      value =
                          """
                          {"name": "CRM export", "scopes": ["conversations:read", "contacts:read"], "expiresAt": "2027-01-01T00:00:00Z"}\
                          """)))
  @APIResponse(
      responseCode = "201",
      description = "Created",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = View.class)))
  public RestResponse<View> create(@Context SecurityContext security, @Nullable Draft body) {
    Draft given = Input.body(body);
    var input = new Input();
    UUID project = input.optionalId("projectId", given.projectId());
    Instant expires = input.optionalTime("expiresAt", given.expiresAt());
    input.done();
    ApiKeys.Created created =
        keys.create(Access.caller(security), given.name(), given.scopes(), project, expires);
    return RestResponse.ResponseBuilder.<View>created(
            URI.create("/api/v1/api-keys/" + created.key().id()))
        .entity(View.of(created.key(), created.secret().reveal()))
        .header("Cache-Control", "no-store")
        .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.API_KEYS_MANAGE)
  @Operation(summary = "Read an API key", description = "Without its secret.")
  @APIResponse(responseCode = "200", description = "The API key")
  public View get(@Context SecurityContext security, @PathParam("id") String id) {
    return keys.find(Access.caller(security).inTenant(), Input.id(id, "API key"))
        .map(key -> View.of(key, null))
        .orElseThrow(() -> Problem.notFound("API key"));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.API_KEYS_MANAGE)
  @Operation(
      summary = "Revoke an API key",
      description =
          "It is refused at once, on other servers within 30 seconds. It stays in the list.")
  @APIResponse(responseCode = "204", description = "Revoked")
  public void revoke(@Context SecurityContext security, @PathParam("id") String id) {
    keys.revoke(Access.caller(security), Input.id(id, "API key"));
  }
}
