package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.realtime.presence.PresenceChange.Standing;
import dev.parley.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresenceEngineTest {
  private static final TenantId ACME = new TenantId(UUID.randomUUID());
  private static final TenantId GLOBEX = new TenantId(UUID.randomUUID());
  private static final UUID ADA = UUID.randomUUID();

  private final TestClock clock = new TestClock();
  private final List<PresenceChange> changes = new ArrayList<>();
  private long nanos = -5;
  private final PresenceEngine engine =
      new PresenceEngine(
          new PresenceEngine.Settings(Duration.ofMinutes(5), Duration.ofMinutes(10)),
          () -> nanos,
          clock,
          changes::add);

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos += 1_000_000_000;
      clock.pass(Duration.ofSeconds(1));
      engine.tick();
    }
  }

  private List<Standing> told() {
    List<Standing> all = changes.stream().map(PresenceChange::to).toList();
    changes.clear();
    return all;
  }

  @Test
  void aUserIsAsGoodAsTheBestOfTheirDevicesAndOnlyChangesAreTold() {
    Device phone = engine.connect(ACME, ADA, true);
    Device desk = engine.connect(ACME, ADA, true);
    assertThat(told()).containsExactly(Standing.ONLINE);
    phone.away(true);
    assertThat(told()).isEmpty();
    desk.away(true);
    assertThat(told()).containsExactly(Standing.AWAY);
    phone.active();
    // The device has said that nobody is at it; what it does by itself does not count against that.
    assertThat(told()).isEmpty();
    phone.away(false);
    assertThat(told()).containsExactly(Standing.ONLINE);
    phone.close();
    phone.close();
    assertThat(told()).containsExactly(Standing.AWAY);
    desk.close();
    assertThat(told()).containsExactly(Standing.OFFLINE);
    assertThat(engine.users()).isZero();
    assertThat(engine.devices()).isZero();
  }

  @Test
  void aDeviceWithoutASignOfLifeIsGoneAfterItsTimeAndWasLastSeenThen() {
    Device phone = engine.connect(ACME, ADA, true);
    Instant came = clock.instant();
    pass(200);
    assertThat(phone.beat()).isTrue();
    pass(299);
    assertThat(told()).containsExactly(Standing.ONLINE);
    pass(1);
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().to()).isEqualTo(Standing.OFFLINE);
    assertThat(changes.getFirst().at()).isEqualTo(came.plusSeconds(200));
    assertThat(phone.beat()).isFalse();
    assertThat(phone.active()).isFalse();
  }

  @Test
  void whereNothingIsDoneForLongNobodyIs() {
    Device phone = engine.connect(ACME, ADA, true);
    told();
    for (int i = 0; i < 7; i++) {
      pass(100);
      phone.beat();
    }
    assertThat(told()).containsExactly(Standing.AWAY);
    phone.active();
    assertThat(told()).containsExactly(Standing.ONLINE);
    for (int i = 0; i < 5; i++) {
      pass(100);
      phone.active();
    }
    assertThat(told()).isEmpty();
    for (int i = 0; i < 6; i++) {
      pass(100);
      phone.beat();
    }
    assertThat(told()).containsExactly(Standing.AWAY);
  }

  @Test
  void whoWantsToBeAwayIsUntilTheyWantOtherwiseOrHaveGone() {
    assertThat(engine.choose(ACME, ADA, true)).isFalse();
    Device phone = engine.connect(ACME, ADA, true);
    assertThat(engine.choose(ACME, ADA, true)).isTrue();
    phone.active();
    Device desk = engine.connect(ACME, ADA, true);
    assertThat(told()).containsExactly(Standing.ONLINE, Standing.AWAY_BY_CHOICE);
    engine.choose(ACME, ADA, false);
    assertThat(told()).containsExactly(Standing.ONLINE);
    engine.choose(ACME, ADA, true);
    phone.close();
    desk.close();
    engine.connect(ACME, ADA, true);
    assertThat(told()).containsExactly(Standing.AWAY_BY_CHOICE, Standing.OFFLINE, Standing.ONLINE);
  }

  @Test
  void tenantsNeverMeet() {
    engine.connect(ACME, ADA, true);
    assertThat(engine.standing(ACME, ADA)).isEqualTo(Standing.ONLINE);
    assertThat(engine.standing(GLOBEX, ADA)).isEqualTo(Standing.OFFLINE);
    assertThat(engine.choose(GLOBEX, ADA, true)).isFalse();
    Device other = engine.connect(GLOBEX, ADA, true);
    other.close();
    assertThat(engine.standing(ACME, ADA)).isEqualTo(Standing.ONLINE);
  }

  @Test
  void aLongPauseOfTheProcessIsCaughtUpAtOnce() {
    engine.connect(ACME, ADA, true);
    nanos += Duration.ofHours(5).toNanos();
    engine.tick();
    assertThat(told()).containsExactly(Standing.ONLINE, Standing.OFFLINE);
    engine.connect(ACME, ADA, true);
    pass(300);
    assertThat(told()).containsExactly(Standing.ONLINE, Standing.OFFLINE);
  }

  /// Against a plain model: every device with its times, and the states worked out from them each second.
  @Test
  void whateverHappensItSaysWhatAPlainModelSays() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var model = new HashMap<Device, long[]>();
    var owner = new HashMap<Device, UUID>();
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 300; i++) {
      ids.add(new UUID(random.nextLong(), random.nextLong()));
    }
    var devices = new ArrayList<Device>();
    for (int second = 0; second < 3000; second++) {
      for (int i = 0; i < 5; i++) {
        int what = random.nextInt(12);
        if (what < 2 || devices.isEmpty()) {
          UUID user = ids.get(random.nextInt(ids.size()));
          Device device = engine.connect(ACME, user, true);
          devices.add(device);
          owner.put(device, user);
          model.put(device, new long[] {second, second, 0});
          continue;
        }
        Device device = devices.get(random.nextInt(devices.size()));
        long[] times = Objects.requireNonNull(model.get(device));
        switch (what) {
          case 2 -> {
            device.close();
            devices.remove(device);
            model.remove(device);
          }
          case 3 -> {
            device.away(true);
            times[0] = second;
            times[1] = times[2] == 0 ? second : times[1];
            times[2] = 1;
          }
          case 4 -> {
            device.away(false);
            times[0] = second;
            times[1] = times[2] == 1 ? second : times[1];
            times[2] = 0;
          }
          case 5 -> {
            device.active();
            times[0] = second;
            times[1] = second;
          }
          default -> {
            device.beat();
            times[0] = second;
          }
        }
      }
      pass(1);
      long now = second + 1L;
      model.values().removeIf(times -> times[0] + 300 <= now);
      devices.removeIf(device -> !model.containsKey(device));
      Map<UUID, Standing> expected = new HashMap<>();
      model.forEach(
          (device, times) ->
              expected.merge(
                  owner.get(device),
                  times[2] == 0 && times[1] + 600 > now ? Standing.ONLINE : Standing.AWAY,
                  (a, b) -> a.compareTo(b) > 0 ? a : b));
      assertThat(engine.users()).as("seed %d", seed).isEqualTo(expected.size());
      for (UUID id : ids) {
        assertThat(engine.standing(ACME, id))
            .as("seed %d, second %d", seed, second)
            .isEqualTo(expected.getOrDefault(id, Standing.OFFLINE));
      }
    }
    var last = new HashMap<UUID, Standing>();
    for (PresenceChange change : changes) {
      assertThat(change.from())
          .as("seed %d", seed)
          .isEqualTo(last.getOrDefault(change.user(), Standing.OFFLINE))
          .isNotEqualTo(change.to());
      last.put(change.user(), change.to());
    }
  }
}
