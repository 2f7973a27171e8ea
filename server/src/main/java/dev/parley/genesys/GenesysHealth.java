package dev.parley.genesys;

import dev.parley.channels.SetupCheck;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.health.Reading;
import dev.parley.platform.http.Input;
import dev.parley.platform.queue.QueueDepths;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a tenant's connections with Genesys Cloud are, for the health page. What waits for them is seen in their queues.
@Singleton
public final class GenesysHealth {
  private static final int MOST = 100;
  private static final String KIND = "genesys";

  private final Integrations integrations;
  private final GenesysSetup setup;
  private final GenesysClient client;
  private final Budget budget;
  private final QueueDepths queues;

  GenesysHealth(
      Integrations integrations,
      GenesysSetup setup,
      GenesysClient client,
      Budget budget,
      QueueDepths queues) {
    this.integrations = integrations;
    this.setup = setup;
    this.client = client;
    this.budget = budget;
    this.queues = queues;
  }

  /// One for each of them.
  public List<Reading> of(TenantId tenant) {
    Map<UUID, List<SetupCheck>> checks =
        setup.ofTenant(tenant).stream().collect(Collectors.groupingBy(SetupCheck::channelId));
    return integrations.page(tenant, null, MOST).stream()
        .limit(MOST)
        .map(one -> reading(one, checks.getOrDefault(one.id(), List.of())))
        .toList();
  }

  private Reading reading(Integration one, List<SetupCheck> checks) {
    var facts = new LinkedHashMap<String, Object>();
    checks.forEach(check -> facts.put(check.name(), Input.word(check.state())));
    facts.put("integrationId", one.id());
    facts.put("integrationState", one.state());
    put(facts, "lastWebhookAt", one.lastWebhookAt());
    put(facts, "lastUnsignedAt", one.lastUnsignedAt());
    String error = one.lastError();
    if (client.failing(one.id())) {
      return Reading.down(
              one.name(),
              KIND,
              error == null ? "Genesys Cloud does not answer." : error,
              "What customers write waits and goes in order when Genesys Cloud is back; check the connection.",
              facts)
          .since(one.lastErrorAt());
    }
    if (one.state() == Integration.State.PAUSED) {
      return Reading.degraded(
              one.name(),
              KIND,
              error == null ? "Paused: nothing goes to Genesys Cloud." : error,
              "Mend what is wrong, then resume it; what waits goes then.",
              facts)
          .since(one.updatedAt());
    }
    if (error != null) {
      return Reading.degraded(
              one.name(), KIND, error, "Check the connection; the checks say what to do.", facts)
          .since(one.lastErrorAt());
    }
    if (one.genesysId() == null || one.createStatus() == Integration.CreateStatus.INITIATED) {
      return Reading.degraded(
          one.name(),
          KIND,
          "There is no integration at Genesys Cloud yet.",
          "Have it created, or give genesysId the id of one that is there.",
          facts);
    }
    return Reading.ok(one.name(), KIND, "Connected with Genesys Cloud.", facts);
  }

  /// A connection with what it may do now.
  record Desk(Integration integration, Reading reading, boolean holding, Budget.Left budget) {}

  /// The same for those who answer customers, with what they have to know of it.
  List<Desk> desks(TenantId tenant) {
    return integrations.page(tenant, null, MOST).stream()
        .limit(MOST)
        .map(
            one ->
                new Desk(
                    one,
                    reading(one, List.of()),
                    client.failing(one.id()),
                    budget.left(integrations.account(tenant, one.id()))))
        .toList();
  }

  /// How much waits to be told to Genesys, of all connections; counting stops at `most`.
  int waiting(TenantId tenant, int most) {
    return queues.waiting(tenant, ToGenesysQueue.MESSAGES, most);
  }

  /// How many calls a client may make in a minute.
  int perMinute() {
    return budget.perMinute();
  }

  private static void put(Map<String, Object> facts, String name, @Nullable Instant time) {
    if (time != null) {
      facts.put(name, time);
    }
  }
}
