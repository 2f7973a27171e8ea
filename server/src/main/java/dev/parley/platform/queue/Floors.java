package dev.parley.platform.queue;

import dev.parley.platform.lanes.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How far this process has got in each lane of a queue, so that it need not begin at the front each time.
///
/// PostgreSQL keeps deleted rows for as long as any transaction might see them, which may be many seconds, and whoever
/// reads a lane from its front passes all of them. Below a lane's floor there is nothing but items of keys that are
/// parked, and what came late; these are found when the lane is read from its front now and then.
///
/// Items whose ids are younger than [#SETTLED] are never below a floor: their transactions may still be under way, and
/// clocks of two processes may differ by so much.
final class Floors {
  private static final UUID BOTTOM = new UUID(0, 0);

  /// Where a lane begins.
  static final Floor FRONT = new Floor(BOTTOM, 0);

  private static final Duration SETTLED = Duration.ofSeconds(10);
  private static final int MOST = 20_000;
  // Reading lanes from the front takes no more than this part of all time.
  private static final int SHARE = 20;
  private static final long LONGEST_REST = Duration.ofSeconds(5).toNanos();

  private final long pause;
  // Those that were not used for the longest time are forgotten first.
  private final Map<LaneKey, Floor> floors =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LaneKey, Floor> eldest) {
          return size() > MOST;
        }
      };

  /// Where to go on in a lane.
  ///
  /// @param id only greater ones are to be read
  /// @param until the time of `System.nanoTime()` from which on the lane is read from its front
  record Floor(UUID id, long until) {
    /// Whether the lane is read from its front, and parked keys whose time has come with it.
    boolean isFront() {
      return id.equals(BOTTOM);
    }
  }

  /// Each lane is read from its front every `pause`, or less often when that takes long.
  Floors(Duration pause) {
    this.pause = pause.toNanos();
  }

  /// Where to go on.
  synchronized Floor of(LaneKey lane) {
    Floor floor = floors.get(lane);
    return floor == null || System.nanoTime() - floor.until() >= 0 ? FRONT : floor;
  }

  /// Everything in a lane above `from` was read and taken out: up to `last`, or all that there was when that is null.
  ///
  /// @param at when the reading began
  /// @param took how long reading took, in nanoseconds
  synchronized void passed(LaneKey lane, Floor from, @Nullable UUID last, Instant at, long took) {
    long settled = at.minus(SETTLED).toEpochMilli();
    UUID id = last != null && millis(last) < settled ? last : new UUID(settled << 16, 0);
    long until =
        from.isFront()
            ? System.nanoTime() + Math.max(pause, Math.min(SHARE * took, LONGEST_REST))
            : from.until();
    floors.put(lane, new Floor(id, until));
  }

  /// The lane is read from its front next.
  synchronized void forget(LaneKey lane) {
    floors.remove(lane);
  }

  /// When an id of version 7 was made.
  private static long millis(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }
}
