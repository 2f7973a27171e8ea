package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostTogetherTest {
  private final ChatsFixture all = new ChatsFixture();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Caller member(TenantId tenant) {
    return all.user(tenant, UserRole.MEMBER);
  }

  private static Draft text(String text, String key) {
    return new Draft(
        new Content.Text(text, null),
        null,
        null,
        null,
        null,
        new ClientKey(key, "print of " + text));
  }

  private static PostMessages.Post post(Caller caller, Chat chat, Draft draft) {
    return new PostMessages.Post(caller, chat.id(), draft, Trace.current());
  }

  @AfterAll
  void close() {
    threads.close();
    all.close();
  }

  @Test
  void whatManySayAtOnceIsNumberedCountedAndToldOnce() throws Exception {
    Caller ada = member(all.acme);
    Caller bob = member(all.acme);
    Caller eve = member(all.globex);
    List<Chat> chats = IntStream.range(0, 5).mapToObj(_ -> all.group(ada, bob)).toList();
    Chat foreign = all.create(ConversationKind.GROUP, Chat.Privacy.PRIVATE, eve);
    var begin = new CountDownLatch(1);
    var said = new ArrayList<Future<SendResult>>();
    for (int i = 0; i < 200; i++) {
      Caller who = i % 2 == 0 ? ada : bob;
      Chat where = chats.get(i % 5);
      // Each one twice under the same key.
      Draft draft = text("message " + i / 20 * 10 + i % 10, "key " + i / 20 + " " + i % 10);
      said.add(threads.submit(() -> send(begin, who, where, draft)));
      if (i % 10 == 0) {
        Draft elsewhere = text("foreign " + i, "key " + i);
        said.add(threads.submit(() -> send(begin, eve, foreign, elsewhere)));
      }
    }
    begin.countDown();
    for (Future<SendResult> one : said) {
      assertThat(one.get().message().seq()).isPositive();
    }

    for (Chat chat : chats) {
      long stored = all.chats.find(ada, chat.id()).lastSeq();
      assertThat(stored).isEqualTo(20);
      assertThat(all.conversations.messages(ada, chat.id(), 0, true, 100))
          .extracting(Message::seq)
          .isEqualTo(LongStream.rangeClosed(1, stored).boxed().toList());
      assertThat(all.types(chat).stream().filter("message.posted"::equals)).hasSize((int) stored);
      assertUnreadIsExact(ada, bob, chat);
      assertUnreadIsExact(bob, ada, chat);
    }
    assertThat(all.chats.find(eve, foreign.id()).lastSeq()).isEqualTo(20);
    assertThat(all.happened(all.globex, foreign))
        .extracting(StoredEvent::tenantId)
        .containsOnly(all.globex);
  }

  private void assertUnreadIsExact(Caller reader, Caller writer, Chat chat) {
    Chat.Own me = all.me(reader, chat.id());
    long unread =
        all.conversations.messages(reader, chat.id(), 0, true, 100).stream()
            .filter(message -> message.seq() > me.lastSeenSeq())
            .filter(message -> writer.id().equals(message.sender().id()))
            .count();
    assertThat(me.unread()).isEqualTo(unread);
  }

  private SendResult send(CountDownLatch begin, Caller who, Chat where, Draft draft)
      throws InterruptedException {
    begin.await();
    return all.conversations.send(who, where.id(), draft);
  }

  @Test
  void oneThatIsRefusedDoesNotKeepTheOthersFromBeingStored() {
    Caller ada = member(all.acme);
    Caller stranger = member(all.acme);
    Chat one = all.group(ada);
    Chat two = all.group(ada);
    Chat three = all.group(ada);
    Chat away = all.group(ada);
    Chat foreign = all.create(ConversationKind.GROUP, Chat.Privacy.PRIVATE, member(all.globex));
    all.conversations.send(ada, three.id(), text("before", "k"));
    all.chats.archive(ada, away.id(), true);
    var good = post(ada, one, text("good", "k"));
    var notIn = post(stranger, two, text("not in it", "k"));
    var otherText = post(ada, three, text("under a used key", "k"));
    var archived = post(ada, away, text("archived", "k"));
    var ofOthers = post(ada, foreign, text("of another tenant", "k"));
    var messages = new PostMessages(all.events, all.messageMedia, all.identity.clock);

    Map<PostMessages.Post, PostMessages.Outcome> outcomes =
        all.identity
            .db
            .tenants()
            .inTenant(
                all.acme,
                tx -> messages.post(tx, List.of(good, notIn, otherText, archived, ofOthers)));

    assertThat(outcomes.get(good))
        .isInstanceOfSatisfying(
            PostMessages.Outcome.Sent.class,
            sent -> assertThat(sent.result()).isInstanceOf(SendResult.Accepted.class));
    assertThat(code(outcomes.get(notIn))).isEqualTo(Problem.Code.NOT_FOUND);
    assertThat(code(outcomes.get(otherText))).isEqualTo(Problem.Code.IDEMPOTENCY_CONFLICT);
    assertThat(code(outcomes.get(archived))).isEqualTo(Problem.Code.WRONG_STATE);
    assertThat(outcomes).doesNotContainKey(ofOthers);
    assertThat(lastSeqs(ada, one, two, three, away)).containsExactly(1L, 0L, 1L, 0L);
  }

  @Test
  void aLockedConversationHoldsUpNoOther() throws Exception {
    Caller ada = member(all.acme);
    Chat locked = all.group(ada);
    Chat free = all.group(ada);
    Future<SendResult> waits =
        all.identity
            .db
            .tenants()
            .inTenant(
                all.acme,
                tx -> {
                  Chats.locked(tx, ada, locked.id(), Right.WRITE);
                  Future<SendResult> late =
                      threads.submit(
                          () -> all.conversations.send(ada, locked.id(), text("late", "k")));
                  UUID said =
                      all.conversations.send(ada, free.id(), text("at once", "k")).message().id();
                  assertThat(all.conversations.message(ada, said)).isPresent();
                  assertThat(late.isDone()).isFalse();
                  return late;
                });

    assertThat(waits.get().message().seq()).isEqualTo(1);
  }

  private List<Long> lastSeqs(Caller who, Chat... chats) {
    return List.of(chats).stream().map(chat -> all.chats.find(who, chat.id()).lastSeq()).toList();
  }

  private static Problem.@Nullable Code code(PostMessages.@Nullable Outcome outcome) {
    return outcome instanceof PostMessages.Outcome.Refused(RuntimeException cause)
            && cause instanceof Problem problem
        ? problem.code()
        : null;
  }
}
