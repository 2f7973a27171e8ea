package dev.parley.realtime.engineio;

/// Hears one session. Calls come on an event loop, one at a time, in the order in which the client sent; they must not
/// block. The listener's own monitor is held meanwhile, so what it synchronizes on itself is safe from other threads.
public interface EngineListener {
  /// A text message has come.
  void text(String message);

  /// A binary message has come.
  void binary(byte[] message);

  /// The session is over; the last call.
  void closed(CloseReason reason);
}
