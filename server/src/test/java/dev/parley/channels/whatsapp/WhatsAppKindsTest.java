package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Message;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Every kind of update that Meta documents, and some that it may send one day: what each file of
/// `webhooks/whatsapp` becomes stands in `golden.json`.
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatsAppKindsTest {
  private final WhatsAppFixture app = new WhatsAppFixture();

  @AfterAll
  void close() {
    app.close();
  }

  @TestFactory
  Stream<DynamicTest> everyKind() {
    return Json.tree(WhatsAppFixture.payload("golden")).properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
  }

  private void check(String name, JsonNode expected) {
    ChannelAccount account = app.acme;
    List<WorkItem> items = app.split(account, WhatsAppFixture.payload(name));
    assertThat(items).isNotEmpty();
    int notices = notices(account.tenant());
    long messages = app.messages(account).size();
    switch (expected.path("stored").asText()) {
      case "message" -> {
        for (int delivery = 0; delivery < 3; delivery++) {
          app.handle(account, app.split(account, WhatsAppFixture.payload(name)));
        }
        assertThat(app.messages(account)).hasSize((int) messages + 1);
        assertThat(notices(account.tenant()) - notices)
            .isEqualTo(expected.path("notices").asInt(0));
        message(account, items, expected);
      }
      case "nothing" -> {
        app.handle(account, items);
        assertThat(app.messages(account)).hasSize((int) messages);
      }
      case "refused" ->
          assertThatThrownBy(() -> app.handle(account, items))
              .isInstanceOf(Unprocessable.class)
              .hasMessageContaining(expected.path("cause").asText());
      case "notice" -> {
        app.handle(account, items);
        app.handle(account, app.split(account, WhatsAppFixture.payload(name)));
        assertThat(notices(account.tenant())).isEqualTo(notices + 1);
        assertThat(lastNotice(account.tenant())).isEqualTo(expected.path("field").asText());
      }
      case "receipt" -> {
        app.handle(account, items);
        int kept =
            app.count(
                account.tenant(),
                "SELECT count(*) FROM pending_receipts WHERE provider_message_id = 'wamid.SENT' AND state = '"
                    + expected.path("state").asText()
                    + "'");
        assertThat(kept).isEqualTo(1);
      }
      default -> throw new IllegalStateException(expected.toString());
    }
    assertThat(app.messages(app.globex)).isEmpty();
  }

  private int notices(TenantId tenant) {
    return app.count(tenant, "SELECT count(*) FROM channel_notices");
  }

  private String lastNotice(TenantId tenant) {
    return app.db
        .tenants()
        .inTenant(
            tenant,
            tx ->
                tx.sql()
                    .createQuery("SELECT field FROM channel_notices ORDER BY id DESC LIMIT 1")
                    .mapTo(String.class)
                    .one());
  }

  private void message(ChannelAccount account, List<WorkItem> items, JsonNode expected) {
    JsonNode payload = Json.tree(items.getFirst().payload());
    String providerId = payload.path("message").path("id").asText();
    Message message =
        app.messages(account).stream()
            .filter(m -> providerId.equals(m.providerMessageId()))
            .findFirst()
            .orElseThrow();
    JsonNode content = Json.tree(Json.write(message.content()));
    assertThat(contains(content, expected.path("content")))
        .as("%s contains %s", content, expected.path("content"))
        .isTrue();
    boolean byUs = expected.path("byUs").asBoolean();
    assertThat(message.direction())
        .isEqualTo(byUs ? Message.Direction.OUTBOUND : Message.Direction.INBOUND);
    assertThat(message.providerTime()).isEqualTo(WhatsAppFixture.WRITTEN);
    if (expected.has("replyToProviderId")) {
      assertThat(message.replyToProviderId())
          .isEqualTo(expected.path("replyToProviderId").asText());
    }
    if (expected.path("attachmentError").asBoolean()) {
      assertThat(content.path("attachment").path("error").asText()).isNotEmpty();
    }
    if (expected.path("content").path("type").asText().equals("unsupported")) {
      assertThat(content.path("raw")).isEqualTo(payload.path("message"));
    }
    who(account, message, expected);
    JsonNode event = eventOf(account.tenant(), message.id());
    assertThat(event.path("message").path("content")).isEqualTo(content);
    assertThat(contains(event.path("referral"), expected.path("referral"))).isTrue();
  }

  private void who(ChannelAccount account, Message message, JsonNode expected) {
    Conversation conversation =
        app.conversations.find(app.caller(account), message.conversationId()).orElseThrow();
    Contact contact =
        app.contacts.find(app.caller(account), conversation.contactId()).orElseThrow();
    if (expected.has("phone")) {
      assertThat(contact.identities()).contains(Identity.phone(expected.path("phone").asText()));
    }
    if (expected.has("user")) {
      assertThat(contact.identities())
          .contains(
              new Identity(
                  Identity.Kind.WHATSAPP_USER, "102290129340398", expected.path("user").asText()));
    }
    if (expected.has("name")) {
      assertThat(contact.name()).isEqualTo(expected.path("name").asText());
    }
  }

  private JsonNode eventOf(TenantId tenant, UUID message) {
    return app.events(tenant).stream()
        .map(e -> Json.tree(e.data()))
        .filter(data -> data.path("message").path("id").asText().equals(message.toString()))
        .findFirst()
        .orElseThrow();
  }

  /// Whether everything that is expected is there; what is there beyond it does not matter.
  private static boolean contains(JsonNode actual, JsonNode expected) {
    if (expected.isObject()) {
      return expected.properties().stream()
          .allMatch(field -> contains(actual.path(field.getKey()), field.getValue()));
    }
    return expected.isMissingNode()
        || actual.equals(expected)
        || (actual.isNumber() && expected.isNumber() && actual.asDouble() == expected.asDouble());
  }
}
