package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A server whose tenants are answered in Genesys Cloud, with both emulators, and the counting of what comes through in
/// both directions. Leases, holds and time-outs are short.
final class Desk implements AutoCloseable {
  private static final Duration ARRIVED = Duration.ofSeconds(90);

  private final Path folder = Folders.temporary("genesys");
  final Sandbox sandbox = Sandbox.start();
  final Genesys genesys = Genesys.start();
  final Parley server;
  final Tenant acme;
  final Genesys.Connection connection;

  Desk() {
    server =
        Parley.start(
            Parley.Options.in(folder)
                .sandbox(sandbox)
                .genesys(genesys)
                .set("lease", "3s")
                .set("unknown.hold", "3s")
                .set("whatsapp.graph.timeout", "2s")
                .set("genesys.timeout", "2s")
                .set("genesys.hold", "3s")
                .set("genesys.rate.per.minute", "100000")
                .set("queue.poll", "100ms"));
    Fixture tenants = Fixture.make(server, sandbox);
    acme = tenants.acme();
    connection = genesys.connect(acme);
    genesys.connect(tenants.globex());
    sandbox.behave(
        acme.number(),
        Json.of(
            "webhookRetryMs",
            100,
            "webhookMaxTries",
            1000,
            "webhookTimeoutMs",
            3000,
            "pairLimit",
            false,
            "throughputPerSecond",
            0));
    // A server that is started again has to be there before Genesys gives up, which it does after
    // 85 seconds.
    genesys.behave(
        organization(),
        Json.of(
            "ratePerMinute",
            0,
            "webhookRetryMs",
            1000,
            "webhookRetries",
            60,
            "webhookTimeoutMs",
            3000));
  }

  String organization() {
    return connection.organization();
  }

  /// So many conversations of Genesys with customers who have written.
  List<String> conversations(String prefix, int howMany) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < howMany; i++) {
      String customer = prefix + "%03d".formatted(i);
      sandbox.writeText(acme.number(), customer, "hello");
      ids.add(genesys.awaitConversation(organization(), customer).path("id").asText());
    }
    return ids;
  }

  /// What customers' acknowledged messages came to at Genesys.
  Tally atGenesys(String fault, int rounds, List<List<String>> ledger) {
    Set<String> open = new HashSet<>();
    ledger.forEach(open::addAll);
    awaitAll(
        "Genesys has everything",
        () -> {
          arrived().forEach(open::remove);
          return open.isEmpty();
        });
    Tally tally = Count.compare(fault, rounds, ledger, arrived(), "");
    return tally.plus(failedChats(fault));
  }

  /// The names of the messages that Genesys has taken, in their order.
  private List<String> arrived() {
    return genesys.messages(organization()).stream()
        .map(call -> call.at("/body/channel/messageId").asText())
        .filter(id -> id.startsWith("wamid."))
        .toList();
  }

  /// What agents' texts came to at WhatsApp: once each, in the order of their conversation, and told by a final receipt.
  Tally atWhatsApp(String fault, int rounds, Talker talker) {
    Set<String> open = new HashSet<>(talker.ids());
    awaitAll(
        "Genesys has a final receipt of each message",
        () -> {
          receipts().forEach(receipt -> open.remove(receipt.path("id").asText()));
          return open.isEmpty();
        });
    Set<String> failed = new HashSet<>();
    for (JsonNode receipt : receipts()) {
      if (receipt.path("status").asText().equals("Failed")) {
        failed.add(talker.text(receipt.path("id").asText()));
      }
    }
    var taken = new ArrayList<String>();
    for (JsonNode send : sandbox.sends(acme.number())) {
      String text = send.at("/body/text/body").asText();
      if (send.path("accepted").asBoolean() && talker.said(text)) {
        taken.add(text);
      }
    }
    // What is told to have failed may be missing, and nothing else.
    List<List<String>> expected =
        talker.ledger().stream()
            .map(texts -> texts.stream().filter(text -> !failed.contains(text)).toList())
            .toList();
    Tally tally = Count.compare(fault, rounds, expected, taken, "");
    return tally
        .plus(
            new Tally(
                fault,
                rounds,
                talker.ids().size(),
                open.size(),
                0,
                0,
                failed.size() + " told to have failed"))
        .plus(failedChats(fault));
  }

  private List<JsonNode> receipts() {
    return genesys.calls(organization(), "receipt").stream()
        .filter(call -> call.path("accepted").asBoolean())
        .map(call -> call.path("body"))
        .filter(body -> body.path("isFinalReceipt").asBoolean())
        .toList();
  }

  /// A webhook that is answered 4xx fails the whole chat: each counts as lost.
  private Tally failedChats(String fault) {
    long failed = genesys.counts(organization()).path("chatsFailed").asLong();
    return new Tally(fault, 0, 0, failed, 0, 0, failed == 0 ? "" : failed + " chats failed");
  }

  private interface Condition {
    boolean holds();
  }

  private static void awaitAll(String what, Condition condition) {
    try {
      Wait.until(what, ARRIVED, condition::holds);
    } catch (AssertionError e) {
      // Counted by whoever asked.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      sandbox.close();
      genesys.close();
      Folders.delete(folder);
    }
  }
}
