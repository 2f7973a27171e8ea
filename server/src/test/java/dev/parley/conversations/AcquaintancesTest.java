package dev.parley.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.identity.UserRole;
import dev.parley.platform.access.Caller;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AcquaintancesTest {
  private final ChatsFixture fixture = new ChatsFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void thoseWithWhomOneSharesAConversationNow() {
    Caller ada = fixture.agent();
    Caller bob = fixture.agent();
    Caller eve = fixture.agent();
    Caller left = fixture.agent();
    Caller alone = fixture.agent();
    Caller stranger = fixture.user(fixture.globex, UserRole.AGENT);
    Chat group = fixture.group(ada, bob, left);
    fixture.group(ada, bob);
    fixture.group(bob, eve);
    fixture.members.remove(ada, group.id(), left.id());

    var known =
        fixture.own.acquaintances(
            fixture.acme, Set.of(ada.id(), bob.id(), left.id(), alone.id(), stranger.id()));
    assertThat(known.get(ada.id())).containsExactly(bob.id());
    assertThat(known.get(bob.id())).containsExactlyInAnyOrder(ada.id(), eve.id());
    assertThat(known).containsOnlyKeys(ada.id(), bob.id());
    assertThat(fixture.own.acquaintances(fixture.globex, Set.of(ada.id(), bob.id()))).isEmpty();
  }
}
