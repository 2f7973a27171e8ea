package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The figures of the presence engine alone; `bin/bench presence` runs it. Prints a line `name value` for each.
///
/// Arguments: users, seconds of the steady part.
final class PresenceBench {
  private static final int TENANTS = 100;
  private static final int FEW = 1_000;
  private static final int HEARTBEAT_SECONDS = 30;

  private final int users;
  private final int seconds;
  private final Random random = new Random(7);
  private final AtomicLong changes = new AtomicLong();
  private final TenantId[] tenants = new TenantId[TENANTS];

  private PresenceBench(int users, int seconds) {
    this.users = users;
    this.seconds = seconds;
    Arrays.setAll(tenants, _ -> new TenantId(new UUID(random.nextLong(), random.nextLong())));
  }

  /// Runs all of it.
  public static void main(String[] arguments) {
    new PresenceBench(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
  }

  private PresenceEngine engine() {
    return new PresenceEngine(
        new PresenceEngine.Settings(Duration.ofMinutes(5), Duration.ofMinutes(10)),
        System::nanoTime,
        Clock.systemUTC(),
        _ -> changes.incrementAndGet());
  }

  private void run() {
    memory();
    PresenceEngine engine = engine();
    Device[] devices = filled(engine, users);
    updates(devices);
    steady(engine, devices);
    say("disconnect.few.ns", disconnects(FEW, false));
    say("disconnect.many.ns", disconnects(users, false));
    say("disconnect.few.cold.ns", disconnects(FEW, true));
    say("disconnect.many.cold.ns", disconnects(users, true));
  }

  private Device[] filled(PresenceEngine engine, int count) {
    var devices = new Device[count];
    for (int i = 0; i < count; i++) {
      devices[i] = connect(engine, i);
    }
    return devices;
  }

  private Device connect(PresenceEngine engine, int i) {
    return engine.connect(
        tenants[i % TENANTS], new UUID(random.nextLong(), random.nextLong()), true);
  }

  /// Heap that the engine holds for each user with one device, without what its caller keeps.
  private void memory() {
    long before = used();
    PresenceEngine engine = engine();
    for (int i = 0; i < users; i++) {
      connect(engine, i);
    }
    long after = used();
    say("bytes.per.user", (after - before) / (double) users);
    say("users", engine.users());
  }

  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      LockSupport.parkNanos(100_000_000);
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /// How many signs of life a second one thread gets in, as fast as it can, in random order.
  private void updates(Device[] devices) {
    double best = 0;
    for (int round = 0; round < 5; round++) {
      int[] order = random.ints(2_000_000, 0, devices.length).toArray();
      long begun = System.nanoTime();
      for (int i : order) {
        devices[i].beat();
      }
      best = Math.max(best, order.length / ((System.nanoTime() - begun) / 1e9));
    }
    say("updates.per.second", best);
  }

  /// Every user once in 30 s, at fixed times, while devices come and go and time passes; each beat is timed from the
  /// moment at which it should have come.
  private void steady(PresenceEngine engine, Device[] devices) {
    double perSecond = devices.length / (double) HEARTBEAT_SECONDS;
    int count = (int) (perSecond * seconds);
    long[] late = new long[count];
    long begun = System.nanoTime();
    long nextTick = begun;
    for (int i = 0; i < count; i++) {
      long due = begun + (long) (i / perSecond * 1e9);
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      int which = i % devices.length;
      if (i % 100 == 0) {
        devices[which].close();
        devices[which] = connect(engine, which);
      }
      devices[which].beat();
      if (System.nanoTime() - nextTick >= 0) {
        engine.tick();
        nextTick += 1_000_000_000L;
      }
      late[i] = System.nanoTime() - due;
    }
    double took = (System.nanoTime() - begun) / 1e9;
    Arrays.sort(late);
    say("steady.per.second", count / took);
    say("steady.p50.ms", late[count / 2] / 1e6);
    say("steady.p99.ms", late[(int) (count * 0.99)] / 1e6);
    say("steady.max.ms", late[count - 1] / 1e6);
  }

  /// What it takes for a device to go, its user with it: the median of many, in random order. `cold` drops what the
  /// processor's caches hold before each, as other work in between does.
  private double disconnects(int count, boolean cold) {
    PresenceEngine engine = engine();
    Device[] devices = filled(engine, count);
    long[] waste = new long[cold ? 8 << 20 : 1];
    int rounds = cold ? 400 : 200_000;
    long[] took = new long[rounds];
    // Before it counts, so often that the compiler has done its work.
    for (int round = -20_000; round < rounds; round++) {
      int which = random.nextInt(count);
      Device device = devices[which];
      if (cold && round >= 0) {
        for (int i = 0; i < waste.length; i += 8) {
          waste[i]++;
        }
      }
      long begun = System.nanoTime();
      device.close();
      if (round >= 0) {
        took[round] = System.nanoTime() - begun;
      }
      devices[which] = connect(engine, which);
    }
    Arrays.sort(took);
    return took[rounds / 2];
  }

  private static void say(String name, double value) {
    System.out.printf(Locale.ROOT, "%s %.4f%n", name, value);
  }
}
