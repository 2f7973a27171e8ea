package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channels.ChannelAccount;
import dev.parley.contacts.Contact;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Message;
import dev.parley.platform.queue.DeadLetter;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue.Consumption;
import dev.parley.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Updates by the batch: duplicates, disorder, bad ones among good ones, and two lanes at once.
@Tag("database")
@Tag("slow")
class WhatsAppBatchesTest {
  private static final long TIME = WhatsAppFixture.WRITTEN.getEpochSecond();

  private final WhatsAppFixture app = new WhatsAppFixture();

  @AfterEach
  void close() {
    app.close();
  }

  /// Messages of a few customers, in the provider's order.
  private static String texts(String prefix, int count, int customers) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                WhatsAppFixture.text(
                    "1650555" + (1000 + i % customers),
                    "wamid." + prefix + i,
                    TIME + i,
                    "Message " + i))
        .collect(Collectors.joining(","));
  }

  private static byte[] body(String messages) {
    return WhatsAppFixture.webhook(messages, "").getBytes(StandardCharsets.UTF_8);
  }

  private void whole(ChannelAccount account, int messages, int customers) {
    List<Conversation> conversations = app.conversationsOf(account);
    assertThat(conversations).hasSize(customers);
    int all = 0;
    for (Conversation conversation : conversations) {
      List<Message> list =
          app.conversations.messages(app.caller(account), conversation.id(), 0, true, 5000);
      all += list.size();
      assertThat(list.stream().map(Message::seq))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, list.size()).mapToObj(i -> (long) i).toList());
      assertThat(list.stream().map(Message::providerTime)).isSortedAccordingTo(Instant::compareTo);
      assertThat(conversation.lastSeq()).isEqualTo(list.size());
      assertThat(conversation.unread()).isEqualTo(list.size());
    }
    assertThat(all).isEqualTo(messages);
    long received =
        app.events(account.tenant()).stream()
            .filter(e -> e.type().equals("message.received"))
            .count();
    assertThat(received).isEqualTo(messages);
  }

  @Test
  void aBodyOfAThousandUpdatesDeliveredFiveTimes() {
    byte[] body = body(texts("T", 1000, 50));
    for (int i = 0; i < 5; i++) {
      List<WorkItem> items = app.split(app.acme, body);
      assertThat(items).hasSize(1000);
      assertThat(items.stream().map(WorkItem::id)).isSorted();
      app.handle(app.acme, items);
    }
    whole(app.acme, 1000, 50);
    assertThat(app.conversationsOf(app.globex)).isEmpty();
    // The same ids at another tenant are other messages.
    app.handle(app.globex, app.split(app.globex, body));
    whole(app.globex, 1000, 50);
  }

  @Test
  void disorderWithinABatchIsPutRightByTheProvidersTime() {
    List<WorkItem> items = new ArrayList<>(app.split(app.acme, body(texts("S", 200, 7))));
    items.addAll(items.subList(0, 100));
    Collections.shuffle(items, new Random(7));
    app.handle(app.acme, items);
    whole(app.acme, 200, 7);
  }

  @Test
  void theNumberOfStatementsDoesNotGrowWithTheBatch() {
    app.handle(app.acme, app.split(app.acme, body(texts("warm", 3, 3))));
    int one = statements("A", 1, 1);
    int many = statements("B", 200, 1);
    int manyCustomers = statements("C", 200, 90);
    assertThat(many).isEqualTo(one);
    assertThat(manyCustomers).isLessThanOrEqualTo(one + 5);
    int known = statements("D", 200, 90);
    assertThat(known).isLessThanOrEqualTo(manyCustomers);
    String statuses =
        IntStream.range(0, 300)
            .mapToObj(i -> status("wamid.none" + i, "delivered", TIME, ""))
            .collect(Collectors.joining(","));
    int before = app.connections.statements();
    app.receive(app.acme, WhatsAppFixture.webhook("", statuses));
    assertThat(app.connections.statements() - before).isLessThan(10);
  }

  private int statements(String prefix, int count, int customers) {
    List<WorkItem> items = app.split(app.acme, body(texts(prefix, count, customers)));
    int before = app.connections.statements();
    app.handle(app.acme, items);
    return app.connections.statements() - before;
  }

  static String status(String id, String state, long time, String more) {
    return """
        {"id":"%s","status":"%s","timestamp":"%d","recipient_id":"16505551000"%s}"""
        .formatted(id, state, time, more);
  }

  @Test
  void badUpdatesAreDeadLettersAndTheirNeighboursAreStored() {
    String messages =
        texts("G", 40, 4)
            + ",{\"from\":\"16505551001\",\"timestamp\":\"1\",\"type\":\"text\"}"
            + ",{\"from\":\"16505551002\",\"id\":\"wamid.bad\",\"timestamp\":\"soon\",\"type\":\"text\"}"
            + ",{\"id\":\"wamid.who\",\"timestamp\":\"1\",\"type\":\"text\"},17,null,\"x\"";
    app.leases.start();
    Consumption consumption = app.queue.consume(WhatsAppSplit.INBOUND, app.inbound);
    consumption.start();
    List<WorkItem> items = app.split(app.acme, body(messages));
    app.tenants.runInTenant(app.db.acme, tx -> app.queue.publish(tx, items));
    List<WorkItem> unreadable = app.split(app.acme, "not json \0".getBytes(StandardCharsets.UTF_8));
    app.tenants.runInTenant(app.db.acme, tx -> app.queue.publish(tx, unreadable));
    var letters = new DeadLetters(app.tenants);
    Await.until("all is handled", Duration.ofSeconds(30), () -> queued() == 0);
    consumption.stop(Duration.ofSeconds(5));
    app.leases.stop();
    whole(app.acme, 40, 4);
    List<DeadLetter> dead = letters.page(app.db.acme, null, null, 100);
    assertThat(dead.stream().map(DeadLetter::cause))
        .anyMatch(cause -> cause.contains("no id"))
        .anyMatch(cause -> cause.contains("timestamp"))
        .anyMatch(cause -> cause.contains("no customer"))
        .anyMatch(cause -> cause.contains("not a webhook"));
    assertThat(dead).hasSize(7).allMatch(letter -> letter.attempts() == 1);
    assertThat(letters.page(app.db.globex, null, null, 100)).isEmpty();
  }

  private int queued() {
    return app.count(app.db.acme, "SELECT count(*) FROM work_items");
  }

  @Test
  void twoLanesThatMeetANewCustomerAtOnceMakeOneOfHim() throws InterruptedException {
    for (int round = 0; round < 15; round++) {
      int r = round;
      String phone = "1650777" + (1000 + round);
      String user = "US.777" + round;
      String byPhone = WhatsAppFixture.text(phone, "wamid.p" + round, TIME, "by number");
      String byBoth =
          """
          {"from":"%s","from_user_id":"%s","id":"wamid.b%d","timestamp":"%d","type":"text","text":{"body":"both"}}"""
              .formatted(phone, user, round, TIME);
      String byUser =
          """
          {"from_user_id":"%s","id":"wamid.u%d","timestamp":"%d","type":"text","text":{"body":"by id"}}"""
              .formatted(user, round, TIME);
      var begin = new CountDownLatch(1);
      List<Thread> threads =
          java.util.stream.Stream.of(byPhone, byBoth)
              .map(
                  message ->
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                try {
                                  begin.await();
                                } catch (InterruptedException e) {
                                  throw new IllegalStateException(e);
                                }
                                app.receive(app.acme, WhatsAppFixture.webhook(message, ""));
                              }))
              .toList();
      begin.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      app.receive(app.acme, WhatsAppFixture.webhook(byUser, ""));
      assertThat(
              app.contacts.page(app.db.acme, null, null, phone, null, 10).stream()
                  .map(Contact::identities))
          .as("round " + r)
          .singleElement()
          .satisfies(identities -> assertThat(identities).hasSize(2));
      assertThat(app.conversationsOf(app.acme)).hasSize(round + 1);
    }
    assertThat(app.messages(app.acme)).hasSize(45);
    assertThat(app.count(app.db.acme, "SELECT count(*) FROM contacts")).isEqualTo(15);
  }

  @Test
  void namesOfTwoContactsInOneMessageAreAConflictThatIsTold() {
    app.receive(
        app.acme, WhatsAppFixture.webhook(WhatsAppFixture.text("16501", "wamid.1", TIME, "a"), ""));
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            """
            {"from_user_id":"US.2","id":"wamid.2","timestamp":"%d","type":"text","text":{"body":"b"}}"""
                .formatted(TIME),
            ""));
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            """
            {"from":"16501","from_user_id":"US.2","id":"wamid.3","timestamp":"%d","type":"text","text":{"body":"c"}}"""
                .formatted(TIME),
            ""));
    assertThat(app.conversationsOf(app.acme)).hasSize(2);
    assertThat(app.messages(app.acme)).hasSize(3);
    assertThat(app.events(app.db.acme).stream().filter(e -> e.type().contains("conflict")))
        .hasSize(1);
  }

  @Test
  void theWindowGoesByTheProvidersTimeAndNeverBack() {
    app.now = WhatsAppFixture.WRITTEN.plusSeconds(3600);
    text("w1", TIME);
    assertThat(window()).isEqualTo(Instant.ofEpochSecond(TIME).plusSeconds(86_400));
    text("w0", TIME - 50_000);
    assertThat(window()).isEqualTo(Instant.ofEpochSecond(TIME).plusSeconds(86_400));
    // A clock that is ahead of ours opens no longer window.
    text("w2", TIME + 1_000_000);
    assertThat(window()).isEqualTo(app.now.plusSeconds(86_400));
  }

  private void text(String id, long time) {
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(WhatsAppFixture.text("16502", "wamid." + id, time, id), ""));
  }

  private Instant window() {
    Instant window = app.conversationsOf(app.acme).getFirst().window();
    if (window == null) {
      throw new AssertionError("no window");
    }
    return window;
  }

  @Test
  void editsRevokesAndReactionsFindTheirMessageAndOldOnesChangeNothing() {
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(WhatsAppFixture.text("16503", "wamid.e", TIME, "one"), ""));
    change("edit", "x1", TIME + 10, "two");
    change("edit", "x2", TIME + 5, "older");
    assertThat(only().content()).isEqualTo(new Content.Text("two", null));
    react("r1", TIME + 3, "\uD83D\uDC4D");
    react("r2", TIME + 4, "❤");
    assertThat(only().reactions())
        .singleElement()
        .satisfies(r -> assertThat(r.emoji()).isEqualTo("❤"));
    react("r3", TIME + 5, "");
    assertThat(only().reactions()).isEmpty();
    change("revoke", "x3", TIME + 20, "");
    change("edit", "x4", TIME + 30, "after the end");
    assertThat(only().deletedAt()).isEqualTo(Instant.ofEpochSecond(TIME + 20));
    assertThat(only().content()).isEqualTo(new Content.Text("two", null));
    assertThat(
            app.events(app.db.acme).stream()
                .map(e -> e.type())
                .filter(t -> t.equals("message.edited") || t.equals("message.deleted")))
        .containsExactly("message.edited", "message.deleted");
  }

  private Message only() {
    return app.messages(app.acme).stream()
        .filter(m -> "wamid.e".equals(m.providerMessageId()))
        .findFirst()
        .orElseThrow();
  }

  private void change(String kind, String id, long time, String text) {
    String message =
        kind.equals("edit")
            ? ",\"message\":{\"type\":\"text\",\"text\":{\"body\":\"" + text + "\"}}"
            : "";
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            """
            {"from":"16503","id":"wamid.%s","timestamp":"%d","type":"%s","%s":{"original_message_id":"wamid.e"%s}}"""
                .formatted(id, time, kind, kind, message),
            ""));
  }

  private void react(String id, long time, String emoji) {
    app.receive(
        app.acme,
        WhatsAppFixture.webhook(
            """
            {"from":"16503","id":"wamid.%s","timestamp":"%d","type":"reaction","reaction":{"message_id":"wamid.e","emoji":"%s"}}"""
                .formatted(id, time, emoji),
            ""));
  }
}
