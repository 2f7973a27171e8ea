package dev.parley.realtime.presence;

import dev.parley.realtime.presence.PresenceChange.Standing;
import java.util.Arrays;

/// The devices and users of one stripe. Not thread-safe: the engine holds its lock. Times are whole seconds of a clock
/// that does not jump.
final class PresenceStripe {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 16;
  // How a device stands: nobody is at it because it said so, or because nothing happened on it.
  private static final int SAID_AWAY = 1;
  private static final int IDLE = 2;

  // A device's numbers. They lie side by side, so that one line of the processor's cache holds all
  // of them.
  private static final int WIDTH = 8;
  private static final int USER = 0;
  private static final int BEAT = 1;
  private static final int ACTIVE = 2;
  private static final int NEXT = 3;
  private static final int PREVIOUS = 4;
  private static final int BUCKET = 5;
  private static final int GENERATION = 6;
  private static final int AWAY = 7;

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

  // A free place has its next free one in NEXT.
  private int[] cells = new int[FIRST_CAPACITY * WIDTH];
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
    put(device, USER, who);
    put(device, BEAT, now);
    put(device, ACTIVE, now);
    put(device, AWAY, 0);
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
    put(device, BEAT, now);
    return true;
  }

  boolean active(long handle, int now) {
    int device = device(handle);
    if (device == NONE) {
      return false;
    }
    put(device, BEAT, now);
    put(device, ACTIVE, now);
    return set(device, get(device, AWAY) & ~IDLE, now);
  }

  boolean away(long handle, boolean said, int now) {
    int device = device(handle);
    if (device == NONE) {
      return false;
    }
    put(device, BEAT, now);
    if (said == ((get(device, AWAY) & SAID_AWAY) != 0)) {
      return true;
    }
    put(device, ACTIVE, now);
    return set(device, said ? SAID_AWAY : 0, now);
  }

  private boolean set(int device, int flags, int now) {
    boolean was = get(device, AWAY) != 0;
    boolean is = flags != 0;
    put(device, AWAY, flags);
    if (was != is) {
      // What is due next may have come nearer.
      unhang(device);
      hang(device, due(device), now);
      int who = get(device, USER);
      int before = users.standing(who);
      users.add(who, is ? -1 : 1, is ? 1 : -1);
      tell(who, before, 0);
    }
    return true;
  }

  void disconnect(long handle) {
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
        int following = get(device, NEXT);
        look(device, now);
        device = following;
      }
    }
    wheelTime = Math.max(wheelTime, now);
  }

  /// The device hangs nowhere when this begins.
  private void look(int device, int now) {
    if (get(device, BEAT) + life <= now) {
      remove(device, now - get(device, BEAT));
      return;
    }
    int who = get(device, USER);
    if (get(device, AWAY) == 0 && get(device, ACTIVE) + idle <= now) {
      put(device, AWAY, IDLE);
      int before = users.standing(who);
      users.add(who, -1, 1);
      tell(who, before, now - get(device, ACTIVE));
    }
    hang(device, due(device), now);
  }

  private int due(int device) {
    int gone = get(device, BEAT) + life;
    return get(device, AWAY) == 0 ? Math.min(gone, get(device, ACTIVE) + idle) : gone;
  }

  private void remove(int device, int secondsAgo) {
    int who = get(device, USER);
    int before = users.standing(who);
    users.add(who, get(device, AWAY) == 0 ? -1 : 0, get(device, AWAY) == 0 ? 0 : -1);
    tell(who, before, secondsAgo);
    if (users.isGone(who)) {
      users.free(who);
    }
    put(device, GENERATION, get(device, GENERATION) + 1);
    put(device, NEXT, free);
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
    put(device, BUCKET, place);
    put(device, PREVIOUS, NONE);
    put(device, NEXT, wheel[place]);
    if (wheel[place] != NONE) {
      put(wheel[place], PREVIOUS, device);
    }
    wheel[place] = device;
  }

  private void unhang(int device) {
    if (get(device, PREVIOUS) == NONE) {
      wheel[get(device, BUCKET)] = get(device, NEXT);
    } else {
      put(get(device, PREVIOUS), NEXT, get(device, NEXT));
    }
    if (get(device, NEXT) != NONE) {
      put(get(device, NEXT), PREVIOUS, get(device, PREVIOUS));
    }
  }

  private int get(int device, int field) {
    return cells[device * WIDTH + field];
  }

  private void put(int device, int field, int value) {
    cells[device * WIDTH + field] = value;
  }

  private long handle(int device) {
    return (get(device, GENERATION) & 0x3FFFFFFL) << 32 | device;
  }

  private int device(long handle) {
    int device = (int) handle;
    return device < end && handle(device) == handle ? device : NONE;
  }

  private int take() {
    devices++;
    if (free != NONE) {
      int device = free;
      free = get(device, NEXT);
      return device;
    }
    if (end * WIDTH == cells.length) {
      cells = Arrays.copyOf(cells, (end + (end >> 1)) * WIDTH);
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
