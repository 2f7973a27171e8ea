package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.health.Checks;
import dev.parley.platform.health.Nodes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// Makes what looks after the health of this process and hears of the others'.
@Singleton
final class HealthWiring {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Boot boot = Boot.current();

  @Produces
  @Singleton
  Checks checks(InstantSource clock) {
    return new Checks(clock, PATIENCE, FRESH);
  }

  @Produces
  @Singleton
  Nodes nodes(SystemDb db, Checks checks, ProcessChecks own, Config config, InstantSource clock) {
    var self =
        new Nodes.Self(
            boot.node(),
            boot.roles().stream().sorted().map(r -> r.name().toLowerCase(Locale.ROOT)).toList(),
            PartList.of(boot.roles()),
            Main.VERSION,
            machine() + ":" + config.get(Keys.HTTP_PORT));
    return new Nodes(db, self, checks, own.all(), clock);
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
