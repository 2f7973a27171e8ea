package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.crypto.RandomText;
import dev.parley.platform.json.Json;
import dev.parley.realtime.engineio.CloseReason;
import dev.parley.realtime.engineio.EngineListener;
import dev.parley.realtime.engineio.EngineSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One client with its sockets, one in each namespace that it has joined. What comes in comes with the monitor held.
final class IoConnection implements EngineListener {
  private static final Logger LOG = Logger.getLogger(IoConnection.class);
  private static final IoSocket[] NONE = {};
  private static final int ID_BYTES = 15;

  private final SocketIoServer server;
  private final EngineSocket engine;
  private IoSocket[] sockets = NONE;
  private volatile @Nullable Future<?> timeout;

  /// A packet whose binary parts have not all come.
  private @Nullable Packet partial;

  private List<byte[]> parts = List.of();
  private int partBytes;

  IoConnection(SocketIoServer server, EngineSocket engine) {
    this.server = server;
    this.engine = engine;
    this.timeout = engine.schedule(server.settings().connectTimeout(), this::tooLate);
  }

  EngineSocket engine() {
    return engine;
  }

  IoSettings settings() {
    return server.settings();
  }

  /// Ends a socket beside nothing that comes from the client. Any thread.
  void end(IoSocket socket, String reason) {
    engine.execute(
        () -> {
          synchronized (this) {
            socket.gone(reason);
            forget();
          }
        });
  }

  private void tooLate() {
    if (timeout != null) {
      LOG.debugf("socket.io: %s joined no namespace in time", engine.handshake().remote());
      engine.end();
    }
  }

  /// A socket was let in. Any thread.
  void joined() {
    Future<?> pending = timeout;
    timeout = null;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  public synchronized void text(String message) {
    try {
      if (partial != null) {
        throw new BadPacket("text where a binary part was due");
      }
      Packet packet = server.reader().read(message);
      if (packet.type().isBinary()) {
        partial = packet;
        parts = new ArrayList<>(packet.attachments());
        partBytes = 0;
      } else {
        take(packet);
      }
    } catch (BadPacket e) {
      refuse(e);
    }
  }

  @Override
  public synchronized void binary(byte[] message) {
    try {
      Packet begun = partial;
      if (begun == null) {
        throw new BadPacket("a binary part of nothing");
      }
      partBytes += message.length;
      if (partBytes > settings().maxBinary()) {
        throw new BadPacket("too many bytes");
      }
      parts.add(message);
      if (parts.size() == begun.attachments()) {
        Packet whole = PacketReader.join(begun, parts);
        partial = null;
        parts = List.of();
        take(whole);
      }
    } catch (BadPacket e) {
      refuse(e);
    }
  }

  private void refuse(BadPacket bad) {
    LOG.debugf(
        "socket.io: %s sent a bad packet: %s", engine.handshake().remote(), bad.getMessage());
    partial = null;
    parts = List.of();
    engine.close(CloseReason.PARSE_ERROR);
  }

  private void take(Packet packet) throws BadPacket {
    IoSocket socket = find(packet.namespace());
    if (socket == null) {
      if (packet.type() != Packet.Type.CONNECT) {
        throw new BadPacket("not in this namespace");
      }
      connect(packet);
      return;
    }
    if (!socket.isConnected()) {
      if (packet.type() == Packet.Type.CONNECT) {
        // Asked twice; the answer is on its way.
        return;
      }
      throw new BadPacket("not in this namespace yet");
    }
    switch (packet.type()) {
      case EVENT -> {
        if (packet.data() instanceof ArrayNode data) {
          socket.namespace().handler().event(socket, new IoEvent(socket, data, packet.id()));
        }
      }
      case ACK -> {
        Long id = packet.id();
        if (id != null && packet.data() instanceof ArrayNode data) {
          socket.acknowledged(id, data);
        }
      }
      case DISCONNECT -> {
        socket.gone("client namespace disconnect");
        forget();
      }
      default -> throw new BadPacket("not in this state");
    }
  }

  private @Nullable IoSocket find(String namespace) {
    for (IoSocket socket : sockets) {
      if (socket.namespace().name().equals(namespace) && !socket.isGone()) {
        return socket;
      }
    }
    return null;
  }

  private void connect(Packet packet) {
    Namespace namespace = server.find(packet.namespace());
    if (namespace == null) {
      refuse(packet.namespace(), "Invalid namespace", null);
      return;
    }
    if (sockets.length >= settings().maxNamespaces()) {
      refuse(packet.namespace(), "Too many namespaces", null);
      return;
    }
    var socket = new IoSocket(this, namespace, RandomText.of(ID_BYTES));
    IoSocket[] more = Arrays.copyOf(sockets, sockets.length + 1);
    more[sockets.length] = socket;
    sockets = more;
    var request = new ConnectRequest(this, socket, packet.data());
    try {
      namespace.handler().connecting(request);
    } catch (RuntimeException e) {
      LOG.errorf(e, "socket.io: a handler failed");
      request.refuse("Internal error", null);
    }
  }

  void refuse(String namespace, String message, @Nullable JsonNode data) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("message", message);
    if (data != null) {
      answer.set("data", data);
    }
    engine.send(PacketWriter.text(Packet.Type.CONNECT_ERROR, namespace, null, Json.write(answer)));
  }

  /// Lets go of the sockets that are gone.
  synchronized void forget() {
    sockets = Arrays.stream(sockets).filter(socket -> !socket.isGone()).toArray(IoSocket[]::new);
  }

  @Override
  public synchronized void closed(CloseReason reason) {
    joined();
    for (IoSocket socket : sockets) {
      socket.gone(reason.text());
    }
    sockets = NONE;
    partial = null;
    parts = List.of();
  }
}
