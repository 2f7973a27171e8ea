package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.realtime.engineio.CloseReason;
import dev.parley.realtime.engineio.EioServer;
import dev.parley.realtime.engineio.EngineServer;
import dev.parley.realtime.engineio.EngineSettings;
import dev.parley.realtime.engineio.OriginPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// A small Socket.IO server on the code of this module alone: it echoes, acknowledges, keeps rooms, and lets clients go
/// on where they were. `main` runs it for the npm client's scenarios and for benchmarks, in a process of its own.
public final class EchoServer implements NamespaceHandler, AutoCloseable {
  private static final int REMEMBERED = 1000;

  private final BlockingQueue<String> left = new LinkedBlockingQueue<>();
  private final Map<String, String> roomsOfPid = new ConcurrentHashMap<>();
  private final AtomicLong offsets = new AtomicLong();
  private final Queue<Past> past = new ArrayDeque<>();
  private final EioServer server;
  private final Namespace root;

  private record Past(long offset, String room, Encoded event) {}

  /// Listens on that port; 0 takes a free one.
  public EchoServer(EngineSettings engine, IoSettings settings, int port) {
    var io = new SocketIoServer(settings);
    this.root = io.namespace("/", this);
    io.namespace("/custom", this);
    for (int i = 0; i < 20; i++) {
      io.namespace("/n" + i, this);
    }
    this.server = new EioServer(engine, OriginPolicy.ANY, io, port);
  }

  EioServer server() {
    return server;
  }

  EngineServer engine() {
    return server.engine();
  }

  Namespace root() {
    return root;
  }

  /// Why sockets have left, in their order.
  BlockingQueue<String> left() {
    return left;
  }

  @Override
  public void connecting(ConnectRequest request) {
    if (request.auth().path("token").asText().equals("wrong")) {
      request.refuse(
          "Not authorized",
          JsonNodeFactory.instance.objectNode().put("code", "E42").put("retry", false));
      return;
    }
    if (request.auth().path("later").asBoolean()) {
      // Nobody answers.
      return;
    }
    String pid = request.pid();
    String room = pid == null ? null : roomsOfPid.get(pid);
    boolean recovered = room != null && request.offset() != null;
    String given = recovered ? Objects.requireNonNull(pid) : "p" + offsets.incrementAndGet();
    request.accept(
        given,
        given,
        socket -> {
          if (recovered && room != null) {
            recover(socket, room, Long.parseLong(Objects.requireNonNull(request.offset())));
          } else if (!request.auth().path("quiet").asBoolean()) {
            socket.emit("auth", request.auth());
          }
        });
  }

  private synchronized void recover(IoSocket socket, String room, long after) {
    for (Past event : past) {
      if (event.room().equals(room) && event.offset() > after) {
        socket.send(event.event());
      }
    }
    socket.join(room);
  }

  private synchronized void publish(Namespace namespace, String room, JsonNode message) {
    long offset = offsets.incrementAndGet();
    Encoded event = namespace.encodeJson("published", message.toString(), Long.toString(offset));
    past.add(new Past(offset, room, event));
    if (past.size() > REMEMBERED) {
      past.remove();
    }
    namespace.broadcast(room, event, null);
  }

  @Override
  public void event(IoSocket socket, IoEvent event) {
    JsonNode[] all = new JsonNode[event.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = event.arg(i);
    }
    String room = event.arg(0).asText();
    switch (event.name()) {
      case "message" -> socket.emit("message-back", all);
      case "message-with-ack" -> event.ack(all);
      case "join" -> {
        socket.join(room);
        roomsOfPid.put(socket.attachment(String.class), room);
        event.ack();
      }
      case "leave" -> {
        socket.leave(room);
        event.ack();
      }
      case "say" -> {
        int told =
            socket
                .namespace()
                .broadcast(room, socket.namespace().encode("said", event.arg(1)), socket);
        event.ack(JsonNodeFactory.instance.numberNode(told));
      }
      case "fan" ->
          // The load of benchmarks: to everybody in the room, the sender too.
          socket.namespace().broadcast(room, socket.namespace().encode("fan", event.arg(1)), null);
      case "publish" -> publish(socket.namespace(), room, event.arg(1));
      case "ask-me" -> ask(socket, event);
      case "throw-me-out" -> socket.disconnect(event.arg(0).asBoolean());
      case "cut-me" -> socket.engine().close(CloseReason.TRANSPORT_ERROR);
      case "fail" -> throw new IllegalStateException("as it was asked to");
      default -> {
        // Nobody listens to it.
      }
    }
  }

  private static void ask(IoSocket socket, IoEvent event) {
    socket.emit(
        "question",
        Duration.ofMillis(event.arg(0).asInt(1000)),
        new AckHandler() {
          @Override
          public void answered(ArrayNode args) {
            event.ack(args.get(0));
          }

          @Override
          public void unanswered() {
            event.ack(JsonNodeFactory.instance.textNode("no answer"));
          }
        },
        event.arg(1));
  }

  @Override
  public void disconnected(IoSocket socket, String reason) {
    left.add(reason);
  }

  @Override
  public void close() {
    server.close();
  }

  /// Runs until the process is ended. Arguments: port, and optionally the heartbeat's interval and timeout in ms.
  public static void main(String[] args) throws InterruptedException {
    EngineSettings settings = EngineSettings.standard().withNumbers(100_000, 100_000);
    if (args.length > 2) {
      settings =
          settings.withHeartbeat(
              Duration.ofMillis(Long.parseLong(args[1])),
              Duration.ofMillis(Long.parseLong(args[2])));
    }
    var echo = new EchoServer(settings, IoSettings.standard(), Integer.parseInt(args[0]));
    System.out.println("listening on " + echo.server().port());
    new CountDownLatch(1).await();
  }
}
