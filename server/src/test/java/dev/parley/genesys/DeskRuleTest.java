package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeskRuleTest {
  private static final DeskRule.Hours HOURS =
      new DeskRule.Hours(
          "Europe/Lisbon",
          List.of(
              new DeskRule.Opening("monday", "09:00", "18:00"),
              new DeskRule.Opening("sunday", "22:00", "24:00")));
  private static final Instant OPEN = Instant.parse("2026-03-02T10:00:00Z");

  /// 2026-03-02 is a Monday; in July Lisbon is an hour ahead.
  @ParameterizedTest
  @CsvSource({
    "2026-03-02T08:59:59Z,false",
    "2026-03-02T09:00:00Z,true",
    "2026-03-02T18:00:00Z,false",
    "2026-07-06T08:00:00Z,true",
    "2026-03-03T10:00:00Z,false",
    "2026-03-01T23:59:59Z,true",
    "2026-03-02T00:00:00Z,false"
  })
  void hoursAreThoseOfTheZone(Instant at, boolean open) {
    assertThat(new DeskRule(HOURS, null).holds(at, Set.of())).isEqualTo(open);
  }

  @Test
  void everythingThatIsGivenMustHold() {
    UUID tag = UUID.randomUUID();

    assertThat(new DeskRule(null, tag).holds(OPEN, Set.of(tag))).isTrue();
    assertThat(new DeskRule(null, tag).holds(OPEN, Set.of())).isFalse();
    assertThat(new DeskRule(HOURS, tag).holds(OPEN, Set.of())).isFalse();
    assertThat(new DeskRule(HOURS, tag).holds(OPEN, Set.of(tag))).isTrue();
  }
}
