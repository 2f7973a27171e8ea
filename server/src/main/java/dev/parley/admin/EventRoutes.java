package dev.parley.admin;

import dev.parley.conversations.Conversations;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Tail;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Lanes;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for the event log.
@Path("/api/v1/events")
@Produces("application/json")
@RunOnVirtualThread
@Tag(name = "Events", description = "What happened, in order, for programs that follow it.")
public final class EventRoutes {
  private static final int LONGEST_WAIT_SECONDS = 30;
  private static final Duration LONGEST_SCAN = Duration.ofSeconds(5);

  private final EventLog log;
  private final Conversations conversations;
  private final Map<TenantId, Set<Semaphore>> waiting = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  EventRoutes(EventLog log, Tail tail, Conversations conversations) {
    this.log = log;
    this.conversations = conversations;
    tail.listen(
        events -> {
          Set<Semaphore> readers = waiting.get(events.getFirst().tenantId());
          if (readers != null) {
            readers.forEach(Semaphore::release);
          }
        });
    // A server that goes would else wait for its readers, who wait for it.
    tail.onStop(
        () -> {
          stopping = true;
          waiting.values().forEach(readers -> readers.forEach(Semaphore::release));
        });
  }

  /// A piece of the log.
  ///
  /// @param items in order for each conversation; across conversations by time, roughly
  /// @param next where to go on; always there
  @Schema(name = "EventPage")
  public record EventPage(List<StoredEvent> items, String next) {}

  @GET
  @Requires(Permission.EVENTS_READ)
  @Operation(
      summary = "Read events",
      description =
          "Give `next` as `after` to go on. Without `after` it starts at the beginning of what is kept, or with"
              + " `from=now` at the end. With `wait` (seconds, at most 30) an answer without events waits for the next"
              + " one. Every event comes once, those of one conversation in their order. What happens in conversations"
              + " among users comes only to who is in them when it is read.")
  @APIResponse(responseCode = "200", description = "Events, possibly none")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public EventPage read(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("from") @Nullable String from,
      @QueryParam("conversationId") @Nullable UUID conversationId,
      @QueryParam("type") @Nullable String type,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("wait") @Nullable Integer wait)
      throws InterruptedException {
    Caller caller = Access.caller(security);
    TenantId tenant = caller.inTenant();
    int most = Page.limit(limit);
    if (wait != null && (wait < 0 || wait > LONGEST_WAIT_SECONDS)) {
      throw Problem.invalid("wait", "must be 0 to " + LONGEST_WAIT_SECONDS);
    }
    if (from != null && !from.equals("now")) {
      throw Problem.invalid("from", "must be now");
    }
    long[] place = after == null && from != null ? heads(tenant) : place(after);
    long started = System.nanoTime();
    long deadline = started + Duration.ofSeconds(wait == null ? 0 : wait).toNanos();
    var wake = new Semaphore(0);
    Set<Semaphore> readers = waiting.computeIfAbsent(tenant, _ -> ConcurrentHashMap.newKeySet());
    readers.add(wake);
    try {
      while (true) {
        long[] before = place.clone();
        List<StoredEvent> events = next(caller, place, most, conversationId, type);
        if (events.isEmpty()
            && !Arrays.equals(before, place)
            && System.nanoTime() - started < LONGEST_SCAN.toNanos()) {
          // What was looked at did not match; there may be more behind it.
          continue;
        }
        long left = deadline - System.nanoTime();
        if (!events.isEmpty()
            || left <= 0
            || stopping
            || !wake.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          return new EventPage(events, Page.encode(Json.write(place)));
        }
        wake.drainPermits();
      }
    } finally {
      readers.remove(wake);
    }
  }

  private long[] heads(TenantId tenant) {
    long[] place = new long[Lanes.COUNT];
    log.heads(tenant).forEach((lane, seq) -> place[lane] = seq);
    return place;
  }

  private static long[] place(@Nullable String cursor) {
    String text = Page.decode(cursor);
    if (text == null) {
      return new long[Lanes.COUNT];
    }
    try {
      long[] place = Json.read(text, long[].class);
      if (place.length == Lanes.COUNT) {
        return place;
      }
    } catch (RuntimeException e) {
      throw Page.badCursor();
    }
    throw Page.badCursor();
  }

  /// The next events after `place`, which is moved on over everything that was looked at.
  private List<StoredEvent> next(
      Caller caller, long[] place, int most, @Nullable UUID conversationId, @Nullable String type) {
    // Lanes are merged by the time of their foremost event; inside a lane the log's own order
    // stays.
    var lanes =
        new PriorityQueue<LaneFront>(
            Comparator.comparing(LaneFront::front, Comparator.comparing(StoredEvent::time)));
    log.readAll(caller.inTenant(), place, most)
        .values()
        .forEach(events -> lanes.add(new LaneFront(events, 0)));
    var result = new ArrayList<StoredEvent>();
    while (!lanes.isEmpty() && result.size() < most) {
      LaneFront lane = lanes.remove();
      StoredEvent event = lane.front();
      place[event.lane()] = event.seq();
      if ((conversationId == null || conversationId.equals(event.conversationId()))
          && (type == null || type.equals(event.type()))) {
        result.add(event);
      }
      if (lane.index() + 1 < lane.events().size()) {
        lanes.add(new LaneFront(lane.events(), lane.index() + 1));
      }
    }
    return permitted(caller, result);
  }

  private List<StoredEvent> permitted(Caller caller, List<StoredEvent> events) {
    var chats = new HashSet<UUID>();
    for (StoredEvent event : events) {
      if (event.participantsOnly() && event.conversationId() != null) {
        chats.add(event.conversationId());
      }
    }
    if (chats.isEmpty()) {
      return events;
    }
    Set<UUID> visible = conversations.visible(caller, chats);
    return events.stream()
        .filter(event -> !event.participantsOnly() || visible.contains(event.conversationId()))
        .toList();
  }

  private record LaneFront(List<StoredEvent> events, int index) {
    StoredEvent front() {
      return events.get(index);
    }
  }
}
