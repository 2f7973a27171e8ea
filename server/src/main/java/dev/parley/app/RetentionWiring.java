package dev.parley.app;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.admin.RetentionDefaults;
import dev.parley.admin.RetentionSweep;
import dev.parley.admin.RetentionSweep.Forget;
import dev.parley.admin.RetentionSweep.Rule;
import dev.parley.conversations.MessageActions;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.config.Config;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.tenants.Retention.What;
import dev.parley.tenants.Tenants;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Makes what deletes things whose time is over: what it is, how long it is kept otherwise, who deletes it.
@Singleton
final class RetentionWiring {
  private final Config config;

  RetentionWiring(Config config) {
    this.config = config;
  }

  @Produces
  @Singleton
  RetentionSweep sweep(
      CallLog calls,
      EventLog events,
      DeadLetters deadLetters,
      MessageActions messages,
      Audit audit,
      SystemDb system,
      Tenants tenants,
      InstantSource clock) {
    return new RetentionSweep(
        List.of(
            rule(What.API_LOG, calls::deleteBefore),
            rule(What.EVENTS, events::deleteBefore),
            rule(What.DEAD_LETTERS, once(deadLetters::deleteBefore)),
            rule(What.DELETED_MESSAGES, once(messages::forgetDeleted)),
            rule(
                What.AUDIT,
                (tenant, time, limit) -> audit.deleteBefore(system, tenant, time, limit))),
        tenant ->
            tenant.equals(TenantId.NONE) ? MissingNode.getInstance() : tenants.settings(tenant),
        clock);
  }

  private Rule rule(What what, Forget forget) {
    return new Rule(what, RetentionDefaults.of(config, what), forget);
  }

  private interface All {
    int before(TenantId tenant, Instant time);
  }

  /// One that deletes everything at once need not be called again.
  private static Forget once(All all) {
    return (tenant, time, _) -> {
      all.before(tenant, time);
      return 0;
    };
  }
}
