package dev.parley.identity;

import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Input;
import dev.parley.tenants.TenantRoutes;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The first run of an installation.
@Path("/api/v1/setup")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Requires.Nothing
@Tag(name = "Setup", description = "Makes the first tenant of an installation that has none.")
public final class SetupRoutes {
  private final FirstRun firstRun;

  SetupRoutes(FirstRun firstRun) {
    this.firstRun = firstRun;
  }

  /// Whether there is something to set up.
  @Schema(name = "SetupState")
  public record State(@Schema(description = "Whether there is no tenant yet") boolean open) {}

  /// The first administrator.
  @Schema(name = "SetupAdmin")
  public record Admin(
      @Schema(examples = "ada@acme.example") @Nullable String email,
      @Schema(examples = "Ada Lovelace") @Nullable String name,
      @Schema(description = "As the rules of passwords ask for") @Nullable String password) {}

  /// The first tenant.
  @Schema(name = "SetupInput")
  public record Wanted(
      @Schema(description = "What the server printed at its start", examples = "kR3…")
          @Nullable String code,
      @Schema(description = "Stands in addresses and cannot be changed", examples = "acme")
          @Nullable String slug,
      @Schema(examples = "Acme Ltd") @Nullable String name,
      @Nullable Admin admin) {}

  /// What was made.
  @Schema(name = "SetupResult")
  public record Result(TenantRoutes.View tenant, UserRoutes.View admin) {}

  @GET
  @Operation(
      summary = "Read whether it is set up",
      description = "Anybody may ask; it tells nothing else.")
  @APIResponse(
      responseCode = "200",
      description = "Whether there is no tenant yet",
      content = @Content(schema = @Schema(implementation = State.class)))
  public State state() {
    return new State(firstRun.open());
  }

  @POST
  @Operation(
      summary = "Set up the first tenant",
      description =
          "With its first administrator, both or none. Only while there is no tenant, and only with the code that the"
              + " server printed at its last start; the code is good once. Of several at once, one gets in.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = Wanted.class),
              examples =
                  @ExampleObject(
                      name = "acme",
                      value =
                          "{\"code\":\"kR3bq0Zs1mVw8xY2aTcd\",\"slug\":\"acme\",\"name\":\"Acme Ltd\",\"admin\":{\"email\":\"ada@acme.example\",\"name\":\"Ada Lovelace\",\"password\":\"a long pass phrase\"}}")))
  @APIResponse(
      responseCode = "201",
      description = "Made; now sign in",
      content = @Content(schema = @Schema(implementation = Result.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "The code is not the one printed last")
  @APIResponse(responseCode = "409", description = "It is set up already")
  @APIResponse(responseCode = "423", description = "Somebody else is at it")
  public Response make(@Nullable Wanted body) {
    Wanted wanted = Input.body(body);
    Admin admin = wanted.admin();
    FirstRun.Made made =
        firstRun.make(
            wanted.code(),
            wanted.slug(),
            wanted.name(),
            admin == null ? null : admin.email(),
            admin == null ? null : admin.name(),
            admin == null ? null : admin.password());
    return Response.created(URI.create("/api/v1/tenants/" + made.tenant().id()))
        .entity(
            new Result(TenantRoutes.View.of(made.tenant()), UserRoutes.View.of(made.admin(), null)))
        .build();
  }
}
