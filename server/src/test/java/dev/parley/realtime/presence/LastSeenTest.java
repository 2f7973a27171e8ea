package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.db.TenantDb;
import dev.parley.testing.Connections;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LastSeenTest {
  private final TestDatabase db = TestDatabase.create();
  private final TestClock clock = new TestClock();
  private final Connections connections = new Connections(db.database().app());

  @AfterAll
  void close() {
    db.close();
  }

  /// A process with its own memory on the shared database.
  private final class Node {
    final PendingChanges changes = new PendingChanges();
    final PresenceEngine engine =
        new PresenceEngine(
            new PresenceEngine.Settings(Duration.ofMinutes(5), Duration.ofMinutes(10)),
            System::nanoTime,
            clock,
            changes::add);
    final LastSeen lastSeen = new LastSeen(new TenantDb(connections), engine, clock);

    void flush() {
      changes.take(1000).forEach(lastSeen::note);
      lastSeen.flush();
    }
  }

  @Test
  void whoHasGoneWasLastSeenThenAlsoAfterARestartAndTenantsNeverMeet() {
    var node = new Node();
    UUID ada = UUID.randomUUID();
    Device phone = node.engine.connect(db.acme, ada, true);
    clock.pass(Duration.ofMinutes(3));
    phone.close();
    Instant gone = clock.instant();
    node.changes.take(10).forEach(node.lastSeen::note);
    node.lastSeen.note(db.acme, ada, gone);
    assertThat(node.lastSeen.read(db.acme, List.of(ada))).containsEntry(ada, gone);
    node.flush();
    clock.pass(Duration.ofMinutes(10));

    var restarted = new Node();
    assertThat(restarted.lastSeen.read(db.acme, List.of(ada))).containsEntry(ada, gone);
    assertThat(restarted.lastSeen.read(db.globex, List.of(ada))).isEmpty();
    assertThat(restarted.lastSeen.read(db.acme, List.of())).isEmpty();
  }

  @Test
  void aTimeIsNeverTakenBack() {
    var node = new Node();
    UUID ada = UUID.randomUUID();
    Instant now = clock.instant();
    node.lastSeen.note(db.acme, ada, now);
    node.lastSeen.write();
    node.lastSeen.note(db.acme, ada, now.minusSeconds(60));
    node.lastSeen.write();
    assertThat(node.lastSeen.read(db.acme, List.of(ada))).containsEntry(ada, now);
  }

  @Test
  void whoStaysIsStoredInTurn() {
    var node = new Node();
    List<UUID> users = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      users.add(UUID.randomUUID());
      node.engine.connect(db.acme, users.getLast(), true);
    }
    node.changes.clear();
    for (int turn = 0; turn < LastSeen.TURNS; turn++) {
      node.lastSeen.flush();
    }
    assertThat(new Node().lastSeen.read(db.acme, users)).hasSize(users.size());
  }

  @Test
  void whatTheDatabaseDoesNotTakeIsKeptForTheNextTime() {
    var node = new Node();
    UUID ada = UUID.randomUUID();
    Instant now = clock.instant();
    node.lastSeen.note(db.acme, ada, now);
    connections.away(true);
    node.lastSeen.write();
    connections.away(false);
    node.lastSeen.write();
    assertThat(new Node().lastSeen.read(db.acme, List.of(ada))).containsEntry(ada, now);
  }
}
