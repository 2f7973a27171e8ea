package dev.parley.realtime.engineio;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The heartbeats of all sessions that began on one event loop. A session stands in one slot; when its slot comes up it
/// is pinged, given up, or moved on to the slot in which it will be due, which a sign of life may have put off meanwhile.
/// So a pong costs two writes to fields, and closing a session costs nothing here.
final class HeartbeatWheel {
  private final long tickMillis;
  private final int intervalTicks;
  private final int timeoutTicks;
  private final @Nullable List<EngineSocket>[] slots;
  private volatile int now;
  private @Nullable ScheduledFuture<?> turning;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  HeartbeatWheel(EngineSettings settings) {
    long interval = settings.pingInterval().toMillis();
    long timeout = settings.pingTimeout().toMillis();
    this.tickMillis = Math.clamp(Math.min(interval, timeout) / 10, 10, 250);
    this.intervalTicks = ticks(interval);
    this.timeoutTicks = ticks(timeout);
    this.slots = new List[Math.max(intervalTicks, timeoutTicks) + 2];
  }

  private int ticks(long millis) {
    return (int) ((millis + tickMillis - 1) / tickMillis);
  }

  void turnOn(EventLoop executor) {
    turning =
        executor.scheduleAtFixedRate(this::turn, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
  }

  void turnOff() {
    ScheduledFuture<?> task = turning;
    if (task != null) {
      task.cancel(false);
    }
  }

  /// When the next ping is due if a sign of life has come now.
  int nextPing() {
    // The tick that is under way has begun before now.
    return now + intervalTicks + 1;
  }

  /// When a pong must be there if the ping goes out now.
  int pongDue() {
    return now + timeoutTicks + 1;
  }

  /// Takes a new session in. On the event loop only.
  void add(EngineSocket socket) {
    int ahead = Math.clamp(socket.due() - now, 1, slots.length - 1);
    int slot = Math.floorMod(now + ahead, slots.length);
    List<EngineSocket> list = slots[slot];
    if (list == null) {
      list = new ArrayList<>();
      slots[slot] = list;
    }
    list.add(socket);
  }

  private void turn() {
    int tick = now + 1;
    now = tick;
    int slot = Math.floorMod(tick, slots.length);
    List<EngineSocket> due = slots[slot];
    if (due == null) {
      return;
    }
    slots[slot] = null;
    for (EngineSocket socket : due) {
      if (socket.due() - tick > 0 || socket.heartbeat()) {
        add(socket);
      }
    }
  }
}
