package dev.parley.admin;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.Backwards;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The event log for people who look what has happened; programs follow it by [EventRoutes].
@Path("/api/v1/event-log")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Events")
public final class EventLogRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "time",
          "type",
          "version",
          "projectId",
          "conversationId",
          "correlationId",
          "causationId",
          "lane",
          "seq",
          "data");

  private final Backwards log;
  private final EventVisibility visibility;

  EventLogRoutes(Backwards log, EventVisibility visibility) {
    this.log = log;
    this.visibility = visibility;
  }

  /// A page of events.
  @Schema(name = "EventLogPage")
  public record Events(List<StoredEvent> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.EVENTS_READ)
  @Operation(
      summary = "Browse the event log",
      description =
          "Latest first. A page looks at some 16,000 events at most: with a filter it may hold few or none and still have"
              + " a `next`. What happens in conversations among users comes only to who is in them."
              + " With Accept: text/csv the selection comes as a file of at most 100,000 rows; narrow it by time for"
              + " more.")
  @APIResponse(
      responseCode = "200",
      description = "A page of events, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Events.class)))
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Response list(
      @Context SecurityContext security,
      @QueryParam("type")
          @Nullable
          @Parameter(description = "A type such as message.received, or what stands before the dot")
          String type,
      @QueryParam("conversationId") @Nullable String conversationId,
      @QueryParam("correlationId") @Nullable String correlationId,
      @QueryParam("from") @Nullable @Parameter(description = "Earliest time, included") String from,
      @QueryParam("to") @Nullable @Parameter(description = "Latest time, excluded") String to,
      @QueryParam("after") @Nullable @Parameter(description = "next of the page before")
          String after,
      @QueryParam("limit") @Nullable @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    TenantId tenant = caller.inTenant();
    var input = new Input();
    var filter =
        new Backwards.Filter(
            input.optional("type", type, 100),
            input.optionalId("conversationId", conversationId),
            input.optional("correlationId", correlationId, 64),
            input.optionalTime("from", from),
            input.optionalTime("to", to));
    input.done();
    Csv.Pages<StoredEvent> pages =
        (cursor, size) -> {
          Backwards.Found found = log.read(tenant, filter, place(tenant, cursor), size);
          Place next = found.next();
          return new Page<>(
              visibility.permitted(caller, found.events()),
              next == null ? null : next.cursor(tenant));
        };
    return Csv.asked(accept)
        ? Csv.file("events", after, COLUMNS, EventLogRoutes::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  private static @Nullable Place place(TenantId tenant, @Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return null;
    }
    try {
      return Place.parse(tenant, cursor);
    } catch (IllegalArgumentException e) {
      throw Page.badCursor();
    }
  }

  private static List<@Nullable Object> cells(StoredEvent event) {
    return Arrays.asList(
        event.id(),
        event.time(),
        event.type(),
        event.version(),
        event.projectId(),
        event.conversationId(),
        event.correlationId(),
        event.causationId(),
        event.lane(),
        event.seq(),
        event.data());
  }
}
