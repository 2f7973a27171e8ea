package dev.parley.genesys;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.health.Reading;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for how the connections with Genesys Cloud are, as those see it who answer customers.
@Path("/api/v1/genesys/health")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Genesys")
public final class GenesysHealthRoutes {
  private static final int MOST = 1_000;

  private final GenesysHealth health;

  GenesysHealthRoutes(GenesysHealth health) {
    this.health = health;
  }

  /// What a connection's client may do.
  @Schema(name = "GenesysBudget")
  public record BudgetView(
      @Schema(description = "How many calls it may make in a minute") int perMinute,
      @Schema(description = "How many of them it may make at once, now") int left,
      @Schema(description = "Until when Genesys Cloud takes no call")
          @Nullable Instant blockedUntil) {}

  /// How one connection is.
  @Schema(name = "GenesysDeskHealth")
  public record DeskView(
      UUID integrationId,
      String name,
      @Schema(enumeration = {"ok", "degraded", "down"}) String state,
      @Schema(description = "When it began to be so, as far as is known") @Nullable Instant since,
      String detail,
      @Schema(description = "Whether calls are held back because the last ones failed")
          boolean holding,
      BudgetView budget) {

    private static DeskView of(GenesysHealth.Desk desk, int perMinute) {
      Reading reading = desk.reading();
      return new DeskView(
          desk.integration().id(),
          desk.integration().name(),
          Input.word(reading.state()),
          reading.since(),
          reading.detail(),
          desk.holding(),
          new BudgetView(perMinute, desk.budget().calls(), desk.budget().blockedUntil()));
    }
  }

  /// How all of them are.
  @Schema(name = "GenesysHealthPage")
  public record HealthView(
      @Schema(
              description =
                  "How many messages and notices wait to be told to Genesys Cloud, of all connections together;"
                      + " counting stops at 1000")
          int waiting,
      List<DeskView> desks) {}

  @GET
  @Requires(Permission.CHANNELS_READ)
  @Operation(
      summary = "Read how the connections with Genesys Cloud are",
      description =
          "For those who answer customers: whether calls are held back, how much waits, and what is left of the calls that"
              + " Genesys Cloud allows in a minute. `holding` is what the process that answers has seen.")
  @APIResponse(
      responseCode = "200",
      description = "One for each connection, in the order of the list")
  public HealthView health(@Context SecurityContext security) {
    TenantId tenant = Access.caller(security).inTenant();
    int perMinute = health.perMinute();
    return new HealthView(
        health.waiting(tenant, MOST),
        health.desks(tenant).stream().map(desk -> DeskView.of(desk, perMinute)).toList());
  }
}
