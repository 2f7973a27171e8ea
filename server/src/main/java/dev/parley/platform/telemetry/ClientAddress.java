package dev.parley.platform.telemetry;

import org.jspecify.annotations.Nullable;

/// The network address of the client whose request the thread serves, for the audit and against guessing.
public final class ClientAddress {
  // One virtual thread serves one request from start to end, as with [Trace].
  private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

  private ClientAddress() {}

  /// The address, or null when no request is being served.
  public static @Nullable String current() {
    return CURRENT.get();
  }

  /// Makes this the address of the thread until [#leave].
  public static void enter(@Nullable String address) {
    CURRENT.set(address);
  }

  /// Ends what [#enter] began.
  public static void leave() {
    CURRENT.remove();
  }
}
