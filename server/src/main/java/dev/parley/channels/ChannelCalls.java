package dev.parley.channels;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.timers.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// When providers call the webhooks of channels, for people to see. Noting a call costs a look into memory; what was
/// noted is written every five seconds, and the last seconds are lost with the process.
@Singleton
public final class ChannelCalls {
  private static final Logger LOG = Logger.getLogger(ChannelCalls.class);
  private static final Duration WRITE = Duration.ofSeconds(5);

  private final TenantDb db;
  private final InstantSource clock;
  private final Map<UUID, Noted> noted = new ConcurrentHashMap<>();
  private final Ticker ticker = new Ticker("channel-calls", WRITE, this::write);

  /// Writes through `db`.
  public ChannelCalls(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// The last calls of a channel with a good signature and without.
  record Times(@Nullable Instant good, @Nullable Instant bad) {}

  private record Noted(TenantId tenant, boolean good, boolean bad) {}

  /// The provider has called. Never blocks.
  public void signed(ChannelAccount account) {
    Noted known = noted.get(account.id());
    if (known == null || !known.good()) {
      note(new Noted(account.tenant(), true, false), account.id());
    }
  }

  /// Somebody has called who is not the provider, or whose secret is not known here. Never blocks.
  public void unsigned(ChannelAccount account) {
    Noted known = noted.get(account.id());
    if (known == null || !known.bad()) {
      note(new Noted(account.tenant(), false, true), account.id());
    }
  }

  // A channel is there once between two writes, so this is as small as the number of channels.
  private void note(Noted call, UUID id) {
    noted.merge(
        id,
        call,
        (old, fresh) ->
            new Noted(old.tenant(), old.good() || fresh.good(), old.bad() || fresh.bad()));
  }

  /// Begins to write.
  public void start() {
    ticker.start();
  }

  /// Writes what is left.
  public void stop(Duration patience) {
    ticker.stop(patience);
    write();
  }

  private void write() {
    Instant now = clock.instant();
    for (UUID id : List.copyOf(noted.keySet())) {
      Noted call = noted.remove(id);
      if (call == null) {
        continue;
      }
      var times = new Times(call.good() ? now : null, call.bad() ? now : null);
      try {
        db.runInTenant(
            call.tenant(), tx -> ChannelStore.noteCalls(tx.sql(), tx.tenant(), id, times));
      } catch (RuntimeException e) {
        LOG.debugf("calls of channel %s are not noted: %s", id, e.getMessage());
      }
    }
  }
}
