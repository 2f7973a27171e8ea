package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelConnector.Delivery;
import dev.parley.channels.Preparation;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.MessageFile;
import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.media.StoredFile;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of ours on their way out: uploaded before the message is handed over, once for as long as WhatsApp keeps them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatsAppUploadTest {
  private final WhatsAppMediaFixture fixture = new WhatsAppMediaFixture();
  private int made;

  @BeforeEach
  void heal() {
    fixture.heal();
    fixture.call("PUT", "/behaviour", "{\"mediaIdSeconds\":0}");
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private StoredFile document() {
    return fixture.media.text(fixture.media.inAcme, "a document " + made++);
  }

  private static Content.Attachment file(UUID id) {
    return new Content.Attachment(
        null, null, null, null, null, "a.txt", null, id, MessageFile.pending());
  }

  private Deliveries.Outgoing outgoing(Content content) {
    var now = fixture.now();
    var contact =
        new Contact(
            Ids.next(),
            Ids.next(),
            "Ana",
            List.of(Identity.phone(WhatsAppMediaFixture.CUSTOMER)),
            Map.of(),
            now,
            now);
    return new Deliveries.Outgoing(
        fixture.acme.tenant(),
        Ids.next(),
        Ids.next(),
        fixture.acme.id(),
        0,
        1,
        now,
        content,
        contact,
        null);
  }

  private Preparation prepare(ChannelAccount account, Content content) {
    return fixture.connector.prepare(account, outgoing(content));
  }

  private Content ready(Content content) {
    Preparation preparation = prepare(fixture.acme, content);
    assertThat(preparation).isInstanceOf(Preparation.Ready.class);
    return ((Preparation.Ready) preparation).content();
  }

  private int uploads() {
    return fixture.counts().path("uploads").asInt();
  }

  @Test
  void aFileIsUploadedOnceAndSent() {
    int before = uploads();
    var content = new Content.Document(file(document().id()), "Look");
    for (int i = 0; i < 3; i++) {
      Content prepared = ready(content);
      Content.Attachment attachment = ((Content.Document) prepared).attachment();
      assertThat(attachment.providerId()).isNotBlank();
      assertThat(attachment.filename()).isEqualTo("a.txt");
      assertThat(fixture.connector.send(fixture.acme, outgoing(prepared)))
          .isInstanceOf(Delivery.Delivered.class);
    }
    assertThat(uploads()).isEqualTo(before + 1);
  }

  @Test
  void manyAtOnceUploadItOnce() throws Exception {
    int before = uploads();
    var content = new Content.Document(file(document().id()), null);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Content>>();
      for (int i = 0; i < 20; i++) {
        all.add(threads.submit(() -> ready(content)));
      }
      for (Future<Content> one : all) {
        assertThat(one.get()).isEqualTo(all.getFirst().get());
      }
    }
    assertThat(uploads()).isEqualTo(before + 1);
  }

  @Test
  void aFileInAHeaderIsUploadedToo() {
    StoredFile picture =
        fixture.media.store(
            fixture.media.inAcme, NewFile.from("test").named("a.png"), MediaFixture.PNG);
    var header = new Content.Header(null, file(picture.id()), null, null);
    var content =
        new Content.Buttons("Yes?", List.of(new Content.Button("y", "Yes")), header, null);
    assertThat(fixture.connector.send(fixture.acme, outgoing(ready(content))))
        .isInstanceOf(Delivery.Delivered.class);
  }

  @Test
  void itIsUploadedAgainWhenWhatsAppKeepsItNoLonger() {
    var content = new Content.Document(file(document().id()), null);
    Content first = ready(content);
    fixture.media.clock.pass(Duration.ofDays(28));
    assertThat(ready(content)).isEqualTo(first);
    fixture.media.clock.pass(Duration.ofDays(1));
    assertThat(ready(content)).isNotEqualTo(first);
    fixture.media.clock.pass(Duration.ofDays(29));
    assertThat(fixture.uploads.deleteExpired(fixture.acme.tenant())).isPositive();
  }

  @Test
  void itIsUploadedAgainForAnotherNumber() {
    var content = new Content.Document(file(document().id()), null);
    ready(content);
    // The sandbox knows no such number, and says so at the upload.
    assertThat(prepare(fixture.other("4711", "right-token"), content))
        .isInstanceOf(Preparation.Refused.class);
  }

  @Test
  void whatWhatsAppHasForgottenIsUploadedForTheNextTry() {
    var content = new Content.Document(file(document().id()), null);
    Content first = ready(content);
    fixture.call("PUT", "/behaviour", "{\"mediaIdSeconds\":-1}");
    // Just uploaded: that it is not known cannot be helped by another upload.
    assertThat(fixture.connector.send(fixture.acme, outgoing(first)))
        .isInstanceOf(Delivery.Refused.class);
    fixture.media.clock.pass(Duration.ofMinutes(2));
    assertThat(fixture.connector.send(fixture.acme, outgoing(first)))
        .isInstanceOf(Delivery.RetryAfter.class);
    fixture.call("PUT", "/behaviour", "{\"mediaIdSeconds\":0}");
    Content second = ready(content);
    assertThat(second).isNotEqualTo(first);
    assertThat(fixture.connector.send(fixture.acme, outgoing(second)))
        .isInstanceOf(Delivery.Delivered.class);
  }

  @ParameterizedTest
  @CsvSource({"reset", "hang", "truncate", "resetAfterAccept"})
  void anUploadWithoutAnAnswerIsTriedAgainAndLeavesNothingOpen(String mode) {
    var content = new Content.Document(file(document().id()), null);
    fixture.fault("upload", mode, ",\"delayMs\":6000");
    assertThat(prepare(fixture.acme, content)).isInstanceOf(Preparation.RetryAfter.class);
    fixture.heal();
    ready(content);
  }

  @ParameterizedTest
  @CsvSource({
    "500, 131000, RetryAfter",
    "503, 131016, RetryAfter",
    "400, 130429, RetryAfter",
    "400, 131053, Refused",
    "401, 190, Refused"
  })
  void eachAnswerToAnUploadHasItsMeaning(int status, int code, String result) {
    var content = new Content.Document(file(document().id()), null);
    fixture.fault("upload", "error", ",\"httpStatus\":%d,\"code\":%d".formatted(status, code));
    assertThat(prepare(fixture.acme, content).getClass().getSimpleName()).isEqualTo(result);
  }

  @Test
  void aFileThatIsNotHereYetIsWaitedForAndOneThatIsGoneIsNot() {
    StoredFile announced =
        fixture
            .media
            .db
            .tenants()
            .inTenant(
                fixture.acme.tenant(),
                tx ->
                    fixture.media.files.announce(
                        tx, fixture.media.inAcme, NewFile.from("test"), fixture.acme.projectId()));
    assertThat(prepare(fixture.acme, new Content.Document(file(announced.id()), null)))
        .isInstanceOf(Preparation.Wait.class);
    fixture.media.files.fail(fixture.acme.tenant(), announced.id(), "cut off");
    assertThat(prepare(fixture.acme, new Content.Document(file(announced.id()), null)))
        .isInstanceOf(Preparation.Refused.class);
    assertThat(prepare(fixture.acme, new Content.Document(file(UUID.randomUUID()), null)))
        .isInstanceOf(Preparation.Refused.class);
  }

  @Test
  void anotherTenantsFileIsNone() {
    StoredFile theirs = fixture.media.text(fixture.media.inGlobex, "theirs");
    assertThat(prepare(fixture.acme, new Content.Document(file(theirs.id()), null)))
        .isInstanceOf(Preparation.Refused.class);
  }

  @Test
  void whatWhatsAppDoesNotTakeIsRefusedWithWhatItTakes() {
    var facts =
        new MessageFile(MessageFile.State.READY, "image/tiff", 1000L, null, null, null, null, null);
    var attachment =
        new Content.Attachment(null, null, null, null, null, null, null, Ids.next(), facts);
    assertThat(fixture.connector.check(new Content.Image(attachment, null)))
        .containsExactly(
            new Problem.FieldError(
                "content.attachment.fileId",
                "is image/tiff; WhatsApp takes as image only image/jpeg, image/png"));
    var large =
        new MessageFile(
            MessageFile.State.READY, "video/mp4", (16L << 20) + 1, null, null, null, null, null);
    assertThat(
            fixture.connector.check(
                new Content.Video(attachment.with(attachment.fileId(), large), null)))
        .extracting(Problem.FieldError::detail)
        .containsExactly("has 16,777,217 bytes; WhatsApp takes as video at most 16,777,216");
    assertThat(
            fixture.connector.check(
                new Content.Document(
                    new Content.Attachment(
                        "1", null, null, null, null, null, null, Ids.next(), null),
                    null)))
        .extracting(Problem.FieldError::detail)
        .containsExactly("must have one of fileId, link and providerId");
  }

  @Test
  void aFileThatTurnsOutOtherwiseFailsBeforeAnythingIsSent() {
    StoredFile text =
        fixture.media.store(
            fixture.media.inAcme,
            NewFile.from("test").named("a.html"),
            "<html><script>1</script></html>".getBytes(StandardCharsets.UTF_8));
    assertThat(prepare(fixture.acme, new Content.Document(file(text.id()), null)))
        .isInstanceOfSatisfying(
            Preparation.Refused.class,
            refused -> assertThat(refused.failure().cause()).contains("text/html"));
  }
}
