package dev.parley.realtime.socketio;

import dev.parley.realtime.engineio.Outgoing;

/// An event of a namespace, encoded for any number of sockets. Immutable.
public final class Encoded {
  private final Outgoing[] packets;
  private final int size;

  Encoded(Outgoing[] packets) {
    this.packets = packets;
    int bytes = 0;
    for (Outgoing packet : packets) {
      bytes += packet.size();
    }
    this.size = bytes;
  }

  /// Bytes on the wire.
  public int size() {
    return size;
  }

  Outgoing[] packets() {
    return packets;
  }
}
