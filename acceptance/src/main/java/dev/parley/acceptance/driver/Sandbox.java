package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.WhatsAppSandbox;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The WhatsApp sandbox in this process, steered by its own HTTP API.
public final class Sandbox implements AutoCloseable {
  private final WhatsAppSandbox server;
  private final Api control;

  private Sandbox(WhatsAppSandbox server) {
    this.server = server;
    this.control = Api.of(server.url());
  }

  /// Starts one on a free port.
  public static Sandbox start() {
    return new Sandbox(WhatsAppSandbox.start("127.0.0.1", 0));
  }

  /// What stands in place of `https://graph.facebook.com`.
  public URI url() {
    return server.url();
  }

  /// For `http.allow`.
  public String hostAndPort() {
    return url().getAuthority();
  }

  /// Registers a number, with or without a receiver for its webhooks; answers how the handshake went.
  public String register(PhoneNumber number, @Nullable URI webhook) {
    JsonNode answer =
        control
            .call(
                "PUT",
                "/sandbox/numbers/" + number.id(),
                Json.write(
                    Json.of(
                        "displayPhoneNumber",
                        number.displayPhoneNumber(),
                        "wabaId",
                        number.wabaId(),
                        "accessToken",
                        number.accessToken(),
                        "appSecret",
                        number.appSecret(),
                        "verifyToken",
                        number.verifyToken(),
                        "webhookUrl",
                        webhook == null ? null : webhook.toString())))
            .ok();
    return answer.path("handshake").asText();
  }

  /// A customer writes; returns the message's id when the webhook was taken.
  public String write(PhoneNumber number, String customer, JsonNode message) {
    JsonNode answer =
        control
            .post(
                "/sandbox/numbers/%s/customers/%s/messages?wait=true"
                    .formatted(number.id(), customer),
                message)
            .ok();
    if (!answer.path("delivered").asBoolean()) {
      throw new AssertionError("the webhook was not taken: " + answer);
    }
    return answer.path("id").asText();
  }

  /// A customer writes a text.
  public String writeText(PhoneNumber number, String customer, String text) {
    return write(
        number,
        customer,
        Json.of("type", "text", "text", Json.of("body", text), "profileName", "C" + customer));
  }

  /// Delivers any body once and answers the status; `signature` is `good`, `wrong` or `none`.
  public int webhook(PhoneNumber number, JsonNode body, String signature) {
    return control
        .post(
            "/sandbox/numbers/%s/webhooks?wait=true&signature=%s".formatted(number.id(), signature),
            body)
        .ok()
        .path("status")
        .asInt();
  }

  /// Delivers changes of the account once and answers the status.
  public int change(PhoneNumber number, String field, JsonNode value) {
    return webhook(
        number, Json.of("changes", List.of(Json.of("field", field, "value", value))), "good");
  }

  /// Every POST to `/messages` that reached it, the oldest first.
  public List<JsonNode> sends(PhoneNumber number) {
    var all = new ArrayList<JsonNode>();
    long after = 0;
    while (true) {
      JsonNode page =
          control
              .get("/sandbox/numbers/%s/messages?limit=1000&after=%d".formatted(number.id(), after))
              .ok()
              .path("data");
      if (page.isEmpty()) {
        return all;
      }
      page.forEach(all::add);
      after = all.getLast().path("number").asLong();
    }
  }

  /// The sends of one message of ours, found by the id that each carries.
  public List<JsonNode> sends(PhoneNumber number, String messageId) {
    return sends(number).stream()
        .filter(send -> send.path("callbackData").asText().startsWith(messageId + ":"))
        .toList();
  }

  /// How often what was taken, refused, sent twice.
  public JsonNode counts(PhoneNumber number) {
    return control.get("/sandbox/numbers/%s/counts".formatted(number.id())).ok();
  }

  /// Changes how the number behaves.
  public void behave(PhoneNumber number, JsonNode changes) {
    control
        .call("PUT", "/sandbox/numbers/%s/behaviour".formatted(number.id()), Json.write(changes))
        .ok();
  }

  /// Replaces the faults; none heals it.
  public void faults(PhoneNumber number, JsonNode... faults) {
    control
        .call(
            "PUT",
            "/sandbox/numbers/%s/faults".formatted(number.id()),
            Json.write(Json.array(List.of(faults))))
        .ok();
  }

  @Override
  public void close() {
    server.close();
  }
}
