package dev.parley.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.ConversationFilter;
import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.ConversationLists.Sort;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.Priority;
import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The inbox's list: what it is narrowed to, its orders, its counts, and what a page costs.
@org.junit.jupiter.api.Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboxListTest {
  private final InboxFixture all = new InboxFixture();
  private final Caller ada = all.agent();
  private final Caller boss = all.manager();
  private final List<UUID> ids = new ArrayList<>();
  private UUID refund = new UUID(0, 0);
  private UUID vip = new UUID(0, 0);
  private UUID team = new UUID(0, 0);

  @BeforeAll
  void write() {
    for (int i = 0; i < 12; i++) {
      ids.add(
          all.written(
              all.acme,
              "15550000" + (10 + i),
              "Customer " + i,
              new Content.Text("n" + i, null),
              false));
      // In the database's time the next one is later in any case; in ours it must be too.
      all.identity.clock.pass(Duration.ofSeconds(1));
    }
    all.written(all.globex, "1555000010", "Customer 0", new Content.Text("theirs", null), false);
    refund = all.tags.create(boss, "Refund", "#aa0000").id();
    vip = all.tags.create(boss, "VIP", "#00aa00").id();
    team = all.teams.create(boss, "Billing", null, Set.of(ada.id())).id();
    all.actions.tag(ada, ids.get(1), refund);
    all.actions.tag(ada, ids.get(2), refund);
    all.actions.tag(ada, ids.get(2), vip);
    assign(ids.get(3), Hands.of(ada.id()), Hands.ANY);
    assign(ids.get(4), Hands.of(ada.id()), Hands.of(team));
    assign(ids.get(5), Hands.of(boss.id()), Hands.ANY);
    change(ids.get(6), ConversationStatus.PENDING, Priority.LOW);
    change(ids.get(7), ConversationStatus.RESOLVED, Priority.URGENT);
    change(ids.get(8), null, Priority.URGENT);
    change(ids.get(9), null, Priority.HIGH);
    all.conversations.markRead(ada, ids.get(10), null, false);
    all.answer(ada, ids.get(11));
  }

  @AfterAll
  void close() {
    all.close();
  }

  private void assign(UUID id, Hands user, Hands group) {
    all.actions.assign(boss, id, new InboxActions.Assignment(user, group, Hands.ANY));
  }

  private void change(UUID id, @Nullable ConversationStatus status, Priority priority) {
    all.actions.change(ada, id, new InboxActions.Change(status, null, priority, null));
  }

  private Page<InboxConversation> page(
      ConversationFilter filter,
      @Nullable String text,
      Sort sort,
      @Nullable String after,
      int most) {
    return all.inbox.page(ada, new Inbox.Question(filter, text), sort, after, most);
  }

  /// Which of the customers, in the list's order.
  private List<Integer> found(ConversationFilter filter, Sort sort) {
    return page(filter, null, sort, null, 100).items().stream()
        .map(one -> ids.indexOf(one.id()))
        .toList();
  }

  private static ConversationFilter filter(
      @Nullable Set<ConversationStatus> statuses,
      Hands assignee,
      Hands team,
      List<UUID> tags,
      @Nullable Boolean unread) {
    return new ConversationFilter(statuses, null, assignee, team, tags, unread, null, null);
  }

  @Test
  void isNarrowedToWhatIsAskedFor() {
    Hands any = Hands.ANY;
    assertThat(found(filter(null, Hands.of(ada.id()), any, List.of(), null), Sort.NEWEST))
        .containsExactly(4, 3);
    assertThat(
            found(
                filter(Set.of(ConversationStatus.OPEN), Hands.NOBODY, any, List.of(), null),
                Sort.NEWEST))
        .containsExactly(11, 10, 9, 8, 2, 1, 0);
    assertThat(found(filter(null, any, Hands.of(team), List.of(), null), Sort.NEWEST))
        .containsExactly(4);
    assertThat(found(filter(null, any, any, List.of(refund), null), Sort.NEWEST))
        .containsExactly(2, 1);
    assertThat(found(filter(null, any, any, List.of(refund, vip), null), Sort.NEWEST))
        .containsExactly(2);
    assertThat(found(filter(null, any, any, List.of(), false), Sort.NEWEST)).containsExactly(10);
    assertThat(
            found(
                filter(
                    Set.of(ConversationStatus.PENDING, ConversationStatus.RESOLVED),
                    any,
                    any,
                    List.of(),
                    null),
                Sort.NEWEST))
        .containsExactly(7, 6);
    assertThat(
            found(
                new ConversationFilter(
                    null, UUID.randomUUID(), any, any, List.of(), null, null, null),
                Sort.NEWEST))
        .isEmpty();
    assertThat(
            found(
                new ConversationFilter(
                    null, all.channel, any, any, List.of(), null, Set.of(Priority.URGENT), null),
                Sort.NEWEST))
        .containsExactly(8, 7);
  }

  @Test
  void hasThreeOrders() {
    assertThat(found(ConversationFilter.ALL, Sort.NEWEST))
        .containsExactly(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    assertThat(found(ConversationFilter.ALL, Sort.WAITING))
        .as("answered and resolved ones do not wait")
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 8, 9, 10);
    assertThat(found(ConversationFilter.ALL, Sort.PRIORITY))
        .containsExactly(8, 7, 9, 6, 11, 10, 5, 4, 3, 2, 1, 0);
  }

  @Test
  void pagesGoOnWhereTheLastOneEndedInEveryOrder() {
    for (Sort sort : Sort.values()) {
      List<Integer> whole = found(ConversationFilter.ALL, sort);
      for (int size = 1; size <= 5; size++) {
        var together = new ArrayList<Integer>();
        String after = null;
        do {
          Page<InboxConversation> page = page(ConversationFilter.ALL, null, sort, after, size);
          page.items().forEach(one -> together.add(ids.indexOf(one.id())));
          after = page.next();
        } while (after != null);
        assertThat(together).as("%s by %d", sort, size).isEqualTo(whole);
      }
    }
    String other = page(ConversationFilter.ALL, null, Sort.NEWEST, null, 1).next();
    assertThat(
            catchThrowableOfType(
                    Problem.class, () -> page(ConversationFilter.ALL, null, Sort.WAITING, other, 1))
                .code())
        .isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void aRowHasAllThatItShows() {
    InboxConversation row =
        page(filter(null, Hands.ANY, Hands.of(team), List.of(), null), null, Sort.NEWEST, null, 10)
            .items()
            .getFirst();

    assertThat(row.contact())
        .isEqualTo(new InboxConversation.Person(row.contactId(), "Customer 4", "1555000014", null));
    assertThat(row.assignee()).extracting(InboxConversation.Person::id).isEqualTo(ada.id());
    assertThat(row.team()).isEqualTo(new InboxConversation.Named(team, "Billing"));
    assertThat(row.lastMessage()).extracting(Conversation.LastMessage::preview).isEqualTo("n4");
    assertThat(row.window()).isNotNull();
    assertThat(all.inbox.find(ada, ids.get(2)).tags())
        .extracting(Tag.Label::name)
        .containsExactly("Refund", "VIP");
    assertThat(all.inbox.find(ada, ids.get(10)).participants())
        .extracting(ConversationLists.Participant::name)
        .contains("Customer 10", "Somebody");
  }

  @Test
  void aPageCostsAsManyStatementsAsAnother() {
    int one = statements(1);
    int twelve = statements(12);

    assertThat(twelve).isEqualTo(one).isLessThanOrEqualTo(8);
  }

  private int statements(int rows) {
    int before = all.identity.statements();
    assertThat(page(ConversationFilter.ALL, null, Sort.NEWEST, null, rows).items()).hasSize(rows);
    return all.identity.statements() - before;
  }

  @Test
  void countsAreThoseOfTheList() {
    var counts =
        all.inbox.counts(
            ada,
            new Inbox.Question(
                filter(Set.of(ConversationStatus.OPEN), Hands.ANY, Hands.ANY, List.of(), null),
                null));

    assertThat(counts)
        .isEqualTo(
            new ConversationLists.Counts(10, 2, 7, 9, new ConversationLists.ByStatus(10, 1, 0, 1)));
  }

  @Test
  void anotherTenantSeesItsOwnAlone() {
    Caller stranger = all.user(all.globex, UserRole.ADMIN);
    List<InboxConversation> theirs =
        all.inbox
            .page(
                stranger, new Inbox.Question(ConversationFilter.ALL, null), Sort.NEWEST, null, 100)
            .items();

    assertThat(theirs).hasSize(1);
    assertThat(theirs.getFirst().lastMessage())
        .extracting(Conversation.LastMessage::preview)
        .isEqualTo("theirs");
    assertThat(
            all.inbox
                .page(
                    stranger,
                    new Inbox.Question(
                        filter(null, Hands.of(ada.id()), Hands.ANY, List.of(refund), null), null),
                    Sort.NEWEST,
                    null,
                    100)
                .items())
        .isEmpty();
  }
}
