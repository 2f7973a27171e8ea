package dev.parley.acceptance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.ExternalRedis;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The live scenario, over one node or several on one database.
public final class Chaos implements AutoCloseable {
  private static final String PASSWORD = "passwordcanary-of-chaos";
  private static final Duration SOON = Duration.ofMinutes(1);

  private final Measure measure;
  private final Random random;
  private final Path folder = Folders.temporary("chaos");
  private final @Nullable ExternalPostgres postgres;
  private final @Nullable ExternalRedis redis;
  private final List<Parley> nodes = new ArrayList<>();
  private final Map<String, Api> callers = new ConcurrentHashMap<>();
  private final List<String> users = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();
  private final List<ChaosClient> clients = new ArrayList<>();
  private final AtomicBoolean on = new AtomicBoolean(true);
  private final AtomicInteger sent = new AtomicInteger();
  private int changes;
  private int roles;
  private int cuts;
  private int failures;
  private String lastFailure = "";
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger redisKills = new AtomicInteger();
  private Api owner;

  /// Starts the nodes and makes the users, their conversations and their clients.
  public Chaos(Measure measure, long seed) {
    this.measure = measure;
    this.random = new Random(seed);
    this.postgres = measure.nodes() > 1 ? ExternalPostgres.start(folder) : null;
    this.redis = measure.redis() ? ExternalRedis.start(folder.resolve("redis")) : null;
    for (int i = 0; i < measure.nodes(); i++) {
      nodes.add(Parley.of(options(i)));
    }
    Parley.startAll(nodes);
    Parley first = nodes.getFirst();
    Api operator = first.api().login("operator@localhost", first.operatorPassword(), null);
    operator.createTenant("chaos", "Chaos", "owner@chaos.example", PASSWORD);
    owner = first.api().login("owner@chaos.example", PASSWORD, "chaos");
    for (int i = 0; i < measure.users(); i++) {
      String email = "user" + i + "@chaos.example";
      users.add(owner.createUser(email, "User " + i, "agent", PASSWORD).path("id").asText());
      callers.put(users.getLast(), first.api().login(email, PASSWORD, "chaos"));
    }
    for (int i = 0; i < measure.groups(); i++) {
      var members = new ArrayList<JsonNode>();
      for (int u = 0; u < users.size(); u++) {
        if (u % 3 == i % 3 || random.nextInt(6) == 0) {
          members.add(Json.of("userId", users.get(u)));
        }
      }
      groups.add(
          owner
              .post(
                  "/api/v1/chats",
                  Json.of("kind", "group", "title", "Group " + i, "participants", members))
              .ok()
              .path("id")
              .asText());
    }
    List<URI> urls = nodes.stream().map(Parley::url).toList();
    for (int i = 0; i < measure.clients(); i++) {
      String user = users.get(i % users.size());
      String door = measure.doors().get(i % measure.doors().size());
      clients.add(new ChaosClient(user, door, urls, () -> credentials(user), seed + 1000 + i));
    }
  }

  private Parley.Options options(int node) {
    Parley.Options options =
        Parley.Options.in(folder.resolve("node" + node))
            .set("queue.poll", "100ms")
            .set("realtime.queue", "32768")
            .set("realtime.resume", "100000")
            .set("realtime.connections.user", "1000")
            .set("limit.auth", "0")
            .set("crypto.keys", "k1:" + Base64.getEncoder().encodeToString(new byte[32]));
    if (postgres != null) {
      options = options.database(postgres);
    }
    return redis == null ? options : options.set("redis.url", redis.url());
  }

  private Api credentials(String user) {
    return callers.getOrDefault(user, owner);
  }

  private Parley anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /// Lets it all happen, waits until everybody has heard what they must, and compares.
  public Verdict run() throws InterruptedException {
    Wait.until(
        "everybody is connected", SOON, () -> clients.stream().allMatch(ChaosClient::connected));
    var writer = Thread.ofVirtual().start(this::write);
    var killer = Thread.ofVirtual().start(this::kill);
    long end = System.nanoTime() + measure.time().toNanos();
    while (System.nanoTime() < end) {
      Wait.pause(Duration.ofMillis(150));
      attempt(this::changeSomebody);
      if (random.nextInt(30) == 0) {
        attempt(this::changeSomebodysRights);
      }
    }
    on.set(false);
    killer.join();
    writer.join();
    clients.forEach(ChaosClient::calm);
    Map<String, List<Verdict.Stored>> stored = stored();
    long patience = System.nanoTime() + SOON.toNanos();
    Verdict verdict = Verdict.of(stored, clients);
    while (verdict.missing() > 0 && System.nanoTime() < patience) {
      Wait.pause(Duration.ofMillis(500));
      verdict = Verdict.of(stored, clients);
    }
    // What comes twice or wrongly may come late.
    Wait.pause(Duration.ofSeconds(1));
    for (ChaosClient client : clients) {
      client.end();
    }
    return Verdict.of(stored, clients);
  }

  /// What happened, in words.
  public String story() {
    return "%d messages, %d users, %d drops, %d freezes, %d changes of participants, %d of roles, %d users cut off, %d kills, %d of Redis; %d changes came to nothing%s"
        .formatted(
            sent.get(),
            users.size(),
            clients.stream().mapToInt(ChaosClient::drops).sum(),
            clients.stream().mapToInt(ChaosClient::freezes).sum(),
            changes,
            roles,
            cuts,
            kills.get(),
            redisKills.get(),
            failures,
            failures == 0 ? "" : ", the last: " + lastFailure);
  }

  private interface Act {
    void go();
  }

  /// A node that is dead or just dying is no fault.
  private void attempt(Act act) {
    try {
      act.go();
    } catch (RuntimeException | AssertionError e) {
      failures++;
      lastFailure = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private void write() {
    var own = new Random(random.nextLong());
    while (on.get()) {
      String group = groups.get(own.nextInt(groups.size()));
      String text = "message " + sent.incrementAndGet();
      var content = Json.of("type", "text", "body", text + " " + "x".repeat(own.nextInt(400)));
      // The same key until some node has taken it: a node may die after it has.
      for (boolean taken = false; !taken; ) {
        try {
          Api at = owner.at(nodes.get(own.nextInt(nodes.size())).url());
          taken = at.send(group, content, text).status() < 300;
        } catch (RuntimeException e) {
          Wait.pause(Duration.ofMillis(50));
        }
      }
      Wait.pause(measure.pause());
    }
  }

  private void changeSomebody() {
    String group = groups.get(random.nextInt(groups.size()));
    String user = users.get(random.nextInt(users.size()));
    String path = "/api/v1/chats/" + group + "/participants";
    Api at = owner.at(anyNode().url());
    int status =
        random.nextBoolean()
            ? at.delete(path + "/" + user).status()
            : at.post(path, Json.of("userIds", List.of(user))).status();
    if (status < 300) {
      changes++;
    }
  }

  /// By turns another role, with which the user's clients stay, and being disabled for a moment, which cuts them off.
  private void changeSomebodysRights() {
    int index = random.nextInt(users.size());
    String user = users.get(index);
    String path = "/api/v1/users/" + user;
    Api at = owner.at(anyNode().url());
    if (random.nextBoolean()) {
      JsonNode now = at.get(path).ok();
      String role = now.path("role").asText().equals("agent") ? "member" : "agent";
      at.patch(path, Json.of("role", role)).ok();
      roles++;
      return;
    }
    at.patch(path, Json.of("state", "disabled")).ok();
    cuts++;
    persist(() -> owner.at(anyNode().url()).patch(path, Json.of("state", "active")).ok());
    String email = "user" + index + "@chaos.example";
    persist(() -> callers.put(user, anyNode().api().login(email, PASSWORD, "chaos")));
  }

  /// What has to be done, whatever node is dead.
  private static void persist(Act act) {
    for (int tries = 1; ; tries++) {
      try {
        act.go();
        return;
      } catch (RuntimeException | AssertionError e) {
        if (tries == 100) {
          throw e;
        }
        Wait.pause(Duration.ofMillis(200));
      }
    }
  }

  private void kill() {
    long next = System.nanoTime() + measure.kill().toNanos();
    while (on.get()) {
      Wait.pause(Duration.ofMillis(100));
      if (System.nanoTime() > next) {
        killOne();
        next = System.nanoTime() + measure.kill().toNanos();
      }
    }
  }

  /// Every third time it is Redis, where there is one.
  private void killOne() {
    if (redis != null && (kills.get() + redisKills.get()) % 3 == 1) {
      redis.kill();
      redisKills.incrementAndGet();
      redis.start();
      return;
    }
    Parley node = anyNode();
    node.kill();
    kills.incrementAndGet();
    node.start();
  }

  /// What the database says happened in each conversation.
  private Map<String, List<Verdict.Stored>> stored() {
    var stored = new HashMap<String, List<Verdict.Stored>>();
    for (String group : groups) {
      var events = new ArrayList<Verdict.Stored>();
      for (var row :
          nodes
              .getFirst()
              .sql()
              .rows(
                  "SELECT type, coalesce(data->>'userId', ''), coalesce((data->'message'->>'seq')::bigint, 0),"
                      + " (extract(epoch FROM time) * 1000)::bigint"
                      + " FROM events WHERE conversation_id = ?::uuid AND type IN ('message.posted', 'participant.added', 'participant.removed')"
                      + " ORDER BY seq",
                  group)) {
        String type = String.valueOf(row.get(0));
        events.add(
            new Verdict.Stored(
                type.equals("message.posted") ? "message" : type.substring(type.indexOf('.') + 1),
                String.valueOf(row.get(1)),
                Long.parseLong(String.valueOf(row.get(2))),
                Long.parseLong(String.valueOf(row.get(3)))));
      }
      stored.put(group, events);
    }
    return stored;
  }

  @Override
  public void close() {
    try {
      // Nobody is there any more to whom it would say goodbye.
      nodes.forEach(Parley::kill);
      nodes.forEach(Parley::close);
    } finally {
      if (postgres != null) {
        postgres.close();
      }
      if (redis != null) {
        redis.close();
      }
      Folders.delete(folder);
    }
  }
}
