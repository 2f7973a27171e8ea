package dev.parley.realtime.socketio;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sockets of a room. While an event is put into their queues nobody joins or leaves.
final class Room {
  private final Set<IoSocket> members = new HashSet<>(4);

  synchronized void add(IoSocket socket) {
    members.add(socket);
  }

  /// Answers whether anybody is left.
  synchronized boolean remove(IoSocket socket) {
    members.remove(socket);
    return !members.isEmpty();
  }

  synchronized int size() {
    return members.size();
  }

  synchronized int send(Encoded event, @Nullable IoSocket except) {
    int taken = 0;
    for (IoSocket member : members) {
      if (member != except && member.send(event)) {
        taken++;
      }
    }
    return taken;
  }
}
