package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Which tenants have connections with Genesys, and which: what must cost nothing for those who have none.
///
/// That a tenant has one is remembered until it is seen to have none; that it has none is never remembered, so that nothing
/// is passed over that a connection of a moment ago is to hear of.
@Singleton
final class TenantIntegrations {
  private static final Logger LOG = Logger.getLogger(TenantIntegrations.class);
  private static final Duration KNOWN = Duration.ofSeconds(5);

  private final SystemDb system;
  private final InstantSource clock;
  // As many as there are tenants with connections.
  private final Map<TenantId, Known> known = new ConcurrentHashMap<>();

  private record Known(Map<UUID, Integration> integrations, Instant until) {}

  TenantIntegrations(SystemDb system, InstantSource clock) {
    this.system = system;
    this.clock = clock;
  }

  /// Looks up who has connections. To be called once, before events are read; without it a tenant is known when its
  /// events are first read.
  void start() {
    try {
      system.query(IntegrationStore::tenants).forEach(this::changed);
    } catch (RuntimeException e) {
      LOG.warnf("genesys: cannot look up who has connections: %s", e.getMessage());
    }
  }

  /// Whether a tenant has a connection, as far as is known here. Never blocks.
  boolean has(TenantId tenant) {
    return known.containsKey(tenant);
  }

  /// A tenant's connections have changed: they are read anew.
  void changed(TenantId tenant) {
    known.put(tenant, new Known(Map.of(), Instant.MIN));
  }

  /// The connections of the transaction's tenant, at most five seconds old.
  Map<UUID, Integration> of(Tx tx) {
    Known recent = known.get(tx.tenant());
    return recent != null && recent.until().isAfter(clock.instant())
        ? recent.integrations()
        : read(tx);
  }

  /// One of them; looked for in the database when it is not among those that are remembered.
  Optional<Integration> find(Tx tx, UUID id) {
    Integration found = of(tx).get(id);
    return Optional.ofNullable(found == null ? read(tx).get(id) : found);
  }

  private Map<UUID, Integration> read(Tx tx) {
    Instant now = clock.instant();
    var integrations = new HashMap<UUID, Integration>();
    IntegrationStore.page(tx.sql(), tx.tenant(), null, Integer.MAX_VALUE)
        .forEach(row -> integrations.put(row.integration().id(), row.integration()));
    if (integrations.isEmpty()) {
      known.remove(tx.tenant());
    } else {
      known.put(tx.tenant(), new Known(Map.copyOf(integrations), now.plus(KNOWN)));
    }
    return integrations;
  }
}
