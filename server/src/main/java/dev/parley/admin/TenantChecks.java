package dev.parley.admin;

import dev.parley.channels.Channel;
import dev.parley.channels.ChannelSetup;
import dev.parley.channels.Channels;
import dev.parley.channels.SetupCheck;
import dev.parley.genesys.GenesysHealth;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.health.Check;
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

/// What is looked at for one tenant, and shows nothing of any other.
@Singleton
final class TenantChecks {
  private static final int MOST_CHANNELS = 200;

  private final QueueDepths queues;
  private final Subscriptions subscriptions;
  private final Channels channels;
  private final ChannelSetup setup;
  private final GenesysHealth genesys;

  TenantChecks(
      QueueDepths queues,
      Subscriptions subscriptions,
      Channels channels,
      ChannelSetup setup,
      GenesysHealth genesys) {
    this.queues = queues;
    this.subscriptions = subscriptions;
    this.channels = channels;
    this.setup = setup;
    this.genesys = genesys;
  }

  List<Check> of(TenantId tenant) {
    String key = tenant + "/";
    return List.of(
        new Check(
            key + "channels", "channels", "channel", Work.DATABASE, () -> this.channels(tenant)),
        new Check(key + "genesys", "genesys", "genesys", Work.DATABASE, () -> genesys.of(tenant)),
        new Check(
            key + "queues", "queues", "queue", Work.DATABASE, () -> Work.queues(queues.of(tenant))),
        new Check(
            key + "subscriptions",
            "subscriptions",
            "subscription",
            Work.DATABASE,
            () -> Work.subscriptions(subscriptions.lags(tenant))),
        new Check(
            key + "dead-letters",
            "dead-letters",
            "dead-letters",
            Work.DATABASE,
            () -> List.of(Work.dead(queues.dead(tenant)))));
  }

  private List<Reading> channels(TenantId tenant) {
    Map<UUID, List<SetupCheck>> checks =
        setup.ofTenant(tenant).stream().collect(Collectors.groupingBy(SetupCheck::channelId));
    return channels.page(Caller.system(tenant), null, MOST_CHANNELS).stream()
        .limit(MOST_CHANNELS)
        .map(channel -> channel(channel, checks.getOrDefault(channel.id(), List.of())))
        .toList();
  }

  private static Reading channel(Channel channel, List<SetupCheck> checks) {
    var facts = new LinkedHashMap<String, Object>();
    checks.forEach(check -> facts.put(check.name(), Input.word(check.state())));
    facts.put("channelId", channel.id());
    facts.put("kind", channel.kind());
    facts.put("channelState", channel.state());
    put(facts, "lastInboundAt", channel.lastInboundAt());
    put(facts, "lastUnsignedAt", channel.lastUnsignedAt());
    String error = channel.lastError();
    if (error != null) {
      return Reading.degraded(
              channel.name(),
              "channel",
              error,
              "Test the channel; the test says what to do.",
              facts)
          .since(channel.lastErrorAt());
    }
    SetupCheck warning =
        checks.stream()
            .filter(check -> check.state() == SetupCheck.State.WARNING)
            .findFirst()
            .orElse(null);
    if (warning != null) {
      return Reading.degraded(channel.name(), "channel", warning.detail(), warning.mend(), facts)
          .since(warning.since());
    }
    if (!channel.state().equals("active")) {
      return Reading.degraded(
              channel.name(), "channel", "Paused: it sends nothing.", "Resume it.", facts)
          .since(channel.updatedAt());
    }
    return Reading.ok(
        channel.name(),
        "channel",
        channel.lastInboundAt() == null
            ? "No webhook of its provider has come yet."
            : "The provider's webhooks come in.",
        facts);
  }

  private static void put(Map<String, Object> facts, String name, @Nullable Instant time) {
    if (time != null) {
      facts.put(name, time);
    }
  }
}
