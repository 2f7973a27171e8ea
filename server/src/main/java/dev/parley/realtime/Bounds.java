package dev.parley.realtime;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import java.time.Duration;

/// How much of everything there may be.
///
/// @param perProcess connections of a process
/// @param perTenant connections of a tenant in a process
/// @param perUser connections of a user or API key in a process
/// @param topics that a connection follows by name
/// @param commands that a connection may send in a second; three times as many at once
/// @param frameBytes of a command
/// @param queuedBytes that wait for a client
/// @param resume events that a client may have missed and still resume
/// @param heartbeat how often a client is asked for a sign of life and its credentials are looked at again
public record Bounds(
    int perProcess,
    int perTenant,
    int perUser,
    int topics,
    int commands,
    int frameBytes,
    int queuedBytes,
    int resume,
    Duration heartbeat) {

  /// As configured.
  public static Bounds of(Config config) {
    return new Bounds(
        config.get(Keys.REALTIME_CONNECTIONS),
        config.get(Keys.REALTIME_TENANT_CONNECTIONS),
        config.get(Keys.REALTIME_USER_CONNECTIONS),
        config.get(Keys.REALTIME_TOPICS),
        config.get(Keys.REALTIME_COMMANDS),
        config.get(Keys.REALTIME_FRAME),
        config.get(Keys.REALTIME_QUEUE),
        config.get(Keys.REALTIME_RESUME),
        config.get(Keys.REALTIME_HEARTBEAT));
  }
}
