package dev.parley.platform.calls;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes calls into a bounded memory and writes them in batches on a thread of its own, which also redacts them. Nobody
/// waits for it: what does not fit any more is dropped and counted (`parley.api-log.dropped`). While the database is away
/// it keeps what it has and tries again each second.
public final class CallLog {
  private static final Logger LOG = Logger.getLogger(CallLog.class);
  private static final int BATCH = 500;
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int LONGEST = 500;
  // So many calls one page looks at: a filter that matches little must not read the whole log.
  private static final int WINDOW = 20_000;
  private static final UUID LAST = new UUID(-1, -1);

  private final DataSource intake;
  private final TenantDb db;
  private final Settings settings;
  private final Function<TenantId, CallPolicy> policies;
  private final ArrayBlockingQueue<Call> waiting;
  private final AtomicLong room;
  private final Counter dropped;
  private final Counter written;
  private volatile boolean running;
  private @Nullable Thread thread;

  /// How much is taken.
  ///
  /// @param on whether anything is logged
  /// @param excerpt most characters of a body that are kept
  /// @param buffer most calls that wait
  public record Settings(boolean on, int excerpt, int buffer) {}

  /// Which calls to read; null does not narrow.
  ///
  /// @param path what the path begins with
  /// @param leastStatus and `mostStatus` are included
  /// @param least the id that no older call has, for a time by [#idAt]
  public record Filter(
      Call.@Nullable Direction direction,
      @Nullable String method,
      @Nullable String route,
      @Nullable String path,
      int leastStatus,
      int mostStatus,
      long leastMicros,
      @Nullable UUID caller,
      @Nullable UUID least) {}

  /// Calls, and where to go on when there may be more; there may be more although none was found.
  public record Found(List<Call> calls, @Nullable UUID next) {}

  /// Writes on connections of `intake`, reads through `db`.
  public CallLog(
      DataSource intake,
      TenantDb db,
      Function<TenantId, CallPolicy> policies,
      MeterRegistry metrics,
      Settings settings) {
    this.intake = intake;
    this.db = db;
    this.policies = policies;
    this.settings = settings;
    this.waiting = new ArrayBlockingQueue<>(settings.buffer());
    // Four bytes for each character that may wait; most calls wait without bodies.
    this.room = new AtomicLong(8L << 20);
    this.dropped = metrics.counter("parley.api-log.dropped");
    this.written = metrics.counter("parley.api-log.written");
  }

  /// Whether calls are logged here.
  public boolean on() {
    return settings.on();
  }

  /// Most characters of a body that are kept.
  public int excerpt() {
    return settings.excerpt();
  }

  /// What is kept of a tenant's calls. May read the database.
  public CallPolicy policy(TenantId tenant) {
    return policies.apply(tenant);
  }

  /// Calls that were dropped since the process began.
  public long lost() {
    return (long) dropped.count();
  }

  /// Takes a call, or drops it. Never blocks.
  public void add(Call call) {
    if (!settings.on() || !running) {
      return;
    }
    long size = size(call);
    if (room.addAndGet(-size) < 0 || !waiting.offer(call)) {
      room.addAndGet(size);
      dropped.increment();
    }
  }

  private static long size(Call call) {
    return 200L + length(call.requestBody()) + length(call.responseBody());
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /// Begins to write.
  public void start() {
    if (settings.on()) {
      running = true;
      thread = Thread.ofPlatform().daemon().name("calls").start(this::write);
    }
  }

  /// Takes nothing more and writes what waits, for at most `patience`.
  public void stop(Duration patience) {
    running = false;
    Thread current = thread;
    if (current != null) {
      try {
        current.join(patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write() {
    var batch = new ArrayList<Call>(BATCH);
    while (running || !waiting.isEmpty()) {
      try {
        Call first = waiting.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        // Those that come right after go with it.
        if (running && waiting.size() < BATCH) {
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
        batch.add(first);
        waiting.drainTo(batch, BATCH - 1);
        store(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        batch.forEach(call -> room.addAndGet(size(call)));
        batch.clear();
      }
    }
  }

  private void store(List<Call> batch) throws InterruptedException {
    List<Call> clean = batch.stream().map(this::redacted).toList();
    while (true) {
      try {
        CallStore.insert(intake, clean);
        written.increment(clean.size());
        return;
      } catch (IllegalStateException e) {
        if (!running || !SqlFailure.isUnavailable(e)) {
          LOG.warnf("%d calls are not logged: %s", clean.size(), e.getMessage());
          dropped.increment(clean.size());
          return;
        }
        TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
      }
    }
  }

  private Call redacted(Call call) {
    CallPolicy policy;
    try {
      policy = policies.apply(call.tenant());
    } catch (RuntimeException e) {
      // What cannot be known is taken for the strictest.
      policy = new CallPolicy(CallPolicy.Bodies.NONE, false, false);
    }
    var redaction = new Redaction(policy);
    boolean bodies = policy.keeps(call.status());
    return new Call(
        call.tenant(),
        call.id(),
        call.time(),
        call.direction(),
        cut(call.method()),
        call.route(),
        cut(path(redaction, call)),
        call.query() == null ? null : redaction.query(call.query(), LONGEST),
        call.status(),
        call.micros(),
        call.caller(),
        call.ip(),
        call.correlationId(),
        call.requestBytes(),
        call.responseBytes(),
        bodies ? body(redaction, call.requestBody()) : null,
        bodies ? body(redaction, call.responseBody()) : null,
        call.failure() == null ? null : cut(redaction.path(call.failure())));
  }

  /// The numbers in providers' paths are ids of theirs.
  private static String path(Redaction redaction, Call call) {
    return call.direction() == Call.Direction.OUT
        ? new Redaction(new CallPolicy(CallPolicy.Bodies.NONE, true, true)).path(call.path())
        : redaction.path(call.path());
  }

  private @Nullable String body(Redaction redaction, @Nullable String text) {
    return text == null || text.isEmpty() ? null : redaction.body(text, settings.excerpt());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }

  /// Up to `limit` calls, newest first, older than `before` when that is given. One page looks at 20,000 calls at most.
  public Found page(TenantId realm, Filter filter, @Nullable UUID before, int limit) {
    UUID from = before == null ? LAST : before;
    return db.inTenant(
        realm,
        tx -> {
          List<Call> calls = CallStore.page(tx.sql(), realm, filter, from, WINDOW, limit);
          if (calls.size() == limit) {
            return new Found(calls, calls.getLast().id());
          }
          return new Found(
              calls, CallStore.end(tx.sql(), realm, filter.least(), from, WINDOW).orElse(null));
        });
  }

  /// Up to `limit` calls that one request or webhook has caused, newest first.
  public Found ofCorrelation(TenantId realm, String correlation, @Nullable UUID before, int limit) {
    UUID from = before == null ? LAST : before;
    return db.inTenant(
        realm,
        tx -> {
          List<Call> calls = CallStore.ofCorrelation(tx.sql(), realm, correlation, from, limit);
          return new Found(calls, calls.size() == limit ? calls.getLast().id() : null);
        });
  }

  /// One call.
  public Optional<Call> find(TenantId realm, UUID id) {
    return db.inTenant(realm, tx -> CallStore.find(tx.sql(), realm, id));
  }

  /// The least id that a call of that time or later has: ids begin with their time.
  public static UUID idAt(Instant time) {
    return new UUID(Math.max(0, time.toEpochMilli()) << 16, 0);
  }

  /// Deletes up to `limit` calls from before a time; answers how many.
  public int deleteBefore(TenantId realm, Instant time, int limit) {
    return db.inTenant(realm, tx -> CallStore.deleteBefore(tx.sql(), realm, idAt(time), limit));
  }
}
