package dev.parley.genesys;

import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// Notes which conversation of Genesys is which of ours. That it is so still is written once in a minute, not with each
/// message.
@Singleton
final class Meetings {
  private static final Duration EXACTNESS = Duration.ofMinutes(1);

  private final Counterparts counterparts;
  private final InstantSource clock;

  Meetings(Counterparts counterparts, InstantSource clock) {
    this.counterparts = counterparts;
    this.clock = clock;
  }

  /// @param theirs Genesys' conversation; empty when it was not told
  void met(Tx tx, UUID integration, UUID conversation, String theirs) {
    if (theirs.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    String ours = conversation.toString();
    Optional<Counterparts.Theirs> noted =
        counterparts
            .theirs()
            .find(tx.tenant(), integration, ours)
            .filter(known -> known.genesysId().equals(theirs))
            .filter(known -> known.noted().plus(EXACTNESS).isAfter(now));
    if (noted.isEmpty()) {
      BridgeStore.met(tx.sql(), tx.tenant(), integration, conversation, theirs, now);
      tx.afterCommit(
          () ->
              counterparts
                  .theirs()
                  .put(tx.tenant(), integration, ours, new Counterparts.Theirs(theirs, now)));
    }
  }

  /// It is over: when it is met again, that is news.
  void over(Tx tx, UUID integration, UUID conversation) {
    tx.afterCommit(
        () -> counterparts.theirs().forget(tx.tenant(), integration, conversation.toString()));
  }
}
