package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.parley.platform.access.Caller;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What people do with messages.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatMessagesTest {
  private final ChatsFixture all = new ChatsFixture();
  private final Caller ada = all.agent();
  private final Caller bob = all.agent();
  private final Caller cem = all.agent();

  @AfterAll
  void close() {
    all.close();
  }

  private static void refused(Problem.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  private Message read(UUID message) {
    return all.conversations.message(ada, message).orElseThrow();
  }

  @Test
  void aMessageIsNumberedNamedAndShownAsTheLast() {
    Chat chat = all.group(ada, bob);
    all.say(bob, chat.id(), "one");
    Message two = all.say(ada, chat.id(), "two");

    assertThat(two.seq()).isEqualTo(2);
    assertThat(two.sender()).isEqualTo(new Message.Sender("user", ada.id(), "Somebody"));
    assertThat(two.state()).isNull();
    Chat now = all.chats.find(bob, chat.id());
    assertThat(now.lastMessage())
        .isEqualTo(new Chat.LastMessage(two.id(), ada.id(), "Somebody", "two", two.createdAt()));
    assertThat(all.conversations.messages(bob, chat.id(), 0, true, 10)).hasSize(2);
    assertThat(all.own.mine(bob, null, false, null, null, 1).getFirst().id()).isEqualTo(chat.id());
  }

  @Test
  void theSameKeyIsTheSameMessage() {
    Chat chat = all.group(ada);
    var draft =
        new Draft(
            new Content.Text("once", null), null, null, null, null, new ClientKey("k1", null));
    Message first = all.conversations.send(ada, chat.id(), draft).message();

    assertThat(all.conversations.send(ada, chat.id(), draft))
        .isInstanceOfSatisfying(
            SendResult.Duplicate.class,
            again -> assertThat(again.message().id()).isEqualTo(first.id()));
    assertThat(all.chats.find(ada, chat.id()).lastSeq()).isEqualTo(1);
  }

  @Test
  void aThreadHasOneLevelAndCountsItsAnswers() {
    Chat chat = all.group(ada, bob, cem);
    Message root = all.say(ada, chat.id(), "Where do we eat?");
    Message answer = all.say(bob, chat.id(), "Here", root.id(), null);
    Message second = all.say(cem, chat.id(), "There", answer.id(), null);

    assertThat(second.threadOf()).isEqualTo(root.id());
    assertThat(read(root.id()).thread()).isEqualTo(new Message.Replies(2, second.createdAt()));
    MessageViews.Answers thread = all.views.thread(ada, chat.id(), root.id(), 0, 1);
    assertThat(thread.participants()).containsExactly(bob.id(), cem.id());
    assertThat(thread.replies()).extracting(Message::id).containsExactly(answer.id(), second.id());
    all.actions.delete(bob, chat.id(), answer.id());
    assertThat(read(root.id()).thread()).extracting(Message.Replies::count).isEqualTo(1);
    Message elsewhere = all.say(ada, all.group(ada).id(), "elsewhere");
    refused(Problem.Code.INVALID, () -> all.say(ada, chat.id(), "x", elsewhere.id(), null));
  }

  @Test
  void anEditKeepsWhatWasSaid() {
    Chat chat = all.group(ada, bob);
    Message message = all.say(ada, chat.id(), "first");
    all.identity.clock.pass(Duration.ofSeconds(1));
    all.actions.edit(ada, chat.id(), message.id(), new Content.Text("second", null), null);
    all.identity.clock.pass(Duration.ofSeconds(1));
    Message edited =
        all.actions.edit(ada, chat.id(), message.id(), new Content.Text("third", null), null);

    assertThat(edited.content()).isEqualTo(new Content.Text("third", null));
    assertThat(edited.editedAt()).isEqualTo(all.identity.clock.instant());
    assertThat(all.actions.edits(bob, chat.id(), message.id()))
        .extracting(MessageActions.Earlier::content)
        .containsExactly(new Content.Text("first", null), new Content.Text("second", null));
    assertThat(all.chats.find(bob, chat.id()).lastMessage())
        .extracting(Chat.LastMessage::preview)
        .isEqualTo("third");
    refused(
        Problem.Code.FORBIDDEN,
        () -> all.actions.edit(bob, chat.id(), message.id(), new Content.Text("mine", null), null));
    assertThat(all.types(chat)).endsWith("message.posted", "message.edited", "message.edited");
  }

  @Test
  void whatIsTakenAwayIsGoneFromEveryAnswer() {
    Chat chat = all.group(ada, bob, cem);
    Message message =
        all.say(
            bob,
            chat.id(),
            "the secret recipe",
            null,
            new Message.Mentions(List.of(cem.id()), false, false));
    all.actions.edit(
        bob, chat.id(), message.id(), new Content.Text("the secret recipe!", null), null);
    refused(Problem.Code.FORBIDDEN, () -> all.actions.delete(cem, chat.id(), message.id()));
    all.actions.pin(bob, chat.id(), message.id());
    all.actions.delete(ada, chat.id(), message.id());
    all.actions.delete(ada, chat.id(), message.id());

    Message now = read(message.id());
    assertThat(now.deletedBy()).isEqualTo(ada.id());
    assertThat(now.deletedAt()).isNotNull();
    assertThat(Json.write(now)).doesNotContain("recipe");
    assertThat(Json.write(all.chats.find(cem, chat.id()))).doesNotContain("recipe");
    assertThat(all.actions.edits(bob, chat.id(), message.id())).isEmpty();
    assertThat(all.actions.pins(cem, chat.id())).isEmpty();
    assertThat(all.me(cem, chat.id()).unread()).isZero();
    assertThat(all.me(cem, chat.id()).mentions()).isZero();
    refused(Problem.Code.WRONG_STATE, () -> all.actions.react(ada, chat.id(), message.id(), "👍"));
    assertThat(all.types(chat).stream().filter("message.deleted"::equals)).hasSize(1);
    assertThat(kept(message.id())).isEqualTo(2);
    all.actions.forgetDeleted(all.acme, all.identity.clock.instant().plusSeconds(1));
    assertThat(kept(message.id())).isZero();
  }

  private int kept(UUID message) {
    return all.identity
        .db
        .tenants()
        .inTenant(
            all.acme,
            tx ->
                tx.sql()
                    .createQuery("SELECT count(*) FROM message_edits WHERE message_id = :id")
                    .bind("id", message)
                    .mapTo(Integer.class)
                    .one());
  }

  @Test
  void mentionsAreCountedAndMustBeParticipants() {
    Chat chat = all.group(ada, bob);
    all.say(ada, chat.id(), "@bob", null, new Message.Mentions(List.of(bob.id()), false, false));
    all.say(ada, chat.id(), "@all", null, new Message.Mentions(List.of(bob.id()), true, false));
    assertThat(all.me(bob, chat.id()).mentions()).isEqualTo(2);
    assertThat(all.me(ada, chat.id()).mentions()).isZero();
    all.own.markRead(bob, chat.id(), 1);
    assertThat(all.me(bob, chat.id()).mentions()).isEqualTo(1);
    refused(
        Problem.Code.INVALID,
        () ->
            all.say(
                ada,
                chat.id(),
                "@cem",
                null,
                new Message.Mentions(List.of(cem.id()), false, false)));
  }

  @Test
  void aUserReactsOnceWithEachEmojiAndAMessageTakesFifty() {
    Chat chat = all.group(ada, bob);
    Message message = all.say(ada, chat.id(), "!");
    all.actions.react(ada, chat.id(), message.id(), "👍");
    all.actions.react(ada, chat.id(), message.id(), "👍");
    all.actions.react(ada, chat.id(), message.id(), "👨‍👩‍👧‍👦");
    Message reacted = all.actions.react(bob, chat.id(), message.id(), "👍");

    assertThat(reacted.reactions())
        .extracting(Message.ReactionOf::id, Message.ReactionOf::emoji)
        .containsExactlyInAnyOrder(
            tuple(ada.id(), "👍"), tuple(ada.id(), "👨‍👩‍👧‍👦"), tuple(bob.id(), "👍"));
    assertThat(all.actions.unreact(ada, chat.id(), message.id(), "👍").reactions()).hasSize(2);
    for (int i = 0; i < 48; i++) {
      all.actions.react(ada, chat.id(), message.id(), "e" + i);
    }
    refused(Problem.Code.WRONG_STATE, () -> all.actions.react(ada, chat.id(), message.id(), "x"));
    for (String bad : List.of("", " ", "a b", "x".repeat(65), "\u0000")) {
      refused(Problem.Code.INVALID, () -> all.actions.react(ada, chat.id(), message.id(), bad));
    }
    assertThat(all.types(chat).stream().filter("message.reaction-added"::equals)).hasSize(51);
    assertThat(all.types(chat).stream().filter("message.reaction-removed"::equals)).hasSize(1);
  }

  @Test
  void aHundredMessagesCanBePinned() {
    Chat chat = all.group(ada, bob);
    for (int i = 0; i < ChatLimits.PINS; i++) {
      all.actions.pin(bob, chat.id(), all.say(ada, chat.id(), "m" + i).id());
    }
    Message last = all.say(ada, chat.id(), "last");
    refused(Problem.Code.WRONG_STATE, () -> all.actions.pin(bob, chat.id(), last.id()));
    UUID first = all.actions.pins(ada, chat.id()).getLast().message().id();
    assertThat(all.actions.unpin(ada, chat.id(), first)).hasSize(ChatLimits.PINS - 1);
    assertThat(all.actions.pin(bob, chat.id(), last.id())).hasSize(ChatLimits.PINS);
  }

  @Test
  void receiptsAndNeighboursAreSeenFromAMessage() {
    Chat chat = all.group(ada, bob, cem);
    for (int i = 1; i <= 5; i++) {
      all.say(ada, chat.id(), "m" + i);
    }
    Message third = all.conversations.messages(ada, chat.id(), 2, true, 1).getFirst();
    all.own.markRead(bob, chat.id(), 3);
    all.own.markRead(cem, chat.id(), 2);

    assertThat(all.views.readBy(ada, chat.id(), third.id(), null, 10))
        .singleElement()
        .satisfies(
            reader -> {
              assertThat(reader.id()).isEqualTo(bob.id());
              assertThat(reader.readAt()).isNotNull();
            });
    MessageViews.Around around = all.views.around(bob, chat.id(), third.id(), 1);
    assertThat(around.before()).extracting(Message::seq).containsExactly(2L);
    assertThat(around.message().seq()).isEqualTo(3);
    assertThat(around.after()).extracting(Message::seq).containsExactly(4L);
  }

  @Test
  void whatIsTooLargeOrOfAnotherKindIsRefused() {
    Chat chat = all.group(ada);
    refused(Problem.Code.INVALID, () -> all.say(ada, chat.id(), " "));
    refused(Problem.Code.INVALID, () -> all.say(ada, chat.id(), "x".repeat(10_001)));
    refused(
        Problem.Code.INVALID,
        () ->
            all.conversations.send(
                ada, chat.id(), new Content.LocationRequest("where?"), null, null));
    refused(Problem.Code.INVALID, () -> metadata(chat, "[1]"));
    refused(Problem.Code.INVALID, () -> metadata(chat, "{\"a\":\"" + "é".repeat(4096) + "\"}"));
    assertThat(read(metadata(chat, "{\"a\":1}").id()).metadata()).hasToString("{\"a\":1}");
  }

  private Message metadata(Chat chat, String json) {
    return all.conversations
        .send(
            ada,
            chat.id(),
            new Draft(new Content.Text("x", null), null, null, null, Json.tree(json), null))
        .message();
  }
}
