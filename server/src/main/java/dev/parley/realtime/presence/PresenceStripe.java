package dev.parley.realtime.presence;

import dev.parley.realtime.presence.PresenceChange.Standing;
import java.util.Arrays;

/// The devices and users of one stripe. Not thread-safe: the engine holds its lock. Times are whole seconds of a clock
/// that does not jump.
final class PresenceStripe {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 16;
  // How a device stands: nobody is at it because it said so, or because nothing happened on it.
  private static final byte SAID_AWAY = 1;
  private static final byte IDLE = 2;

  /// Hears of changes.
  interface Told {
    /// A user's standing has changed.
    ///
    /// @param secondsAgo when the user was last there
    void changed(int tenant, long high, long low, boolean team, int from, int to, int secondsAgo);
  }

  /// Sees who is there.
  interface Visitor {
    void visit(int tenant, long high, long low, boolean team, int standing);
  }

  private final int life;
  private final int idle;
  private final Told told;
  private final PresenceUsers users = new PresenceUsers();

  // Devices. A free place has its next free one in `next`.
  private int[] user = new int[FIRST_CAPACITY];
  private int[] beat = new int[FIRST_CAPACITY];
  private int[] active = new int[FIRST_CAPACITY];
  private int[] next = new int[FIRST_CAPACITY];
  private int[] previous = new int[FIRST_CAPACITY];
  private short[] bucket = new short[FIRST_CAPACITY];
  private int[] generation = new int[FIRST_CAPACITY];
  private byte[] away = new byte[FIRST_CAPACITY];
  private int end;
  private int free = NONE;
  private int devices;

  private final int[] wheel;
  private int wheelTime;

  PresenceStripe(int life, int idle, Told told) {
    this.life = life;
    this.idle = idle;
    this.told = told;
    // Nothing is ever due later than one turn of the wheel.
    this.wheel = new int[Integer.highestOneBit(Math.max(life, idle) + 2) << 1];
    Arrays.fill(wheel, NONE);
  }

  long connect(int tenant, long high, long low, boolean team, int now) {
    int device = take();
    int who = users.take(tenant, high, low);
    user[device] = who;
    beat[device] = now;
    active[device] = now;
    away[device] = 0;
    hang(device, due(device), now);
    int before = users.standing(who);
    users.add(who, 1, 0);
    users.team(who, team);
    tell(who, before, 0);
    return handle(device);
  }

  boolean beat(long handle, int now) {
    int device = device(handle);
    if (device == NONE) {
      return false;
    }
    beat[device] = now;
    return true;
  }

  boolean active(long handle, int now) {
    int device = device(handle);
    if (device == NONE) {
      return false;
    }
    beat[device] = now;
    active[device] = now;
    return set(device, (byte) (away[device] & ~IDLE), now);
  }

  boolean away(long handle, boolean said, int now) {
    int device = device(handle);
    if (device == NONE) {
      return false;
    }
    beat[device] = now;
    if (said == ((away[device] & SAID_AWAY) != 0)) {
      return true;
    }
    active[device] = now;
    return set(device, said ? SAID_AWAY : 0, now);
  }

  private boolean set(int device, byte flags, int now) {
    boolean was = away[device] != 0;
    boolean is = flags != 0;
    away[device] = flags;
    if (was != is) {
      // What is due next may have come nearer.
      unhang(device);
      hang(device, due(device), now);
      int who = user[device];
      int before = users.standing(who);
      users.add(who, is ? -1 : 1, is ? 1 : -1);
      tell(who, before, 0);
    }
    return true;
  }

  void disconnect(long handle, int now) {
    int device = device(handle);
    if (device != NONE) {
      unhang(device);
      remove(device, 0);
    }
  }

  boolean choose(int tenant, long high, long low, boolean wantsAway) {
    int who = users.find(tenant, high, low);
    if (who == NONE) {
      return false;
    }
    int before = users.standing(who);
    users.choose(who, wantsAway);
    tell(who, before, 0);
    return true;
  }

  int standing(int tenant, long high, long low) {
    int who = users.find(tenant, high, low);
    return who == NONE ? Standing.OFFLINE.code() : users.standing(who);
  }

  /// Looks at all devices that are due by now.
  void tick(int now) {
    // After a pause longer than a turn, one turn sees everything.
    int from = Math.max(wheelTime + 1, now - wheel.length + 1);
    for (int second = from; second <= now; second++) {
      int device = wheel[second & wheel.length - 1];
      wheel[second & wheel.length - 1] = NONE;
      while (device != NONE) {
        int following = next[device];
        look(device, now);
        device = following;
      }
    }
    wheelTime = Math.max(wheelTime, now);
  }

  /// The device hangs nowhere when this begins.
  private void look(int device, int now) {
    if (beat[device] + life <= now) {
      remove(device, now - beat[device]);
      return;
    }
    int who = user[device];
    if (away[device] == 0 && active[device] + idle <= now) {
      away[device] = IDLE;
      int before = users.standing(who);
      users.add(who, -1, 1);
      tell(who, before, now - active[device]);
    }
    hang(device, due(device), now);
  }

  private int due(int device) {
    int gone = beat[device] + life;
    return away[device] == 0 ? Math.min(gone, active[device] + idle) : gone;
  }

  private void remove(int device, int secondsAgo) {
    int who = user[device];
    int before = users.standing(who);
    users.add(who, away[device] == 0 ? -1 : 0, away[device] == 0 ? 0 : -1);
    tell(who, before, secondsAgo);
    if (users.isGone(who)) {
      users.free(who);
    }
    generation[device]++;
    next[device] = free;
    free = device;
    devices--;
  }

  private void tell(int who, int before, int secondsAgo) {
    int after = users.standing(who);
    if (after != before) {
      told.changed(
          users.tenant(who),
          users.high(who),
          users.low(who),
          users.team(who),
          before,
          after,
          secondsAgo);
    }
  }

  private void hang(int device, int due, int now) {
    // A second that the wheel has passed already would come round only after a whole turn.
    int second = Math.max(due, Math.max(wheelTime, now) + 1);
    int place = second & wheel.length - 1;
    bucket[device] = (short) place;
    previous[device] = NONE;
    next[device] = wheel[place];
    if (wheel[place] != NONE) {
      previous[wheel[place]] = device;
    }
    wheel[place] = device;
  }

  private void unhang(int device) {
    if (previous[device] == NONE) {
      wheel[bucket[device]] = next[device];
    } else {
      next[previous[device]] = next[device];
    }
    if (next[device] != NONE) {
      previous[next[device]] = previous[device];
    }
  }

  private long handle(int device) {
    return (generation[device] & 0x3FFFFFFL) << 32 | device;
  }

  private int device(long handle) {
    int device = (int) handle;
    return device < end && handle(device) == handle ? device : NONE;
  }

  private int take() {
    devices++;
    if (free != NONE) {
      int device = free;
      free = next[device];
      return device;
    }
    if (end == user.length) {
      int more = end + (end >> 1);
      user = Arrays.copyOf(user, more);
      beat = Arrays.copyOf(beat, more);
      active = Arrays.copyOf(active, more);
      next = Arrays.copyOf(next, more);
      previous = Arrays.copyOf(previous, more);
      bucket = Arrays.copyOf(bucket, more);
      generation = Arrays.copyOf(generation, more);
      away = Arrays.copyOf(away, more);
    }
    return end++;
  }

  void visit(Visitor visitor) {
    users.visit(visitor);
  }

  int devices() {
    return devices;
  }

  int users() {
    return users.size();
  }
}
