package dev.parley.realtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/// What is counted about connections and events.
final class Measures {
  private final MeterRegistry registry;
  private final InstantSource clock;
  // One event may go to ten thousand sockets: adders are cheaper than meters.
  private final LongAdder sent = new LongAdder();
  private final Counter dropped;
  private final Counter refused;
  private final Timer fanOut;

  Measures(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    registry
        .more()
        .counter("parley.realtime.frames", io.micrometer.core.instrument.Tags.empty(), sent);
    this.dropped = registry.counter("parley.realtime.dropped");
    this.refused = registry.counter("parley.realtime.commands.refused");
    this.fanOut =
        Timer.builder("parley.realtime.fanout").publishPercentiles(0.5, 0.99).register(registry);
  }

  void sent() {
    sent.increment();
  }

  void dropped() {
    dropped.increment();
  }

  void refusedCommand() {
    refused.increment();
  }

  /// Events were handed to sockets; how long after they happened.
  void fannedOut(Instant happened) {
    Duration taken = Duration.between(happened, clock.instant());
    fanOut.record(taken.isNegative() ? Duration.ZERO : taken);
  }

  void closed(String door, String why) {
    registry.counter("parley.realtime.closed", "door", door, "reason", why).increment();
  }

  void refusedConnection(String why) {
    registry.counter("parley.realtime.refused", "reason", why).increment();
  }

  void resumedFrom(String source) {
    registry.counter("parley.realtime.resumed", "from", source).increment();
  }
}
