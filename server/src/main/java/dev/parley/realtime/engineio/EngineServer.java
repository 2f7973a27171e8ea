package dev.parley.realtime.engineio;

import dev.parley.platform.crypto.RandomText;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// All sessions of one path: takes requests, checks them, and leads them to their session.
public final class EngineServer {
  /// Hears sessions that have no listener yet or no longer.
  static final EngineListener NOBODY =
      new EngineListener() {
        @Override
        public void text(String message) {}

        @Override
        public void binary(byte[] message) {}

        @Override
        public void closed(CloseReason reason) {}
      };

  private static final int ID_BYTES = 15;

  private final EngineSettings settings;
  private final OriginPolicy origins;
  private final EngineHandler handler;
  private final Map<String, EngineSocket> sessions = new ConcurrentHashMap<>();
  private final Map<EventLoop, EngineLoop> loops = new ConcurrentHashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Map<CloseReason, LongAdder> ended = new ConcurrentHashMap<>();
  private volatile boolean closing;

  /// Gives new sessions to `handler`.
  public EngineServer(EngineSettings settings, OriginPolicy origins, EngineHandler handler) {
    this.settings = settings;
    this.origins = origins;
    this.handler = handler;
    for (CloseReason reason : CloseReason.values()) {
      ended.put(reason, new LongAdder());
    }
  }

  /// Adds the route, before every other handler.
  public void mount(Router router) {
    router.route(settings.path() + "*").order(-1000).handler(this::handle);
  }

  /// Registers what is counted: sessions, packets both ways, refused requests, ends by reason.
  public void count(MeterRegistry metrics) {
    Gauge.builder("parley.engineio.sessions", sessions, Map::size).register(metrics);
    counter("parley.engineio.packets", "direction", "out", sent, metrics);
    counter("parley.engineio.packets", "direction", "in", received, metrics);
    counter("parley.engineio.refused", "request", "any", refused, metrics);
    ended.forEach(
        (reason, count) ->
            counter("parley.engineio.closed", "reason", reason.text(), count, metrics));
  }

  private static void counter(
      String name, String tag, String value, LongAdder count, MeterRegistry metrics) {
    FunctionCounter.builder(name, count, LongAdder::sum).tag(tag, value).register(metrics);
  }

  /// How many sessions there are.
  public int size() {
    return sessions.size();
  }

  /// The sessions at this moment.
  public List<EngineSocket> sessions() {
    return List.copyOf(sessions.values());
  }

  /// Takes no more sessions: new ones are told to try elsewhere. Those that are there go on.
  public void refuseNew() {
    closing = true;
  }

  /// Closes all sessions; clients may reconnect elsewhere.
  public void stop() {
    closing = true;
    for (EngineSocket session : sessions.values()) {
      session.close(CloseReason.SHUTTING_DOWN);
    }
    loops.values().forEach(EngineLoop::stop);
  }

  EngineSettings settings() {
    return settings;
  }

  EngineListener opened(EngineSocket session) {
    return handler.opened(session);
  }

  void closed(EngineSocket session, CloseReason reason) {
    sessions.remove(session.id());
    Objects.requireNonNull(ended.get(reason)).increment();
  }

  void sent(int packets) {
    sent.add(packets);
  }

  void received() {
    received.increment();
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = request.path();
    if (path == null || path.length() > settings.path().length()) {
      context.next();
      return;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null) {
      if (!origins.allows(origin, request.getHeader(HttpHeaders.HOST))) {
        refuse(request, EngineError.FORBIDDEN);
        return;
      }
      Cors.allow(request, origin);
    }
    if (request.method().equals(HttpMethod.OPTIONS)) {
      Cors.preflight(request);
      return;
    }
    MultiMap query = request.params();
    String sid = query.get("sid");
    boolean upgrade = "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    EngineSocket session = sid == null ? null : sessions.get(sid);
    EngineError error = check(request, query, upgrade, session);
    if (error != null) {
      refuse(request, error);
    } else if (session == null) {
      handshake(request, upgrade);
    } else if (upgrade) {
      upgrade(request, session);
    } else {
      poll(request, session);
    }
  }

  /// The checks that come before anything happens, in the order in which clients know their answers.
  private @Nullable EngineError check(
      HttpServerRequest request, MultiMap query, boolean upgrade, @Nullable EngineSocket session) {
    String transport = query.get("transport");
    boolean webSocket = "websocket".equals(transport);
    if (!webSocket && !"polling".equals(transport)) {
      return EngineError.UNKNOWN_TRANSPORT;
    }
    boolean version = "4".equals(query.get("EIO"));
    // "j" asks for answers as scripts, which no page needs any more.
    if (webSocket != upgrade || query.contains("j")) {
      return EngineError.BAD_REQUEST;
    }
    if (query.contains("sid")) {
      if (session == null) {
        return EngineError.UNKNOWN_SID;
      }
      return version && (upgrade || session.polling() != null) ? null : EngineError.BAD_REQUEST;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return EngineError.BAD_HANDSHAKE_METHOD;
    }
    if (!version) {
      return EngineError.UNSUPPORTED_PROTOCOL_VERSION;
    }
    return closing || sessions.size() >= settings.maxSessions() ? EngineError.UNAVAILABLE : null;
  }

  private void refuse(HttpServerRequest request, EngineError error) {
    refused.increment();
    HttpServerResponse response = request.response();
    response.setStatusCode(error.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    if (error == EngineError.UNAVAILABLE) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "2");
    }
    if (!request.method().equals(HttpMethod.GET)) {
      closeAfter(request);
    }
    response.end(error.json());
  }

  private EngineSocket session(HttpServerRequest request) {
    var handshake =
        new Handshake(
            request.remoteAddress().hostAddress(),
            request.getHeader(HttpHeaders.HOST),
            request.getHeader(HttpHeaders.ORIGIN),
            request.query());
    return new EngineSocket(this, loop(), RandomText.of(ID_BYTES), handshake);
  }

  /// What belongs to the event loop that this runs on.
  private EngineLoop loop() {
    var context = (ContextInternal) Objects.requireNonNull(Vertx.currentContext());
    return loops.computeIfAbsent(
        context.nettyEventLoop(), executor -> new EngineLoop(executor, settings));
  }

  private void handshake(HttpServerRequest request, boolean webSocket) {
    EngineSocket session = session(request);
    if (!webSocket) {
      sessions.put(session.id(), session);
      request.resume();
      var line = new PollingLine(session);
      session.greet(line, greeting(session, "\"websocket\""));
      // The answer takes along what the handler has sent at once.
      EngineError error = line.poll(request.response(), loop());
      if (error != null) {
        refuse(request, error);
      }
      return;
    }
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              WebSocketLine line = line(request, socket, session);
              sessions.put(session.id(), session);
              line.listen(null);
              session.greet(line, greeting(session, ""));
            });
  }

  private Outgoing greeting(EngineSocket session, String upgrades) {
    return Outgoing.packet(
        "0{\"sid\":\"%s\",\"upgrades\":[%s],\"pingInterval\":%d,\"pingTimeout\":%d,\"maxPayload\":%d}"
            .formatted(
                session.id(),
                upgrades,
                settings.pingInterval().toMillis(),
                settings.pingTimeout().toMillis(),
                settings.maxPayload()));
  }

  private void upgrade(HttpServerRequest request, EngineSocket session) {
    boolean begun = session.beginUpgrade();
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              if (!begun) {
                // Accepted and closed, as clients know it, since they do not see a refusal's
                // reason.
                socket.close();
                return;
              }
              WebSocketLine line = line(request, socket, session);
              line.listen(new Probe(session, loop(), line, settings));
            })
        .onFailure(
            _ -> {
              if (begun) {
                session.abandonUpgrade();
              }
            });
  }

  private WebSocketLine line(
      HttpServerRequest request, ServerWebSocket socket, EngineSocket session) {
    return new WebSocketLine(loop(), request.connection(), socket, session, settings.maxPayload());
  }

  private void poll(HttpServerRequest request, EngineSocket session) {
    PollingLine line = session.polling();
    if (line == null) {
      refuse(request, EngineError.BAD_REQUEST);
    } else if (request.method().equals(HttpMethod.GET)) {
      request.resume();
      EngineError error = line.poll(request.response(), loop());
      if (error != null) {
        session.close(CloseReason.TRANSPORT_ERROR);
        refuse(request, error);
      }
    } else if (!request.method().equals(HttpMethod.POST)) {
      refuse(request, EngineError.BAD_REQUEST);
    } else if (line.beginPost()) {
      new PostedPackets(request, session, line, settings.maxPayload()).read();
    } else {
      session.close(CloseReason.TRANSPORT_ERROR);
      refuse(request, EngineError.BAD_REQUEST);
    }
  }

  /// The answer to a POST whose packets were taken.
  static void ok(HttpServerResponse response) {
    if (!response.ended() && !response.closed()) {
      var _ = PollingLine.respond(response, Buffer.buffer("ok"));
    }
  }

  /// The answer to a POST that was not taken.
  static void failed(HttpServerRequest request, int status) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      closeAfter(request);
      response.setStatusCode(status).end();
    }
  }

  /// The rest of the body is not read, so the connection is of no use any more; HTTP/2 has a stream for each request.
  private static void closeAfter(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
  }

  /// The packets of a body.
  static List<String> split(String payload) {
    var packets = new ArrayList<String>();
    int from = 0;
    for (int at = payload.indexOf(0x1e); at >= 0; at = payload.indexOf(0x1e, from)) {
      packets.add(payload.substring(from, at));
      from = at + 1;
    }
    packets.add(payload.substring(from));
    return packets;
  }
}
