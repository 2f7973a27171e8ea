package dev.parley.realtime.presence;

import dev.parley.realtime.presence.PresenceChange.Standing;
import java.util.Arrays;

/// The users of a stripe by their ids, in tables of numbers: a hash table with open addressing whose places point into
/// them. Not thread-safe.
final class PresenceUsers {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 16;
  private static final int CHOSEN = 1;
  private static final int TEAM = 2;

  // A user's numbers, side by side.
  private static final int WIDTH = 4;
  private static final int TENANT = 0;
  private static final int ONLINE = 1;
  private static final int AWAY = 2;
  private static final int FLAGS = 3;

  private int[] places = filled(FIRST_CAPACITY * 2);
  private long[] ids = new long[FIRST_CAPACITY * 2];
  private int[] cells = new int[FIRST_CAPACITY * WIDTH];
  private int end;
  // A free place has the next free one in TENANT.
  private int free = NONE;
  private int size;

  /// The user's place, or -1.
  int find(int ofTenant, long ofHigh, long ofLow) {
    int mask = places.length - 1;
    for (int i = hash(ofTenant, ofHigh, ofLow) & mask; places[i] != NONE; i = i + 1 & mask) {
      int who = places[i];
      if (ids[who * 2 + 1] == ofLow && ids[who * 2] == ofHigh && get(who, TENANT) == ofTenant) {
        return who;
      }
    }
    return NONE;
  }

  /// The user's place; a new one has no devices.
  int take(int ofTenant, long ofHigh, long ofLow) {
    int known = find(ofTenant, ofHigh, ofLow);
    if (known != NONE) {
      return known;
    }
    int who = place();
    put(who, TENANT, ofTenant);
    ids[who * 2] = ofHigh;
    ids[who * 2 + 1] = ofLow;
    put(who, ONLINE, 0);
    put(who, AWAY, 0);
    put(who, FLAGS, 0);
    size++;
    if (size * 2 > places.length) {
      enlarge();
    }
    insert(who);
    return who;
  }

  void add(int who, int moreOnline, int moreAway) {
    put(who, ONLINE, get(who, ONLINE) + moreOnline);
    put(who, AWAY, get(who, AWAY) + moreAway);
  }

  void choose(int who, boolean wantsAway) {
    put(who, FLAGS, wantsAway ? get(who, FLAGS) | CHOSEN : get(who, FLAGS) & ~CHOSEN);
  }

  void team(int who, boolean now) {
    put(who, FLAGS, now ? get(who, FLAGS) | TEAM : get(who, FLAGS) & ~TEAM);
  }

  boolean team(int who) {
    return (get(who, FLAGS) & TEAM) != 0;
  }

  boolean isGone(int who) {
    return get(who, ONLINE) + get(who, AWAY) == 0;
  }

  /// The [Standing]'s code.
  int standing(int who) {
    Standing standing =
        isGone(who)
            ? Standing.OFFLINE
            : (get(who, FLAGS) & CHOSEN) != 0
                ? Standing.AWAY_BY_CHOICE
                : get(who, ONLINE) > 0 ? Standing.ONLINE : Standing.AWAY;
    return standing.code();
  }

  int tenant(int who) {
    return get(who, TENANT);
  }

  long high(int who) {
    return ids[who * 2];
  }

  long low(int who) {
    return ids[who * 2 + 1];
  }

  int size() {
    return size;
  }

  /// Takes the user out. The entries behind it move up, so that no marks of what was there pile up.
  void free(int who) {
    int mask = places.length - 1;
    int gap = hash(get(who, TENANT), ids[who * 2], ids[who * 2 + 1]) & mask;
    while (places[gap] != who) {
      gap = gap + 1 & mask;
    }
    for (int i = gap + 1 & mask; places[i] != NONE; i = i + 1 & mask) {
      int other = places[i];
      int home = hash(get(other, TENANT), ids[other * 2], ids[other * 2 + 1]) & mask;
      if ((i - home & mask) >= (i - gap & mask)) {
        places[gap] = other;
        gap = i;
      }
    }
    places[gap] = NONE;
    put(who, TENANT, free);
    free = who;
    size--;
  }

  void visit(PresenceStripe.Visitor visitor) {
    for (int who : places) {
      if (who != NONE) {
        visitor.visit(get(who, TENANT), ids[who * 2], ids[who * 2 + 1], team(who), standing(who));
      }
    }
  }

  private int get(int who, int field) {
    return cells[who * WIDTH + field];
  }

  private void put(int who, int field, int value) {
    cells[who * WIDTH + field] = value;
  }

  private int place() {
    if (free != NONE) {
      int who = free;
      free = get(who, TENANT);
      return who;
    }
    if (end * WIDTH == cells.length) {
      int more = end + (end >> 1);
      ids = Arrays.copyOf(ids, more * 2);
      cells = Arrays.copyOf(cells, more * WIDTH);
    }
    return end++;
  }

  private void enlarge() {
    int[] old = places;
    places = filled(old.length * 2);
    for (int who : old) {
      if (who != NONE) {
        insert(who);
      }
    }
  }

  private void insert(int who) {
    int mask = places.length - 1;
    int i = hash(get(who, TENANT), ids[who * 2], ids[who * 2 + 1]) & mask;
    while (places[i] != NONE) {
      i = i + 1 & mask;
    }
    places[i] = who;
  }

  private static int hash(int tenant, long high, long low) {
    long mixed = (low ^ high * 0x9E3779B97F4A7C15L ^ tenant * 0xC2B2AE3D27D4EB4FL);
    mixed *= 0xD6E8FEB86659FD93L;
    return (int) (mixed >>> 32);
  }

  private static int[] filled(int length) {
    int[] array = new int[length];
    Arrays.fill(array, NONE);
    return array;
  }
}
