package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationListStore.Order;
import dev.parley.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// With 50,000 conversations a page is read from an index that has its order, under row-level security, and touches no
/// more than a page needs.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationListPlanTest {
  private static final int ROWS = 50_000;
  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
  private static final UUID AGENT = new UUID(0, 7);
  private static final UUID TEAM = new UUID(0, 9);

  private final TestDatabase db = TestDatabase.create();

  /// Most are resolved; of the rest few are unassigned, the agent's, the team's, urgent.
  @BeforeAll
  void fill() throws SQLException {
    try (var connection = db.database().ownerConnection();
        var statement = connection.createStatement()) {
      statement.execute("ALTER TABLE conversations NO FORCE ROW LEVEL SECURITY");
      for (UUID tenant : List.of(db.acme.value(), db.globex.value())) {
        statement.execute(
            """
            INSERT INTO conversations (tenant_id, id, project_id, channel_id, contact_id, lane, status, priority,
              assignee_id, team_id, unread, waiting_since, last_at, created_at, updated_at)
            SELECT '%1$s', gen_random_uuid(), gen_random_uuid(), '%1$s', gen_random_uuid(), n %% 16,
              CASE WHEN n %% 50 = 0 THEN 'open' ELSE 'resolved' END, CASE WHEN n %% 500 = 0 THEN n %% 4 + 1 ELSE 0 END,
              CASE WHEN n %% 400 = 0 THEN NULL WHEN n %% 97 = 0 THEN '%2$s' ELSE gen_random_uuid() END::uuid,
              CASE WHEN n %% 89 = 0 THEN '%3$s'::uuid END, CASE WHEN n %% 1000 = 0 THEN 2 ELSE 0 END,
              CASE WHEN n %% 300 = 0 THEN now() - n * interval '1 second' END,
              now() - n * interval '1 minute', now(), now()
            FROM generate_series(1, %4$d) AS n
            """
                .formatted(tenant, AGENT, TEAM, ROWS));
      }
      statement.execute("ALTER TABLE conversations FORCE ROW LEVEL SECURITY");
      statement.execute("ANALYZE conversations");
    }
  }

  @AfterAll
  void close() {
    db.close();
  }

  private static ConversationFilter filter(
      Set<ConversationStatus> statuses, Hands assignee, Hands team, @Nullable Boolean unread) {
    return new ConversationFilter(
        statuses.isEmpty() ? null : statuses, null, assignee, team, List.of(), unread, null, null);
  }

  static Stream<Arguments> lists() {
    Set<ConversationStatus> open = Set.of(ConversationStatus.OPEN);
    Set<ConversationStatus> every = Set.of();
    Hands any = Hands.ANY;
    return Stream.of(
        Arguments.of("all", ConversationFilter.ALL, Order.NEWEST),
        Arguments.of("open", filter(open, any, any, null), Order.NEWEST),
        Arguments.of("unassigned", filter(open, Hands.NOBODY, any, null), Order.NEWEST),
        Arguments.of("mine", filter(every, Hands.of(AGENT), any, null), Order.NEWEST),
        Arguments.of("my open", filter(open, Hands.of(AGENT), any, null), Order.NEWEST),
        Arguments.of("team", filter(every, any, Hands.of(TEAM), null), Order.NEWEST),
        Arguments.of("unread", filter(every, any, any, true), Order.NEWEST),
        Arguments.of("waiting", ConversationFilter.ALL, Order.WAITING),
        Arguments.of("urgent", ConversationFilter.ALL, Order.URGENT),
        Arguments.of("not urgent", filter(open, any, any, null), Order.NOT_URGENT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lists")
  void aPageIsReadInTheOrderOfAnIndex(String name, ConversationFilter filter, Order order) {
    List<String> plan =
        db.tenants()
            .inTenant(
                db.acme,
                tx -> ConversationListStore.plan(tx.sql(), tx.tenant(), filter, order, 51));

    String text = String.join("\n", plan);
    assertThat(text).as(name).contains("conversations_").doesNotContain("Seq Scan");
    Matcher buffers = BUFFERS.matcher(text);
    assertThat(buffers.find()).isTrue();
    int pages =
        Integer.parseInt(buffers.group(1))
            + (buffers.group(2) == null ? 0 : Integer.parseInt(buffers.group(2)));
    // The table has some 1,500 pages of each tenant.
    assertThat(pages).as("%s%n%s", name, text).isLessThan(700);
  }
}
