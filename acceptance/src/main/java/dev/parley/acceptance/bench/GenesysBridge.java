package dev.parley.acceptance.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The bridge between WhatsApp and Genesys Cloud at 200 messages a second over 50 tenants, which is just below what
/// Genesys lets each do: from when a webhook was due to when the other side has the message, in both directions. Then
/// what waited while Genesys was away is drained.
final class GenesysBridge {
  private static final String DATABASE = "parley";
  private static final int TENANTS = 50;
  private static final double RATE = 200;
  private static final int CUSTOMERS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Options options;
  private final Figures figures;
  private final Cluster cluster;
  private final Launched parley;
  private final Sandbox sandbox;
  private final Genesys genesys;
  private final Launched.Channel[] channels = new Launched.Channel[TENANTS];
  private final Webhooks webhooks = new Webhooks();
  private final Instant wallClock = Instant.now();
  private final long nanoClock = System.nanoTime();
  private int run;

  private GenesysBridge(
      Options options,
      Figures figures,
      Cluster cluster,
      Launched parley,
      Sandbox sandbox,
      Genesys genesys) {
    this.options = options;
    this.figures = figures;
    this.cluster = cluster;
    this.parley = parley;
    this.sandbox = sandbox;
    this.genesys = genesys;
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start();
        Sandbox sandbox = Sandbox.start();
        Genesys genesys = Genesys.start()) {
      cluster.sql("postgres", "CREATE DATABASE " + DATABASE);
      var settings = new ArrayList<>(Launched.on(cluster, DATABASE));
      settings.addAll(
          List.of(
              "limit.auth=0",
              "limit.read=0",
              "limit.write=0",
              "whatsapp.graph.url=" + sandbox.url(),
              "genesys.login.url=" + genesys.url(),
              "genesys.api.url=" + genesys.url(),
              "http.allow=" + sandbox.hostAndPort() + "," + genesys.hostAndPort()));
      try (Launched parley = Launched.start(data, "all", settings)) {
        new GenesysBridge(options, figures, cluster, parley, sandbox, genesys).measure();
      }
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private void measure() throws IOException {
    settle();
    var in = new Histogram(120_000_000L, 3);
    var out = new Histogram(120_000_000L, 3);
    inbound(options.leg(), new Histogram(120_000_000L, 3));
    outbound(options.leg(), new Histogram(120_000_000L, 3));
    var costIn = new Cost();
    var costOut = new Cost();
    for (int round = 0; round < options.rounds(); round++) {
      costIn.of(() -> inbound(options.leg(), in));
      costOut.of(() -> outbound(options.leg(), out));
    }
    told("WhatsApp webhook to Genesys", in, costIn);
    told("Genesys webhook to WhatsApp", out, costOut);
    outage(options.quick() ? 1_000 : 10_000);
  }

  /// What legs cost: processor time of the server and of PostgreSQL, and the transactions of the latter.
  private final class Cost {
    private double cpu;
    private long transactions;

    private interface Part {
      void run() throws IOException;
    }

    void of(Part leg) throws IOException {
      List<Long> pids = List.of(parley.pid(), cluster.pid());
      double before = Cpu.seconds(pids);
      long commits = commits();
      leg.run();
      cpu += Cpu.seconds(pids) - before;
      transactions += commits() - commits;
    }

    /// Backends report what they have done at most once a second.
    private long commits() {
      LockSupport.parkNanos(1_100_000_000L);
      return Long.parseLong(
          cluster.value(
              DATABASE,
              "SELECT xact_commit FROM pg_stat_database WHERE datname = '" + DATABASE + "'"));
    }

    String each(long messages) {
      return "%.1f ms of processor time, %.1f transactions"
          .formatted(1000 * cpu / messages, (double) transactions / messages);
    }
  }

  private void told(String what, Histogram latency, Cost cost) {
    figures.note(
        "Each message, %s, with its receipts: %s."
            .formatted(what, cost.each(latency.getTotalCount())));
    String where = "%s, %.0f/s, %d tenants, ".formatted(what, RATE, TENANTS);
    figures.atMost(where + "p50", latency.getValueAtPercentile(50) / 1000.0, 30, "ms");
    figures.atMost(where + "p99", latency.getValueAtPercentile(99) / 1000.0, 150, "ms");
  }

  private void settle() {
    Api operator = parley.operator();
    for (int i = 0; i < TENANTS; i++) {
      String slug = slug(i);
      String tenant =
          operator
              .createTenant(slug, slug, "admin@" + slug + ".example", Tenant.password(slug))
              .path("id")
              .asText();
      String key = operator.in(slug).createKey("bench", Tenant.SCOPES).path("secret").asText();
      Api api = parley.api().withKey(key);
      PhoneNumber number = PhoneNumber.of(i);
      String channel =
          api.post("/api/v1/channels", Api.whatsApp("Support", number)).ok().path("id").asText();
      channels[i] = new Launched.Channel(tenant, key, channel, number);
      sandbox.register(
          number,
          URI.create("http://127.0.0.1:" + parley.port() + "/webhooks/whatsapp/" + channel));
      sandbox.behave(number, Json.of("pairLimit", false, "statuses", List.of("sent", "delivered")));
      genesys.connect(slug, api, channel);
    }
  }

  private static String slug(int tenant) {
    return "tenant" + tenant;
  }

  /// Customers write at the rate; each message must be at Genesys once.
  private void inbound(Duration time, Histogram latency) throws IOException {
    Machine.say("genesys: customers, %.0f/s".formatted(RATE));
    int count = (int) (RATE * time.toSeconds());
    Requests requests = webhooks.single(channels, count, GenesysBridge::customer);
    long[] due = new long[count];
    int[] made = new int[1];
    long before = accepted();
    cluster.settle();
    Load.Outcome outcome =
        Load.open(parley.port(), 64, requests, RATE, time, at -> due[made[0]++] = at);
    if (outcome.failed() > 0) {
      throw new IOException(outcome.toString());
    }
    Wait.until("Genesys has all", PATIENCE, () -> accepted() >= before + made[0]);
    Map<String, Instant> there = arrived();
    for (int i = 0; i < made[0]; i++) {
      record(latency, due[i], there.get(requests.ids().get(i)));
    }
    refuseDoubles();
  }

  /// The n-th message goes to the tenant n modulo their number: each tenant has some customers.
  private static long customer(long n) {
    return n % TENANTS + TENANTS * (n / TENANTS % CUSTOMERS);
  }

  /// How many messages Genesys has taken.
  private long accepted() {
    long all = 0;
    for (int i = 0; i < TENANTS; i++) {
      all += genesys.counts(slug(i)).at("/calls/messageAccepted").asLong();
    }
    return all;
  }

  private Map<String, Instant> arrived() {
    Map<String, Instant> all = new HashMap<>();
    for (int i = 0; i < TENANTS; i++) {
      for (JsonNode call : genesys.messages(slug(i))) {
        all.put(
            call.at("/body/channel/messageId").asText(), Instant.parse(call.path("at").asText()));
      }
    }
    return all;
  }

  private void refuseDoubles() throws IOException {
    if (doubled() > 0) {
      throw new IOException("Genesys has messages twice");
    }
  }

  /// How often Genesys was given a message that it had.
  private long doubled() throws IOException {
    long all = 0;
    for (int i = 0; i < TENANTS; i++) {
      JsonNode counts = genesys.counts(slug(i));
      if (counts.path("chatsFailed").asLong() > 0) {
        throw new IOException("at Genesys: " + counts);
      }
      all += counts.at("/byMessageId/duplicates").asLong();
    }
    return all;
  }

  /// Agents write at the rate; each message must be at WhatsApp once.
  private void outbound(Duration time, Histogram latency) throws IOException {
    Machine.say("genesys: agents, %.0f/s".formatted(RATE));
    String name = "r" + ++run + "-";
    List<String> conversations = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        conversations.add(genesys.conversations(slug(tenant)).get(i).path("id").asText());
      }
    }
    int count = (int) (RATE * time.toSeconds());
    long[] due = new long[count];
    long before = taken();
    cluster.settle();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        due[i] = start + (long) (i * 1e9 / RATE);
        LockSupport.parkNanos(due[i] - System.nanoTime());
        String organization = slug(i % TENANTS);
        String conversation = conversations.get(i % conversations.size());
        String text = name + i;
        threads.execute(() -> genesys.say(organization, conversation, text));
      }
    }
    Wait.until("WhatsApp has all", PATIENCE, () -> taken() >= before + count);
    Map<String, Instant> there = sent(name);
    for (int i = 0; i < count; i++) {
      record(latency, due[i], there.get(name + i));
    }
  }

  /// How many messages WhatsApp has taken.
  private long taken() {
    long all = 0;
    for (Launched.Channel channel : channels) {
      all += sandbox.counts(channel.number()).path("accepted").asLong();
    }
    return all;
  }

  private Map<String, Instant> sent(String name) {
    Map<String, Instant> all = new HashMap<>();
    for (Launched.Channel channel : channels) {
      for (JsonNode send : sandbox.sends(channel.number())) {
        String text = send.at("/body/text/body").asText();
        if (text.startsWith(name)
            && all.put(text, Instant.parse(send.path("at").asText())) != null) {
          throw new IllegalStateException("sent twice: " + text);
        }
      }
    }
    return all;
  }

  private void record(Histogram latency, long due, @Nullable Instant at) {
    if (at == null) {
      throw new IllegalStateException("a message is at the other side under another name");
    }
    long arrived = nanoClock + Duration.between(wallClock, at).toNanos();
    latency.recordValue(Math.clamp((arrived - due) / 1000, 0, 120_000_000L));
  }

  /// Genesys is away while customers write; then all goes at the allowed rate, in order, once.
  private void outage(int messages) throws IOException {
    Machine.say("genesys: %,d messages wait".formatted(messages));
    for (int i = 0; i < TENANTS; i++) {
      genesys.faults(slug(i), Json.of("on", "inbound", "mode", "error", "httpStatus", 503));
    }
    Requests requests = webhooks.single(channels, messages, GenesysBridge::customer);
    long before = accepted();
    Load.Outcome outcome = Load.closed(parley.port(), 16, requests, Duration.ofMinutes(2));
    if (outcome.ok() != messages) {
      throw new IOException("of %d webhooks %s".formatted(messages, outcome));
    }
    long healed = System.nanoTime();
    for (int i = 0; i < TENANTS; i++) {
      genesys.faults(slug(i));
    }
    Wait.until(
        "Genesys has what waited", Duration.ofMinutes(5), () -> accepted() >= before + messages);
    double seconds = (System.nanoTime() - healed) / 1e9;
    // Each may do 300 calls a minute: a fifth of them at once, the others evenly.
    double allowed = Math.max(0, (double) messages / TENANTS - 60) / 4;
    figures.note(
        "%,d messages that waited for Genesys went in %.0f s (%.0f s at the allowed rate)."
            .formatted(messages, seconds, allowed));
    String what = "%,d messages that waited for Genesys, ".formatted(messages);
    figures.atMost(what + "out of order", (double) disordered(requests), 0, "messages");
    figures.atMost(what + "doubled", (double) doubled(), 0, "messages");
  }

  /// How many messages of a customer came after one that was written later.
  private long disordered(Requests requests) {
    Map<String, Integer> place = new HashMap<>();
    for (int i = 0; i < requests.ids().size(); i++) {
      place.put(requests.ids().get(i), i);
    }
    long wrong = 0;
    for (int i = 0; i < TENANTS; i++) {
      Map<String, Integer> last = new HashMap<>();
      for (JsonNode call : genesys.messages(slug(i))) {
        Integer at = place.get(call.at("/body/channel/messageId").asText());
        if (at != null) {
          Integer before = last.put(call.at("/body/channel/from/id").asText(), at);
          wrong += before != null && before > at ? 1 : 0;
        }
      }
    }
    return wrong;
  }
}
