package dev.parley.realtime.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What every board does for a node.
interface PresenceBoardContract {
  TenantId ACME = new TenantId(UUID.randomUUID());
  TenantId GLOBEX = new TenantId(UUID.randomUUID());

  /// A running node of its own.
  PresenceNode node();

  static List<PresenceState> told(PresenceNode node, TenantId tenant, UUID user) {
    return node.told.stream()
        .filter(update -> update.tenant().equals(tenant) && update.user().equals(user))
        .map(PresenceUpdate::state)
        .toList();
  }

  static PresenceState read(PresenceNode node, TenantId tenant, UUID user) {
    return node.board().read(tenant, List.of(user)).getOrDefault(user, PresenceState.UNKNOWN);
  }

  static void awaitState(PresenceNode node, TenantId tenant, UUID user, PresenceState state) {
    Await.until(
        "seen as " + state + " and not " + read(node, tenant, user),
        () -> read(node, tenant, user) == state);
  }

  static void awaitTold(PresenceNode node, UUID user, PresenceState... states) {
    Await.until("told " + List.of(states), () -> told(node, ACME, user).equals(List.of(states)));
  }

  @Test
  default void comingBeingAwayAndGoingAreToldOnceEach() {
    PresenceNode node = node();
    UUID ada = UUID.randomUUID();
    assertThat(read(node, ACME, ada)).isEqualTo(PresenceState.OFFLINE);
    Device phone = node.engine.connect(ACME, ada, true);
    awaitTold(node, ada, PresenceState.ONLINE);
    awaitState(node, ACME, ada, PresenceState.ONLINE);
    Device desk = node.engine.connect(ACME, ada, true);
    phone.away(true);
    desk.away(true);
    awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY);
    awaitState(node, ACME, ada, PresenceState.AWAY);
    phone.close();
    desk.close();
    awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY, PresenceState.OFFLINE);
    awaitState(node, ACME, ada, PresenceState.OFFLINE);
  }

  @Test
  default void whoWentAndCameBackBetweenTwoTurnsHasNotChanged() {
    PresenceNode node = node();
    UUID ada = UUID.randomUUID();
    Device phone = node.engine.connect(ACME, ada, true);
    awaitTold(node, ada, PresenceState.ONLINE);
    node.pause();
    phone.close();
    Device again = node.engine.connect(ACME, ada, true);
    node.goOn();
    again.away(true);
    awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY);
  }

  @Test
  default void manyAreReadAtOnceAndTenantsNeverMeet() {
    PresenceNode node = node();
    List<UUID> users = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      UUID user = UUID.randomUUID();
      users.add(user);
      if (i % 3 == 0) {
        node.engine.connect(ACME, user, true);
      }
    }
    Await.until(
        "all are seen",
        () ->
            node.board().read(ACME, users).values().stream()
                    .filter(state -> state == PresenceState.ONLINE)
                    .count()
                == 100);
    var seen = node.board().read(ACME, users);
    assertThat(seen).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(seen.get(users.get(i)))
          .isEqualTo(i % 3 == 0 ? PresenceState.ONLINE : PresenceState.OFFLINE);
    }
    assertThat(node.board().read(GLOBEX, users).values()).containsOnly(PresenceState.OFFLINE);
    assertThat(node.told).allMatch(update -> update.tenant().equals(ACME));
  }

  @Test
  default void whoWantsToBeAwayIsOnEveryDevice() {
    PresenceNode node = node();
    UUID ada = UUID.randomUUID();
    node.engine.connect(ACME, ada, true);
    awaitTold(node, ada, PresenceState.ONLINE);
    node.board().choose(ACME, ada, true);
    node.engine.connect(ACME, ada, true).active();
    awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY);
    awaitState(node, ACME, ada, PresenceState.AWAY);
    node.board().choose(ACME, ada, false);
    awaitTold(node, ada, PresenceState.ONLINE, PresenceState.AWAY, PresenceState.ONLINE);
  }
}
