package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients of the whole server that are signed in, follow something and do nothing: the memory that each takes against
/// socket.io; and how soon all of them are back after the server was killed, each with its cursor, and what they have
/// missed or heard twice then.
final class IdleSockets {
  private static final int BEFORE = 20;
  private static final int AWAY = 30;
  private static final int DURING = 10;

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;
  private final Path data;
  private final int size;
  private int said;

  private IdleSockets(Options options, Figures figures, Cluster cluster, Path data) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
    this.data = data;
    this.size = options.quick() ? 3_000 : 15_000;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      cluster.sql("postgres", "CREATE DATABASE parley");
      var idle = new IdleSockets(options, figures, cluster, data);
      String chat;
      try (Launched parley = idle.start()) {
        parley
            .operator()
            .createTenant("acme", "acme", "admin@acme.example", Tenant.password("acme"));
        chat =
            signedIn(parley)
                .post("/api/v1/chats", Json.of("kind", "group", "title", "Everybody"))
                .ok()
                .path("id")
                .asText();
        idle.memory(parley);
      }
      idle.comeBack(chat);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private Launched start() {
    var settings = new ArrayList<>(Launched.on(cluster, "parley"));
    settings.add("realtime.connections.user=1000000");
    settings.add("limit.auth=0");
    return Launched.start(data, "all", settings);
  }

  private static Api signedIn(Launched parley) {
    return parley.api().login("admin@acme.example", Tenant.password("acme"), "acme");
  }

  private static String token(Api caller) {
    return caller.headers().getOrDefault("Authorization", "").substring("Bearer ".length());
  }

  private void memory(Launched parley) throws IOException {
    int few = options.quick() ? 1_000 : 2_000;
    int many = options.quick() ? 4_000 : 12_000;
    Speech ours = Speech.parley(token(signedIn(parley)), "mine", "");
    Machine.say("sockets: memory of idle ones, Parley");
    double each = each(parley.port(), new Memory(parley.pid(), true, options), ours, few, many);
    double socketIo = peer("socketio", Speech.SOCKET_IO, few, many);
    double ws = peer("ws", Speech.PLAIN, few, many);
    String what =
        "memory of an idle signed-in socket, of the %,dth to the %,dth".formatted(few, many);
    figures.atMost(what, each, 10, "KB");
    figures.add(
        new Figures.Line(
            "the same",
            "%.1f KB".formatted(each),
            "%.1f KB socket.io 4.8".formatted(socketIo),
            "%.2f×".formatted(each / socketIo),
            "≤ 0.8×",
            each <= 0.8 * socketIo));
    figures.note("An idle client of ws takes %.1f KB, not signed in.".formatted(ws));
  }

  private double peer(String name, Speech speech, int few, int many) throws IOException {
    Machine.say("sockets: memory of idle ones, " + name);
    try (Sockets.Server server = Sockets.node(name)) {
      return each(server.port(), new Memory(server.pid(), false, options), speech, few, many);
    }
  }

  /// After as many have come and gone once: what is loaded, compiled and kept for all is there then.
  private static double each(int port, Memory memory, Speech speech, int few, int many)
      throws IOException {
    Crowd.connect(port, speech, few, Sockets.CONNECTING).close();
    try (Crowd crowd = Crowd.connect(port, speech, 0, Sockets.CONNECTING)) {
      return memory.slope(crowd, port, few, many);
    }
  }

  private void say(Api caller, String chat, int count) {
    for (int i = 0; i < count; i++) {
      caller.sendText(chat, "#" + said++);
    }
  }

  private void comeBack(String chat) throws IOException {
    var returning = new Returning(size);
    try (Launched parley = start()) {
      Api admin = signedIn(parley);
      Speech speech = Speech.parley(token(admin), "mine", "");
      try (Crowd crowd =
          Crowd.connect(
              parley.port(), speech, size, Sockets.CONNECTING, _ -> speech.hello(), returning)) {
        say(admin, chat, BEFORE);
        returning.expect(said - 1);
        hear(crowd, returning);
        ProcessHandle.of(parley.pid()).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    cluster.settle();
    try (Launched again = start()) {
      Api admin = signedIn(again);
      say(admin, chat, AWAY);
      Machine.say("sockets: all come back");
      comeBack(again, admin, chat, returning);
    }
  }

  private void comeBack(Launched again, Api admin, String chat, Returning returning)
      throws IOException {
    String token = token(admin);
    Speech speech = Speech.parley(token, "mine", "");
    returning.expect(said + DURING - 1);
    Thread talk = Thread.ofPlatform().start(() -> say(admin, chat, DURING));
    long transactions = transactions();
    long begun = System.nanoTime();
    try (Crowd crowd =
        Crowd.connect(
            again.port(),
            speech,
            size,
            Sockets.CONNECTING,
            n -> Speech.parley(token, "mine", returning.offset(n)).hello(),
            returning)) {
      double back = (System.nanoTime() - begun) / 1e9;
      hear(crowd, returning);
      double seconds = (System.nanoTime() - begun) / 1e9;
      // What comes twice may come late.
      crowd.idle(Duration.ofSeconds(1));
      double queries = (transactions() - transactions) / (double) size;
      figures.atMost(
          "%,d clients back after SIGKILL with what they missed, from ready on".formatted(size),
          seconds,
          10,
          "s");
      long faults = returning.faults();
      figures.add(
          new Figures.Line(
              "messages that they missed or heard twice",
              Long.toString(faults),
              "",
              "",
              "0",
              faults == 0));
      figures.note(
          "All were let in after %.1f s, %d of them at a second try; %.2f transactions for each; %s."
              .formatted(back, crowd.again(), queries, returning));
      talk.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of the whole database since it was made; PostgreSQL counts them up to a second late.
  private long transactions() {
    return Long.parseLong(
        cluster.value(
            "parley", "SELECT xact_commit FROM pg_stat_database WHERE datname = 'parley'"));
  }

  private static void hear(Crowd crowd, Returning returning) throws IOException {
    long deadline = System.nanoTime() + Sockets.CONNECTING.toNanos();
    while (!returning.isComplete()) {
      crowd.turn(20);
      if (System.nanoTime() > deadline) {
        throw new IOException("not all is heard: " + returning);
      }
    }
  }
}
