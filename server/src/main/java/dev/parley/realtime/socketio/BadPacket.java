package dev.parley.realtime.socketio;

/// A packet that is not of the protocol, or over a bound.
final class BadPacket extends Exception {
  private static final long serialVersionUID = 1L;

  BadPacket(String why) {
    super(why, null, false, false);
  }
}
