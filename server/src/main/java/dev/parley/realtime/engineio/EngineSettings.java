package dev.parley.realtime.engineio;

import java.time.Duration;

/// What an [EngineServer] can be told.
///
/// @param path where it listens, beginning and ending with a slash
/// @param pingInterval how long after a sign of life the next ping goes out
/// @param pingTimeout how long the pong may take
/// @param upgradeTimeout how long a change from polling to WebSocket may take
/// @param maxPayload most bytes of a message, and of a request body, that a client may send
/// @param maxQueued most bytes that wait for one client; beyond it the client is closed as too slow
/// @param maxPerSecond most packets that a client may send in a second
/// @param maxSessions most sessions at a time
public record EngineSettings(
    String path,
    Duration pingInterval,
    Duration pingTimeout,
    Duration upgradeTimeout,
    int maxPayload,
    int maxQueued,
    int maxPerSecond,
    int maxSessions) {

  /// The values of the Node implementation, and bounds where it has none.
  public static EngineSettings standard() {
    return new EngineSettings(
        "/socket.io/",
        Duration.ofSeconds(25),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        1_000_000,
        1 << 20,
        500,
        200_000);
  }

  /// Throws `IllegalArgumentException` for what cannot work.
  public EngineSettings {
    if (!path.startsWith("/") || !path.endsWith("/")) {
      throw new IllegalArgumentException("the path must begin and end with a slash: " + path);
    }
    if (maxPayload < 1000 || maxQueued < 1000 || maxPerSecond < 1 || maxSessions < 1) {
      throw new IllegalArgumentException("a bound is too small");
    }
    if (pingInterval.toMillis() < 50 || pingTimeout.toMillis() < 50) {
      throw new IllegalArgumentException("heartbeats need at least 50 ms");
    }
  }

  /// The same with other heartbeats.
  public EngineSettings withHeartbeat(Duration interval, Duration timeout) {
    return new EngineSettings(
        path, interval, timeout, upgradeTimeout, maxPayload, maxQueued, maxPerSecond, maxSessions);
  }

  /// The same with other bounds of size.
  public EngineSettings withBytes(int payload, int queued) {
    return new EngineSettings(
        path,
        pingInterval,
        pingTimeout,
        upgradeTimeout,
        payload,
        queued,
        maxPerSecond,
        maxSessions);
  }

  /// The same with other bounds of number.
  public EngineSettings withNumbers(int perSecond, int sessions) {
    return new EngineSettings(
        path,
        pingInterval,
        pingTimeout,
        upgradeTimeout,
        maxPayload,
        maxQueued,
        perSecond,
        sessions);
  }

  /// The same with another time for upgrades.
  public EngineSettings withUpgradeTimeout(Duration timeout) {
    return new EngineSettings(
        path, pingInterval, pingTimeout, timeout, maxPayload, maxQueued, maxPerSecond, maxSessions);
  }
}
