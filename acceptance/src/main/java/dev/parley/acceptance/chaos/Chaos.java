package dev.parley.acceptance.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Wait;
import java.io.PrintStream;
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
  private static final PrintStream OUT = System.out;
  private static final String PASSWORD = "passwordcanary-of-chaos";
  private static final Duration SOON = Duration.ofMinutes(1);

  /// How much of everything.
  ///
  /// @param nodes processes on one database
  /// @param users who take part
  /// @param clients their connections
  /// @param groups conversations, each of which a third of the users is in
  /// @param time of chaos
  /// @param pause between two messages, in milliseconds
  /// @param kill after how many seconds a node is killed, again and again
  /// @param redis address of a Redis that the nodes share, or null
  public record Measure(
      int nodes,
      int users,
      int clients,
      int groups,
      Duration time,
      int pause,
      int kill,
      @Nullable String redis) {
    /// For the tests.
    public static final Measure BRIEF =
        new Measure(1, 8, 24, 4, Duration.ofSeconds(20), 40, 8, null);

    /// For `bin/bench chaos`.
    public static final Measure FULL =
        new Measure(1, 40, 200, 12, Duration.ofMinutes(2), 15, 15, null);

    Measure nodes(int count) {
      return new Measure(count, users, clients, groups, time, pause, kill, redis);
    }

    Measure redis(String address) {
      return new Measure(nodes, users, clients, groups, time, pause, kill, address);
    }

    Measure time(Duration longer) {
      return new Measure(nodes, users, clients, groups, longer, pause, kill, redis);
    }
  }

  private final Measure measure;
  private final Random random;
  private final Path folder = Folders.temporary("chaos");
  private final @Nullable ExternalPostgres postgres;
  private final List<Parley> nodes = new ArrayList<>();
  private final Map<String, Api> callers = new ConcurrentHashMap<>();
  private final List<String> users = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();
  private final List<ChaosClient> clients = new ArrayList<>();
  private final AtomicBoolean on = new AtomicBoolean(true);
  private final AtomicInteger sent = new AtomicInteger();
  private int changes;
  private int cuts;
  private int kills;
  private Api owner;

  /// Starts the nodes and makes the users, their conversations and their clients.
  public Chaos(Measure measure, long seed, List<String> doors) {
    this.measure = measure;
    this.random = new Random(seed);
    this.postgres = measure.nodes() > 1 ? ExternalPostgres.start(folder) : null;
    for (int i = 0; i < measure.nodes(); i++) {
      nodes.add(Parley.start(options(i)));
    }
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
      Door door = doors.get(i % doors.size()).equals("sse") ? Door.EVENT_SOURCE : Door.SOCKET;
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
    String redis = measure.redis();
    return redis == null ? options : options.set("redis.url", redis);
  }

  private Api credentials(String user) {
    return callers.getOrDefault(user, owner);
  }

  private Parley anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /// Lets it all happen, waits until everybody has heard what they must, and compares.
  public Verdict run() throws InterruptedException {
    for (ChaosClient client : clients) {
      Wait.until("a client is connected", SOON, client::connected);
    }
    var writer = Thread.ofVirtual().start(this::write);
    long end = System.nanoTime() + measure.time().toNanos();
    long nextKill = System.nanoTime() + measure.kill() * 1_000_000_000L;
    while (System.nanoTime() < end) {
      Wait.pause(Duration.ofMillis(150));
      attempt(this::changeSomebody);
      if (random.nextInt(30) == 0) {
        attempt(this::cutSomebodyOff);
      }
      if (System.nanoTime() > nextKill) {
        killANode();
        nextKill = System.nanoTime() + measure.kill() * 1_000_000_000L;
      }
    }
    on.set(false);
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
    return "%d messages, %d clients of %d users on %d nodes, %d drops, %d freezes, %d changes of participants, %d users cut off, %d kills"
        .formatted(
            sent.get(),
            clients.size(),
            users.size(),
            nodes.size(),
            clients.stream().mapToInt(ChaosClient::drops).sum(),
            clients.stream().mapToInt(ChaosClient::freezes).sum(),
            changes,
            cuts,
            kills);
  }

  private interface Act {
    void go();
  }

  /// A node that is dead or just dying is no fault.
  private static void attempt(Act act) {
    try {
      act.go();
    } catch (RuntimeException | AssertionError e) {
      OUT.println("  not now: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
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
      Wait.pause(Duration.ofMillis(measure.pause()));
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

  /// Another role ends all sign-ins: the user's clients are cut off and sign in again.
  private void cutSomebodyOff() {
    int index = random.nextInt(users.size());
    String user = users.get(index);
    Api at = owner.at(anyNode().url());
    JsonNode now = at.get("/api/v1/users/" + user).ok();
    String role = now.path("role").asText().equals("agent") ? "manager" : "agent";
    at.patch("/api/v1/users/" + user, Json.of("role", role)).ok();
    cuts++;
    signIn(user, "user" + index + "@chaos.example");
  }

  private void signIn(String user, String email) {
    for (int tries = 0; tries < 20; tries++) {
      try {
        callers.put(user, anyNode().api().login(email, PASSWORD, "chaos"));
        return;
      } catch (RuntimeException | AssertionError e) {
        Wait.pause(Duration.ofMillis(200));
      }
    }
    throw new AssertionError("no sign-in for " + email);
  }

  private void killANode() {
    Parley node = anyNode();
    node.kill();
    kills++;
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
      nodes.forEach(Parley::close);
    } finally {
      if (postgres != null) {
        postgres.close();
      }
      Folders.delete(folder);
    }
  }

  /// `chaos [--brief] [--nodes=N] [--seconds=N] [--redis=URL] [--doors=ws,sse] [--seed=N]`. Ends with exit code 1 when
  /// anything is missing, doubled, out of order or seen without right.
  public static void main(String[] args) throws InterruptedException {
    Measure measure = List.of(args).contains("--brief") ? Measure.BRIEF : Measure.FULL;
    List<String> doors = List.of("ws", "sse");
    long seed = System.nanoTime();
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (arg.split("=", 2)[0]) {
        case "--brief" -> {}
        case "--nodes" -> measure = measure.nodes(Integer.parseInt(value));
        case "--seconds" -> measure = measure.time(Duration.ofSeconds(Long.parseLong(value)));
        case "--redis" -> measure = measure.redis(value);
        case "--doors" -> doors = List.of(value.split(","));
        case "--seed" -> seed = Long.parseLong(value);
        default ->
            throw new IllegalArgumentException(
                "chaos [--brief] [--nodes=N] [--seconds=N] [--redis=URL] [--doors=ws,sse] [--seed=N]");
      }
    }
    OUT.println("seed " + seed);
    Verdict verdict;
    try (Chaos chaos = new Chaos(measure, seed, doors)) {
      verdict = chaos.run();
      OUT.println(chaos.story());
    }
    verdict.examples().forEach(OUT::println);
    OUT.printf(
        "missing %d, doubled %d, out of order %d, seen without right %d (of %d told)%n",
        verdict.missing(),
        verdict.doubled(),
        verdict.disordered(),
        verdict.withoutRight(),
        verdict.heard());
    System.exit(verdict.good() ? 0 : 1);
  }
}
