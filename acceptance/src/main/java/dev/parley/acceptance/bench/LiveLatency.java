package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// From when a message of one user was due to be sent to when it is at another user's socket: Parley with all roles
/// against Express, pg and socket.io, which number and store a message in one transaction too. First as many as each
/// side takes, then at 1,000 a second or, if that is less, half of our own peak.
final class LiveLatency {
  private static final String DATABASE = "parley";
  private static final String PEER = "peer";
  private static final double RATE = 1_000;
  private static final int CALLERS = 64;
  private static final int SENDERS = 10;
  private static final int READERS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;

  private LiveLatency(Options options, Figures figures, Cluster cluster) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      cluster.sql("postgres", "CREATE DATABASE " + DATABASE);
      cluster.sql("postgres", "CREATE DATABASE " + PEER);
      var live = new LiveLatency(options, figures, cluster);
      var settings = new ArrayList<>(Launched.on(cluster, DATABASE));
      settings.addAll(List.of("limit.auth=0", "limit.read=0", "limit.write=0"));
      live.makePeersTables();
      try (Launched parley = Launched.start(data, "all", settings);
          NodePeer peer = NodePeer.start("chat", Map.of("DATABASE_URL", cluster.nodeUrl(PEER)))) {
        live.compare(parley, peer);
      }
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  /// Who says something in a conversation, where the reader of the other end has a socket.
  private record Chat(String id, String sender) {}

  /// A server and the sockets of its readers.
  private final class Side implements AutoCloseable {
    final String name;
    final int port;
    final List<Long> pids;
    final List<Chat> chats;
    final Crowd crowd;
    final List<Double> p50 = new ArrayList<>();
    final List<Double> p99 = new ArrayList<>();
    final List<Leg> legs = new ArrayList<>();
    private AtomicLongArray due = new AtomicLongArray(0);
    private Histogram latency = new Histogram(120_000_000L, 3);
    private int heard;

    Side(String name, int port, long pid, List<Chat> chats, List<String> readers)
        throws IOException {
      this.name = name;
      this.port = port;
      this.pids = List.of(pid, cluster.pid());
      this.chats = chats;
      Speech speech = Speech.parley("", "mine", "");
      this.crowd =
          Crowd.connect(
              port,
              speech,
              readers.size(),
              PATIENCE,
              n -> Speech.parley(readers.get(n), "mine", "").hello(),
              (_, text) -> read(text));
    }

    private void read(String text) {
      long now = System.nanoTime();
      // Not by its name: what was read from the database has blanks between names and values.
      int at = text.indexOf("\"#");
      if (at < 0) {
        return;
      }
      int number = 0;
      for (int i = at + 2; Character.isDigit(text.charAt(i)); i++) {
        number = 10 * number + text.charAt(i) - '0';
      }
      heard++;
      latency.recordValue(Math.clamp((now - due.get(number)) / 1000, 0, 120_000_000L));
    }

    /// So many seconds at that rate; every message must be heard once.
    void leg(double rate, Duration time, boolean counts) throws IOException {
      Machine.say("live: %s, %,.0f/s".formatted(name, rate));
      Requests requests = requests((int) (rate * time.toSeconds()));
      cluster.settle();
      double cpu = Cpu.seconds(pids);
      Load.Outcome outcome = send(requests, rate, time);
      cpu = Cpu.seconds(pids) - cpu;
      double median = latency.getValueAtPercentile(50) / 1000.0;
      double late = latency.getValueAtPercentile(99) / 1000.0;
      System.out.printf(
          "    p50 %.1f ms, p99 %.1f ms; answered after %.1f and %.1f ms; %.0f µs of processor time each%n",
          median, late, outcome.millis(50), outcome.millis(99), cpu * 1e6 / heard);
      if (counts) {
        p50.add(median);
        p99.add(late);
        legs.add(new Leg(heard / (double) time.toSeconds(), cpu * 1e6 / heard));
      }
    }

    /// As many as it takes, each caller sending the next when it has its answer; answers how many a second.
    double peak(Duration time) throws IOException {
      Machine.say("live: %s, as much as it takes".formatted(name));
      Load.Outcome outcome = send(requests((int) (10 * RATE * time.toSeconds())), 0, time);
      System.out.printf(
          "    %,.0f/s; answered after %.1f and %.1f ms (p50, p99)%n",
          outcome.perSecond(), outcome.millis(50), outcome.millis(99));
      return outcome.perSecond();
    }

    /// Sends, and reads until all is heard; throws when something is not.
    private Load.Outcome send(Requests requests, double rate, Duration time) throws IOException {
      due = new AtomicLongArray(requests.size());
      latency = new Histogram(120_000_000L, 3);
      heard = 0;
      var sending = new Sending(requests, rate, time);
      Thread thread = Thread.ofPlatform().start(sending);
      long deadline = System.nanoTime() + time.plus(PATIENCE).toNanos();
      while ((thread.isAlive() || heard < sending.sent) && System.nanoTime() < deadline) {
        crowd.turn(1);
      }
      join(thread);
      Load.Outcome outcome = sending.outcome;
      if (outcome == null || outcome.failed() > 0 || heard != sending.sent) {
        throw new IOException(
            "of %d messages %d were heard, and %d not answered"
                .formatted(sending.sent, heard, outcome == null ? -1 : outcome.failed()));
      }
      return outcome;
    }

    /// At a rate, or for 0 as much as the server takes.
    private final class Sending implements Runnable {
      final Requests requests;
      final double rate;
      final Duration time;
      volatile int sent;
      volatile Load.@Nullable Outcome outcome;

      Sending(Requests requests, double rate, Duration time) {
        this.requests = requests;
        this.rate = rate;
        this.time = time;
      }

      @Override
      public void run() {
        int[] count = new int[1];
        outcome =
            Load.open(
                port,
                CALLERS,
                requests,
                rate,
                time,
                at -> {
                  due.set(count[0]++, at);
                  sent = count[0];
                });
      }
    }

    private Requests requests(int count) {
      var all = new byte[count][];
      var ids = new ArrayList<String>(count);
      for (int i = 0; i < count; i++) {
        Chat chat = chats.get(i % chats.size());
        String body =
            "{\"content\":{\"type\":\"text\",\"body\":\"#%d a short message of a person\"}}"
                .formatted(i);
        ids.add(UUID.randomUUID().toString());
        all[i] =
            """
            POST /api/v1/conversations/%s/messages HTTP/1.1\r
            Host: 127.0.0.1:%d\r
            Authorization: Bearer %s\r
            Idempotency-Key: %s\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            %s"""
                .formatted(chat.id(), port, chat.sender(), ids.getLast(), body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
      }
      return new Requests(all, ids);
    }

    void rest() throws IOException {
      crowd.turn(0);
    }

    @Override
    public void close() throws IOException {
      crowd.close();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void compare(Launched parley, NodePeer peer) throws IOException {
    try (Side ours = ours(parley);
        Side theirs = peer(peer)) {
      double peak = 0;
      double theirPeak = 0;
      // Everything between a request and a socket has to be compiled before it is measured, which
      // takes minutes on one core.
      double before = 0;
      for (int i = 0;
          i < (options.quick() ? 3 : 6) || (!options.quick() && i < 16 && peak > 1.05 * before);
          i++) {
        before = peak;
        peak = ours.peak(options.leg());
        theirs.rest();
        theirPeak = theirs.peak(Duration.ofSeconds(5));
        ours.rest();
      }
      figures.add(
          new Figures.Line(
              "messages of users, peak",
              Figures.perSecond(peak),
              Figures.perSecond(theirPeak) + " Express, pg and socket.io",
              "%.2f×".formatted(peak / theirPeak),
              "≥ 1,000/s",
              peak >= RATE));
      double rate = Math.min(RATE, peak / 2);
      for (int round = 0; round < options.rounds(); round++) {
        ours.leg(rate, options.leg(), true);
        theirs.rest();
        theirs.leg(rate, options.leg(), true);
        ours.rest();
      }
      String what = "message to another user's socket, %,.0f/s, ".formatted(rate);
      figures.atMost(what + "p50", Figures.median(ours.p50), 20, "ms");
      double p99 = Figures.median(ours.p99);
      figures.atMost(what + "p99", p99, 100, "ms");
      double peers = Figures.median(theirs.p99);
      figures.add(
          new Figures.Line(
              "the same",
              "%.1f ms".formatted(p99),
              "%.1f ms Express, pg and socket.io".formatted(peers),
              "%.2f×".formatted(p99 / peers),
              "≤ 0.5×",
              p99 <= 0.5 * peers));
      figures.note(
          "Message to socket, processor time of server and PostgreSQL: ours %.0f µs, the peer's %.0f µs; its p50 %.1f ms."
              .formatted(Leg.cpu(ours.legs), Leg.cpu(theirs.legs), Figures.median(theirs.p50)));
    }
  }

  private Side ours(Launched parley) throws IOException {
    String password = Tenant.password("acme");
    parley.operator().createTenant("acme", "acme", "admin@acme.example", password);
    Api admin = parley.api().login("admin@acme.example", password, "acme");
    var readers = new ArrayList<String>();
    var readerIds = new ArrayList<String>();
    for (int i = 0; i < READERS; i++) {
      String email = "reader" + i + "@acme.example";
      readerIds.add(admin.createUser(email, "Reader " + i, "member", password).path("id").asText());
      readers.add(token(parley.api().login(email, password, "acme")));
    }
    var chats = new ArrayList<Chat>();
    for (int i = 0; i < SENDERS; i++) {
      String email = "sender" + i + "@acme.example";
      admin.createUser(email, "Sender " + i, "member", password);
      Api sender = parley.api().login(email, password, "acme");
      for (String reader : readerIds) {
        String id =
            sender
                .post("/api/v1/chats", Json.of("kind", "direct", "userId", reader))
                .ok()
                .path("id")
                .asText();
        chats.add(new Chat(id, token(sender)));
      }
    }
    return new Side("Parley", parley.port(), parley.pid(), chats, readers);
  }

  private static String token(Api caller) {
    return caller.headers().getOrDefault("Authorization", "").substring("Bearer ".length());
  }

  private void makePeersTables() {
    cluster.sql(
        PEER,
        """
        CREATE TABLE conversations (id uuid PRIMARY KEY, last_seq bigint NOT NULL, updated_at timestamptz);
        CREATE TABLE participants (conversation_id uuid, user_id uuid, PRIMARY KEY (conversation_id, user_id));
        CREATE INDEX ON participants (user_id);
        CREATE TABLE messages (id uuid PRIMARY KEY, conversation_id uuid NOT NULL, seq bigint NOT NULL,
          sender_id uuid NOT NULL, key text NOT NULL, content jsonb NOT NULL, created_at timestamptz NOT NULL,
          UNIQUE (conversation_id, seq), UNIQUE (sender_id, key));
        """);
  }

  private Side peer(NodePeer peer) throws IOException {
    var readers = new ArrayList<String>();
    for (int i = 0; i < READERS; i++) {
      readers.add(UUID.randomUUID().toString());
    }
    var chats = new ArrayList<Chat>();
    for (int i = 0; i < SENDERS; i++) {
      String sender = UUID.randomUUID().toString();
      for (String reader : readers) {
        String id = UUID.randomUUID().toString();
        cluster.sql(PEER, "INSERT INTO conversations VALUES ('%s', 0)".formatted(id));
        cluster.sql(
            PEER,
            "INSERT INTO participants VALUES ('%s', '%s'), ('%s', '%s')"
                .formatted(id, sender, id, reader));
        chats.add(new Chat(id, sender));
      }
    }
    return new Side("Express, pg and socket.io", peer.port(), peer.pid(), chats, readers);
  }
}
