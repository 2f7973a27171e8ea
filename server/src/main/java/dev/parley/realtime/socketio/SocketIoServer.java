package dev.parley.realtime.socketio;

import dev.parley.realtime.engineio.EngineHandler;
import dev.parley.realtime.engineio.EngineListener;
import dev.parley.realtime.engineio.EngineSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The namespaces, and the clients that come by Engine.IO. A namespace that nobody has added is refused.
public final class SocketIoServer implements EngineHandler {
  private final IoSettings settings;
  private final PacketReader reader;
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();

  /// With no namespaces yet.
  public SocketIoServer(IoSettings settings) {
    this.settings = settings;
    this.reader = new PacketReader(settings);
  }

  /// Adds a namespace; throws `IllegalArgumentException` when it is there or its name has no slash at the beginning.
  public Namespace namespace(String name, NamespaceHandler handler) {
    var namespace = new Namespace(name, handler);
    if (!name.startsWith("/") || namespaces.putIfAbsent(name, namespace) != null) {
      throw new IllegalArgumentException("not a new namespace: " + name);
    }
    return namespace;
  }

  @Override
  public EngineListener opened(EngineSocket socket) {
    return new IoConnection(this, socket);
  }

  IoSettings settings() {
    return settings;
  }

  PacketReader reader() {
    return reader;
  }

  @Nullable Namespace find(String name) {
    return namespaces.get(name);
  }
}
