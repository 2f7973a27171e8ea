package dev.parley.platform.health;

import dev.parley.platform.db.SystemDb;
import dev.parley.platform.json.Json;
import dev.parley.platform.timers.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The processes of the installation: this one tells the others every ten seconds how it is, and reads what they tell.
public final class Nodes {
  /// How often a process tells.
  public static final Duration BEAT = Duration.ofSeconds(10);

  private static final Duration KEPT = Duration.ofDays(1);
  private static final int MOST = 500;

  private final SystemDb db;
  private final Self self;
  private final Checks checks;
  private final List<Check> own;
  private final InstantSource clock;
  private final Ticker ticker = new Ticker("node-state", BEAT, this::tell);
  private volatile @Nullable Instant startedAt;

  /// What does not change about a process.
  public record Self(
      UUID id, List<String> roles, List<String> parts, String version, String place) {}

  /// A process and how long nothing was heard of it.
  public record Known(NodeState node, Duration silent) {
    /// Whether it has missed several of its turns.
    public boolean gone() {
      return silent.compareTo(BEAT.multipliedBy(3)) > 0;
    }
  }

  /// Tells of `self` what `own` finds.
  public Nodes(SystemDb db, Self self, Checks checks, List<Check> own, InstantSource clock) {
    this.db = db;
    this.self = self;
    this.checks = checks;
    this.own = List.copyOf(own);
    this.clock = clock;
  }

  /// Begins to tell.
  public void start() {
    startedAt = clock.instant();
    ticker.start();
  }

  /// Tells that it goes.
  public void stop(Duration patience) {
    ticker.stop(patience);
    db.run(sql -> NodeStateStore.leave(sql, self.id()));
  }

  /// What only this process can look at.
  public List<Check> own() {
    return own;
  }

  private void tell() {
    Instant started = startedAt;
    List<Seen> items = checks.look(own);
    var node =
        new NodeState(
            self.id(),
            self.roles(),
            self.parts(),
            self.version(),
            self.place(),
            started == null ? clock.instant() : started,
            clock.instant(),
            Json.MAPPER.valueToTree(items));
    db.run(
        sql -> {
          NodeStateStore.put(sql, node);
          NodeStateStore.forget(sql, self.id(), KEPT);
        });
  }

  /// Every process that was there within the last day and did not say that it goes.
  public List<Known> all() {
    return db.query(sql -> NodeStateStore.all(sql, MOST));
  }
}
