package dev.parley.realtime.presence;

/// A connected device of a user. Its connection calls this; nobody else does.
public final class Device {
  private final PresenceEngine engine;
  private final long handle;

  Device(PresenceEngine engine, long handle) {
    this.engine = engine;
    this.handle = handle;
  }

  /// It is still there. Without this for as long as the time to live, it counts as gone.
  public boolean beat() {
    return engine.beat(handle);
  }

  /// Somebody has done something on it. Also a [#beat].
  public boolean active() {
    return engine.active(handle);
  }

  /// Nobody is at it, or somebody is again, as the device itself says. Also a [#beat], and no more than that when it
  /// says the same as before.
  public boolean away(boolean now) {
    return engine.away(handle, now);
  }

  /// It has gone. Calling it again changes nothing.
  public void close() {
    engine.disconnect(handle);
  }
}
