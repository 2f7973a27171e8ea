package dev.parley.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.DeskChange;
import dev.parley.conversations.DeskStates;
import dev.parley.conversations.Priority;
import dev.parley.identity.User;
import dev.parley.identity.UserRole;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Problem;
import dev.parley.platform.timers.Timers;
import dev.parley.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The rules of the desk: statuses, snoozing, priority, whose a conversation is.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeskTest {
  private static int phones = 100;

  private final InboxFixture all = new InboxFixture();
  private final Caller ada = all.agent();
  private final Caller bob = all.agent();

  @AfterAll
  void close() {
    all.close();
  }

  private static String phone() {
    return "1555" + ++phones;
  }

  private InboxConversation put(UUID id, ConversationStatus status) {
    Instant until =
        status == ConversationStatus.SNOOZED
            ? all.identity.clock.instant().plus(Duration.ofHours(1))
            : null;
    return all.actions.change(ada, id, new InboxActions.Change(status, until, null, null));
  }

  private InboxConversation assign(Caller who, UUID id, @Nullable UUID to, Hands from) {
    return all.actions.assign(
        who,
        id,
        new InboxActions.Assignment(to == null ? Hands.NOBODY : Hands.of(to), Hands.ANY, from));
  }

  private static Problem refused(Callable<?> act) {
    return catchThrowableOfType(Problem.class, act::call);
  }

  @Test
  void aCustomersMessageOpensWhateverTheStatusIs() {
    for (ConversationStatus status :
        List.of(
            ConversationStatus.PENDING, ConversationStatus.SNOOZED, ConversationStatus.RESOLVED)) {
      String phone = phone();
      UUID id = all.written(phone);
      put(id, status);

      all.written(phone);

      assertThat(all.now(id).status()).isEqualTo(ConversationStatus.OPEN);
      assertThat(all.now(id).snoozedUntil()).isNull();
      StoredEvent last = all.happened(id, "conversation.status-changed").getLast();
      assertThat(InboxFixture.data(last, "cause")).isEqualTo("customer-wrote");
      DeskChange change = all.inbox.history(ada, id, null, 10).getFirst();
      assertThat(change.from().status()).isEqualTo(status);
      assertThat(change.to().status()).isEqualTo(ConversationStatus.OPEN);
      assertThat(change.by().kind()).isEqualTo("contact");
    }
  }

  @Test
  void aReactionANoticeAnEchoAndAnAnswerChangeNoStatus() {
    String phone = phone();
    UUID id = all.written(phone);
    put(id, ConversationStatus.RESOLVED);

    all.written(all.acme, phone, null, new Content.Reaction(null, "wamid.none", "👍"), false);
    all.written(all.acme, phone, null, new Content.Notice("system", "moved", null), false);
    all.written(all.acme, phone, null, new Content.Text("From the phone", null), true);
    all.answer(ada, id);

    assertThat(all.now(id).status()).isEqualTo(ConversationStatus.RESOLVED);
    assertThat(all.happened(id, "conversation.status-changed")).hasSize(1);
  }

  @Test
  void aCustomerWaitsFromTheFirstMessageToTheAnswer() {
    String phone = phone();
    UUID id = all.written(phone);
    Instant first = all.now(id).waitingSince();
    all.identity.clock.pass(Duration.ofMinutes(5));
    all.written(phone);
    assertThat(first).isNotNull();
    assertThat(all.now(id).waitingSince()).isEqualTo(first);

    all.answer(Caller.system(all.acme), id);
    assertThat(all.now(id).waitingSince()).as("an automatic answer is none").isEqualTo(first);
    all.answer(ada, id);
    assertThat(all.now(id).waitingSince()).isNull();

    all.written(phone);
    assertThat(all.now(id).waitingSince()).isNotNull();
    put(id, ConversationStatus.RESOLVED);
    assertThat(all.now(id).waitingSince()).as("resolved").isNull();
  }

  @Test
  void whatIsSoAlreadyLeavesNoTrace() {
    UUID id = all.written(phone());
    put(id, ConversationStatus.PENDING);
    put(id, ConversationStatus.PENDING);
    assign(ada, id, ada.id(), Hands.ANY);
    assign(ada, id, ada.id(), Hands.ANY);

    assertThat(all.happened(id, "conversation.status-changed")).hasSize(1);
    assertThat(all.happened(id, "conversation.assigned")).hasSize(1);
    assertThat(all.inbox.history(ada, id, null, 10)).hasSize(2);
  }

  @Test
  void whoNamesTheStatusTheySawIsToldOfAnother() {
    UUID id = all.written(phone());
    put(id, ConversationStatus.RESOLVED);
    var stale =
        new InboxActions.Change(
            ConversationStatus.PENDING, null, Priority.HIGH, ConversationStatus.OPEN);

    assertThat(refused(() -> all.actions.change(bob, id, stale)).code())
        .isEqualTo(Problem.Code.WRONG_STATE);
    assertThat(all.now(id).priority()).isEqualTo(Priority.NONE);
    assertThat(
            refused(
                    () ->
                        all.actions.change(
                            bob,
                            id,
                            new InboxActions.Change(ConversationStatus.SNOOZED, null, null, null)))
                .code())
        .isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void aSnoozedOneWakesOnceHoweverLongNothingRan() {
    // Timers go by the machine's clock, so what is to be due lies long ago.
    Instant[] now = {Instant.parse("2020-01-01T00:00:00Z")};
    var timers = new Timers(all.identity.db.database().system(), Duration.ofMillis(50));
    var desk = new DeskStates(all.db, all.events, timers, () -> now[0]);
    var actions = new InboxActions(all.db, desk, all.inbox, all.events, () -> now[0]);
    UUID id = all.written(phone());
    actions.change(
        ada,
        id,
        new InboxActions.Change(
            ConversationStatus.SNOOZED, now[0].plus(Duration.ofHours(1)), null, null));
    now[0] = now[0].plus(Duration.ofDays(30));
    timers.start();
    try {
      Await.until("it wakes", () -> all.now(id).status() == ConversationStatus.OPEN);
    } finally {
      timers.stop();
    }
    desk.wake(all.acme, id);

    List<StoredEvent> told = all.happened(id, "conversation.status-changed");
    assertThat(told).hasSize(2);
    assertThat(InboxFixture.data(told.getLast(), "cause")).isEqualTo("snooze-ended");
  }

  @Test
  void whatHappenedMeanwhileDecidesWhenATimerFires() {
    String phone = phone();
    UUID early = all.written(phone);
    put(early, ConversationStatus.SNOOZED);
    all.written(phone);
    put(early, ConversationStatus.PENDING);
    UUID later = all.written(phone());
    put(later, ConversationStatus.SNOOZED);
    all.identity.clock.pass(Duration.ofMinutes(50));
    put(later, ConversationStatus.SNOOZED);
    all.identity.clock.pass(Duration.ofMinutes(20));

    all.desk.wake(all.acme, early);
    all.desk.wake(all.acme, later);
    all.desk.wake(all.globex, later);

    assertThat(all.now(early).status()).isEqualTo(ConversationStatus.PENDING);
    assertThat(all.now(later).status()).as("snoozed anew").isEqualTo(ConversationStatus.SNOOZED);
  }

  @Test
  void ofManyWhoTakeItAtOnceOneHasIt() throws InterruptedException {
    UUID id = all.written(phone());
    var agents = new ArrayList<Caller>();
    for (int i = 0; i < 6; i++) {
      agents.add(all.agent());
    }
    int won = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<InboxConversation>> tries =
          threads.invokeAll(
              agents.stream()
                  .<Callable<InboxConversation>>map(
                      agent -> () -> assign(agent, id, agent.id(), Hands.ANY))
                  .toList());
      for (Future<InboxConversation> one : tries) {
        try {
          one.get();
          won++;
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof Problem problem)) {
            throw new AssertionError(e);
          }
          assertThat(problem.code()).isEqualTo(Problem.Code.ALREADY_ASSIGNED);
          assertThat(problem.errors().getFirst().detail())
              .isEqualTo(String.valueOf(all.now(id).assigneeId()));
        }
      }
    }
    assertThat(won).isEqualTo(1);
    assertThat(all.happened(id, "conversation.assigned")).hasSize(1);
  }

  @Test
  void itIsTakenOverOnlyFromWhomTheCallerNames() {
    UUID id = all.written(phone());
    assign(ada, id, ada.id(), Hands.ANY);

    assertThat(refused(() -> assign(bob, id, bob.id(), Hands.NOBODY)).code())
        .isEqualTo(Problem.Code.ALREADY_ASSIGNED);
    assertThat(refused(() -> assign(bob, id, null, Hands.ANY)).code())
        .isEqualTo(Problem.Code.ALREADY_ASSIGNED);
    assertThat(assign(bob, id, bob.id(), Hands.of(ada.id())).assigneeId()).isEqualTo(bob.id());
    assertThat(refused(() -> assign(ada, id, null, Hands.of(ada.id()))).code())
        .isEqualTo(Problem.Code.ALREADY_ASSIGNED);
    DeskChange last = all.inbox.history(ada, id, null, 10).getFirst();
    assertThat(last.from().assigneeId()).isEqualTo(ada.id());
    assertThat(last.to().assigneeId()).isEqualTo(bob.id());
    assertThat(last.by().id()).isEqualTo(bob.id());
  }

  @Test
  void onlyWhoMayAnswerIsGivenOne() {
    UUID id = all.written(phone());
    for (Caller no :
        List.of(
            all.user(all.acme, UserRole.READ_ONLY),
            all.user(all.globex, UserRole.AGENT),
            Caller.system(all.acme))) {
      assertThat(refused(() -> assign(ada, id, no.id(), Hands.ANY)).code())
          .isEqualTo(Problem.Code.INVALID);
    }
    assertThat(
            refused(() -> assign(all.user(all.globex, UserRole.AGENT), id, null, Hands.ANY)).code())
        .isEqualTo(Problem.Code.NOT_FOUND);
  }

  @Test
  void whoHasItIsInItsTeam() {
    UUID id = all.written(phone());
    UUID team = all.teams.create(all.manager(), "Team " + id, null, Set.of(ada.id())).id();
    UUID other = all.teams.create(all.manager(), "Other " + id, null, Set.of(bob.id())).id();

    var both = new InboxActions.Assignment(Hands.of(bob.id()), Hands.of(team), Hands.ANY);
    assertThat(refused(() -> all.actions.assign(ada, id, both)).code())
        .isEqualTo(Problem.Code.INVALID);
    assign(ada, id, ada.id(), Hands.ANY);
    var toTeam = new InboxActions.Assignment(Hands.ANY, Hands.of(team), Hands.ANY);
    assertThat(all.actions.assign(ada, id, toTeam).assigneeId())
        .as("a member stays")
        .isEqualTo(ada.id());
    var unasked = new InboxActions.Assignment(Hands.ANY, Hands.of(other), Hands.ANY);
    assertThat(refused(() -> all.actions.assign(bob, id, unasked)).code())
        .as("it would be taken from her")
        .isEqualTo(Problem.Code.ALREADY_ASSIGNED);
    var toOther = new InboxActions.Assignment(Hands.ANY, Hands.of(other), Hands.of(ada.id()));
    assertThat(all.actions.assign(bob, id, toOther).assigneeId())
        .as("who is no member does not")
        .isNull();
    InboxConversation out = assign(ada, id, ada.id(), Hands.ANY);
    assertThat(out.assigneeId()).isEqualTo(ada.id());
    assertThat(out.teamId()).as("an agent from outside takes it out of the team").isNull();
  }

  @Test
  void whoIsGoneLosesTheUnresolvedAndAnOldOneWhenItOpensAgain() {
    Caller cem = all.agent();
    String phone = phone();
    UUID open = all.written(phone());
    UUID resolved = all.written(phone);
    assign(cem, open, cem.id(), Hands.ANY);
    assign(cem, resolved, cem.id(), Hands.ANY);
    put(resolved, ConversationStatus.RESOLVED);
    all.identity.users.change(
        Caller.system(all.acme), cem.id(), new Users.Change(null, null, User.State.DISABLED));
    all.settle();

    assertThat(all.now(open).assigneeId()).isNull();
    assertThat(InboxFixture.data(all.happened(open, "conversation.assigned").getLast(), "cause"))
        .isEqualTo("user-gone");
    assertThat(all.now(resolved).assigneeId()).isEqualTo(cem.id());

    all.written(phone);
    all.settle();
    assertThat(all.now(resolved).assigneeId()).isNull();
  }

  @Test
  void whoIsOutOfTheTeamLosesItsConversationsAndNoOthers() {
    Caller cem = all.agent();
    Caller boss = all.manager();
    UUID of = all.written(phone());
    UUID other = all.written(phone());
    UUID team = all.teams.create(boss, "Team " + of, null, Set.of(cem.id(), ada.id())).id();
    all.actions.assign(
        cem, of, new InboxActions.Assignment(Hands.of(cem.id()), Hands.of(team), Hands.ANY));
    assign(cem, other, cem.id(), Hands.ANY);
    all.teams.remove(boss, team, cem.id());
    all.settle();

    assertThat(all.now(of).assigneeId()).isNull();
    assertThat(all.now(of).teamId()).isEqualTo(team);
    assertThat(all.now(other).assigneeId()).isEqualTo(cem.id());

    all.teams.delete(boss, team);
    all.settle();
    assertThat(all.now(of).teamId()).isNull();
  }

  @Test
  void whoIsRemovedWhileSomebodyAssignsThemHasNothingInTheEnd() throws Exception {
    for (int round = 0; round < 5; round++) {
      Caller cem = all.agent();
      UUID id = all.written(phone());
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> gone =
            threads.submit(
                () ->
                    all.identity.users.change(
                        Caller.system(all.acme),
                        cem.id(),
                        new Users.Change(null, null, User.State.DISABLED)));
        Future<?> given =
            threads.submit(
                () -> {
                  try {
                    assign(ada, id, cem.id(), Hands.ANY);
                  } catch (Problem e) {
                    assertThat(e.code()).isEqualTo(Problem.Code.INVALID);
                  }
                });
        gone.get();
        given.get();
      }
      all.settle();
      Conversation now = all.now(id);
      assertThat(now.assigneeId()).isNull();
    }
  }

  @Test
  void twoTenantsNeverMeet() {
    UUID id = all.written(phone());
    Caller stranger = all.user(all.globex, UserRole.ADMIN);

    assertThat(refused(() -> all.inbox.find(stranger, id)).code())
        .isEqualTo(Problem.Code.NOT_FOUND);
    assertThat(refused(() -> all.inbox.history(stranger, id, null, 10)).code())
        .isEqualTo(Problem.Code.NOT_FOUND);
    assertThat(
            refused(
                    () ->
                        all.actions.change(
                            stranger,
                            id,
                            new InboxActions.Change(ConversationStatus.RESOLVED, null, null, null)))
                .code())
        .isEqualTo(Problem.Code.NOT_FOUND);
    boolean theirs = all.db.inTenant(all.globex, tx -> DeskStates.find(tx, id).isPresent());
    assertThat(theirs).isFalse();
  }
}
