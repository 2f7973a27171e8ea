package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Conversations among people: who is in them, and who may do what.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatsTest {
  private final ChatsFixture all = new ChatsFixture();
  private final Caller ada = all.agent();
  private final Caller bob = all.agent();
  private final Caller cem = all.agent();
  private final Caller dan = all.agent();
  private final Caller boss = all.user(all.acme, UserRole.ADMIN);
  private final Caller stranger = all.user(all.globex, UserRole.ADMIN);

  @AfterAll
  void close() {
    all.close();
  }

  private static void refused(Problem.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  @Test
  void ofManyWhoBeginADirectConversationAtOnceAllGetTheSame() throws Exception {
    var ids = new HashSet<UUID>();
    var running = new ArrayList<Future<Chat>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        Caller one = i % 2 == 0 ? ada : dan;
        Caller other = i % 2 == 0 ? dan : ada;
        running.add(threads.submit(() -> all.chats.direct(one, other.id())));
      }
      for (Future<Chat> one : running) {
        ids.add(one.get().id());
      }
    }
    assertThat(ids).hasSize(1);
    Chat chat = all.chats.find(ada, ids.iterator().next());
    assertThat(chat.with()).isEqualTo(dan.id());
    assertThat(chat.participants()).isEqualTo(2);
    assertThat(all.types(chat))
        .containsExactly("conversation.created", "participant.added", "participant.added");
  }

  @Test
  void aDirectConversationNeedsTwoWhoAreThere() {
    refused(Problem.Code.INVALID, () -> all.chats.direct(ada, ada.id()));
    refused(Problem.Code.NOT_FOUND, () -> all.chats.direct(ada, stranger.id()));
    refused(Problem.Code.NOT_FOUND, () -> all.chats.direct(ada, UUID.randomUUID()));
    Chat chat = all.chats.direct(ada, bob.id());
    refused(Problem.Code.FORBIDDEN, () -> all.members.leave(ada, chat.id()));
    refused(
        Problem.Code.FORBIDDEN,
        () -> all.members.add(ada, chat.id(), Set.of(cem.id()), ChatRole.MEMBER));
  }

  @Test
  void whoIsNoParticipantSeesNothingWhateverTheirRole() {
    Chat chat = all.group(ada, bob);
    Message said = all.say(ada, chat.id(), "between us");

    for (Caller caller : List.of(cem, boss, stranger, Caller.system(all.acme))) {
      refused(Problem.Code.NOT_FOUND, () -> all.chats.find(caller, chat.id()));
      refused(
          Problem.Code.NOT_FOUND, () -> all.conversations.messages(caller, chat.id(), 0, true, 10));
      refused(Problem.Code.NOT_FOUND, () -> all.say(caller, chat.id(), "me too"));
      refused(
          Problem.Code.NOT_FOUND,
          () -> all.members.add(caller, chat.id(), Set.of(caller.id()), ChatRole.ADMIN));
      assertThat(all.conversations.message(caller, said.id())).isEmpty();
      assertThat(all.conversations.find(caller, chat.id())).isEmpty();
      assertThat(all.conversations.access(caller, chat.id())).isEmpty();
      assertThat(all.conversations.visible(caller, Set.of(chat.id()))).isEmpty();
    }
    assertThat(
            all.identity
                .db
                .tenants()
                .inTenant(
                    all.acme,
                    tx ->
                        ConversationLists.page(
                            tx, ConversationFilter.ALL, ConversationLists.Sort.NEWEST, null, 200))
                .items())
        .isEmpty();
    assertThat(all.happened(all.acme, chat)).allMatch(StoredEvent::participantsOnly);
  }

  @Test
  void accessIsToldForManyAtOnce() {
    Caller newcomer = all.agent();
    Chat mine = all.group(newcomer);
    Chat joinable = all.create(ConversationKind.CHANNEL, Chat.Privacy.PUBLIC, ada);
    Chat hidden = all.group(ada);

    var access =
        all.conversations.access(
            newcomer, List.of(mine.id(), joinable.id(), hidden.id(), UUID.randomUUID()));

    assertThat(access.keySet()).containsExactlyInAnyOrder(mine.id(), joinable.id());
    assertThat(access.get(joinable.id()))
        .extracting(ConversationAccess::rights)
        .isEqualTo(Set.of(Right.JOIN));
    assertThat(access.get(mine.id()))
        .extracting(ConversationAccess::role, ConversationAccess::lane)
        .containsExactly(ChatRole.OWNER, mine.lane());
    assertThat(all.conversations.visible(newcomer, access.keySet())).containsExactly(mine.id());
    assertThat(all.conversations.own(newcomer))
        .extracting(ConversationAccess::conversationId)
        .containsExactly(mine.id());
  }

  @Test
  void membershipChangesStandInTheLaneWhereTheyHappen() {
    Chat chat = all.group(ada, bob);
    all.say(ada, chat.id(), "one");
    all.members.add(ada, chat.id(), Set.of(cem.id(), bob.id()), ChatRole.MEMBER);
    all.say(cem, chat.id(), "two");
    all.members.remove(ada, chat.id(), cem.id());
    all.say(ada, chat.id(), "three");
    all.members.changeRole(ada, chat.id(), bob.id(), ChatRole.ADMIN);

    assertThat(all.types(chat).subList(3, 9))
        .containsExactly(
            "message.posted",
            "participant.added",
            "message.posted",
            "participant.removed",
            "message.posted",
            "participant.role-changed");
    assertThat(ChatsFixture.data(all.happened(all.acme, chat).get(4)).path("userId").asText())
        .isEqualTo(cem.id().toString());
    refused(Problem.Code.NOT_FOUND, () -> all.say(cem, chat.id(), "still here?"));
    assertThat(all.chats.find(ada, chat.id()).participants()).isEqualTo(2);
  }

  @Test
  void thereIsAlwaysOneOwner() {
    Chat chat = all.group(ada, bob, cem, dan);
    UUID id = chat.id();
    all.members.changeRole(ada, id, cem.id(), ChatRole.ADMIN);

    refused(
        Problem.Code.FORBIDDEN, () -> all.members.changeRole(cem, id, bob.id(), ChatRole.OWNER));
    refused(Problem.Code.FORBIDDEN, () -> all.members.remove(cem, id, ada.id()));
    refused(
        Problem.Code.FORBIDDEN, () -> all.members.changeRole(cem, id, ada.id(), ChatRole.READER));
    refused(
        Problem.Code.FORBIDDEN, () -> all.members.changeRole(bob, id, bob.id(), ChatRole.ADMIN));
    refused(
        Problem.Code.FORBIDDEN, () -> all.members.changeRole(ada, id, ada.id(), ChatRole.READER));
    all.members.changeRole(ada, id, dan.id(), ChatRole.OWNER);
    assertThat(roles(dan, id))
        .containsEntry(dan.id(), ChatRole.OWNER)
        .containsEntry(ada.id(), ChatRole.ADMIN);
    all.members.leave(dan, id);
    // Both administrators came at once; whoever it is, it is one of them.
    var after = roles(bob, id);
    assertThat(after.values().stream().filter(role -> role == ChatRole.OWNER)).hasSize(1);
    assertThat(after.get(bob.id())).isEqualTo(ChatRole.MEMBER);

    all.members.leave(ada, id);
    all.members.leave(cem, id);
    assertThat(roles(bob, id)).containsOnly(Map.entry(bob.id(), ChatRole.OWNER));
    all.members.leave(bob, id);
    assertThat(all.types(chat)).endsWith("participant.removed", "conversation.archived");
  }

  private Map<UUID, ChatRole> roles(Caller caller, UUID chat) {
    var roles = new HashMap<UUID, ChatRole>();
    all.members
        .page(caller, chat, null, 100)
        .forEach(participant -> roles.put(participant.userId(), participant.role()));
    return roles;
  }

  @Test
  void ownersWhoLeaveAtOnceLeaveOneOwnerBehind() throws Exception {
    var people = new ArrayList<Caller>();
    for (int i = 0; i < 8; i++) {
      people.add(all.agent());
    }
    Chat chat = all.group(people.getFirst(), people.subList(1, 8).toArray(Caller[]::new));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (Caller leaving : people.subList(0, 7)) {
        running.add(threads.submit(() -> all.members.leave(leaving, chat.id())));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(roles(people.getLast(), chat.id()))
        .containsOnly(Map.entry(people.getLast().id(), ChatRole.OWNER));
    assertThat(all.chats.find(people.getLast(), chat.id()).participants()).isEqualTo(1);
  }

  @Test
  void inAChannelFewWriteAndManyRead() {
    Chat chat = all.create(ConversationKind.CHANNEL, Chat.Privacy.PUBLIC, ada, bob);
    all.say(ada, chat.id(), "News");

    assertThat(all.own.open(cem, "LUN", null, 200))
        .filteredOn(found -> found.id().equals(chat.id()))
        .singleElement()
        .satisfies(found -> assertThat(found.lastMessage()).isNull());
    Chat joined = all.members.join(cem, chat.id());
    assertThat(joined.me()).isNotNull();
    assertThat(all.me(cem, chat.id()).role()).isEqualTo(ChatRole.READER);
    assertThat(all.me(cem, chat.id()).unread()).isZero();
    assertThat(all.me(bob, chat.id()).unread()).isEqualTo(1);
    refused(Problem.Code.FORBIDDEN, () -> all.say(cem, chat.id(), "me too"));
    assertThat(all.members.join(cem, chat.id()).participants()).isEqualTo(3);
    refused(Problem.Code.NOT_FOUND, () -> all.members.join(stranger, chat.id()));
    refused(Problem.Code.NOT_FOUND, () -> all.members.join(bob, all.group(ada).id()));
  }

  @Test
  void archivingStopsTheWritingForAllAndHidesItForOne() {
    Chat chat = all.group(ada, bob);
    all.own.settle(bob, chat.id(), false, null, true);
    assertThat(ids(all.own.mine(bob, null, false, null, null, 200))).doesNotContain(chat.id());
    assertThat(ids(all.own.mine(bob, null, true, null, null, 200))).contains(chat.id());
    assertThat(ids(all.own.mine(ada, null, false, null, null, 200))).contains(chat.id());
    all.own.settle(bob, chat.id(), false, null, false);

    refused(Problem.Code.FORBIDDEN, () -> all.chats.archive(bob, chat.id(), true));
    all.chats.archive(ada, chat.id(), true);
    refused(Problem.Code.WRONG_STATE, () -> all.say(bob, chat.id(), "hello?"));
    all.chats.archive(ada, chat.id(), false);
    all.say(bob, chat.id(), "hello!");
    assertThat(ids(all.own.mine(bob, ConversationKind.GROUP, false, null, null, 200)))
        .contains(chat.id());
  }

  private static List<UUID> ids(List<Chat> chats) {
    return chats.stream().map(Chat::id).toList();
  }

  @Test
  void aUserWhoIsGoneIsTakenOutAndTheirGroupsKeepAnOwner() {
    Caller leaving = all.agent();
    Chat chat = all.group(leaving, bob);
    Chat direct = all.chats.direct(bob, leaving.id());
    all.identity
        .db
        .tenants()
        .runInTenant(all.acme, tx -> all.members.forget(tx, List.of(leaving.id())));

    assertThat(roles(bob, chat.id())).containsOnly(Map.entry(bob.id(), ChatRole.OWNER));
    assertThat(all.chats.find(bob, direct.id()).with()).isEqualTo(leaving.id());
  }

  @Test
  void whoOnlyChatsSeesNoCustomers() {
    var chatting =
        new Caller(Caller.Kind.USER, ada.id(), "ada", all.acme, null, Set.of(Permission.CHAT));
    assertThat(all.conversations.access(chatting, List.of(UUID.randomUUID()))).isEmpty();
    Chat chat = all.chats.direct(chatting, bob.id());
    assertThat(all.say(chatting, chat.id(), "hi").seq()).isPositive();
  }
}
