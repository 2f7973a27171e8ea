package dev.parley.platform.health;

import dev.parley.platform.health.Reading.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs checks side by side, each at most once at a time, and remembers for a moment what they found. Whoever asks waits
/// for a set time at most: a check that takes longer is told as down and goes on by itself until it ends.
public final class Checks {
  private static final Logger LOG = Logger.getLogger(Checks.class);
  private static final int MOST = 2000;

  private final InstantSource clock;
  private final Duration patience;
  private final long fresh;
  private final Map<String, Watched> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Watched> eldest) {
          return size() > MOST;
        }
      };

  /// Waits up to `patience` for a check, and for `fresh` gives again what it has found.
  public Checks(InstantSource clock, Duration patience, Duration fresh) {
    this.clock = clock;
    this.patience = patience;
    this.fresh = fresh.toNanos();
  }

  private record StateSince(State state, Instant since) {}

  private record Run(Check check, Watched entry, CompletableFuture<List<Seen>> found, long begun) {}

  /// One check's runs. The lock is never held while it reads.
  private static final class Watched {
    private final Map<String, StateSince> known = new HashMap<>();
    private @Nullable CompletableFuture<List<Seen>> run;
    private long begun;
    private long ended;
  }

  /// What these checks find now, in their order; answers after the patience at the latest.
  public List<Seen> look(List<Check> checks) {
    var runs = new ArrayList<Run>();
    for (Check check : checks) {
      runs.add(begin(check));
    }
    var all = new ArrayList<Seen>();
    long deadline = System.nanoTime() + patience.toNanos();
    for (Run run : runs) {
      all.addAll(await(run, deadline));
    }
    return all;
  }

  private Watched entry(Check check) {
    synchronized (entries) {
      return entries.computeIfAbsent(check.key(), _ -> new Watched());
    }
  }

  private Run begin(Check check) {
    Watched entry = entry(check);
    synchronized (entry) {
      CompletableFuture<List<Seen>> known = entry.run;
      if (known != null && (!known.isDone() || System.nanoTime() - entry.ended < fresh)) {
        return new Run(check, entry, known, entry.begun);
      }
      var run = new CompletableFuture<List<Seen>>();
      entry.run = run;
      entry.begun = System.nanoTime();
      Thread.ofVirtual().name("health-" + check.name()).start(() -> read(check, entry, run));
      return new Run(check, entry, run, entry.begun);
    }
  }

  private void read(Check check, Watched entry, CompletableFuture<List<Seen>> run) {
    List<Reading> readings;
    try {
      readings = check.read().get();
    } catch (RuntimeException e) {
      LOG.debugf(e, "check %s", check.key());
      readings = List.of(failed(check, "The check failed: " + cause(e)));
    }
    synchronized (entry) {
      entry.ended = System.nanoTime();
      List<Seen> seen =
          seen(entry, readings, TimeUnit.NANOSECONDS.toMillis(entry.ended - entry.begun));
      entry.known.keySet().retainAll(seen.stream().map(Checks::name).toList());
      run.complete(seen);
    }
  }

  private static String cause(RuntimeException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static Reading failed(Check check, String detail) {
    return Reading.down(check.name(), check.kind(), detail, check.mend(), Map.of());
  }

  private List<Seen> await(Run run, long deadline) {
    // One that hangs already is not waited for once more.
    long until = Math.min(deadline, run.begun() + patience.toNanos());
    try {
      return run.found().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      String detail = "No answer within " + patience.toMillis() + " ms.";
      synchronized (run.entry()) {
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - run.begun());
        return seen(run.entry(), List.of(failed(run.check(), detail)), took);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Seen> seen(Watched entry, List<Reading> readings, long took) {
    Instant now = clock.instant();
    var all = new ArrayList<Seen>();
    for (Reading reading : readings) {
      String name = reading.kind() + "/" + reading.name();
      StateSince before = entry.known.get(name);
      Instant first = before != null && before.state() == reading.state() ? before.since() : now;
      entry.known.put(name, new StateSince(reading.state(), first));
      Instant told = reading.since();
      all.add(
          new Seen(
              reading.name(),
              reading.kind(),
              reading.state(),
              told == null ? first : told,
              reading.detail(),
              reading.mend(),
              took,
              reading.facts()));
    }
    return List.copyOf(all);
  }

  private static String name(Seen seen) {
    return seen.kind() + "/" + seen.name();
  }
}
