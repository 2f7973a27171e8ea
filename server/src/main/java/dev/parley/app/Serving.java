package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs the server in this process, on behalf of `serve` and `demo`.
final class Serving {
  private static volatile CountDownLatch ready = new CountDownLatch(1);

  private Serving() {}

  /// Returns when the server has stopped; answers the exit code.
  static int run(Config config) {
    property("quarkus.http.host", config.get(Keys.HTTP_HOST));
    property("quarkus.http.port", Integer.toString(config.get(Keys.HTTP_PORT)));
    property("quarkus.log.level", config.get(Keys.LOG_LEVEL));
    property(
        "quarkus.log.console.json.enabled",
        Boolean.toString(config.get(Keys.LOG_FORMAT).equals("json")));
    try (Boot _ = Boot.start(config)) {
      var failed = new AtomicReference<@Nullable Throwable>();
      Quarkus.run(Server.class, (_, failure) -> failed.set(failure));
      Throwable failure = failed.get();
      if (failure != null) {
        throw new IllegalStateException("the server did not start: " + failure, failure);
      }
      return 0;
    }
  }

  private static void property(String name, String value) {
    System.setProperty(name, value);
  }

  /// Called once by the server when everything has started.
  static void started() {
    ready.countDown();
  }

  /// Waits until the server in this process works.
  static void awaitStart() throws InterruptedException {
    ready.await();
  }
}
