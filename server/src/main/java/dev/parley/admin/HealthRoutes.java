package dev.parley.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.health.Check;
import dev.parley.platform.health.Checks;
import dev.parley.platform.health.NodeState;
import dev.parley.platform.health.Nodes;
import dev.parley.platform.health.Reading.State;
import dev.parley.platform.health.Seen;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.json.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// How everything is, on one page.
@Path("/api/v1/health")
@Produces("application/json")
@RunOnVirtualThread
@Singleton
@Tag(name = "Health", description = "How the parts of the installation are, and how to mend them.")
public final class HealthRoutes {
  private final Checks checks;
  private final Nodes nodes;
  private final InstallationChecks installation;
  private final TenantChecks tenants;
  private final InstantSource clock;

  HealthRoutes(
      Checks checks,
      Nodes nodes,
      InstallationChecks installation,
      TenantChecks tenants,
      InstantSource clock) {
    this.checks = checks;
    this.nodes = nodes;
    this.installation = installation;
    this.tenants = tenants;
    this.clock = clock;
  }

  /// How one thing is.
  @Schema(name = "HealthItem")
  public record Item(
      @Schema(examples = "redis") String name,
      @Schema(
              examples = "dependency",
              description =
                  "`dependency`, `role`, `process`, `queue`, `subscription`, `dead-letters` or `channel`")
          String kind,
      @Schema(enumeration = {"ok", "degraded", "down"}) String state,
      @Schema(description = "When it began to be so, as far as is known") Instant since,
      @Schema(examples = "No answer within 2000 ms.") String detail,
      @Schema(description = "What to do about it; empty when nothing") String mend,
      @Schema(description = "How long looking took") long tookMillis,
      @Schema(implementation = Map.class, description = "Figures beside it, by name")
          JsonNode facts) {

    static Item of(Seen seen) {
      return new Item(
          seen.name(),
          seen.kind(),
          Input.word(seen.state()),
          seen.since(),
          seen.detail(),
          seen.mend(),
          seen.tookMillis(),
          Json.MAPPER.valueToTree(seen.facts()));
    }
  }

  /// A process.
  @Schema(name = "HealthNode")
  public record Node(
      UUID id,
      @Schema(enumeration = {"ok", "degraded", "down"}) String state,
      @Schema(description = "The machine's name and the port", examples = "web-1:8080")
          String place,
      String version,
      @Schema(examples = "worker") List<String> roles,
      @Schema(description = "What it has started", examples = "search") List<String> parts,
      Instant startedAt,
      long uptimeSeconds,
      @Schema(description = "When it last told how it is") Instant seenAt,
      @Schema(description = "What only this process can look at") List<Item> items) {}

  /// Everything.
  @Schema(name = "HealthPage")
  public record View(
      @Schema(
              enumeration = {"ok", "degraded", "down"},
              description =
                  "`down` when the database does not answer or a role is run by nobody; `degraded` when anything"
                      + " else is not ok")
          String state,
      @Schema(
              enumeration = {"installation", "tenant"},
              description = "`tenant` for a tenant's own people: then it shows that tenant alone")
          String scope,
      Instant checkedAt,
      @Schema(description = "What there is beside the processes, the tenant's own things first")
          List<Item> items,
      @Schema(description = "The processes; only for operators") @Nullable List<Node> nodes) {}

  @GET
  @Requires(Permission.HEALTH_READ)
  @Operation(
      summary = "Read how everything is",
      description =
          "A tenant's administrator sees its channels, queues, subscriptions and dead letters. An operator sees the"
              + " dependencies of the process that answers, every process with its parts and dependencies, and the"
              + " queues of all tenants; with X-Tenant that tenant's part besides. Everything is looked at side by side"
              + " for two seconds at most, and what was seen is given again for two more; what does not answer is"
              + " `down`.")
  @APIResponse(responseCode = "200", description = "How it is, also when it is bad")
  public View read(@Context SecurityContext security) {
    Caller caller = Access.caller(security);
    boolean operator = caller.kind() == Caller.Kind.OPERATOR;
    TenantId tenant = caller.tenant();
    var all = new ArrayList<Check>();
    if (tenant != null) {
      all.addAll(tenants.of(tenant));
    }
    if (operator) {
      all.addAll(nodes.own());
      all.addAll(installation.all());
    }
    List<Seen> seen = checks.look(all);
    List<Node> processes =
        operator ? installation.processes().stream().map(this::node).toList() : null;
    return new View(
        Input.word(overall(seen, processes)),
        operator ? "installation" : "tenant",
        clock.instant(),
        seen.stream().map(Item::of).toList(),
        processes);
  }

  private Node node(Nodes.Known known) {
    NodeState node = known.node();
    boolean bad = false;
    for (JsonNode item : node.items()) {
      bad |= !item.path("state").asText().equals(State.OK.name());
    }
    State state = known.gone() ? State.DOWN : bad ? State.DEGRADED : State.OK;
    return new Node(
        node.id(),
        Input.word(state),
        node.place(),
        node.version(),
        node.roles(),
        node.parts(),
        node.startedAt(),
        Math.max(0, Duration.between(node.startedAt(), node.seenAt()).toSeconds()),
        node.seenAt(),
        node.items().valueStream().map(HealthRoutes::item).toList());
  }

  private static Item item(JsonNode stored) {
    return Item.of(Json.MAPPER.convertValue(stored, Seen.class));
  }

  private static State overall(List<Seen> seen, @Nullable List<Node> processes) {
    boolean bad =
        processes != null
            && processes.stream().anyMatch(node -> !node.state().equals(Input.word(State.OK)));
    for (Seen item : seen) {
      if (item.state() == State.DOWN
          && (item.name().equals("database") || item.kind().equals("role"))) {
        return State.DOWN;
      }
      bad |= item.state() != State.OK;
    }
    return bad ? State.DEGRADED : State.OK;
  }
}
