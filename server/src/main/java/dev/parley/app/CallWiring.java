package dev.parley.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.calls.CallPolicy;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.WebhookCalls;
import dev.parley.tenants.CallSettings;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// Makes the log of calls.
@Singleton
final class CallWiring {
  private final Boot boot = Boot.current();
  private final Config config;

  CallWiring(Config config) {
    this.config = config;
  }

  @Produces
  @Singleton
  CallLog log(TenantDb db, Tenants tenants, MeterRegistry metrics) {
    return new CallLog(
        boot.database().calls(),
        db,
        tenant -> policy(tenants, tenant),
        metrics,
        new CallLog.Settings(
            config.get(Keys.API_LOG),
            config.get(Keys.API_LOG_EXCERPT),
            config.get(Keys.API_LOG_BUFFER)));
  }

  private CallPolicy policy(Tenants tenants, TenantId tenant) {
    JsonNode settings =
        tenant.equals(TenantId.NONE) ? MissingNode.getInstance() : tenants.settings(tenant);
    return CallSettings.of(settings, config.get(Keys.API_LOG_BODIES));
  }

  @Produces
  @Singleton
  WebhookCalls webhooks(CallLog log, InstantSource clock) {
    return new WebhookCalls(log, config.get(Keys.API_LOG_WEBHOOKS), clock);
  }
}
