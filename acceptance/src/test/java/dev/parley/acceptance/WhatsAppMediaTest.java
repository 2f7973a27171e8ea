package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Live;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Customers' files come in beside their messages, and files of ours go out.
class WhatsAppMediaTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final String customer = World.customer();

  @AfterEach
  void heal() {
    sandbox.faults(acme.number());
    sandbox.behave(acme.number(), Json.of("mediaUrlSeconds", 300, "mediaIdSeconds", 0));
  }

  private String conversation() {
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private JsonNode message(String providerId) {
    String conversation = conversation();
    return Wait.until(
            "the message " + providerId,
            SOON,
            () ->
                acme.api().messages(conversation).stream()
                    .filter(m -> m.path("providerMessageId").asText().equals(providerId))
                    .toList(),
            found -> !found.isEmpty())
        .getFirst();
  }

  private static JsonNode attachment(JsonNode message) {
    return message.at("/content/attachment");
  }

  private JsonNode awaitFile(String providerId, String state) {
    return attachment(
        Wait.until(
            "the file of " + providerId + " is " + state,
            LONG,
            () -> message(providerId),
            m -> attachment(m).at("/file/state").asText().equals(state)));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode document(String text) {
    return Json.of(
        "type",
        "document",
        "document",
        Json.of("mime_type", "text/plain", "filename", "note.txt"),
        "data",
        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  private long events(String type, String messageId) {
    return world
        .server
        .sql()
        .number(
            "SELECT count(*) FROM events WHERE type = ? AND data->>'messageId' = ?",
            type,
            messageId);
  }

  @ParameterizedTest
  @CsvSource({
    "image, image, image/jpeg",
    "audio, voice, audio/ogg",
    "document, document, application/pdf",
    "video, video, video/mp4",
    "sticker, sticker, image/webp"
  })
  void aCustomersFileIsStoredAndFetchedByASignedAddress(String type, String kind, String mimeType) {
    String id = sandbox.write(acme.number(), customer, Json.of("type", type, type, Json.of()));

    JsonNode attachment = awaitFile(id, "ready");

    JsonNode file = attachment.path("file");
    byte[] bytes = Http.bytes(URI.create(file.path("url").asText()));
    assertThat(sha256(bytes))
        .isEqualTo(file.path("sha256").asText())
        .isEqualTo(attachment.path("sha256").asText());
    assertThat(file.path("size").asLong()).isEqualTo(bytes.length);
    assertThat(file.path("mimeType").asText()).isEqualTo(mimeType);
    assertThat(message(id).at("/content/type").asText()).isEqualTo(kind);
    String messageId = message(id).path("id").asText();
    assertThat(events("message.media-stored", messageId)).isEqualTo(1);
    assertThat(acme.api().get("/api/v1/files/" + attachment.path("fileId").asText()).ok())
        .isNotNull();
    assertThat(globex.api().get("/api/v1/files/" + attachment.path("fileId").asText()).status())
        .isEqualTo(404);
  }

  @Test
  void theStreamTellsWhereAFileIsAndTheLogKeepsNoAddress() {
    try (Live live = Live.as(world.server.url(), acme.as("agent"))) {
      live.follow("inbox");
      sandbox.write(acme.number(), customer, document("live " + customer));
      String conversation = conversation();
      JsonNode file =
          live.await(
                  "its file",
                  e ->
                      e.path("event").asText().equals("message.media-stored")
                          && e.path("conversationId").asText().equals(conversation))
              .at("/data/file");
      assertThat(Http.bytes(URI.create(file.path("url").asText())))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("live " + customer);
      assertThat(Instant.parse(file.path("urlUntil").asText())).isAfter(Instant.now());
      String read = "/api/v1/events?type=message.media-stored&conversationId=" + conversation;
      assertThat(acme.api().get(read).ok().at("/items/0/data/file/url").asText()).isNotBlank();
    }
    assertThat(
            world
                .server
                .sql()
                .number("SELECT count(*) FROM events WHERE data::text LIKE '%\"urlUntil\"%'"))
        .isZero();
  }

  @Test
  void aFileThatHangsHoldsUpNoMessage() {
    sandbox.faults(
        acme.number(), Json.of("on", "download", "mode", "stall", "delayMs", 4000, "times", 1));
    String id = sandbox.write(acme.number(), customer, document("slow " + customer));

    assertThat(attachment(message(id)).at("/file/state").asText()).isEqualTo("pending");
    String next = sandbox.writeText(acme.number(), customer, "and this?");
    assertThat(message(next).path("seq").asLong()).isEqualTo(message(id).path("seq").asLong() + 1);
    assertThat(attachment(message(id)).at("/file/state").asText()).isEqualTo("pending");

    assertThat(Http.bytes(URI.create(awaitFile(id, "ready").at("/file/url").asText())))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("slow " + customer);
  }

  @Test
  void aDamagedFileIsNotShownAndCanBeFetchedAgainByHand() {
    sandbox.faults(acme.number(), Json.of("on", "download", "mode", "corrupt"));
    String id = sandbox.write(acme.number(), customer, document("damaged " + customer));

    JsonNode failed = awaitFile(id, "failed");
    assertThat(failed.at("/file/cause").asText()).isNotBlank();
    assertThat(failed.path("fileId").isMissingNode()).isTrue();
    String messageId = message(id).path("id").asText();
    assertThat(events("message.media-failed", messageId)).isEqualTo(1);

    sandbox.faults(acme.number());
    String retry =
        "/api/v1/conversations/%s/messages/%s/media/retry".formatted(conversation(), messageId);
    assertThat(attachment(acme.api().post(retry, Json.of()).ok()).at("/file/state").asText())
        .isIn("pending", "ready");
    awaitFile(id, "ready");
    assertThat(events("message.media-stored", messageId)).isEqualTo(1);
    assertThat(acme.api().post(retry, Json.of()).status()).isEqualTo(409);
  }

  @Test
  void aFileThatIsTooOldIsShownAsExpired() {
    ObjectNode old = document("old " + customer);
    old.put("timestamp", Instant.now().minus(Duration.ofDays(8)).getEpochSecond());
    String id = sandbox.write(acme.number(), customer, old);

    awaitFile(id, "expired");
    Answer retry =
        acme.api()
            .post(
                "/api/v1/conversations/%s/messages/%s/media/retry"
                    .formatted(conversation(), message(id).path("id").asText()),
                Json.of());
    assertThat(retry.status()).isEqualTo(409);
    assertThat(retry.code()).isEqualTo("wrong-state");
  }

  @Test
  void anAddressThatIsTooOldIsAskedForAgain() {
    sandbox.behave(acme.number(), Json.of("mediaUrlSeconds", -1));
    long before = sandbox.counts(acme.number()).at("/media/lookUps").asLong();
    String id = sandbox.write(acme.number(), customer, document("late " + customer));
    Wait.until(
        "it was looked up twice",
        SOON,
        () -> sandbox.counts(acme.number()).at("/media/lookUps").asLong() >= before + 2);
    assertThat(attachment(message(id)).at("/file/state").asText()).isEqualTo("pending");
    sandbox.behave(acme.number(), Json.of("mediaUrlSeconds", 300));

    awaitFile(id, "ready");
  }

  @Test
  void aMessageWhoseFileTheProviderHasNotSaysSo() {
    ObjectNode without =
        Json.of(
            "type",
            "image",
            "image",
            Json.of(),
            "errors",
            List.of(Json.of("code", 131052, "title", "Media download error")));
    String id = sandbox.write(acme.number(), customer, without);

    JsonNode attachment = attachment(message(id));
    assertThat(attachment.at("/file/state").asText()).isEqualTo("failed");
    assertThat(attachment.at("/file/cause").asText()).isNotBlank();
  }

  @Test
  void filesOfOursAreSentAndUploadedOnce() {
    String conversation = open();
    byte[] text = ("invoice " + customer).getBytes(StandardCharsets.UTF_8);
    String file = acme.api().upload("invoice.txt", "text/plain", text).path("id").asText();
    JsonNode content =
        Json.of(
            "type",
            "document",
            "attachment",
            Json.of("fileId", file, "filename", "invoice.txt"),
            "caption",
            "Your invoice");
    long uploads = sandbox.counts(acme.number()).at("/media/uploads").asLong();

    for (int i = 0; i < 2; i++) {
      JsonNode message = acme.api().send(conversation, content, null).expect(202).json();
      assertThat(message.at("/content/attachment/file/url").asText()).isNotBlank();
      String id = message.path("id").asText();
      acme.api().awaitState(conversation, id, SOON, "sent", "delivered", "read");
      assertThat(sandbox.sends(acme.number(), id))
          .singleElement()
          .satisfies(send -> assertThat(send.at("/body/document/id").asText()).matches("[0-9]+"));
    }

    assertThat(sandbox.counts(acme.number()).at("/media/uploads").asLong()).isEqualTo(uploads + 1);
    assertThat(acme.api().delete("/api/v1/files/" + file).status()).isEqualTo(409);
  }

  private String open() {
    sandbox.writeText(acme.number(), customer, "hello");
    return conversation();
  }

  @Test
  void anUploadThatIsCutLeavesNothingOpen() {
    String conversation = open();
    String file =
        acme.api()
            .upload("a.txt", "text/plain", ("cut " + customer).getBytes(StandardCharsets.UTF_8))
            .path("id")
            .asText();
    sandbox.faults(acme.number(), Json.of("on", "upload", "mode", "resetAfterAccept", "times", 1));
    String id =
        acme.api()
            .send(
                conversation,
                Json.of("type", "document", "attachment", Json.of("fileId", file)),
                null)
            .expect(202)
            .json()
            .path("id")
            .asText();

    acme.api().awaitState(conversation, id, SOON, "sent", "delivered", "read");
    assertThat(sandbox.sends(acme.number(), id)).hasSize(1);
    assertThat(events("message.outcome-unknown", id)).isZero();
  }

  @Test
  void whatCannotBeSentIsRefusedWithFieldAndLimit() {
    String conversation = open();
    String text =
        acme.api()
            .upload("a.txt", "text/plain", "text".getBytes(StandardCharsets.UTF_8))
            .path("id")
            .asText();
    Answer image =
        acme.api()
            .send(
                conversation, Json.of("type", "image", "attachment", Json.of("fileId", text)), null)
            .expect(400);
    assertThat(image.text()).contains("content.attachment.fileId").contains("image/jpeg");

    String theirs =
        globex
            .api()
            .upload("b.txt", "text/plain", "theirs".getBytes(StandardCharsets.UTF_8))
            .path("id")
            .asText();
    acme.api()
        .send(
            conversation,
            Json.of("type", "document", "attachment", Json.of("fileId", theirs)),
            null)
        .expect(400);
  }
}
