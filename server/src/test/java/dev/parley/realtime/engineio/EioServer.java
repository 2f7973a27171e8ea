package dev.parley.realtime.engineio;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/// An [EngineServer] on a port of its own, with several event loops, so that a session's requests meet different ones.
public final class EioServer implements AutoCloseable {
  private static final int LOOPS = 4;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final EngineServer engine;
  private final int port;

  /// Starts it; 0 takes a free port.
  public EioServer(EngineSettings settings, OriginPolicy origins, EngineHandler handler, int port) {
    this.engine = new EngineServer(settings, origins, handler);
    try {
      this.port = port == 0 ? free() : port;
      vertx
          .deployVerticle(
              () -> new Listener(settings.maxPayload()),
              new DeploymentOptions().setInstances(LOOPS))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private final class Listener extends AbstractVerticle {
    private final int maxPayload;

    Listener(int maxPayload) {
      this.maxPayload = maxPayload;
    }

    @Override
    public void start(Promise<Void> started) {
      Router router = Router.router(vertx);
      engine.mount(router);
      vertx
          .createHttpServer(
              new HttpServerOptions()
                  .setPerMessageWebSocketCompressionSupported(false)
                  .setPerFrameWebSocketCompressionSupported(false)
                  .setMaxWebSocketFrameSize(maxPayload + 100)
                  .setAcceptBacklog(8192))
          .requestHandler(router)
          .listen(port, "0.0.0.0")
          .onSuccess(_ -> started.complete())
          .onFailure(started::fail);
    }
  }

  /// The server itself.
  public EngineServer engine() {
    return engine;
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  /// The address of its path, with that query.
  public URI uri(String query) {
    return URI.create("http://127.0.0.1:" + port + "/socket.io/?" + query);
  }

  @Override
  public void close() {
    engine.stop();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
