package dev.parley.realtime.presence;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Who is there.
@Path("/api/v1/presence")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Presence", description = "Who is online, away or offline.")
public final class PresenceRoutes {
  private static final int MOST = 200;

  private final Presence presence;

  /// Asks `presence`.
  public PresenceRoutes(Presence presence) {
    this.presence = presence;
  }

  /// A user's presence on the wire.
  @Schema(name = "Presence")
  public record View(
      UUID userId,
      @Schema(
              examples = "online",
              enumeration = {"online", "away", "offline", "unknown"},
              description = "unknown while the server cannot ask the processes that would know")
          String state,
      @Schema(description = "Absent for who is there now, and for who never was")
          @Nullable Instant lastSeenAt) {}

  /// Users' presence on the wire.
  @Schema(name = "PresenceList")
  public record ListView(List<View> items) {}

  @GET
  @Requires(value = Permission.USERS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Read users' presence",
      description =
          "In the order asked for. Users of whom the caller may not know are left out. Changes come over the event stream as presence.updated.")
  @APIResponse(responseCode = "200", description = "The users' presence")
  public ListView read(
      @Context SecurityContext security,
      @Nullable
          @QueryParam("userIds")
          @Parameter(description = "1 to 200 ids, separated by commas", required = true)
          String userIds) {
    Caller caller = Access.caller(security);
    return new ListView(
        presence.read(caller, ids(userIds)).stream()
            .map(seen -> new View(seen.user(), Input.word(seen.state()), seen.lastSeenAt()))
            .toList());
  }

  private static Set<UUID> ids(@Nullable String text) {
    var input = new Input();
    String all = input.text("userIds", text, MOST * 40);
    input.done();
    var ids = new LinkedHashSet<UUID>();
    for (String one : all.split(",", -1)) {
      UUID id = input.optionalId("userIds", one);
      if (id != null) {
        ids.add(id);
      }
    }
    input.check(!ids.isEmpty() && ids.size() <= MOST, "userIds", "must be 1 to " + MOST + " ids");
    input.done();
    return ids;
  }
}
