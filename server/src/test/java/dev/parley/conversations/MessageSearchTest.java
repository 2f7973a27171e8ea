package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.http.Page;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Search on a real database: what is found, by whom, and by which index.
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MessageSearchTest {
  private static final MessageSearch.Filter ANY =
      new MessageSearch.Filter(null, null, null, null, null, null);

  private final ChatsFixture all = new ChatsFixture();
  private final SearchIndex index = new SearchIndex(all.contacts);
  private final MessageSearch search = new MessageSearch(all.identity.db.tenants(), all.contacts);
  private final Caller ada = all.agent();
  private final Caller bob = all.agent();
  private final Caller boss = all.user(all.acme, UserRole.ADMIN);
  private final Caller stranger = all.user(all.globex, UserRole.ADMIN);
  private final Map<LaneKey, Long> places = new HashMap<>();

  @AfterAll
  void close() {
    all.close();
  }

  /// Does what the subscription does, up to now.
  private void index() {
    for (TenantId tenant : List.of(all.acme, all.globex)) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        var key = new LaneKey(tenant, lane);
        List<StoredEvent> events = all.events.read(key, places.getOrDefault(key, 0L), 100_000);
        if (!events.isEmpty()) {
          places.put(key, events.getLast().seq());
          all.identity.db.tenants().runInTenant(tenant, tx -> index.handle(tx, events));
        }
      }
    }
  }

  private List<String> found(Caller who, String query) {
    return found(who, query, ANY);
  }

  private List<String> found(Caller who, String query, MessageSearch.Filter filter) {
    return search.messages(who, query, filter, null, 50).items().stream()
        .map(one -> ((Content.Text) one.message().content()).body())
        .toList();
  }

  @Test
  void messagesAreFoundByTheirWordsAndOnlyByTheirParticipants() {
    Chat chat = all.group(ada, bob);
    all.say(ada, chat.id(), "Das große Zebra läuft");
    all.say(bob, chat.id(), "a striped zebra crossing");
    Chat other = all.group(ada);
    all.say(ada, other.id(), "no zebra here");
    index();

    assertThat(found(bob, "ZEBRA"))
        .containsExactly("a striped zebra crossing", "Das große Zebra läuft");
    assertThat(found(bob, "grosse lauf")).containsExactly("Das große Zebra läuft");
    assertThat(found(bob, "\"zebra crossing\"")).containsExactly("a striped zebra crossing");
    assertThat(found(bob, "zebra -striped ")).containsExactly("Das große Zebra läuft");
    assertThat(found(ada, "zebra")).hasSize(3);
    assertThat(found(ada, "zebra", only(other.id(), null))).containsExactly("no zebra here");
    assertThat(found(ada, "zebra", only(null, bob.id())))
        .containsExactly("a striped zebra crossing");
    assertThat(found(bob, "zebra", only(other.id(), null))).isEmpty();
    for (Caller nobody : List.of(boss, stranger, Caller.system(all.acme))) {
      assertThat(found(nobody, "zebra")).as("%s", nobody).isEmpty();
    }
    all.members.remove(ada, chat.id(), bob.id());
    assertThat(found(bob, "zebra")).as("at once, without the index").isEmpty();
  }

  private static MessageSearch.Filter only(@Nullable UUID chat, @Nullable UUID sender) {
    return new MessageSearch.Filter(chat, sender, null, null, null, null);
  }

  @Test
  void editsAndDeletionsAreFollowed() {
    Chat chat = all.group(ada, bob);
    Message said = all.say(ada, chat.id(), "quokka");
    Message gone = all.say(ada, chat.id(), "wombat");
    index();
    all.actions.edit(ada, chat.id(), said.id(), new Content.Text("numbat", null), null);
    all.actions.delete(ada, chat.id(), gone.id());
    assertThat(found(bob, "wombat")).as("before the index knows").isEmpty();
    index();

    assertThat(found(bob, "quokka")).isEmpty();
    assertThat(found(bob, "numbat")).containsExactly("numbat");
    assertThat(found(bob, "wombat")).isEmpty();
    // Written and changed before the reader came by.
    Message late = all.say(ada, chat.id(), "bilby");
    all.actions.edit(ada, chat.id(), late.id(), new Content.Text("potoroo", null), null);
    index();
    assertThat(found(bob, "bilby")).isEmpty();
    assertThat(found(bob, "potoroo")).hasSize(1);
  }

  @Test
  void pagesFollowEachOther() {
    Chat chat = all.group(ada);
    for (int i = 0; i < 7; i++) {
      all.say(ada, chat.id(), "paging number" + i);
    }
    index();
    var texts = new ArrayList<String>();
    String after = null;
    do {
      Page<MessageSearch.Found> page = search.messages(ada, "paging", ANY, after, 3);
      page.items().forEach(one -> texts.add(one.highlight().text()));
      after = page.next();
    } while (after != null);
    assertThat(texts)
        .containsExactly(
            "paging number6",
            "paging number5",
            "paging number4",
            "paging number3",
            "paging number2",
            "paging number1",
            "paging number0");
  }

  private static Contacts.Said called(String name, Identity... identities) {
    return new Contacts.Said(name, List.of(identities), Map.of());
  }

  @Test
  void namesAreFoundThoughTheyAreSpeltOtherwise() {
    Contact katarzyna =
        all.contacts.create(
            Caller.system(all.acme),
            UUID.randomUUID(),
            called("Katarzyna Wójcik", Identity.phone("48600123456")));
    all.contacts.create(
        Caller.system(all.globex),
        UUID.randomUUID(),
        called("Katarzyna Nowak", Identity.phone("48600999999")));
    index();

    for (String query :
        List.of("katarzyna", "Katarzina", "wojcik", "wojick", "+48600123", "123456")) {
      assertThat(search.contacts(boss, query, null, 50).items())
          .as(query)
          .extracting(one -> one.contact().id())
          .contains(katarzyna.id())
          .allMatch(id -> id.equals(katarzyna.id()));
    }
    assertThat(search.contacts(boss, "zzzzzz", null, 50).items()).isEmpty();
    all.contacts.update(Caller.system(all.acme), katarzyna.id(), called("Zuzanna"));
    index();
    assertThat(search.contacts(boss, "wojcik", null, 50).items()).isEmpty();
    assertThat(search.contacts(boss, "zusanna", null, 50).items()).hasSize(1);
    assertThat(search.users(ada, bob.name().substring(0, 4), null, 50).items())
        .extracting(MessageSearch.FoundUser::id)
        .contains(bob.id())
        .doesNotContain(stranger.id());
  }

  /// How often a table was read from end to end, and how many rows were fetched through an index, in this transaction.
  private record Reads(long whole, long fetched) {}

  private static Reads reads(Handle sql, String table) {
    return sql.createQuery(
            "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = :table")
        .bind("table", table)
        .map((rs, _) -> new Reads(rs.getLong(1), rs.getLong(2)))
        .one();
  }

  @Test
  void theIndexIsUsedUnderRowLevelSecurity() throws SQLException {
    Chat chat = all.group(ada, bob);
    fill(all.acme, chat.id(), 50_000);
    fill(all.globex, UUID.randomUUID(), 50_000);
    all.identity.db.tenants().runInTenant(all.acme, MessageSearchTest::seek);
    Reads direct =
        all.identity
            .db
            .tenants()
            .inTenant(
                all.acme,
                tx -> {
                  tx.sql()
                      .createQuery(
                          "SELECT count(*) FROM message_search WHERE tenant_id = :t AND words @@ 'w777'::tsquery")
                      .bind("t", all.acme.value())
                      .mapTo(Long.class)
                      .one();
                  return reads(tx.sql(), "message_search");
                });
    assertThat(direct.fetched() + direct.whole() * 50_000)
        .as("without the function it looks at all of the tenant's rows")
        .isGreaterThanOrEqualTo(50_000);
  }

  private static void seek(Tx tx) {
    var nobody = UUID.randomUUID();
    // More often than a plan is made anew by default.
    for (int i = 0; i < 8; i++) {
      assertThat(SearchStore.messages(tx.sql(), "'w777'", nobody, true, ANY, null, 200))
          .hasSize(50);
      assertThat(SearchStore.messages(tx.sql(), "'w7':* & 'w12'", nobody, true, ANY, null, 10))
          .isEmpty();
      assertThat(SearchStore.names(tx.sql(), "contact", "name w777", null, null, 5)).isNotEmpty();
    }
    assertThat(reads(tx.sql(), "message_search").whole()).isZero();
    assertThat(reads(tx.sql(), "message_search").fetched()).isBetween(8L * 50, 8L * 60);
    assertThat(reads(tx.sql(), "name_search").whole()).isZero();
  }

  private void fill(TenantId tenant, UUID conversation, int rows) throws SQLException {
    all.identity
        .db
        .tenants()
        .runInTenant(
            tenant,
            tx -> {
              tx.sql()
                  .execute(
                      """
                      INSERT INTO message_search
                      SELECT '%s', gen_random_uuid(), '%s', true, NULL, 'text', false,
                        now() - i * interval '1 second', ('w' || i %% 1000 || ' filler')::tsvector
                      FROM generate_series(1, %d) i
                      """
                          .formatted(tenant, conversation, rows));
              tx.sql()
                  .execute(
                      """
                      INSERT INTO name_search
                      SELECT '%s', 'contact', gen_random_uuid(), 'name w' || i %% 1000 || ' of' || i, '+49' || i
                      FROM generate_series(1, %d) i
                      """
                          .formatted(tenant, rows));
            });
    try (var connection = all.identity.db.database().ownerConnection();
        var statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE message_search, name_search");
    }
  }

  @Test
  void withoutATenantTheFunctionsFail() throws SQLException {
    try (var connection = all.identity.db.database().app().getConnection();
        var statement = connection.createStatement()) {
      for (String call :
          List.of(
              "search_names('contact', 'a', NULL, NULL, NULL, 5)",
              "search_messages('a', NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 5)")) {
        assertThatThrownBy(() -> statement.execute("SELECT * FROM " + call))
            .isInstanceOf(SQLException.class);
      }
    }
  }
}
