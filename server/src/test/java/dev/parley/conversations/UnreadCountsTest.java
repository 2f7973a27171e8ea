package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Unread and mention counts, against counting again.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadCountsTest {
  private static final String RECOUNT =
      """
      SELECT count(*) FROM messages m JOIN participants p
        ON p.tenant_id = m.tenant_id AND p.conversation_id = m.conversation_id AND p.participant_id = :user
      WHERE m.tenant_id = :tenant AND m.conversation_id = :chat AND m.seq > p.last_seen_seq
        AND m.sender_id <> :user AND m.deleted_at IS NULL
      """;
  private static final String MENTIONED =
      " AND (m.mentions @> jsonb_build_object('users', jsonb_build_array(CAST(:user AS text)))"
          + " OR m.mentions @> '{\"all\":true}' OR m.mentions @> '{\"here\":true}')";

  private final ChatsFixture all = new ChatsFixture();

  @AfterAll
  void close() {
    all.close();
  }

  private long recount(String sql, UUID chat, Caller who) {
    return all.identity
        .db
        .tenants()
        .inTenant(
            all.acme,
            tx ->
                tx.sql()
                    .createQuery(sql)
                    .bind("tenant", all.acme.value())
                    .bind("chat", chat)
                    .bind("user", who.id())
                    .mapTo(Long.class)
                    .one());
  }

  @RepeatedTest(3)
  void areExactWhateverHappensAtOnce(RepetitionInfo run) throws Exception {
    long seed = System.nanoTime();
    var people = new ArrayList<Caller>();
    for (int i = 0; i < 5; i++) {
      people.add(all.agent());
    }
    Chat chat = all.group(people.getFirst(), people.subList(1, 5).toArray(Caller[]::new));
    var sent = new ConcurrentLinkedQueue<Message>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < people.size(); i++) {
        Caller who = people.get(i);
        var random = new Random(seed + i);
        running.add(
            threads.submit(
                () -> {
                  for (int step = 0; step < 60; step++) {
                    act(random, who, chat, people, sent);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    for (Caller who : people) {
      Chat.Own me = all.me(who, chat.id());
      assertThat(me.unread())
          .as("unread, seed %d, run %d", seed, run.getCurrentRepetition())
          .isEqualTo(recount(RECOUNT, chat.id(), who));
      assertThat(me.mentions())
          .as("mentions, seed %d", seed)
          .isEqualTo(recount(RECOUNT + MENTIONED, chat.id(), who));
    }
  }

  private void act(
      Random random,
      Caller who,
      Chat chat,
      List<Caller> people,
      ConcurrentLinkedQueue<Message> sent) {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> {
        Message.Mentions mentions =
            switch (random.nextInt(4)) {
              case 0 -> new Message.Mentions(List.of(), true, false);
              case 1 ->
                  new Message.Mentions(
                      List.of(people.get(random.nextInt(people.size())).id()),
                      random.nextInt(3) == 0,
                      false);
              default -> null;
            };
        sent.add(all.say(who, chat.id(), "text", null, mentions));
      }
      case 3, 4 -> {
        long last = all.chats.find(who, chat.id()).lastSeq();
        all.own.markRead(who, chat.id(), last == 0 ? 0 : random.nextLong(last + 1));
      }
      default ->
          sent.stream()
              .filter(message -> who.id().equals(message.sender().id()))
              .skip(random.nextInt(3))
              .findFirst()
              .ifPresent(message -> all.actions.delete(who, chat.id(), message.id()));
    }
  }

  @Test
  void theMarkOnlyMovesForwardAndOnesOwnIsNeverUnread() {
    Caller ada = all.agent();
    Caller bob = all.agent();
    Chat chat = all.group(ada, bob);
    all.say(ada, chat.id(), "1");
    all.say(ada, chat.id(), "2");
    assertThat(all.me(ada, chat.id()).unread()).isZero();
    assertThat(all.me(ada, chat.id()).lastSeenSeq()).isEqualTo(2);
    assertThat(all.me(bob, chat.id()).unread()).isEqualTo(2);

    all.say(bob, chat.id(), "3");
    assertThat(all.me(bob, chat.id()).lastSeenSeq()).as("two are unread still").isZero();
    assertThat(all.me(bob, chat.id()).unread()).isEqualTo(2);

    all.own.markRead(bob, chat.id(), 2);
    all.own.markRead(bob, chat.id(), 1);
    assertThat(all.me(bob, chat.id()).lastSeenSeq()).isEqualTo(2);
    assertThat(all.me(bob, chat.id()).unread()).isZero();
    assertThat(all.types(chat).stream().filter(type -> type.equals("participant.read"))).hasSize(1);
  }
}
