package dev.parley.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.config.Config;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.json.Json;
import dev.parley.tenants.Retention;
import dev.parley.tenants.Retention.What;
import dev.parley.tenants.Tenants;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// How long the tenant's things are kept.
@Path("/api/v1/retention")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Tenant")
public final class RetentionRoutes {
  private final Tenants tenants;
  private final Config config;

  RetentionRoutes(Tenants tenants, Config config) {
    this.tenants = tenants;
    this.config = config;
  }

  /// How long something is kept.
  @Schema(name = "RetentionRule")
  public record Rule(
      @Schema(examples = "apiLogDays") String name,
      @Schema(description = "What the tenant has set; absent when nothing") @Nullable Integer days,
      @Schema(description = "What counts otherwise; absent for ever") @Nullable Integer defaultDays,
      int leastDays,
      int mostDays) {}

  /// What the tenant wants; what is absent goes by the installation.
  @Schema(name = "RetentionInput")
  public record Wanted(
      @Schema(description = "The log of requests and of calls to providers")
          @Nullable Integer apiLogDays,
      @Schema(description = "The event log; who follows it must not be further behind")
          @Nullable Integer eventsDays,
      @Nullable Integer deadLettersDays,
      @Schema(description = "The content of messages that users took away")
          @Nullable Integer deletedMessagesDays,
      @Schema(description = "The audit log; at least 90") @Nullable Integer auditDays) {}

  @GET
  @Requires(Permission.SETTINGS_READ)
  @Operation(
      summary = "Read how long things are kept",
      description = "What the tenant has set, what counts otherwise, and what can be set.")
  @APIResponse(responseCode = "200", description = "One for each kind of thing")
  public List<Rule> read(@Context SecurityContext security) {
    return rules(tenants.get(Access.caller(security).inTenant()).settings());
  }

  private List<Rule> rules(JsonNode settings) {
    return Arrays.stream(What.values())
        .map(
            what ->
                new Rule(
                    what.field(),
                    Retention.of(settings, what).map(RetentionRoutes::days).orElse(null),
                    RetentionDefaults.of(config, what).map(RetentionRoutes::days).orElse(null),
                    what.least(),
                    what.most()))
        .toList();
  }

  private static Integer days(Duration time) {
    return Math.toIntExact(time.toDays());
  }

  @PUT
  @Requires(Permission.SETTINGS_MANAGE)
  @Operation(
      summary = "Set how long things are kept",
      description =
          "Replaces all of it; what is absent goes by the installation again. It is obeyed within the hour. What is"
              + " deleted does not come back.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = Wanted.class),
              examples =
                  @ExampleObject(
                      name = "short",
                      value = "{\"apiLogDays\": 7, \"deadLettersDays\": 14, \"auditDays\": 400}")))
  @APIResponse(responseCode = "200", description = "As it is now")
  @APIResponse(responseCode = "400", description = "A number is out of its bounds")
  public List<Rule> set(@Context SecurityContext security, @Nullable Wanted body) {
    Caller caller = Access.caller(security);
    Wanted wanted = Input.body(body);
    ObjectNode retention = Json.MAPPER.createObjectNode();
    put(retention, What.API_LOG, wanted.apiLogDays());
    put(retention, What.EVENTS, wanted.eventsDays());
    put(retention, What.DEAD_LETTERS, wanted.deadLettersDays());
    put(retention, What.DELETED_MESSAGES, wanted.deletedMessagesDays());
    put(retention, What.AUDIT, wanted.auditDays());
    ObjectNode settings = Json.MAPPER.createObjectNode();
    settings.set("retention", retention);
    return rules(tenants.change(caller, caller.inTenant(), null, settings).settings());
  }

  /// In a merge patch null removes.
  private static void put(ObjectNode retention, What what, @Nullable Integer days) {
    if (days == null) {
      retention.putNull(what.field());
    } else {
      retention.put(what.field(), days);
    }
  }
}
