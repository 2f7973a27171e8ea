package dev.parley.admin;

import dev.parley.channels.Channels;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.health.Check;
import dev.parley.platform.health.Nodes;
import dev.parley.platform.health.Reading;
import dev.parley.platform.queue.QueueDepths;
import dev.parley.platform.roles.Role;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What is looked at over all tenants, for the operator.
@Singleton
final class InstallationChecks {
  private static final int MOST_CHANNELS = 50;

  private final Nodes nodes;
  private final QueueDepths queues;
  private final Subscriptions subscriptions;
  private final Channels channels;
  private volatile List<Nodes.Known> processes = List.of();

  InstallationChecks(
      Nodes nodes, QueueDepths queues, Subscriptions subscriptions, Channels channels) {
    this.nodes = nodes;
    this.queues = queues;
    this.subscriptions = subscriptions;
    this.channels = channels;
  }

  List<Check> all() {
    return List.of(
        new Check("all/roles", "roles", "role", Work.DATABASE, this::roles),
        new Check("all/queues", "queues", "queue", Work.DATABASE, () -> Work.queues(queues.read())),
        new Check(
            "all/subscriptions",
            "subscriptions",
            "subscription",
            Work.DATABASE,
            () -> Work.subscriptions(subscriptions.lags())),
        new Check(
            "all/dead-letters",
            "dead-letters",
            "dead-letters",
            Work.DATABASE,
            () -> List.of(Work.dead(queues.dead()))),
        new Check("all/channels", "channels", "channel", Work.DATABASE, this::channels));
  }

  /// The processes, as the last look has found them.
  List<Nodes.Known> processes() {
    return processes;
  }

  /// Whether each role is run by some living process.
  private List<Reading> roles() {
    List<Nodes.Known> all = nodes.all();
    processes = all;
    List<Nodes.Known> living = all.stream().filter(node -> !node.gone()).toList();
    return Arrays.stream(Role.values())
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .map(
            role -> {
              long count =
                  living.stream().filter(known -> known.node().roles().contains(role)).count();
              Map<String, Long> facts = Map.of("processes", count);
              return count > 0
                  ? Reading.ok(role, "role", count + " running.", facts)
                  : Reading.down(
                      role,
                      "role",
                      "No process runs it.",
                      "Start one: parley serve --roles=" + role + ".",
                      facts);
            })
        .toList();
  }

  private List<Reading> channels() {
    var readings = new ArrayList<Reading>();
    for (Channels.Troubled channel : channels.troubled(MOST_CHANNELS)) {
      readings.add(
          Reading.degraded(
                  channel.name(),
                  "channel",
                  channel.lastError(),
                  "Its tenant tests it in its settings.",
                  Map.of("channelId", channel.id(), "tenantId", channel.tenant()))
              .since(channel.lastErrorAt()));
    }
    return readings;
  }
}
