package dev.parley.realtime.socketio;

import java.time.Duration;

/// Bounds of a [SocketIoServer].
///
/// @param connectTimeout how long a client may stay without joining any namespace
/// @param maxAttachments most binary parts of one packet
/// @param maxBinary most bytes of all binary parts of one packet
/// @param maxDepth most levels of JSON
/// @param maxNamespaces most namespaces of one connection
/// @param maxAcks most acknowledgements that one client may owe at a time
public record IoSettings(
    Duration connectTimeout,
    int maxAttachments,
    int maxBinary,
    int maxDepth,
    int maxNamespaces,
    int maxAcks) {

  /// The values of the Node implementation, and bounds where it has none.
  public static IoSettings standard() {
    return new IoSettings(Duration.ofSeconds(45), 10, 4_000_000, 32, 10, 1000);
  }

  /// The same with another time to join a namespace.
  public IoSettings withConnectTimeout(Duration timeout) {
    return new IoSettings(timeout, maxAttachments, maxBinary, maxDepth, maxNamespaces, maxAcks);
  }
}
