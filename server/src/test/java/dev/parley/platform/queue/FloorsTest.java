package dev.parley.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FloorsTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final LaneKey LANE = new LaneKey(new TenantId(UUID.randomUUID()), 3);
  private static final LaneKey OTHER = new LaneKey(new TenantId(UUID.randomUUID()), 3);

  private final Floors floors = new Floors(Duration.ofHours(1));

  private static UUID madeAt(Instant time) {
    return new UUID(time.toEpochMilli() << 16 | 0x7000, 0x8000000000000001L);
  }

  @Test
  void aLaneBeginsAtItsFrontAndGoesOnAfterWhatWasTakenLast() {
    assertThat(floors.of(LANE).isFront()).isTrue();
    UUID last = madeAt(NOW.minusSeconds(60));
    floors.passed(LANE, floors.of(LANE), last, NOW, 0);
    assertThat(floors.of(LANE).id()).isEqualTo(last);
    assertThat(floors.of(LANE).isFront()).isFalse();
    assertThat(floors.of(OTHER).isFront()).isTrue();
  }

  @Test
  void whatIsYoungIsNeverPassedBecauseOlderOnesMayStillBeCommitted() {
    floors.passed(LANE, floors.of(LANE), madeAt(NOW.minusSeconds(1)), NOW, 0);
    assertThat(floors.of(LANE).id()).isLessThan(madeAt(NOW.minusSeconds(9)));
    floors.passed(LANE, floors.of(LANE), null, NOW, 0);
    assertThat(floors.of(LANE).id()).isGreaterThan(madeAt(NOW.minusSeconds(11)));
    assertThat(floors.of(LANE).id()).isLessThan(madeAt(NOW.minusSeconds(9)));
  }

  @Test
  void itIsReadFromTheFrontAgainAfterAPauseAndAfterAFailure() {
    var impatient = new Floors(Duration.ZERO);
    impatient.passed(LANE, impatient.of(LANE), madeAt(NOW.minusSeconds(60)), NOW, 0);
    assertThat(impatient.of(LANE).isFront()).isTrue();
    floors.passed(LANE, floors.of(LANE), madeAt(NOW.minusSeconds(60)), NOW, 0);
    floors.forget(LANE);
    assertThat(floors.of(LANE).isFront()).isTrue();
  }

  @Test
  void goingOnDoesNotPutOffTheNextReadingFromTheFront() {
    floors.passed(LANE, floors.of(LANE), madeAt(NOW.minusSeconds(60)), NOW, 0);
    long until = floors.of(LANE).until();
    floors.passed(LANE, floors.of(LANE), madeAt(NOW.minusSeconds(50)), NOW, 0);
    assertThat(floors.of(LANE).until()).isEqualTo(until);
  }
}
