package dev.parley.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.lanes.Lanes;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlaceTest {
  private final TenantId acme = new TenantId(UUID.randomUUID());
  private final Random random = new Random(7);

  private Place random(int bits) {
    long[] seqs = new long[Lanes.COUNT];
    for (int lane = 0; lane < seqs.length; lane++) {
      seqs[lane] = random.nextLong() >>> (64 - bits);
    }
    return Place.of(seqs);
  }

  @Test
  void aCursorIsReadAsItWasWritten() {
    assertThat(Place.parse(acme, Place.START.cursor(acme))).isEqualTo(Place.START);
    for (int bits = 1; bits < 63; bits++) {
      Place place = random(bits);
      assertThat(Place.parse(acme, place.cursor(acme))).isEqualTo(place);
    }
  }

  @Test
  void whatIsNoCursorOfTheTenantIsRefused() {
    String good = random(20).cursor(acme);
    var globex = new TenantId(UUID.randomUUID());
    assertThatThrownBy(() -> Place.parse(globex, good))
        .isInstanceOf(IllegalArgumentException.class);
    for (String bad :
        new String[] {"", "!", "AAAA", good + "AA", good.substring(0, 20), "A".repeat(1000)}) {
      assertThatThrownBy(() -> Place.parse(acme, bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    // Whatever comes, it is refused or it is a place, and never anything else.
    for (int i = 0; i < 20_000; i++) {
      char[] mutated = good.toCharArray();
      mutated[random.nextInt(mutated.length)] = (char) (33 + random.nextInt(94));
      try {
        assertThat(Place.parse(acme, new String(mutated)).seqs()).hasSize(Lanes.COUNT);
      } catch (IllegalArgumentException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void placesAreComparedLaneByLane() {
    for (int i = 0; i < 100; i++) {
      Place one = random(8);
      Place other = random(8);
      assertThat(one.furthest(other).reaches(one)).isTrue();
      assertThat(one.furthest(other)).isEqualTo(other.furthest(one));
      assertThat(one.reaches(one.least(other))).isTrue();
      assertThat(one.distanceTo(other)).isEqualTo(one.distanceTo(one.furthest(other)));
      assertThat(one.distanceTo(one)).isZero();
    }
  }
}
