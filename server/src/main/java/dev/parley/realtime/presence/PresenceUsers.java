package dev.parley.realtime.presence;

import dev.parley.realtime.presence.PresenceChange.Standing;
import java.util.Arrays;

/// The users of a stripe by their ids, in tables of numbers: a hash table with open addressing whose places point into
/// them. Not thread-safe.
final class PresenceUsers {
  private static final int NONE = -1;
  private static final int FIRST_CAPACITY = 16;
  private static final byte CHOSEN = 1;
  private static final byte TEAM = 2;

  private int[] places = filled(FIRST_CAPACITY * 2);
  private int[] tenant = new int[FIRST_CAPACITY];
  private long[] high = new long[FIRST_CAPACITY];
  private long[] low = new long[FIRST_CAPACITY];
  private int[] online = new int[FIRST_CAPACITY];
  private int[] away = new int[FIRST_CAPACITY];
  private byte[] flags = new byte[FIRST_CAPACITY];
  private int end;
  // A free place has the next free one in `tenant`.
  private int free = NONE;
  private int size;

  /// The user's place, or -1.
  int find(int ofTenant, long ofHigh, long ofLow) {
    int mask = places.length - 1;
    for (int i = hash(ofTenant, ofHigh, ofLow) & mask; places[i] != NONE; i = i + 1 & mask) {
      int who = places[i];
      if (low[who] == ofLow && high[who] == ofHigh && tenant[who] == ofTenant) {
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
    tenant[who] = ofTenant;
    high[who] = ofHigh;
    low[who] = ofLow;
    online[who] = 0;
    away[who] = 0;
    flags[who] = 0;
    size++;
    if (size * 2 > places.length) {
      enlarge();
    }
    insert(who);
    return who;
  }

  void add(int who, int moreOnline, int moreAway) {
    online[who] += moreOnline;
    away[who] += moreAway;
  }

  void choose(int who, boolean wantsAway) {
    flags[who] = (byte) (wantsAway ? flags[who] | CHOSEN : flags[who] & ~CHOSEN);
  }

  void team(int who, boolean now) {
    flags[who] = (byte) (now ? flags[who] | TEAM : flags[who] & ~TEAM);
  }

  boolean team(int who) {
    return (flags[who] & TEAM) != 0;
  }

  boolean isGone(int who) {
    return online[who] + away[who] == 0;
  }

  /// The [Standing]'s code.
  int standing(int who) {
    Standing standing =
        isGone(who)
            ? Standing.OFFLINE
            : (flags[who] & CHOSEN) != 0
                ? Standing.AWAY_BY_CHOICE
                : online[who] > 0 ? Standing.ONLINE : Standing.AWAY;
    return standing.code();
  }

  int tenant(int who) {
    return tenant[who];
  }

  long high(int who) {
    return high[who];
  }

  long low(int who) {
    return low[who];
  }

  int size() {
    return size;
  }

  /// Takes the user out. The entries behind it move up, so that no marks of what was there pile up.
  void free(int who) {
    int mask = places.length - 1;
    int gap = hash(tenant[who], high[who], low[who]) & mask;
    while (places[gap] != who) {
      gap = gap + 1 & mask;
    }
    for (int i = gap + 1 & mask; places[i] != NONE; i = i + 1 & mask) {
      int other = places[i];
      int home = hash(tenant[other], high[other], low[other]) & mask;
      if ((i - home & mask) >= (i - gap & mask)) {
        places[gap] = other;
        gap = i;
      }
    }
    places[gap] = NONE;
    tenant[who] = free;
    free = who;
    size--;
  }

  void visit(PresenceStripe.Visitor visitor) {
    for (int who : places) {
      if (who != NONE) {
        visitor.visit(tenant[who], high[who], low[who], team(who), standing(who));
      }
    }
  }

  private int place() {
    if (free != NONE) {
      int who = free;
      free = tenant[who];
      return who;
    }
    if (end == tenant.length) {
      int more = end + (end >> 1);
      tenant = Arrays.copyOf(tenant, more);
      high = Arrays.copyOf(high, more);
      low = Arrays.copyOf(low, more);
      online = Arrays.copyOf(online, more);
      away = Arrays.copyOf(away, more);
      flags = Arrays.copyOf(flags, more);
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
    int i = hash(tenant[who], high[who], low[who]) & mask;
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
