package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/// Settings of WebSockets that the container has no keys for.
@Singleton
final class SocketOptions implements HttpServerOptionsCustomizer {
  // A frame that is too large is refused by its door, which can say why.
  private static final int ALLOWANCE = 1024;

  private final Config config;

  SocketOptions(Config config) {
    this.config = config;
  }

  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    int frame = 4 * config.get(Keys.REALTIME_FRAME) + ALLOWANCE;
    options
        // A compressor for each connection takes more memory than everything else of it.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(frame)
        .setMaxWebSocketMessageSize(frame);
  }
}
