package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channels.ChannelAccount;
import dev.parley.conversations.Content;
import dev.parley.conversations.Message;
import dev.parley.conversations.MessageFile;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.media.StoredFile;
import dev.parley.platform.http.Problem;
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
}
