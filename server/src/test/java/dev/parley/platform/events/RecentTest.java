package dev.parley.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.LaneKey;
import dev.parley.platform.lanes.Lanes;
import dev.parley.testing.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecentTest {
  private final TestDatabase db = TestDatabase.create();
  private final EventLog log = new EventLog(db.tenants(), InstantSource.system());
  private final Random random = new Random(11);

  @AfterAll
  void close() {
    db.close();
  }

  @EventType(value = "test.counted", doc = "Something happened in a test.")
  record Counted(int n) implements DomainEvent {}

  private void publish(TenantId tenant, int events) {
    for (int done = 0; done < events; ) {
      int some = Math.min(events - done, 1 + random.nextInt(20));
      int from = done;
      db.tenants()
          .runInTenant(
              tenant,
              tx -> {
                for (int i = 0; i < some; i++) {
                  log.publish(tx, random.nextInt(Lanes.COUNT), new Counted(from + i));
                }
              });
      done += some;
    }
  }

  private Place heads(TenantId tenant) {
    long[] seqs = new long[Lanes.COUNT];
    log.heads(tenant).forEach((lane, seq) -> seqs[lane] = seq);
    return Place.of(seqs);
  }

  /// A memory that begins now, and is given what follows lane by lane.
  private Recent from(Place start, TenantId tenant, int most) {
    var recent = new Recent(log, 1 << 20, most);
    recent.started(Map.of(tenant, start));
    return recent;
  }

  private void tell(Recent recent, TenantId tenant, Place from) {
    var lanes = log.readBetween(tenant, from, heads(tenant), 10_000);
    lanes.values().forEach(recent::events);
  }

  private static List<StoredEvent> all(Recent recent, TenantId tenant, Place after) {
    var tailed =
        Objects.requireNonNull(
            recent.after(tenant, after, Long.MAX_VALUE, new long[] {Long.MIN_VALUE}, 100_000));
    return tailed.stream().map(Tailed::event).toList();
  }

  @Test
  void whatLiesBeforeIsReachedOnceForAll() {
    Place before = heads(db.acme);
    publish(db.acme, 300);
    Place middle = heads(db.acme);
    Recent recent = from(middle, db.acme, 2000);
    publish(db.acme, 100);
    tell(recent, db.acme, middle);
    assertThat(all(recent, db.acme, middle)).hasSize(100);
    assertThat(recent.after(db.acme, before, Long.MAX_VALUE, new long[1], 10)).isNull();

    assertThat(recent.reach(db.acme, before)).isEqualTo(Recent.Reached.YES);

    List<StoredEvent> found = all(recent, db.acme, before);
    assertThat(found).hasSize(400).doesNotHaveDuplicates();
    // The place after each event is the sum of all before it.
    Place place = before;
    for (Tailed tailed :
        Objects.requireNonNull(
            recent.after(db.acme, before, Long.MAX_VALUE, new long[] {Long.MIN_VALUE}, 1000))) {
      assertThat(tailed.event().seq()).isEqualTo(place.seq(tailed.event().lane()) + 1);
      place = place.after(tailed.event());
      assertThat(tailed.place()).isEqualTo(place);
    }
    assertThat(place).isEqualTo(heads(db.acme));
  }

  @Test
  void itIsBoundedInEventsAndInBytes() {
    Place start = heads(db.globex);
    Recent few = from(start, db.globex, 50);
    var small = new Recent(log, 20_000, 1000);
    small.started(Map.of(db.globex, start));
    publish(db.globex, 200);
    tell(few, db.globex, start);
    tell(small, db.globex, start);
    assertThat(few.from(db.globex, few.now(db.globex).index() - 50, 100)).hasSize(50);
    assertThat(few.from(db.globex, few.now(db.globex).index() - 51, 100)).isNull();
    assertThat(small.bytes()).isBetween(10_000L, 20_000L);
    assertThat(few.reach(db.globex, start)).isEqualTo(Recent.Reached.TOO_FAR);
  }

  @Test
  void whatRetentionHasDeletedIsSaid() {
    var other = new TenantId(java.util.UUID.randomUUID());
    publish(other, 50);
    Place start = heads(other);
    Recent recent = from(start, other, 1000);
    while (log.deleteBefore(other, Instant.now().plusSeconds(60), 1000) > 0) {
      // All of them go.
    }
    assertThat(recent.reach(other, Place.START)).isEqualTo(Recent.Reached.DELETED);
    assertThat(recent.reach(other, start)).isEqualTo(Recent.Reached.YES);
  }

  @Test
  void aGapOfTheLogIsNoticedByThoseWhoRead() {
    var other = new TenantId(java.util.UUID.randomUUID());
    Recent recent = from(Place.START, other, 1000);
    long index = recent.now(other).index();
    recent.skipped(new LaneKey(other, 3), 40);
    assertThat(recent.from(other, index, 10)).isNull();
    assertThat(recent.now(other).place().seq(3)).isEqualTo(40);
    assertThat(new ArrayList<>(all(recent, other, recent.now(other).place()))).isEmpty();
  }
}
