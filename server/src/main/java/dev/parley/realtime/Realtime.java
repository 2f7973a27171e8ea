package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.identity.Callers;
import dev.parley.identity.Tickets;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.PageOrigin;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The face of the event stream for its doors: who comes in, and how the process lets everybody go.
public final class Realtime {
  private static final Duration WAVE = Duration.ofMillis(100);
  private static final Duration ROUND = Duration.ofSeconds(2);

  private final Callers callers;
  private final Tickets tickets;
  private final Tenants tenants;
  private final Counts counts;
  private final Measures measures;
  private final Streams streams;
  private final Bounds bounds;
  private final @Nullable String publicUrl;
  private volatile boolean draining;
  private volatile Runnable rounds = () -> {};

  /// What the module is made of.
  ///
  /// @param shown makes of an event what clients get of it; called on event loops
  /// @param publicUrl whose origin may always connect; null when there is none
  public record Parts(
      EventLog log,
      Recent recent,
      Rights rights,
      Callers callers,
      Credentials credentials,
      Tickets tickets,
      Tenants tenants,
      Commands commands,
      MeterRegistry metrics,
      InstantSource clock,
      UnaryOperator<StoredEvent> shown,
      @Nullable String publicUrl) {}

  /// A client that wants to come in.
  ///
  /// @param door the protocol, for metrics
  /// @param ticket in place of what is in `shown`, or null
  /// @param origin of the page; null when it is no browser
  public record Knock(
      String door, Callers.Shown shown, @Nullable String ticket, @Nullable String origin) {}

  /// Somebody who may come in, and is counted already: [#enter] or [#turnAway] must follow.
  public record Admission(String door, Callers.Pass pass) {}

  /// Works with these.
  public Realtime(Parts parts, Bounds bounds) {
    this.callers = parts.callers();
    this.tickets = parts.tickets();
    this.tenants = parts.tenants();
    this.bounds = bounds;
    this.publicUrl = parts.publicUrl();
    this.counts = new Counts(bounds, parts.metrics());
    this.measures = new Measures(parts.metrics(), parts.clock());
    this.streams =
        new Streams(
            parts.log(),
            parts.recent(),
            parts.rights(),
            parts.callers()::admit,
            parts.commands(),
            bounds,
            measures,
            counts,
            new Recheck(parts.credentials()),
            parts.shown(),
            parts.clock());
  }

  /// The limits of this process.
  public Bounds bounds() {
    return bounds;
  }

  /// Tells clients what is not in the log.
  public Broadcasts broadcasts() {
    return streams;
  }

  /// Has `attendance` hear who is there; to be called before anybody comes.
  public void attend(Attendance attendance) {
    streams.attend(attendance);
  }

  /// Whether the process takes no more connections for now, whoever it is. Never blocks.
  public boolean isClosed() {
    return draining || counts.isFull();
  }

  /// Checks credentials, origin and limits. Blocking: not for event loops. Throws a [Refused] that says why not.
  public Admission admit(Knock knock) {
    if (draining) {
      throw new Refused(Closing.DRAINING);
    }
    Callers.Pass pass = pass(knock);
    Caller caller = pass.caller();
    TenantId tenant = caller.tenant();
    if (tenant == null) {
      throw refused(Closing.UNAUTHENTICATED, "Name the tenant to act in.");
    }
    if (!originAllowed(tenant, knock.origin(), knock.shown().host())) {
      throw refused(Closing.ORIGIN, Closing.ORIGIN.doc());
    }
    if (!counts.take(tenant, caller.id(), knock.door())) {
      throw refused(Closing.CONNECTIONS, Closing.CONNECTIONS.doc());
    }
    return new Admission(knock.door(), pass);
  }

  /// Runs [#admit] where it may block, then `admitted` or `refused` on the event loop.
  public void admit(
      ScheduledExecutorService loop,
      Knock knock,
      Consumer<Admission> admitted,
      Consumer<Refused> refused) {
    Supplier<Object> task =
        () -> {
          try {
            return admit(knock);
          } catch (Refused e) {
            return e;
          }
        };
    streams
        .work()
        .run(
            loop,
            task,
            result -> {
              if (result instanceof Admission admission) {
                admitted.accept(admission);
              } else if (result instanceof Refused why) {
                refused.accept(why);
              }
            },
            problem -> refused.accept(new Refused(Closing.UNAVAILABLE, problem.getMessage())));
  }

  private Callers.Pass pass(Knock knock) {
    String ticket = knock.ticket();
    try {
      return ticket == null
          ? callers
              .admit(knock.shown())
              .orElseThrow(
                  () ->
                      refused(
                          Closing.UNAUTHENTICATED, "Show an access token, an API key or a ticket."))
          : tickets.redeem(ticket);
    } catch (Problem problem) {
      throw switch (problem.code()) {
        case UNAUTHENTICATED, TENANT_CONFLICT ->
            refused(Closing.UNAUTHENTICATED, problem.getMessage());
        case TENANT_SUSPENDED -> refused(Closing.SUSPENDED, problem.getMessage());
        default -> problem;
      };
    }
  }

  private Refused refused(Closing reason, @Nullable String detail) {
    measures.refusedConnection(reason.word());
    return new Refused(reason, detail);
  }

  /// The page's own server, the public address and what the tenant's setting `realtime.origins` lists.
  private boolean originAllowed(TenantId tenant, @Nullable String origin, @Nullable String host) {
    if (origin == null) {
      return true;
    }
    if (PageOrigin.isOurs(origin, host, publicUrl)) {
      return true;
    }
    JsonNode listed = tenants.settings(tenant).path("realtime").path("origins");
    for (JsonNode one : listed) {
      if (one.asText().equalsIgnoreCase(origin) || one.asText().equals("*")) {
        return true;
      }
    }
    return false;
  }

  /// Begins a session, on the event loop of the connection.
  public Session enter(ScheduledExecutorService loop, Admission admission, Connection connection) {
    return streams.enter(loop, admission.door(), admission.pass(), connection);
  }

  /// Gives up an admission: the client has gone meanwhile.
  public void turnAway(Admission admission) {
    Caller caller = admission.pass().caller();
    counts.release(caller.inTenant(), caller.id(), admission.door());
  }

  /// Begins to look after those who are there.
  public void start() {
    rounds = Work.every(ROUND, streams::recheckAll);
  }

  /// Lets everybody go, see [#drain], and looks after nobody any more.
  public void stop(Duration patience) {
    drain(patience);
    rounds.run();
  }

  /// Takes nobody in any more, tells everybody to come again elsewhere or later, and closes them in waves. Returns when
  /// all are gone or the time is over.
  void drain(Duration patience) {
    draining = true;
    long waves = Math.max(1, patience.toMillis() * 6 / 10 / WAVE.toMillis());
    for (Shard shard : streams.shards()) {
      shard.loop.execute(() -> drain(shard, waves));
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (counts.all() > 0 && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(WAVE.toNanos());
    }
  }

  private void drain(Shard shard, long waves) {
    List<Session> sessions = shard.sessions();
    for (Session session : sessions) {
      session.send(
          Frame.notice(
              "server.draining",
              JsonNodeFactory.instance
                  .objectNode()
                  .put("retryAfterMs", streams.retryAfter(Closing.DRAINING).toMillis())));
    }
    shard.settle();
    int each = (int) Math.ceilDiv(sessions.size(), waves);
    var wave =
        new Object() {
          int done;
          @Nullable ScheduledFuture<?> timer;
        };
    wave.timer =
        shard.loop.scheduleAtFixedRate(
            () -> {
              int to = Math.min(sessions.size(), wave.done + each);
              sessions.subList(wave.done, to).forEach(session -> session.doom(Closing.DRAINING));
              wave.done = to;
              shard.settle();
              ScheduledFuture<?> timer = wave.timer;
              if (to == sessions.size() && timer != null) {
                timer.cancel(false);
              }
            },
            WAVE.toMillis(),
            WAVE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /// A client is not let in.
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Closing reason;

    Refused(Closing reason) {
      this(reason, reason.doc());
    }

    Refused(Closing reason, @Nullable String detail) {
      super(detail == null ? reason.doc() : detail, null, false, false);
      this.reason = reason;
    }

    /// Why.
    public Closing reason() {
      return reason;
    }
  }
}
