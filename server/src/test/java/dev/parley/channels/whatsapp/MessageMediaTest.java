package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ProviderFiles;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Message;
import dev.parley.conversations.MessageFile;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.media.StoredFile;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The file of a customer's message, from the webhook to its one end.
class MessageMediaTest {
  private final WhatsAppFixture fixture = new WhatsAppFixture();
  private final ChannelAccount account = fixture.channel(fixture.media.acme);

  @AfterEach
  void close() {
    fixture.close();
  }

  private Message picture() {
    fixture.handle(account, fixture.split(account, WhatsAppFixture.payload("image")));
    return fixture.messages(account).getLast();
  }

  private static Content.Attachment attachment(Message message) {
    return ((Content.Media) message.content()).attachment();
  }

  private MessageMedia.Wanted wanted(Message message) {
    String id = attachment(message).providerId();
    return fixture
        .messageMedia
        .wanted(account.tenant(), message.id(), id == null ? "" : id)
        .orElseThrow();
  }

  private StoredFile file() {
    return fixture.media.store(
        fixture.media.inAcme, NewFile.from("whatsapp").named("a.png"), MediaFixture.PNG);
  }

  private long queued() {
    return fixture.count(
        account.tenant(),
        "SELECT count(*) FROM work_items WHERE queue = 'media-downloads' AND kind = 'fetch'");
  }

  private List<String> told(Message message) {
    return fixture.eventTypes(account.tenant(), message.id()).stream()
        .filter(type -> type.startsWith("message.media"))
        .toList();
  }

  @Test
  void aMessageIsThereAtOnceAndItsFileIsAskedForOnce() {
    Message message = picture();
    assertThat(attachment(message).file()).isEqualTo(MessageFile.pending());
    assertThat(queued()).isEqualTo(1);
    picture();
    assertThat(queued()).isEqualTo(1);
  }

  @Test
  void aFileArrivesOnce() {
    Message message = picture();
    MessageMedia.Wanted wanted = wanted(message);
    StoredFile file = file();
    for (int i = 0; i < 3; i++) {
      fixture.tenants.runInTenant(
          account.tenant(), tx -> fixture.messageMedia.stored(tx, wanted, file));
    }
    fixture.tenants.runInTenant(
        account.tenant(),
        tx -> fixture.messageMedia.absent(tx, wanted, MessageFile.State.FAILED, "too late"));

    Content.Attachment shown = attachment(fixture.messages(account).getLast());
    assertThat(shown.fileId()).isEqualTo(file.id());
    assertThat(shown.file())
        .satisfies(
            facts -> {
              assertThat(facts.state()).isEqualTo(MessageFile.State.READY);
              assertThat(facts.mimeType()).isEqualTo("image/png");
              assertThat(facts.size()).isEqualTo(MediaFixture.PNG.length);
            });
    assertThat(told(message)).containsExactly("message.media-stored");
    assertThat(fixture.messageMedia.wanted(account.tenant(), message.id(), wanted.mediaId()))
        .isEmpty();
    // Used, so that it cannot be deleted.
    assertThatThrownBy(() -> fixture.media.files.delete(fixture.media.inAcme, file.id()))
        .isInstanceOf(Problem.class);
  }

  @Test
  void aFileThatCannotBeHadIsToldOnceAndTriedAgainByHand() {
    Message message = picture();
    MessageMedia.Wanted wanted = wanted(message);
    for (int i = 0; i < 2; i++) {
      fixture.tenants.runInTenant(
          account.tenant(),
          tx -> fixture.messageMedia.absent(tx, wanted, MessageFile.State.FAILED, "damaged"));
    }
    assertThat(told(message)).containsExactly("message.media-failed");

    fixture.messageMedia.retry(fixture.media.inAcme, message.conversationId(), message.id());
    assertThat(attachment(fixture.messages(account).getLast()).file())
        .isEqualTo(MessageFile.pending());
    assertThat(told(message)).containsExactly("message.media-failed", "message.media-retried");
    fixture.tenants.runInTenant(
        account.tenant(),
        tx -> fixture.messageMedia.absent(tx, wanted, MessageFile.State.EXPIRED, "too old"));
    assertThatThrownBy(
            () ->
                fixture.messageMedia.retry(
                    fixture.media.inAcme, message.conversationId(), message.id()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.code()).isEqualTo(Problem.Code.WRONG_STATE));
    assertThatThrownBy(
            () ->
                fixture.messageMedia.retry(
                    fixture.media.inGlobex, message.conversationId(), message.id()))
        .isInstanceOfSatisfying(
            Problem.class, p -> assertThat(p.code()).isEqualTo(Problem.Code.NOT_FOUND));
  }

  @Test
  void filesOfAWholeBatchAreAskedForInOneStatement() {
    picture();
    int before = fixture.connections.statements();
    fixture.receive(account, WhatsAppFixture.webhook(pictures(1), ""));
    int one = fixture.connections.statements() - before;
    before = fixture.connections.statements();
    fixture.receive(account, WhatsAppFixture.webhook(pictures(40), ""));
    assertThat(fixture.connections.statements() - before).isEqualTo(one);
    assertThat(queued()).isEqualTo(42);
  }

  private static String pictures(int count) {
    var list = new java.util.StringJoiner(",");
    for (int i = 0; i < count; i++) {
      list.add(
          """
          {"from":"16505551234","id":"wamid.%d.%d","timestamp":"1750030080","type":"image",
           "image":{"id":"%d","mime_type":"image/png"}}"""
              .formatted(count, i, 1000 * count + i));
    }
    return list.toString();
  }

  @Test
  void aFileThatWhatsAppRefusesLateIsUploadedForTheNextTry() {
    fixture.receive(
        account,
        WhatsAppFixture.webhook(
            WhatsAppFixture.text(
                "16505551000", "wamid.hello", WhatsAppFixture.WRITTEN.getEpochSecond(), "Hello"),
            ""));
    StoredFile file = file();
    var ours =
        new Content.Attachment(
            null, null, null, null, null, "a.png", null, file.id(), MessageFile.pending());
    var place =
        new ProviderFiles.Place(account.tenant(), account.id(), "106540352242922", file.id(), "a");
    var other = new ProviderFiles.Place(account.tenant(), account.id(), "1", Ids.next(), "a");
    remember(place);
    remember(other);
    send(new Content.Image(ours, null), "wamid.late");
    failed("wamid.late", 131049);
    assertThat(fixture.uploads.find(place)).isPresent();

    Message sent = send(new Content.Image(ours, null), "wamid.late2");
    failed("wamid.late2", 131053);

    assertThat(fixture.uploads.find(place)).isEmpty();
    assertThat(fixture.uploads.find(other)).isPresent();
    assertThat(fixture.eventTypes(account.tenant(), sent.id())).endsWith("message.failed");
    // It was uploaded again for the next try meanwhile; what is told once more changes nothing.
    Instant then = fixture.now;
    fixture.now = then.plusSeconds(60);
    remember(place);
    failed("wamid.late2", 131053, then);
    assertThat(fixture.uploads.find(place)).isPresent();
  }

  private void remember(ProviderFiles.Place place) {
    fixture.uploads.remember(place, "4711", fixture.now.plus(Duration.ofDays(1)));
  }

  private Message send(Content content, String providerId) {
    Message message =
        fixture
            .conversations
            .send(
                fixture.media.inAcme,
                fixture.conversationsOf(account).getFirst().id(),
                content,
                null,
                null)
            .message();
    var claim =
        (Deliveries.Claim.Send)
            fixture.deliveries.claim(account.tenant(), message.id(), Duration.ofMinutes(1));
    fixture.tenants.runInTenant(
        account.tenant(), tx -> fixture.deliveries.sent(tx, claim.outgoing(), providerId, null));
    return message;
  }

  private void failed(String providerId, int code) {
    failed(providerId, code, fixture.now);
  }

  private void failed(String providerId, int code, Instant at) {
    fixture.receive(
        account,
        WhatsAppFixture.webhook(
            "",
            WhatsAppBatchesTest.status(
                providerId,
                "failed",
                at.getEpochSecond(),
                ",\"errors\":[{\"code\":%d}]".formatted(code))));
  }
}
