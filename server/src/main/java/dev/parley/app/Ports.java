package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Looks at ports before a server takes them, because its own message comes late and tells less.
final class Ports {
  private Ports() {}

  /// Throws `IllegalStateException` when the configured port cannot be had; `option` is what the person can use to
  /// choose another.
  static void requireFree(Config config, String option) {
    requireFree(config.get(Keys.HTTP_HOST), config.get(Keys.HTTP_PORT), option);
  }

  static void requireFree(String host, int port, String option) {
    if (!isFree(host, port)) {
      throw new IllegalStateException(
          "port %d on %s is taken or not allowed; choose another by %s"
              .formatted(port, host, option));
    }
  }

  static boolean isFree(String host, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The given port, or a free one in place of 0.
  static int choose(int port) {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port is free", e);
    }
  }
}
