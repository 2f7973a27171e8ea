package dev.parley.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.tenants.Retention;
import dev.parley.tenants.Retention.What;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Deletes what a tenant has had for longer than it wants, in batches. What cannot be deleted now is logged and comes
/// next time; it holds up nothing else.
public final class RetentionSweep {
  private static final Logger LOG = Logger.getLogger(RetentionSweep.class);
  private static final int BATCH = 5000;
  private static final int MOST_BATCHES = 200;

  private final List<Rule> rules;
  private final Function<TenantId, JsonNode> settings;
  private final InstantSource clock;

  /// Deletes up to `limit` things of a tenant from before a time; answers how many.
  public interface Forget {
    /// May be called again at once when it answers as many as the limit.
    int before(TenantId tenant, Instant time, int limit);
  }

  /// What is deleted, and after how long where the tenant does not say; empty for never.
  public record Rule(What what, Optional<Duration> otherwise, Forget forget) {}

  /// By these rules and the tenants' settings.
  public RetentionSweep(
      List<Rule> rules, Function<TenantId, JsonNode> settings, InstantSource clock) {
    this.rules = List.copyOf(rules);
    this.settings = settings;
    this.clock = clock;
  }

  /// One round for a tenant.
  public void run(TenantId tenant) {
    JsonNode wanted = settings.apply(tenant);
    for (Rule rule : rules) {
      Optional<Duration> kept = Retention.of(wanted, rule.what()).or(rule::otherwise);
      if (kept.isPresent()) {
        try {
          forget(rule, tenant, clock.instant().minus(kept.get()));
        } catch (RuntimeException e) {
          LOG.warnf("retention of %s of tenant %s: %s", rule.what(), tenant, e.getMessage());
        }
      }
    }
  }

  private static void forget(Rule rule, TenantId tenant, Instant time) {
    for (int batch = 0; batch < MOST_BATCHES; batch++) {
      if (rule.forget().before(tenant, time, BATCH) < BATCH) {
        return;
      }
    }
  }
}
