package dev.parley.channels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelConnector.Delivery;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What every connector has to do, whatever provider stands behind it: say how a send ended, and
/// never call something not sent that may have been.
public abstract class ChannelConnectorContract {
  protected final TenantId tenant = new TenantId(UUID.randomUUID());

  /// The connector under test.
  protected abstract ChannelConnector connector();

  /// An account that the provider accepts.
  protected abstract ChannelAccount account();

  /// The same account with a credential that the provider does not accept.
  protected abstract ChannelAccount accountWithWrongCredentials();

  /// The next call is refused for good because of the message.
  protected abstract void refuseNext();

  /// The next call is refused for now, with a pause of seven seconds.
  protected abstract void throttleNext();

  /// The next call meets a fault of the provider's own, told in its answer.
  protected abstract void failNext();

  /// The next message is taken and the connection is cut with no answer.
  protected abstract void takeAndCutNext();

  /// How many messages the provider has taken.
  protected abstract int taken();

  /// A connector that finds nobody at its provider's address.
  protected abstract ChannelConnector unreachable();

  private Delivery send(Content content) {
    return connector().send(account(), outgoing(content));
  }

  private Deliveries.Outgoing outgoing(Content content) {
    Instant now = Instant.now();
    var contact =
        new Contact(
            Ids.next(),
            Ids.next(),
            "Ana",
            List.of(Identity.phone("16505551234")),
            Map.of(),
            now,
            now);
    return new Deliveries.Outgoing(
        tenant, Ids.next(), Ids.next(), account().id(), 0, 1, now, content, contact, null);
  }

  private static Content hello() {
    return new Content.Text("hello", null);
  }

  @Test
  void aMessageThatTheProviderTakesHasItsId() {
    assertThat(send(hello()))
        .isInstanceOfSatisfying(
            Delivery.Delivered.class, d -> assertThat(d.providerMessageId()).isNotEmpty());
    assertThat(taken()).isEqualTo(1);
  }

  @Test
  void aRefusalSaysWhyAndWhatToDo() {
    refuseNext();
    assertThat(send(hello()))
        .isInstanceOfSatisfying(
            Delivery.Refused.class,
            refused -> {
              assertThat(refused.failure().cause()).isNotBlank();
              assertThat(refused.failure().wayOut()).isNotBlank();
              assertThat(refused.failure().code()).matches("[a-z-]+");
            });
    assertThat(taken()).isZero();
  }

  @Test
  void aThrottledCallWaitsAsLongAsTheProviderSays() {
    throttleNext();
    assertThat(send(hello()))
        .isInstanceOfSatisfying(
            Delivery.RetryAfter.class,
            later -> assertThat(later.pause()).isEqualTo(Duration.ofSeconds(7)));
    assertThat(taken()).isZero();
  }

  @Test
  void aFaultOfTheProviderLeavesOpenWhetherItWasSent() {
    failNext();
    assertThat(send(hello()))
        .isInstanceOfSatisfying(
            Delivery.Unknown.class, unknown -> assertThat(unknown.failure().retryable()).isTrue());
  }

  @Test
  void noAnswerLeavesOpenWhetherItWasSentAndAdvisesNoRepetition() {
    takeAndCutNext();
    assertThat(send(hello()))
        .isInstanceOfSatisfying(
            Delivery.Unknown.class, unknown -> assertThat(unknown.failure().retryable()).isFalse());
    assertThat(taken()).isEqualTo(1);
  }

  @Test
  void aProviderThatCannotBeReachedHasCertainlyNotSentIt() {
    assertThat(unreachable().send(account(), outgoing(hello())))
        .isInstanceOfSatisfying(
            Delivery.RetryAfter.class, later -> assertThat(later.everybody()).isTrue());
  }

  @Test
  void wrongCredentialsAreTheAccountsFault() {
    assertThat(connector().send(accountWithWrongCredentials(), outgoing(hello())))
        .isInstanceOfSatisfying(
            Delivery.Refused.class, refused -> assertThat(refused.account()).isTrue());
  }

  @Test
  void theTestTellsAWorkingAccountFromABrokenOne() {
    assertThat(connector().test(account()).ok()).isTrue();
    ChannelConnector.Health broken = connector().test(accountWithWrongCredentials());
    assertThat(broken.ok()).isFalse();
    assertThat(broken.detail()).isNotBlank();
    assertThat(unreachable().test(account()).ok()).isFalse();
  }

  @Test
  void everyKindOfContentIsTakenByTheProviderOrRefusedBeforehandWithItsField() {
    for (Content content : everyKind()) {
      List<Problem.FieldError> errors = connector().check(content);
      if (errors.isEmpty()) {
        assertThat(send(content)).as("%s", content).isInstanceOf(Delivery.Delivered.class);
      } else {
        assertThat(errors).allSatisfy(e -> assertThat(e.field()).startsWith("content."));
      }
    }
  }

  @Test
  void settingsWithoutWhatTheKindNeedsAreRefused() {
    var nothing = new ChannelAccount.Credentials(null, List.of(), null);
    assertThat(connector().checkSettings(Json.MAPPER.createObjectNode(), nothing)).isNotEmpty();
    assertThat(connector().checkSettings(account().settings(), account().credentials())).isEmpty();
  }

  private static List<Content> everyKind() {
    var link =
        new Content.Attachment(null, "https://example.com/f", null, null, null, "f.pdf", null);
    JsonNode card =
        Json.tree("{\"name\":{\"formatted_name\":\"Ana Souza\",\"first_name\":\"Ana\"}}");
    var kinds = new ArrayList<Content>();
    kinds.add(hello());
    kinds.add(new Content.Image(link, "a caption"));
    kinds.add(new Content.Video(link, null));
    kinds.add(new Content.Audio(link));
    kinds.add(new Content.Voice(link));
    kinds.add(new Content.Document(link, null));
    kinds.add(new Content.Sticker(link, null));
    kinds.add(new Content.Location(38.7, -9.1, "Here", null, null));
    kinds.add(new Content.Contacts(List.of(card)));
    kinds.add(new Content.Buttons("Yes?", List.of(new Content.Button("y", "Yes")), null, "footer"));
    var row = new Content.Row("am", "Morning", null);
    kinds.add(
        new Content.Menu(
            "When?", "Choose", List.of(new Content.Section(null, List.of(row))), null, null));
    kinds.add(new Content.Link("Look", "Open", "https://example.com/", null, null));
    kinds.add(new Content.LocationRequest("Where?"));
    kinds.add(new Content.Template("hello_world", "en_US", List.of()));
    kinds.add(new Content.Answer("button", "y", "Yes", null, null));
    kinds.add(new Content.Order(null, null, List.of()));
    kinds.add(new Content.Notice("x", null, null));
    kinds.add(new Content.Unsupported("x", null, Json.MAPPER.createObjectNode()));
    return kinds;
  }
}
