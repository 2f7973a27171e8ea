package dev.parley.realtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Tailed;
import dev.parley.platform.lanes.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings one session from the place where its client stopped to where its event loop is, and then makes it live. The
/// loop's place and the session's own decide what it still gets, lane by lane, so there is neither a gap nor a double,
/// also when the client comes from a process that was further in some lanes.
///
/// What is missed comes from memory, where it is shared with all who come back, or page by page from the database when
/// it is more than is kept there. Pages are written at the pace at which the client reads.
final class CatchUp {
  private static final int PAGE = 100;
  private static final int EACH_LANE = 50;

  private final Session session;
  private final TenantStream stream;
  private final Streams streams;

  /// Where the client is; null while it is live.
  private @Nullable Place own;

  private long[] scan = {Long.MIN_VALUE};
  private List<StoredEvent> page = List.of();
  private int next;
  private boolean reading;
  private boolean draining;
  private boolean held;

  CatchUp(Session session, TenantStream stream, Streams streams) {
    this.session = session;
    this.stream = stream;
    this.streams = streams;
  }

  boolean isBehind() {
    return own != null;
  }

  /// Where the session is: all events after it that it follows are yet to come.
  Place place() {
    Place behind = own;
    return behind == null ? stream.place() : behind;
  }

  void begin(Place after) {
    own = after;
    scan = new long[] {Long.MIN_VALUE};
    stream.behind(session, true);
  }

  /// Gives nothing out until [#release]; what comes meanwhile is missed, and comes then.
  void hold() {
    held = true;
    if (own == null) {
      begin(stream.place());
    }
  }

  void release() {
    held = false;
    step();
  }

  private void live() {
    own = null;
    page = List.of();
    next = 0;
    stream.behind(session, false);
  }

  /// Goes on as far as it can without waiting.
  void step() {
    while (own != null && !held && !reading && !draining && !session.isOver()) {
      if (session.connection().queued() > streams.bounds().queuedBytes() / 4) {
        drain();
      } else if (next < page.size()) {
        give(page.get(next++));
      } else if (!fromMemory()) {
        return;
      }
    }
  }

  private void drain() {
    draining = true;
    session.flush();
    session
        .connection()
        .whenDrained(
            () -> {
              draining = false;
              step();
              session.settle();
            });
  }

  /// Answers whether to go on at once.
  private boolean fromMemory() {
    Place at = place();
    long before = scan[0];
    List<Tailed> found = streams.recent().after(session.tenant(), at, stream.index(), scan, PAGE);
    if (found == null) {
      read(at);
      return false;
    }
    for (Tailed tailed : found) {
      give(tailed.event());
      if (session.isOver()) {
        return false;
      }
      if (session.connection().queued() > streams.bounds().queuedBytes() / 4) {
        // The rest is looked for again.
        scan[0] = before;
        return true;
      }
    }
    if (scan[0] < stream.index()) {
      return true;
    }
    if (place().equals(stream.place())) {
      live();
    }
    // Else it is ahead of this loop in some lane: what comes there is left out until the loop is as
    // far.
    return false;
  }

  private void give(StoredEvent event) {
    Place at = place();
    if (at.isPast(event)) {
      return;
    }
    Place after = at.after(event);
    own = after;
    if (session.follows().covers(session.caller(), event)) {
      session.send(streams.frame(event, after));
    }
  }

  private record Found(boolean lost, List<StoredEvent> page) {}

  private void read(Place from) {
    reading = true;
    Place to = stream.place();
    streams
        .work()
        .run(
            session.loop(),
            () -> look(from, to),
            found -> {
              reading = false;
              if (found.lost()) {
                lost();
              } else {
                page = found.page();
                next = 0;
                // Older events that came into memory meanwhile have indexes of their own.
                scan[0] = Long.MIN_VALUE;
              }
              step();
              session.settle();
            },
            _ -> {
              reading = false;
              session.close(Closing.UNAVAILABLE);
            });
  }

  private Found look(Place from, Place to) {
    Recent.Reached reached = streams.recent().reach(session.tenant(), from);
    if (reached == Recent.Reached.YES) {
      streams.measures().resumedFrom("memory");
      return new Found(false, List.of());
    }
    if (reached == Recent.Reached.DELETED) {
      return new Found(true, List.of());
    }
    Map<Integer, List<StoredEvent>> found =
        streams.log().readBetween(session.tenant(), from, to, EACH_LANE);
    streams.measures().resumedFrom("database");
    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      if (from.seq(lane) < to.seq(lane)) {
        List<StoredEvent> events = found.getOrDefault(lane, List.of());
        if (events.isEmpty() || events.getFirst().seq() != from.seq(lane) + 1) {
          return new Found(true, List.of());
        }
      }
    }
    return new Found(false, new ArrayList<>(Recent.merge(found, from)));
  }

  /// Some of what was missed is deleted: the client must look at everything anew, and gets what comes from now on.
  void lost() {
    live();
    if (held) {
      begin(stream.place());
    }
    streams.measures().resumedFrom("snapshot");
    session.send(
        Frame.notice(
            "snapshot.required",
            JsonNodeFactory.instance
                .objectNode()
                .put("cursor", stream.place().cursor(session.tenant()))));
  }
}
