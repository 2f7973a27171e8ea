package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Sql;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import dev.parley.acceptance.driver.Webhook;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the webhook's address takes and what it does not.
class WebhookSecurityTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Sql sql = world.server.sql();
  private final String customer = World.customer();
  private final String canary = "canary-" + UUID.randomUUID();

  private byte[] text() {
    return Webhook.body(
        acme.number(),
        List.of(
            Webhook.messages(
                acme.number(),
                customer,
                List.of(Webhook.text("wamid." + canary, customer, Instant.now(), canary)))));
  }

  private Answer post(URI address, Map<String, String> headers, byte[] body) {
    return Http.call("POST", address, headers, body);
  }

  private URI address() {
    return acme.webhook(world.server.url());
  }

  private long stored() {
    String like = "%" + canary + "%";
    return sql.number("SELECT count(*) FROM messages WHERE content::text LIKE ?", like)
        + sql.number("SELECT count(*) FROM work_items WHERE payload LIKE ?", like)
        + sql.number("SELECT count(*) FROM dead_letters WHERE payload LIKE ?", like);
  }

  /// Stores one good message and so proves that all that was posted before it has been handled.
  private void barrier() {
    String after = World.customer();
    world.sandbox.writeText(acme.number(), after, "barrier");
    acme.api().awaitConversation(after, SOON);
  }

  @Test
  void withoutTheRightSignatureNothingIsStored() {
    byte[] body = text();
    String good = Webhook.signature(acme.number().appSecret(), body);
    byte[] changed =
        new String(body, StandardCharsets.UTF_8)
            .replace(canary, canary + "!")
            .getBytes(StandardCharsets.UTF_8);
    var wrong = new ArrayList<Map<String, String>>();
    wrong.add(Map.of());
    wrong.add(Map.of("X-Hub-Signature-256", ""));
    wrong.add(Map.of("X-Hub-Signature-256", "sha256="));
    wrong.add(Map.of("X-Hub-Signature-256", "sha256=zz"));
    wrong.add(Map.of("X-Hub-Signature-256", good.substring(0, good.length() - 2)));
    wrong.add(Map.of("X-Hub-Signature-256", good.substring("sha256=".length())));
    wrong.add(Map.of("X-Hub-Signature", good));
    wrong.add(Map.of("X-Hub-Signature-256", Webhook.signature("another secret", body)));
    wrong.add(
        Map.of(
            "X-Hub-Signature-256",
            Webhook.signature(world.tenants.globex().number().appSecret(), body)));

    for (Map<String, String> headers : wrong) {
      assertThat(post(address(), headers, body).status()).as("%s", headers).isEqualTo(401);
    }
    assertThat(post(address(), Map.of("X-Hub-Signature-256", good), changed).status())
        .isEqualTo(401);

    barrier();
    assertThat(stored()).isZero();
    String metrics = world.server.api().get("/metrics").text();
    assertThat(metrics).containsPattern("parley_webhooks.*result=\"unsigned\".* [1-9]");
  }

  @Test
  void whileASecretIsReplacedBothSign() {
    String next = "nextsecret0123456789";
    Tenant globex = world.tenants.globex();
    var credentials =
        Json.of(
            "accessToken",
            globex.number().accessToken(),
            "appSecrets",
            List.of(globex.number().appSecret(), next),
            "verifyToken",
            globex.number().verifyToken());
    String channel = "/api/v1/channels/" + globex.channelId();
    globex.api().patch(channel, Json.of("credentials", credentials)).ok();
    byte[] body = Webhook.bytes(Json.of("entry", List.of(), "canary", canary));
    URI address = globex.webhook(world.server.url());

    for (String secret : List.of(globex.number().appSecret(), next)) {
      Map<String, String> headers = Map.of("X-Hub-Signature-256", Webhook.signature(secret, body));
      Wait.until("both secrets are good", SOON, () -> post(address, headers, body).status() == 200);
    }
    credentials.set("appSecrets", Json.array(List.of(globex.number().appSecret())));
    globex.api().patch(channel, Json.of("credentials", credentials)).ok();

    Wait.until(
        "the old one is good no more",
        SOON,
        () ->
            post(address, Map.of("X-Hub-Signature-256", Webhook.signature(next, body)), body)
                    .status()
                == 401);
  }

  @Test
  void moreThanThreeMegabytesAreRefused() {
    byte[] body = Webhook.bytes(Json.of("canary", canary, "padding", "x".repeat(3 << 20)));

    assertThat(acme.post(world.server.url(), body).status()).isEqualTo(413);

    byte[] most = new byte[3 << 20];
    java.util.Arrays.fill(most, (byte) ' ');
    byte[] start = Webhook.bytes(Json.of("canary", canary));
    System.arraycopy(start, 0, most, 0, start.length);
    assertThat(acme.post(world.server.url(), most).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/whatsapp/0199d9a0-0000-7000-8000-000000000000",
        "/webhooks/whatsapp/none",
        "/webhooks/whatsapp/",
        "/webhooks/waha/CHANNEL",
        "/webhooks/whatsapp/CHANNEL/more"
      })
  void anAddressThatIsNoChannelsIsNotFound(String path) {
    byte[] body = text();
    URI address = URI.create(world.server.url() + path.replace("CHANNEL", acme.channelId()));

    assertThat(post(address, acme.signed(body), body).status()).isEqualTo(404);

    assertThat(stored()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json CANARY",
        "[\"CANARY\"]",
        "\"CANARY\"",
        "{\"entry\":\"CANARY\"}",
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"messages\":[null,\"CANARY\",{}]}}]}]}",
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"statuses\":[{\"status\":\"sent\",\"recipient_id\":\"CANARY\"}]}}]}]}",
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"messages\":[{\"id\":\"a\\u0000\\ud800CANARY\",\"from\":[1]}]}}]}]}",
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"messages\":[{\"id\":\"CANARY\",\"from\":\"123\",\"type\":\"text\",\"timestamp\":\"99999999999999999\",\"text\":{\"body\":\"x\"}}]}}]}]}",
      })
  void signedGarbageIsTakenAndKept(String garbage) {
    byte[] body = garbage.replace("CANARY", canary).getBytes(StandardCharsets.UTF_8);

    assertThat(acme.post(world.server.url(), body).status()).isEqualTo(200);

    Wait.until(
        "it is a dead letter",
        SOON,
        () -> acme.list("/api/v1/dead-letters?limit=200"),
        letters -> letters.stream().anyMatch(l -> l.toString().contains(canary)));
    JsonNode letter =
        acme.list("/api/v1/dead-letters?limit=200").stream()
            .filter(l -> l.toString().contains(canary))
            .findFirst()
            .orElseThrow();
    assertThat(letter.path("cause").asText()).isNotBlank();
  }

  @Test
  void aBadUpdateInAGoodBatchIsParkedAlone() {
    PhoneNumber number = acme.number();
    var values = new ArrayList<JsonNode>();
    for (int i = 0; i < 20; i++) {
      var message = Webhook.text("wamid." + i + canary, customer, Instant.now(), canary + " " + i);
      if (i == 7) {
        message.remove("timestamp");
      }
      values.add(Webhook.messages(number, customer, List.of(message)));
    }

    acme.post(world.server.url(), Webhook.body(number, values)).expect(200);

    Wait.until(
        "nineteen messages and a dead letter",
        SOON,
        () ->
            sql.number(
                        "SELECT count(*) FROM messages WHERE content::text LIKE ?",
                        "%" + canary + "%")
                    == 19
                && sql.number(
                        "SELECT count(*) FROM dead_letters WHERE payload LIKE ? AND cause LIKE '%timestamp%'",
                        "%" + canary + "%")
                    == 1);
    assertThat(
            sql.texts(
                "SELECT content->>'body' FROM messages WHERE content::text LIKE ? ORDER BY seq",
                "%" + canary + "%"))
        .isEqualTo(
            java.util.stream.IntStream.range(0, 20)
                .filter(i -> i != 7)
                .mapToObj(i -> canary + " " + i)
                .toList());
  }

  @Test
  void theHandshakeNeedsTheVerifyToken() {
    String path = "/webhooks/whatsapp/" + acme.channelId() + "?hub.mode=subscribe";
    Api meta = world.server.api();
    String token = acme.number().verifyToken();

    Answer right = meta.get(path + "&hub.challenge=11582&hub.verify_token=" + token);

    assertThat(right.expect(200).text()).isEqualTo("11582");
    assertThat(right.header("Content-Type")).startsWith("text/plain");
    assertThat(meta.get(path + "&hub.challenge=1&hub.verify_token=wrong").status()).isEqualTo(403);
    assertThat(meta.get(path + "&hub.challenge=1").status()).isEqualTo(403);
    assertThat(
            meta.get(
                    "/webhooks/whatsapp/"
                        + acme.channelId()
                        + "?hub.mode=unsubscribe&hub.verify_token="
                        + token)
                .status())
        .isEqualTo(403);
    assertThat(
            meta.get(
                    "/webhooks/whatsapp/"
                        + UUID.randomUUID()
                        + "?hub.mode=subscribe&hub.verify_token="
                        + token)
                .status())
        .isEqualTo(404);
  }
}
