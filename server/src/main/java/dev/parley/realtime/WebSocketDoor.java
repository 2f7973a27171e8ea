package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.identity.Callers;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The plain WebSocket at `/ws`: one JSON object in each text message.
///
/// A client asks `{"id": 1, "op": "subscribe", …}` and gets `{"id": 1, "ok": true, …}` or `{"id": 1, "error": {…}}`.
/// Events come as `{"event": "message.received", "cursor": "…", …}` with the members of the event's envelope.
public final class WebSocketDoor {
  private static final Logger LOG = Logger.getLogger(WebSocketDoor.class);
  private static final String PATH = "/ws";
  private static final String NAME = "websocket";
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration LAST_WORD = Duration.ofSeconds(5);
  private static final byte FINAL_TEXT = (byte) 0x81;
  private static final byte[] PING = {(byte) 0x89, 0};

  private final Encoding<byte[]> form = new Encoding<>(frame -> event(frame, false));
  private final Encoding<byte[]> legacyForm = new Encoding<>(frame -> event(frame, true));

  private final Realtime realtime;
  private final Commands commands;

  /// Lets clients into `realtime`.
  public WebSocketDoor(Realtime realtime, Commands commands) {
    this.realtime = realtime;
    this.commands = commands;
  }

  /// Adds the route.
  public void mount(Router router) {
    router.route(PATH).order(-1000).handler(this::upgrade);
  }

  private static byte[] event(Frame frame, boolean legacy) {
    String members = frame.members();
    return text(
        "{\"event\":\"" + frame.name(legacy) + (members.isEmpty() ? "\"}" : "\"," + members + "}"));
  }

  /// A text message as it stands on the wire (RFC 6455, 5.2); what a server sends is not masked.
  static byte[] text(String message) {
    byte[] payload = message.getBytes(StandardCharsets.UTF_8);
    int length = payload.length;
    int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    byte[] frame = new byte[header + length];
    frame[0] = FINAL_TEXT;
    if (header == 2) {
      frame[1] = (byte) length;
    } else {
      frame[1] = (byte) (header == 4 ? 126 : 127);
      for (int i = header - 1, rest = length; i > 1 && rest > 0; i--, rest >>>= 8) {
        frame[i] = (byte) rest;
      }
    }
    System.arraycopy(payload, 0, frame, header, length);
    return frame;
  }

  private void upgrade(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      Refusals.answer(
          context, new Problem(Problem.Code.INVALID, "This address speaks WebSocket (RFC 6455)."));
      return;
    }
    if (realtime.isClosed()) {
      Refusals.answer(
          context,
          Problem.later(
              Problem.Code.UNAVAILABLE,
              "This process takes no more connections; try again.",
              Duration.ofSeconds(2)));
      return;
    }
    var shown =
        new Callers.Shown(
            request.getHeader("X-API-Key"),
            Refusals.bearer(request.getHeader("Authorization")),
            request.getHeader("Host"),
            request.getHeader("X-Tenant"));
    String ticket = request.getParam("ticket");
    String origin = request.getHeader("Origin");
    boolean legacy = "true".equals(request.getParam("legacy"));
    var connection = (ConnectionBase) request.connection();
    request
        .toWebSocket()
        .onSuccess(socket -> new Client(socket, connection, shown, origin, legacy).begin(ticket))
        .onFailure(e -> LOG.debugf("a handshake failed: %s", e.getMessage()));
  }

  /// One client, before and after it is let in.
  private final class Client implements Connection {
    private final ServerWebSocket socket;
    private final Wire wire;
    private final EventLoop loop;
    private final Callers.Shown shown;
    private final @Nullable String origin;
    private boolean legacy;
    private @Nullable Session session;
    private boolean knocking;
    private boolean over;

    Client(
        ServerWebSocket socket,
        ConnectionBase connection,
        Callers.Shown shown,
        @Nullable String origin,
        boolean legacy) {
      this.socket = socket;
      this.shown = shown;
      this.origin = origin;
      this.legacy = legacy;
      this.wire = new Wire(connection.channelHandlerContext());
      this.loop = ((ContextInternal) Vertx.currentContext()).nettyEventLoop();
    }

    void begin(@Nullable String ticket) {
      socket.textMessageHandler(this::message);
      socket.binaryMessageHandler(_ -> close(Closing.PROTOCOL, Duration.ZERO));
      socket.pongHandler(_ -> alive());
      socket.closeHandler(_ -> gone());
      socket.exceptionHandler(e -> LOG.debugf("a socket failed: %s", e.getMessage()));
      if (ticket != null || shown.token() != null || shown.apiKey() != null) {
        knock(shown, ticket, null);
      } else {
        var _ =
            loop.schedule(
                () -> {
                  if (session == null && !knocking) {
                    close(Closing.UNAUTHENTICATED, Duration.ZERO);
                  }
                },
                GRACE.toMillis(),
                TimeUnit.MILLISECONDS);
      }
    }

    private void alive() {
      if (session != null) {
        session.heard();
      }
    }

    private void gone() {
      over = true;
      if (session != null) {
        session.ended();
      }
    }

    private void knock(Callers.Shown credentials, @Nullable String ticket, @Nullable JsonNode id) {
      knocking = true;
      realtime.admit(
          loop,
          new Realtime.Knock(NAME, credentials, ticket, origin),
          admission -> {
            knocking = false;
            if (over) {
              realtime.turnAway(admission);
            } else {
              entered(admission, id);
            }
          },
          refused -> {
            knocking = false;
            if (id != null) {
              answer(id, error(refused.reason().word(), refused.getMessage()));
            }
            close(refused.reason(), Duration.ZERO);
          });
    }

    private void entered(Realtime.Admission admission, @Nullable JsonNode id) {
      Session fresh = realtime.enter(loop, admission, this);
      session = fresh;
      ObjectNode hello = JsonNodeFactory.instance.objectNode().put("event", "hello");
      hello.put("connectionId", fresh.id().toString());
      hello.put("userId", fresh.caller().id().toString());
      hello.put("tenantId", fresh.caller().inTenant().toString());
      hello.put("heartbeatMs", realtime.bounds().heartbeat().toMillis());
      hello.put("maxFrame", realtime.bounds().frameBytes());
      wire.write(text(hello.toString()));
      if (id != null) {
        answer(id, Ack.done().json());
      }
      wire.flush();
    }

    private void message(String text) {
      if (over) {
        return;
      }
      if (text.length() > realtime.bounds().frameBytes()) {
        close(Closing.TOO_LARGE, Duration.ZERO);
        return;
      }
      JsonNode fields;
      try {
        fields = Json.tree(text);
      } catch (UncheckedIOException e) {
        close(Closing.PROTOCOL, Duration.ZERO);
        return;
      }
      JsonNode id = fields.path("id");
      if (!fields.isObject() || id.isContainerNode() || id.toString().length() > 100) {
        close(Closing.PROTOCOL, Duration.ZERO);
        return;
      }
      Command command;
      try {
        command = commands.parse(fields.path("op").asText(), fields, shown.host());
      } catch (Problem problem) {
        respond(id, new Ack.Refused(problem).json());
        return;
      }
      if (session != null) {
        session.command(command, ack -> respond(id, ack.json()));
      } else if (command instanceof Command.Authenticate(Callers.Shown credentials) && !knocking) {
        legacy |= fields.path("legacy").asBoolean();
        knock(credentials, fields.path("ticket").textValue(), id);
      } else {
        // What comes before the client is let in has no answer; it should wait for `hello`.
        close(Closing.UNAUTHENTICATED, Duration.ZERO);
      }
    }

    private void respond(JsonNode id, ObjectNode answer) {
      answer(id, answer);
      wire.flush();
    }

    private void answer(JsonNode id, ObjectNode answer) {
      if (over) {
        return;
      }
      if (wire.queued() > 2L * realtime.bounds().queuedBytes()) {
        // It sends commands and does not read their answers.
        close(Closing.SLOW, Duration.ZERO);
        return;
      }
      ObjectNode named = JsonNodeFactory.instance.objectNode();
      if (!id.isMissingNode()) {
        named.set("id", id);
      }
      named.setAll(answer);
      wire.write(text(named.toString()));
    }

    private static ObjectNode error(String code, @Nullable String detail) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.putObject("error").put("code", code).put("detail", detail);
      return answer;
    }

    @Override
    public void write(Frame frame) {
      wire.write(frame.as(legacy ? legacyForm : form));
    }

    @Override
    public void flush() {
      wire.flush();
    }

    @Override
    public long queued() {
      return wire.queued();
    }

    @Override
    public void whenDrained(Runnable action) {
      wire.whenDrained(action);
    }

    @Override
    public boolean ping() {
      if (wire.queued() == 0) {
        wire.write(PING);
        wire.flush();
      }
      return true;
    }

    @Override
    public void close(Closing reason, Duration retryAfter) {
      if (over) {
        return;
      }
      over = true;
      String why =
          retryAfter.isZero()
              ? reason.word()
              : reason.word() + " retryAfterMs=" + retryAfter.toMillis();
      socket.close((short) reason.code(), why);
      // A client that does not read does not read this either.
      var _ = loop.schedule(wire::cut, LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
