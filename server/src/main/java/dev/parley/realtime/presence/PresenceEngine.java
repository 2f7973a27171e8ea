package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import dev.parley.realtime.presence.PresenceChange.Standing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Who is there, as far as this process's own devices tell. Nothing here waits, and nothing looks through all entries:
/// coming, a sign of life, going and expiry each cost the same whatever the number of users.
///
/// Users are spread over stripes, each with a lock, tables of numbers instead of objects, and a timing wheel in which
/// every device hangs at the second at which it must be looked at next. A sign of life only notes the time; the wheel
/// hangs the device further on when it comes by. Spans are measured by a clock that does not jump.
public final class PresenceEngine {
  private static final int STRIPE_BITS = 6;

  /// How many stripes there are.
  static final int STRIPES = 1 << STRIPE_BITS;

  /// When devices count as gone or away.
  ///
  /// @param life without a sign of life for so long a device is gone; 1 s to 1 h
  /// @param idle without anybody doing anything for so long it is away; 1 s to 1 h
  public record Settings(Duration life, Duration idle) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /// Checks the bounds; throws `IllegalArgumentException`.
    public Settings {
      for (Duration span : List.of(life, idle)) {
        if (span.toSeconds() < 1 || span.compareTo(LONGEST) > 0) {
          throw new IllegalArgumentException("expected 1s to 1h, not " + span);
        }
      }
    }
  }

  private final PresenceStripe[] stripes = new PresenceStripe[STRIPES];
  private final ConcurrentHashMap<TenantId, Integer> tenantNumbers = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<TenantId> tenants = new CopyOnWriteArrayList<>();
  private final LongSupplier nanos;
  private final long begun;

  /// Tells `listener` of every change, on the thread that caused it and under a lock: it must be quick, and it hears of
  /// one user's changes in their order.
  ///
  /// @param nanos a clock that does not jump, such as `System::nanoTime`
  public PresenceEngine(
      Settings settings,
      LongSupplier nanos,
      InstantSource clock,
      Consumer<PresenceChange> listener) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    int life = (int) settings.life().toSeconds();
    int idle = (int) settings.idle().toSeconds();
    PresenceStripe.Told told =
        (tenant, high, low, team, from, to, secondsAgo) ->
            listener.accept(
                new PresenceChange(
                    tenants.get(tenant),
                    new UUID(high, low),
                    team,
                    Standing.of(from),
                    Standing.of(to),
                    clock.instant().minusSeconds(secondsAgo)));
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new PresenceStripe(life, idle, told);
    }
  }

  /// A device of a user has come; somebody is at it.
  ///
  /// @param team whether the user works in the inbox, where all see each other
  public Device connect(TenantId tenant, UUID user, boolean team) {
    int stripe = stripe(user);
    PresenceStripe table = stripes[stripe];
    int number = number(tenant);
    synchronized (table) {
      long handle =
          table.connect(
              number, user.getMostSignificantBits(), user.getLeastSignificantBits(), team, now());
      return new Device(this, handle << STRIPE_BITS | stripe);
    }
  }

  boolean beat(long handle) {
    PresenceStripe table = stripes[(int) handle & STRIPES - 1];
    synchronized (table) {
      return table.beat(handle >>> STRIPE_BITS, now());
    }
  }

  boolean active(long handle) {
    PresenceStripe table = stripes[(int) handle & STRIPES - 1];
    synchronized (table) {
      return table.active(handle >>> STRIPE_BITS, now());
    }
  }

  boolean away(long handle, boolean away) {
    PresenceStripe table = stripes[(int) handle & STRIPES - 1];
    synchronized (table) {
      return table.away(handle >>> STRIPE_BITS, away, now());
    }
  }

  void disconnect(long handle) {
    PresenceStripe table = stripes[(int) handle & STRIPES - 1];
    synchronized (table) {
      table.disconnect(handle >>> STRIPE_BITS);
    }
  }

  /// The user wants to be shown as away on whatever device, or no longer. Ends with the last device. Answers whether
  /// there is any device here.
  public boolean choose(TenantId tenant, UUID user, boolean away) {
    Integer number = tenantNumbers.get(tenant);
    if (number == null) {
      return false;
    }
    PresenceStripe table = stripes[stripe(user)];
    synchronized (table) {
      return table.choose(
          number, user.getMostSignificantBits(), user.getLeastSignificantBits(), away);
    }
  }

  /// What this node's devices tell of a user.
  Standing standing(TenantId tenant, UUID user) {
    Integer number = tenantNumbers.get(tenant);
    if (number == null) {
      return Standing.OFFLINE;
    }
    PresenceStripe table = stripes[stripe(user)];
    synchronized (table) {
      return Standing.of(
          table.standing(number, user.getMostSignificantBits(), user.getLeastSignificantBits()));
    }
  }

  /// Lets time pass: what has expired or is idle now changes. To be called about once a second, by one thread.
  public void tick() {
    int now = now();
    for (PresenceStripe table : stripes) {
      synchronized (table) {
        table.tick(now);
      }
    }
  }

  /// One user who is there.
  interface Visitor {
    void visit(TenantId tenant, UUID user, boolean team, Standing standing);
  }

  /// Everybody in one stripe, 0 to [#STRIPES] - 1. The stripe stands still meanwhile.
  void visit(int stripe, Visitor visitor) {
    PresenceStripe table = stripes[stripe];
    synchronized (table) {
      table.visit(
          (tenant, high, low, team, standing) ->
              visitor.visit(tenants.get(tenant), new UUID(high, low), team, Standing.of(standing)));
    }
  }

  /// How many devices are connected.
  public int devices() {
    int sum = 0;
    for (PresenceStripe table : stripes) {
      synchronized (table) {
        sum += table.devices();
      }
    }
    return sum;
  }

  /// How many users have a device.
  public int users() {
    int sum = 0;
    for (PresenceStripe table : stripes) {
      synchronized (table) {
        sum += table.users();
      }
    }
    return sum;
  }

  private int now() {
    return (int) ((nanos.getAsLong() - begun) / 1_000_000_000L);
  }

  private static int stripe(UUID user) {
    // The end of an id is random, whatever its version; the table inside the stripe uses other
    // bits.
    return (int) user.getLeastSignificantBits() & STRIPES - 1;
  }

  private int number(TenantId tenant) {
    Integer known = tenantNumbers.get(tenant);
    if (known != null) {
      return known;
    }
    synchronized (tenants) {
      return tenantNumbers.computeIfAbsent(
          tenant,
          t -> {
            tenants.add(t);
            return tenants.size() - 1;
          });
    }
  }
}
