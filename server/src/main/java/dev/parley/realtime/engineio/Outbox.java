package dev.parley.realtime.engineio;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Packets that wait for one client, and their bytes. Of whoever holds the session's monitor.
final class Outbox {
  /// Null while nothing waits, which is nearly always.
  private @Nullable ArrayDeque<Outgoing> packets;

  private int bytes;

  boolean isEmpty() {
    return packets == null;
  }

  int bytes() {
    return bytes;
  }

  /// Whether these are too many; a single message is never too large for an empty box.
  boolean wouldExceed(int most, Outgoing... more) {
    return bytes > 0 && bytes + size(more) > most;
  }

  void add(Outgoing... more) {
    ArrayDeque<Outgoing> waiting = packets;
    if (waiting == null) {
      waiting = new ArrayDeque<>(2);
      packets = waiting;
    }
    for (Outgoing packet : more) {
      waiting.add(packet);
    }
    bytes += size(more);
  }

  private static int size(Outgoing... some) {
    int size = 0;
    for (Outgoing packet : some) {
      size += packet.size();
    }
    return size;
  }

  /// Lets the transport take what it can; what it answers is to be run after the monitor is given back.
  Runnable write(Line line, boolean last) {
    ArrayDeque<Outgoing> waiting = packets == null ? new ArrayDeque<>(1) : packets;
    Runnable after = line.write(waiting, last);
    if (waiting.isEmpty()) {
      clear();
    } else {
      bytes = size(waiting.toArray(Outgoing[]::new));
    }
    return after;
  }

  void clear() {
    packets = null;
    bytes = 0;
  }
}
