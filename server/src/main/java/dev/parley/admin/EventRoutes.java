package dev.parley.admin;

import dev.parley.conversations.EventFiles;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Tail;
import dev.parley.platform.events.Tailed;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
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
import java.util.List;
import java.util.Map;
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
  private final Recent recent;
  private final EventVisibility visibility;
  private final EventFiles files;
  private final Map<TenantId, Set<Semaphore>> waiting = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  EventRoutes(
      EventLog log, Recent recent, Tail tail, EventVisibility visibility, EventFiles files) {
    this.files = files;
    this.log = log;
    this.recent = recent;
    this.visibility = visibility;
    recent.follow(
        tenant -> {
          Set<Semaphore> readers = waiting.get(tenant);
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
    Place start = after == null && from != null ? heads(tenant) : place(tenant, after);
    var reading = new Reading(caller, most, conversationId, type, start);
    if (wait == null || wait == 0) {
      return reading.fromLog();
    }
    var wake = new Semaphore(0);
    Set<Semaphore> readers = waiting.computeIfAbsent(tenant, _ -> ConcurrentHashMap.newKeySet());
    readers.add(wake);
    try {
      return reading.waiting(wake, Duration.ofSeconds(wait));
    } finally {
      readers.remove(wake);
    }
  }

  private Place heads(TenantId tenant) {
    long[] seqs = new long[Lanes.COUNT];
    log.heads(tenant).forEach((lane, seq) -> seqs[lane] = seq);
    return Place.of(seqs);
  }

  private static Place place(TenantId tenant, @Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return Place.START;
    }
    try {
      return Place.parse(tenant, cursor);
    } catch (IllegalArgumentException e) {
      throw Page.badCursor();
    }
  }

  /// One request's way through the log.
  private final class Reading {
    private final Caller caller;
    private final TenantId tenant;
    private final int most;
    private final @Nullable UUID conversationId;
    private final @Nullable String type;
    private List<StoredEvent> found = new ArrayList<>();
    private final long[] scan = {Long.MIN_VALUE};
    private Place place;

    Reading(
        Caller caller,
        int most,
        @Nullable UUID conversationId,
        @Nullable String type,
        Place place) {
      this.caller = caller;
      this.tenant = caller.inTenant();
      this.most = most;
      this.conversationId = conversationId;
      this.type = type;
      this.place = place;
    }

    private EventPage page() {
      return new EventPage(found.stream().map(files::shown).toList(), place.cursor(tenant));
    }

    /// What the database has, now.
    EventPage fromLog() {
      long started = System.nanoTime();
      boolean more;
      do {
        more = readLog();
        // What was looked at did not match; there may be more behind it.
      } while (more && found.isEmpty() && System.nanoTime() - started < LONGEST_SCAN.toNanos());
      return page();
    }

    private boolean readLog() {
      Map<Integer, List<StoredEvent>> lanes = log.readAll(tenant, place.seqs(), most);
      takeAll(Recent.merge(lanes, place));
      return !lanes.isEmpty();
    }

    /// Those who wait are served from memory, else each of them would ask the database for each event.
    EventPage waiting(Semaphore wake, Duration patience) throws InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        List<Tailed> tailed = recent.after(tenant, place, Long.MAX_VALUE, scan, most);
        if (tailed == null) {
          if (recent.reach(tenant, place) != Recent.Reached.YES) {
            return fromLog();
          }
          continue;
        }
        takeAll(tailed.stream().map(Tailed::event).toList());
        if (!found.isEmpty() || stopping) {
          return page();
        }
        if (tailed.size() < most) {
          long left = deadline - System.nanoTime();
          if (left <= 0 || !wake.tryAcquire(left, TimeUnit.NANOSECONDS)) {
            return page();
          }
          wake.drainPermits();
        }
      }
    }

    private void takeAll(List<StoredEvent> events) {
      for (StoredEvent event : events) {
        if (found.size() == most) {
          break;
        }
        place = place.after(event);
        if ((conversationId == null || conversationId.equals(event.conversationId()))
            && (type == null || type.equals(event.type()))) {
          found.add(event);
        }
      }
      found = visibility.permitted(caller, found);
    }
  }
}
