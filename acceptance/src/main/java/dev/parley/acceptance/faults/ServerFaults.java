package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

/// What happens to the server and its database: killed at any moment, killed at the worst ones.
final class ServerFaults {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// The places where the server can be made to die, and whether a send has to pass for it to get there.
  private static final Map<String, Boolean> CRASH_POINTS =
      Map.of(
          "BEFORE_INTAKE_COMMIT", false,
          "AFTER_INTAKE_COMMIT", false,
          "AFTER_INTAKE_ANSWER", false,
          "MESSAGES_INSERTED", false,
          "EFFECT_COMMITTED", false,
          "SEND_CLAIMED", true,
          "SEND_POSTED", true,
          "SEND_ANSWERED", true,
          "SEND_STORED", true);

  /// What the sandbox says of a message by itself.
  private static final List<String> STATUSES = List.of("sent", "delivered", "read");

  private ServerFaults() {}

  /// `kill -9` at random moments of intake and processing, on the embedded database. Receipts are part of the load.
  static Tally kills(Stage stage, int rounds, Random random) {
    List<String> receipted = sentMessages(stage, Math.min(rounds, 20));
    var writer = Writer.start(stage.acme, stage.server.url(), "kill", 6, Duration.ofMillis(5));
    try (writer) {
      for (int round = 0; round < rounds; round++) {
        writer.awaitMore(20, LONG);
        Wait.pause(Duration.ofMillis(random.nextInt(400)));
        if (round < receipted.size()) {
          receipts(stage, receipted.get(round));
        }
        stage.server.kill();
        stage.server.start();
      }
      writer.awaitMore(20, LONG);
    }
    stage.sandbox.behave(stage.acme.number(), Json.of("statuses", STATUSES));
    int acknowledged = Math.min(rounds, receipted.size());
    return stage
        .count()
        .inbound("SIGKILL under load", rounds, writer)
        .plus(receiptsOf(stage, receipted.subList(0, acknowledged)));
  }

  /// Texts that the provider took and says nothing more about: their receipts come from here.
  private static List<String> sentMessages(Stage stage, int howMany) {
    stage.sandbox.behave(stage.acme.number(), Json.of("statuses", List.of()));
    String conversation = stage.conversations("447700900", 1).getFirst();
    var wamids = new ArrayList<String>();
    for (int i = 0; i < howMany; i++) {
      String id = stage.acme.api().sendText(conversation, "receipt " + i).path("id").asText();
      JsonNode sent = stage.acme.api().awaitState(conversation, id, LONG, "sent");
      wamids.add(sent.path("providerMessageId").asText());
    }
    return wamids;
  }

  /// Posts the receipts of one message, the later one first, and goes on when both are acknowledged.
  private static void receipts(Stage stage, String wamid) {
    for (String status : List.of("read", "delivered", "sent")) {
      byte[] body =
          Webhook.body(
              stage.acme.number(),
              List.of(
                  Webhook.statuses(
                      stage.acme.number(),
                      List.of(Webhook.status(wamid, "447700900000", Instant.now(), status)))));
      stage.acme.post(stage.server.url(), body).expect(200);
    }
  }

  private static Tally receiptsOf(Stage stage, List<String> wamids) {
    long lost = 0;
    for (String wamid : wamids) {
      long read =
          stage
              .server
              .sql()
              .number(
                  "SELECT count(*) FROM messages WHERE provider_message_id = ? AND state = 'read'"
                      + " AND delivered_at IS NOT NULL AND read_at IS NOT NULL",
                  wamid);
      lost += read == 1 ? 0 : 1;
    }
    return new Tally("receipts", 1, wamids.size() * 3L, lost, 0, 0, wamids.size() + " receipted");
  }

  /// Dies at each named place, `each` times, with the load and the answers going on. With once, whoever dies at one place
  /// is followed by one that dies at the next, and what came of it all is counted in the end.
  static void crashPoints(Stage stage, int each, Random random, Consumer<Tally> told) {
    stage.sandbox.behave(stage.acme.number(), Json.of("pairLimit", false));
    List<String> conversations = stage.conversations("447700911", 8);
    List<String> points = CRASH_POINTS.keySet().stream().sorted().toList();
    if (each == 1) {
      told.accept(crashes(stage, conversations, "death at %d places", points, random));
      return;
    }
    for (String point : points) {
      told.accept(crashes(stage, conversations, point, Collections.nCopies(each, point), random));
    }
  }

  private static Tally crashes(
      Stage stage, List<String> conversations, String name, List<String> points, Random random) {
    boolean sends = points.stream().anyMatch(point -> CRASH_POINTS.getOrDefault(point, false));
    String fault = name.formatted(points.size());
    String run = fault.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    var writer = Writer.start(stage.acme, stage.server.url(), run, 4, Duration.ofMillis(20));
    var sender =
        new Sender(
            stage.acme,
            sends ? conversations : conversations.subList(0, 1),
            run,
            Duration.ofMillis(sends ? 100 : 1500));
    int died = 0;
    try (writer;
        sender) {
      for (String point : points) {
        stage.server.kill();
        stage.server.begin(
            Map.of(
                "parley.crash.at",
                point,
                "parley.crash.after",
                Integer.toString(random.nextInt(4))));
        died += stage.server.awaitEnd(LONG).orElse(0) == 137 ? 1 : 0;
      }
      stage.server.kill();
      stage.server.start();
      writer.awaitMore(5, LONG);
    }
    int all = points.size();
    Tally inbound = stage.count().inbound(fault, all, writer);
    Tally outbound =
        stage.count().outbound(fault, all, sender.ledger(), stage.sandbox, stage.acme.number());
    Tally both = inbound.plus(outbound);
    String note = "died %d of %d times".formatted(died, all);
    return died == all ? both : both.plus(new Tally(fault, all, 0, all - died, 0, 0, note));
  }

  /// `kill -9` of PostgreSQL under load and its start again.
  static Tally database(Stage stage, int rounds) {
    ExternalPostgres postgres = Objects.requireNonNull(stage.postgres);
    List<String> conversations = stage.conversations("447700922", 4);
    var writer = Writer.start(stage.acme, stage.server.url(), "db", 6, Duration.ofMillis(5));
    var sender = new Sender(stage.acme, conversations, "db", Duration.ofMillis(200));
    long slowest = 0;
    int before;
    try (writer;
        sender) {
      for (int round = 0; round < rounds; round++) {
        writer.awaitMore(20, LONG);
        before = writer.refused();
        postgres.kill();
        Wait.pause(Duration.ofMillis(1500));
        if (writer.refused() == before) {
          throw new AssertionError("no webhook was refused while the database was away");
        }
        postgres.start();
        long accepts = System.nanoTime();
        Wait.until("intake goes on", LONG, () -> writer.lastAcknowledgement() > accepts);
        slowest = Math.max(slowest, writer.lastAcknowledgement() - accepts);
      }
      writer.awaitMore(20, LONG);
    }
    String note = "intake back after at most %d ms".formatted(slowest / 1_000_000);
    Tally tally =
        stage
            .count()
            .inbound("PostgreSQL SIGKILL", rounds, writer)
            .plus(
                stage
                    .count()
                    .outbound(
                        "sends", rounds, sender.ledger(), stage.sandbox, stage.acme.number()));
    // Later than promised counts as a fault of its own.
    long late = slowest > Duration.ofSeconds(2).toNanos() ? 1 : 0;
    return tally.plus(new Tally("recovery", rounds, 0, late, 0, 0, note));
  }
}
