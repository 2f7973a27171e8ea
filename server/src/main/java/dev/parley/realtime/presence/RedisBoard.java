package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.cache.RedisCommand;
import dev.parley.platform.cache.RedisReply;
import dev.parley.realtime.presence.PresenceChange.Standing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/// The board of nodes that share a Redis.
///
/// Each node writes what it knows of its own users, and only when that changes; signs of life of devices never leave
/// their node. The node itself gives a sign of life; when it fails to, its users go with it, and the first other node to
/// notice says so. Merging, and telling what has changed by it, is one step in Redis, so that everybody hears of a user's
/// states in one and the same order.
///
/// Nothing depends on what lies there: when Redis was away or has lost it, every node writes its users anew.
final class RedisBoard implements PresenceBoard {
  private static final Logger LOG = Logger.getLogger(RedisBoard.class);
  private static final String ROOT = "parley:{presence}";
  private static final String CHANNEL = "parley:presence:";
  private static final int SHARDS = 16;
  private static final int BATCH = 500;
  private static final int MOST_MISSED = 200_000;

  private final RedisClient redis;
  private final String node;
  private final Duration life;
  private final boolean member;
  private final PresenceEngine engine;
  private final PendingChanges pending;
  private final PendingChanges missed = new PendingChanges();
  private final News news;
  private final LongSupplier nanos;
  private final InstantSource clock;
  // How many users each of this node's hashes holds if nobody else has touched it.
  private final long[] written = new long[SHARDS];
  private volatile boolean rewrite = true;
  // Somebody has found this node missing: its next sign of life, which also looks for what is lost,
  // is due now.
  private volatile boolean missing;
  private long nextBeat;

  /// How a node takes part.
  ///
  /// @param node its name, like no other's
  /// @param life for how long it counts as alive without a sign of life
  /// @param member whether it has users of its own; one without only reads
  record Settings(String node, Duration life, boolean member) {}

  /// To be made before the client is started.
  RedisBoard(
      RedisClient redis,
      Settings settings,
      PresenceEngine engine,
      PendingChanges pending,
      News news,
      LongSupplier nanos,
      InstantSource clock) {
    this.redis = redis;
    this.node = settings.node();
    this.life = settings.life();
    this.member = settings.member();
    this.engine = engine;
    this.pending = pending;
    this.news = news;
    this.nanos = nanos;
    this.clock = clock;
    this.nextBeat = nanos.getAsLong();
    List.of(PresenceScripts.PUT, PresenceScripts.BEAT, PresenceScripts.REAP, PresenceScripts.READ)
        .forEach(redis::script);
    for (int shard = 0; shard < SHARDS; shard++) {
      redis.subscribe(CHANNEL + shard, this::heard);
    }
    redis.onUp(() -> rewrite = true);
  }

  @Override
  public Map<UUID, PresenceState> read(TenantId tenant, Collection<UUID> users) {
    List<UUID> asked = List.copyOf(users);
    var states = new HashMap<UUID, PresenceState>();
    try {
      var arguments = new ArrayList<Object>(asked.size() + 2);
      arguments.add(shard(tenant));
      arguments.add(node);
      asked.forEach(user -> arguments.add(PresenceRecord.field(tenant, user)));
      List<RedisReply> reply =
          redis.call(RedisCommand.run(PresenceScripts.READ, ROOT, arguments)).parts();
      boolean known = reply.get(member ? 1 : 0).number() > 0;
      if (!known) {
        missing = true;
      }
      for (int i = 0; i < asked.size(); i++) {
        PresenceState state = Standing.of((int) reply.get(i + 2).number()).shown();
        // Whoever is not found where not even this node is, or none, may have been lost with it.
        states.put(
            asked.get(i),
            state == PresenceState.OFFLINE && !known ? local(tenant, asked.get(i)) : state);
      }
    } catch (RedisClient.Away e) {
      asked.forEach(user -> states.put(user, local(tenant, user)));
    }
    return states;
  }

  private PresenceState local(TenantId tenant, UUID user) {
    Standing standing = engine.standing(tenant, user);
    return standing == Standing.OFFLINE ? PresenceState.UNKNOWN : standing.shown();
  }

  @Override
  public void choose(TenantId tenant, UUID user, boolean away) {
    engine.choose(tenant, user, away);
    int code = away ? PresenceRecord.CHOOSE_AWAY : PresenceRecord.CHOOSE_BACK;
    publish(shard(tenant), new PresenceRecord(tenant, user, code, clock.instant(), false));
  }

  private void publish(int shard, PresenceRecord message) {
    redis.ask(RedisCommand.of("PUBLISH", CHANNEL + shard, message.bytes()));
  }

  /// On an event loop.
  private void heard(byte[] message) {
    var updates = new ArrayList<PresenceUpdate>();
    for (PresenceRecord heard : PresenceRecord.parse(message)) {
      switch (heard.code()) {
        case PresenceRecord.CHOOSE_AWAY -> engine.choose(heard.tenant(), heard.user(), true);
        case PresenceRecord.CHOOSE_BACK -> engine.choose(heard.tenant(), heard.user(), false);
        case PresenceRecord.REWRITE -> rewrite = true;
        default -> updates.add(update(heard));
      }
    }
    if (!updates.isEmpty()) {
      news.told(updates);
    }
  }

  private static PresenceUpdate update(PresenceRecord heard) {
    return new PresenceUpdate(
        heard.tenant(), heard.user(), heard.team(), Standing.of(heard.code()).shown(), heard.at());
  }

  @Override
  public void turn() {
    if (redis.state() != RedisClient.State.UP) {
      alone();
      return;
    }
    try {
      if (rewrite) {
        rewrite = false;
        rewriteAll();
      }
      for (List<PresenceChange> some = pending.take(BATCH);
          !some.isEmpty();
          some = pending.take(BATCH)) {
        write(some, "changed");
      }
      if (missing || nanos.getAsLong() - nextBeat >= 0) {
        missing = false;
        nextBeat = nanos.getAsLong() + life.toNanos() / 3;
        beat();
      }
    } catch (RedisClient.Away e) {
      rewrite = true;
      LOG.debugf("presence: %s", e.getMessage());
    }
  }

  /// The users of this node hear at least of each other; what they heard is told to the other nodes later.
  private void alone() {
    for (List<PresenceChange> some = pending.take(BATCH);
        !some.isEmpty();
        some = pending.take(BATCH)) {
      if (missed.size() < MOST_MISSED) {
        some.forEach(missed::add);
      }
      List<PresenceUpdate> updates = MemoryBoard.updates(some);
      if (!updates.isEmpty()) {
        news.told(updates);
      }
    }
  }

  /// Everything anew, quietly but for what changed while nobody could be told.
  private void rewriteAll() {
    var commands = new ArrayList<RedisCommand>();
    for (int shard = 0; shard < SHARDS; shard++) {
      commands.add(RedisCommand.of("DEL", ROOT + ":" + shard + ":" + node));
      written[shard] = 0;
    }
    redis.call(commands);
    List<PresenceChange> late = missed.take(Integer.MAX_VALUE);
    try {
      for (int from = 0; from < late.size(); from += BATCH) {
        write(late.subList(from, Math.min(late.size(), from + BATCH)), "all");
      }
    } catch (RedisClient.Away e) {
      missed.putBack(late);
      throw e;
    }
    for (int stripe = 0; stripe < PresenceEngine.STRIPES; stripe++) {
      var users = new ArrayList<PresenceChange>();
      engine.visit(
          stripe,
          (tenant, user, team, standing) ->
              users.add(
                  new PresenceChange(
                      tenant, user, team, Standing.OFFLINE, standing, clock.instant())));
      for (int from = 0; from < users.size(); from += BATCH) {
        write(users.subList(from, Math.min(users.size(), from + BATCH)), "none");
      }
    }
    // Some of these may have been among the users above, and would pass for unchanged.
    for (List<PresenceChange> some = pending.take(BATCH);
        !some.isEmpty();
        some = pending.take(BATCH)) {
      write(some, "all");
    }
    nextBeat = nanos.getAsLong();
  }

  private void write(List<PresenceChange> changes, String whom) {
    var byShard = new HashMap<Integer, List<Object>>();
    for (PresenceChange change : changes) {
      int shard = shard(change.tenant());
      byShard
          .computeIfAbsent(
              shard,
              _ -> new ArrayList<>(List.of(node, shard, life.toMillis(), whom, CHANNEL + shard)))
          .add(
              new PresenceRecord(
                      change.tenant(),
                      change.user(),
                      change.to().code(),
                      change.at(),
                      change.team())
                  .bytes());
    }
    List<Integer> shards = List.copyOf(byShard.keySet());
    try {
      List<RedisReply> grown =
          redis.call(
              shards.stream()
                  .map(
                      shard ->
                          RedisCommand.run(
                              PresenceScripts.PUT,
                              ROOT,
                              Objects.requireNonNull(byShard.get(shard))))
                  .toList());
      for (int i = 0; i < shards.size(); i++) {
        written[shards.get(i)] += grown.get(i).number();
      }
    } catch (RedisClient.Away e) {
      // It may have been done or not; told twice is better than never.
      if (!whom.equals("none")) {
        changes.forEach(missed::add);
      }
      throw e;
    }
  }

  private void beat() {
    List<RedisReply> reply =
        redis
            .call(
                RedisCommand.run(
                    PresenceScripts.BEAT, ROOT, List.of(node, life.toMillis(), SHARDS)))
            .parts();
    boolean lost = false;
    for (int shard = 0; shard < SHARDS; shard++) {
      lost |= reply.get(shard).number() != written[shard];
    }
    if (lost) {
      LOG.infof("presence: Redis has lost this node's users; all nodes write theirs anew");
      rewrite = true;
      publish(
          0,
          new PresenceRecord(
              TenantId.NONE, new UUID(0, 0), PresenceRecord.REWRITE, clock.instant(), false));
    }
    reply.subList(SHARDS, reply.size()).forEach(dead -> reap(dead.text()));
  }

  private void reap(String dead) {
    LOG.infof("presence: node %s is gone", dead);
    boolean more = true;
    while (more) {
      List<RedisReply> reply =
          redis
              .call(
                  RedisCommand.run(
                      PresenceScripts.REAP,
                      ROOT,
                      List.of(dead, life.toMillis(), SHARDS, CHANNEL, BATCH)))
              .parts();
      more = reply.getFirst().number() == 1;
      reply.subList(1, reply.size()).stream()
          .flatMap(gone -> PresenceRecord.parse(gone.bytes()).stream())
          .map(RedisBoard::update)
          .forEach(news::reaped);
    }
  }

  @Override
  public void leave() {
    try {
      // With its time over the others find it dead, and say who went with it.
      long over = clock.instant().toEpochMilli();
      redis.call(RedisCommand.of("ZADD", ROOT + ":nodes", over, node));
    } catch (RedisClient.Away e) {
      LOG.debugf("presence: %s", e.getMessage());
    }
  }

  private static int shard(TenantId tenant) {
    return Math.floorMod(tenant.value().hashCode(), SHARDS);
  }
}
