package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresenceNewsTest {
  private static final TenantId ACME = new TenantId(UUID.randomUUID());
  private static final TenantId GLOBEX = new TenantId(UUID.randomUUID());

  private final TestClock clock = new TestClock();
  private final Clients clients = new Clients();
  private final Map<UUID, Set<UUID>> shared = new HashMap<>();
  private final List<TenantId> asked = new ArrayList<>();
  private final PresenceEngine engine =
      new PresenceEngine(
          new PresenceEngine.Settings(Duration.ofMinutes(5), Duration.ofMinutes(10)),
          System::nanoTime,
          clock,
          _ -> {});
  private final PresenceNews news =
      new PresenceNews(
          engine,
          (tenant, users) -> {
            asked.add(tenant);
            return tenant.equals(ACME) ? shared : Map.of();
          },
          () -> clients,
          clock);

  private UUID here(TenantId tenant, boolean team) {
    UUID user = UUID.randomUUID();
    engine.connect(tenant, user, team);
    if (team) {
      news.teamArrived(tenant, user);
    }
    return user;
  }

  private void update(TenantId tenant, UUID user, boolean team, PresenceState state) {
    news.add(List.of(new PresenceUpdate(tenant, user, team, state, clock.instant())));
  }

  @Test
  void thoseWhoShareAConversationAreToldAndNobodyElse() {
    UUID ada = here(ACME, false);
    UUID bob = here(ACME, false);
    here(ACME, false);
    here(ACME, true);
    UUID elsewhere = UUID.randomUUID();
    shared.put(ada, Set.of(bob, elsewhere));
    update(ACME, ada, false, PresenceState.AWAY);
    news.turn();
    assertThat(clients.told).hasSize(1);
    assertThat(clients.told.getFirst().to()).containsExactlyInAnyOrder(ada, bob);
    assertThat(clients.told.getFirst().payload()).contains(ada.toString(), "\"away\"");
  }

  @Test
  void theTeamSeesTheTeam() {
    UUID ada = here(ACME, true);
    UUID bob = here(ACME, true);
    here(ACME, false);
    here(GLOBEX, true);
    update(ACME, ada, true, PresenceState.ONLINE);
    news.turn();
    assertThat(clients.names()).containsExactly("presence.updated", "presence.online");
    assertThat(clients.told)
        .allSatisfy(
            told -> {
              assertThat(told.tenant()).isEqualTo(ACME);
              assertThat(told.to()).containsExactlyInAnyOrder(ada, bob);
            });
    news.teamLeft(ACME, bob);
    update(ACME, ada, true, PresenceState.OFFLINE);
    news.turn();
    assertThat(clients.told.getLast().to()).containsExactly(ada);
  }

  @Test
  void whoeverChangesOftenIsToldAboutOnceInATurn() {
    UUID ada = here(ACME, true);
    update(ACME, ada, true, PresenceState.OFFLINE);
    update(ACME, ada, true, PresenceState.AWAY);
    news.turn();
    assertThat(clients.told).hasSize(1);
    assertThat(clients.told.getFirst().payload()).contains("\"away\"");
  }

  @Test
  void aCrowdIsToldBitByBitAndDoesNotHoldUpAnotherTenant() {
    for (int i = 0; i < 200; i++) {
      UUID user = here(ACME, true);
      update(ACME, user, true, PresenceState.AWAY);
    }
    UUID quiet = here(GLOBEX, true);
    update(GLOBEX, quiet, true, PresenceState.AWAY);
    news.turn();
    news.turn();
    assertThat(clients.told.stream().filter(told -> told.tenant().equals(GLOBEX))).hasSize(1);
    assertThat(clients.told).hasSizeLessThan(200);
    for (int i = 0; i < 100; i++) {
      news.turn();
    }
    assertThat(clients.told).hasSize(201);
  }

  @Test
  void aMembershipThatEndsCountsNoMoreOnceItIsKnown() {
    UUID ada = here(ACME, false);
    UUID bob = here(ACME, false);
    shared.put(ada, Set.of(bob));
    update(ACME, ada, false, PresenceState.AWAY);
    news.turn();
    update(ACME, ada, false, PresenceState.OFFLINE);
    news.turn();
    assertThat(asked).hasSize(1);
    shared.clear();
    news.forget(ACME);
    update(ACME, ada, false, PresenceState.AWAY);
    news.turn();
    assertThat(clients.told.getLast().to()).containsExactly(ada);
  }
}
