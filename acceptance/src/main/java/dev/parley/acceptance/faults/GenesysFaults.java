package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The bridge to Genesys Cloud: the server killed while messages go in both directions, Genesys failing in every way in
/// the middle of a burst, its webhooks coming twice, WhatsApp away while agents write.
final class GenesysFaults {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int BURST = 60;
  // WhatsApp lets a business write to one customer once in 6 s, and some times more at once.
  private static final int CUSTOMERS = 30;

  private GenesysFaults() {}

  /// @param kills of the server
  /// @param each how often everything else; once is the short form, which leaves some out
  static void run(int kills, int each, Random random, Consumer<Tally> told) {
    try (Desk desk = new Desk()) {
      List<String> conversations = desk.conversations("351915500", CUSTOMERS);
      kills(desk, conversations, kills, random, told);
      Map<String, JsonNode> failing = failing();
      if (each == 1) {
        failing.keySet().retainAll(List.of("Genesys cuts after taking"));
      }
      failing.forEach((name, fault) -> told.accept(failing(desk, name, fault, each)));
      told.accept(revoked(desk, each));
      told.accept(twice(desk, conversations, each));
      if (each > 1) {
        told.accept(whatsAppAway(desk, conversations, each));
        told.accept(refusedByWhatsApp(desk, conversations));
      }
    }
  }

  /// `kill -9` at random moments while customers and agents write.
  private static void kills(
      Desk desk, List<String> conversations, int rounds, Random random, Consumer<Tally> told) {
    var writer = Writer.start(desk.acme, desk.server.url(), "gkill", 6, Duration.ofMillis(15));
    var talker =
        new Talker(desk.genesys, desk.organization(), conversations, "kill")
            .start(Duration.ofMillis(200));
    try (writer;
        talker) {
      for (int round = 0; round < rounds; round++) {
        writer.awaitMore(20, LONG);
        Wait.pause(Duration.ofMillis(random.nextInt(400)));
        desk.server.kill();
        desk.server.start();
      }
      writer.awaitMore(20, LONG);
    }
    told.accept(desk.atGenesys("SIGKILL, customers to Genesys", rounds, writer.ledger()));
    told.accept(desk.atWhatsApp("SIGKILL, agents to WhatsApp", rounds, talker));
  }

  private static Map<String, JsonNode> failing() {
    Map<String, JsonNode> faults = new TreeMap<>();
    faults.put(
        "Genesys 429, Retry-After", fault("error", "httpStatus", 429, "retryAfterSeconds", 1));
    faults.put("Genesys 503", fault("error", "httpStatus", 503));
    faults.put("Genesys 500 after taking", fault("errorAfterAccept", "httpStatus", 500));
    faults.put("Genesys hangs", fault("hang", "delayMs", 4000));
    faults.put("Genesys cuts before taking", fault("reset"));
    faults.put("Genesys cuts after taking", fault("resetAfterAccept"));
    faults.put("Genesys answers half", fault("truncate"));
    return faults;
  }

  private static JsonNode fault(String mode, Object... more) {
    var fault = Json.of("on", "message", "mode", mode, "times", 8);
    fault.setAll(Json.of(more));
    return fault;
  }

  private static Tally failing(Desk desk, String name, JsonNode fault, int rounds) {
    var tally = new Tally(name, rounds, 0, 0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      Writer writer =
          burst(desk, "g" + name + round, () -> desk.genesys.faults(desk.organization(), fault));
      tally = tally.plus(desk.atGenesys(name, 1, writer.ledger()));
      desk.genesys.faults(desk.organization());
    }
    return tally;
  }

  /// All tokens are worthless in the middle of a burst; one new one is enough.
  private static Tally revoked(Desk desk, int rounds) {
    String name = "Genesys 401 amid a burst";
    long tokens = tokens(desk);
    var tally = new Tally(name, rounds, 0, 0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      Writer writer =
          burst(desk, "gtoken" + round, () -> desk.genesys.revokeTokens(desk.organization()));
      tally = tally.plus(desk.atGenesys(name, 1, writer.ledger()));
    }
    long asked = tokens(desk) - tokens;
    long needless = Math.max(0, asked - rounds);
    return tally.plus(
        new Tally(name, 0, 0, 0, needless, 0, "%d tokens for %d".formatted(asked, rounds)));
  }

  private static long tokens(Desk desk) {
    return desk.genesys.counts(desk.organization()).path("tokens").asLong();
  }

  /// Customers write; in the middle of it something happens.
  private static Writer burst(Desk desk, String run, Runnable amid) {
    String plain = run.replaceAll("[^A-Za-z0-9]+", "-");
    Writer writer = Writer.start(desk.acme, desk.server.url(), plain, 5, Duration.ofMillis(10));
    try (writer) {
      writer.awaitMore(BURST / 2, LONG);
      amid.run();
      writer.awaitMore(BURST / 2, LONG);
    }
    return writer;
  }

  /// Each webhook comes again a while later: in the full form as late as Genesys was seen to do it.
  private static Tally twice(Desk desk, List<String> conversations, int rounds) {
    int later = rounds == 1 ? 1_800 : 18_000;
    String name = "each webhook twice, %.0f s apart".formatted(later / 1000.0);
    desk.genesys.behave(desk.organization(), Json.of("duplicates", 1, "duplicateAfterMs", later));
    var tally = new Tally(name, rounds, 0, 0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      Talker talker = talker(desk, conversations, "twice" + round);
      talker.say(BURST);
      tally = tally.plus(desk.atWhatsApp(name, 1, talker));
      // The second ones are on their way still.
      Wait.until(
          "all webhooks are delivered",
          LONG,
          () -> desk.genesys.counts(desk.organization()).path("webhooksPending").asLong() == 0);
      tally = tally.plus(desk.atWhatsApp(name, 0, talker));
    }
    desk.genesys.behave(desk.organization(), Json.of("duplicates", 0));
    return tally;
  }

  /// WhatsApp answers nothing good for a while.
  private static Tally whatsAppAway(Desk desk, List<String> conversations, int rounds) {
    String name = "WhatsApp away while agents write";
    var tally = new Tally(name, rounds, 0, 0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      desk.sandbox.faults(
          desk.acme.number(),
          Json.of("on", "messages", "mode", "error", "code", 131000, "httpStatus", 503));
      Talker talker = talker(desk, conversations, "away" + round);
      talker.say(BURST);
      Wait.pause(Duration.ofSeconds(3));
      desk.sandbox.faults(desk.acme.number());
      tally = tally.plus(desk.atWhatsApp(name, 1, talker));
    }
    return tally;
  }

  /// WhatsApp refuses each message for good: each is told to have failed.
  private static Tally refusedByWhatsApp(Desk desk, List<String> conversations) {
    String name = "WhatsApp refuses agents' messages";
    desk.sandbox.faults(
        desk.acme.number(), Json.of("on", "messages", "mode", "error", "code", 131026));
    Talker talker = talker(desk, conversations, "refused");
    talker.say(BURST / 5);
    Tally tally = desk.atWhatsApp(name, 1, talker);
    desk.sandbox.faults(desk.acme.number());
    return tally;
  }

  private static Talker talker(Desk desk, List<String> conversations, String run) {
    return new Talker(desk.genesys, desk.organization(), conversations, run);
  }
}
