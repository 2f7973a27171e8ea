package dev.parley.realtime;

import dev.parley.realtime.engineio.EngineServer;
import dev.parley.realtime.engineio.EngineSettings;
import dev.parley.realtime.engineio.OriginPolicy;
import dev.parley.realtime.socketio.ConnectRequest;
import dev.parley.realtime.socketio.Encoded;
import dev.parley.realtime.socketio.IoEvent;
import dev.parley.realtime.socketio.IoSettings;
import dev.parley.realtime.socketio.IoSocket;
import dev.parley.realtime.socketio.Namespace;
import dev.parley.realtime.socketio.NamespaceHandler;
import dev.parley.realtime.socketio.SocketIoServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import java.time.Duration;

/// Socket.IO at `/socket.io/`, for its official clients: the namespace `/`, and no other.
///
/// Credentials travel in `auth`: `token`, `apiKey` or `ticket`, for operators `tenant`. With `topics` there the client
/// follows them from the start, and a client that reconnects goes on where it was: the cursor of each event is its
/// offset. Commands are events with the name of the operation and its fields, and are answered by their acknowledgement.
///
/// Which pages may connect is asked of the tenant when the client joins the namespace; before, nobody knows whose client
/// it is, and no cookie means anything here.
public final class SocketIoDoor implements NamespaceHandler {
  static final String NAME = "socket.io";
  private static final String PATH = "/socket.io/";
  private static final Duration JOIN_WITHIN = Duration.ofSeconds(10);
  private static final Duration UPGRADE_WITHIN = Duration.ofSeconds(10);
  private static final int PACKETS_PER_COMMAND = 5;

  private final Realtime realtime;
  private final Commands commands;
  private final EngineServer engine;
  private final Namespace namespace;
  private final Encoding<Encoded> form;
  private final Encoding<Encoded> legacyForm;

  /// Lets clients into `realtime`.
  public SocketIoDoor(Realtime realtime, Commands commands, MeterRegistry metrics) {
    this.realtime = realtime;
    this.commands = commands;
    var io = new SocketIoServer(IoSettings.standard().withConnectTimeout(JOIN_WITHIN));
    this.namespace = io.namespace("/", this);
    this.form = new Encoding<>(frame -> encode(frame, false));
    this.legacyForm = new Encoding<>(frame -> encode(frame, true));
    Bounds bounds = realtime.bounds();
    // Sessions close who is slow; the transport's own limit is for what goes past them.
    this.engine =
        new EngineServer(
            new EngineSettings(
                PATH,
                bounds.heartbeat(),
                Duration.ofSeconds(20),
                UPGRADE_WITHIN,
                bounds.frameBytes(),
                2 * bounds.queuedBytes() + bounds.frameBytes(),
                PACKETS_PER_COMMAND * bounds.commands() + 50,
                bounds.perProcess()),
            OriginPolicy.ANY,
            io);
    engine.count(metrics);
  }

  /// Adds the route.
  public void mount(Router router) {
    engine.mount(router);
  }

  /// Takes no more clients; those that are there stay until [#stop].
  public void refuseNew() {
    engine.refuseNew();
  }

  /// Closes what is left.
  public void stop() {
    engine.stop();
  }

  private Encoded encode(Frame frame, boolean legacy) {
    return namespace.encodeJson(frame.name(legacy), frame.payload(), frame.cursor());
  }

  @Override
  public void connecting(ConnectRequest request) {
    boolean legacy = request.auth().path("legacy").asBoolean();
    var client =
        new SocketIoClient(
            request, legacy, realtime, commands, namespace, legacy ? legacyForm : form);
    request.engine().execute(client::knock);
  }

  @Override
  public void event(IoSocket socket, IoEvent event) {
    SocketIoClient client = socket.attachment(SocketIoClient.class);
    socket.engine().execute(() -> client.command(event));
  }

  @Override
  public void disconnected(IoSocket socket, String reason) {
    SocketIoClient client = socket.attachment(SocketIoClient.class);
    socket.engine().execute(client::gone);
  }
}
