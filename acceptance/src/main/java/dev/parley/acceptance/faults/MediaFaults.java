package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// The server dies while it fetches customers' files: each file must be shown in the end, once, with all its bytes.
final class MediaFaults {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int EACH = 6;

  private MediaFaults() {}

  /// `kill -9` in the middle of downloads, and death between the storage and the message.
  static void deaths(Stage stage, int rounds, Random random, Consumer<Tally> told) {
    told.accept(kills(stage, rounds, random));
    told.accept(crashes(stage, Math.ceilDiv(rounds, 6), random));
  }

  private static Tally kills(Stage stage, int rounds, Random random) {
    var sent = new ArrayList<String>();
    stage.sandbox.faults(
        stage.acme.number(), Json.of("on", "download", "mode", "drip", "delayMs", 400));
    for (int round = 0; round < rounds; round++) {
      sent.addAll(send(stage, "kill" + round));
      Wait.pause(Duration.ofMillis(random.nextInt(700)));
      stage.server.kill();
      stage.server.start();
    }
    stage.sandbox.faults(stage.acme.number());
    return counted(stage, "SIGKILL while files are fetched", rounds, sent, "");
  }

  private static Tally crashes(Stage stage, int rounds, Random random) {
    var sent = new ArrayList<String>();
    int died = 0;
    for (int round = 0; round < rounds; round++) {
      stage.server.kill();
      stage.server.start(
          Map.of(
              "parley.crash.at",
              "MEDIA_FETCHED",
              "parley.crash.after",
              Integer.toString(random.nextInt(EACH))));
      sent.addAll(send(stage, "crash" + round));
      died += stage.server.awaitEnd(LONG).orElse(0) == 137 ? 1 : 0;
      stage.server.kill();
    }
    stage.server.start();
    String note = died == rounds ? "" : "died %d of %d times".formatted(died, rounds);
    Tally tally = counted(stage, "MEDIA_FETCHED", rounds, sent, note);
    return died == rounds ? tally : tally.plus(new Tally(note, rounds, 0, rounds - died, 0, 0, ""));
  }

  /// Documents of as many customers; answers the provider's ids of those whose webhook was acknowledged.
  private static List<String> send(Stage stage, String run) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < EACH; i++) {
      byte[] text = text(run, i).getBytes(StandardCharsets.UTF_8);
      ids.add(
          stage.sandbox.write(
              stage.acme.number(),
              "4477005%05d".formatted(Math.floorMod((run + i).hashCode(), 100_000)),
              Json.of(
                  "type",
                  "document",
                  "document",
                  Json.of("mime_type", "text/plain", "caption", text(run, i)),
                  "data",
                  Base64.getEncoder().encodeToString(text))));
    }
    return ids;
  }

  private static String text(String run, int i) {
    return "file %d of %s ".formatted(i, run).repeat(500).strip();
  }

  private static Tally counted(
      Stage stage, String fault, int rounds, List<String> sent, String note) {
    stage.count().awaitDrained("inbound-messages");
    stage.count().awaitDrained("media-downloads");
    long lost = 0;
    long doubled = 0;
    for (String id : sent) {
      List<String> ids =
          stage
              .server
              .sql()
              .texts(
                  "SELECT conversation_id || '/messages/' || id FROM messages WHERE provider_message_id = ?",
                  id);
      if (ids.size() != 1 || !isWhole(stage, ids.getFirst())) {
        lost++;
        continue;
      }
      long told =
          stage
              .server
              .sql()
              .number(
                  "SELECT count(*) FROM events WHERE type LIKE 'message.media-%' AND data->>'messageId' = ?",
                  ids.getFirst().substring(ids.getFirst().lastIndexOf('/') + 1));
      lost += told == 0 ? 1 : 0;
      doubled += told > 1 ? 1 : 0;
    }
    // A file's row that shows bytes which are not there.
    lost +=
        stage
            .server
            .sql()
            .number(
                "SELECT count(*) FROM files f WHERE f.state = 'ready' AND NOT EXISTS (SELECT 1 FROM blobs b"
                    + " WHERE b.tenant_id = f.tenant_id AND b.id = f.blob_id AND b.state = 'stored' AND NOT b.missing)");
    return new Tally(fault, rounds, sent.size(), lost, doubled, 0, note);
  }

  /// Whether the message shows its file, and its signed address gives out what the customer sent.
  private static boolean isWhole(Stage stage, String path) {
    JsonNode content = stage.acme.api().get("/api/v1/conversations/" + path).ok().path("content");
    JsonNode file = content.at("/attachment/file");
    return file.path("state").asText().equals("ready")
        && new String(Http.bytes(URI.create(file.path("url").asText())), StandardCharsets.UTF_8)
            .equals(content.path("caption").asText());
  }
}
