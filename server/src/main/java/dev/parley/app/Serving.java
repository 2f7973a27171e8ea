package dev.parley.app;

import dev.parley.identity.Operators;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs the container in this process: the server for `serve` and `demo`, a single errand for the commands that work
/// on the database.
final class Serving {
  private static final int PATIENCE_SECONDS = 40;
  private static volatile Listener listener = Listener.NONE;

  private Serving() {}

  /// What the command that runs the server wants to hear from it.
  interface Listener {
    /// Shows a new operator on the console and does nothing else.
    Listener NONE = new Listener() {};

    /// The first start has made the operator; the password comes this once.
    default void operatorMade(Operators.First first) {
      Console.line("");
      Console.line("  The operator was made. This password is shown once:");
      Console.line("    e-mail    " + first.email());
      Console.line("    password  " + first.password().reveal());
      Console.line("");
    }

    /// There is no tenant yet; the first may be made by browser with this code, which comes this once.
    default void setupOpen(Secret code, String address) {
      Console.line("");
      Console.line("  There is no tenant yet. This code makes the first one, once:");
      Console.line("    setup code  " + code.reveal());
      Console.line("    by          POST " + address + "/api/v1/setup");
      Console.line("");
    }

    /// Everything has started.
    default void ready() {}
  }

  /// Returns when the server has stopped; answers the exit code.
  static int run(Config config, Listener hears) {
    property("quarkus.http.host", config.get(Keys.HTTP_HOST));
    property("quarkus.http.port", Integer.toString(config.get(Keys.HTTP_PORT)));
    List<String> proxies = config.get(Keys.HTTP_PROXIES);
    if (!proxies.isEmpty()) {
      property("quarkus.http.proxy.proxy-address-forwarding", "true");
      property("quarkus.http.proxy.trusted-proxies", String.join(",", proxies));
    }
    listener = hears;
    return container(config, Server.class);
  }

  /// Does one piece of work with everything wired up and nothing started: no port, no parts.
  static int errand(Config config, Errand.Work work) {
    property("quarkus.http.host-enabled", "false");
    Errand.next(work);
    return container(config, Errand.class);
  }

  private static int container(Config config, Class<? extends QuarkusApplication> application) {
    property("quarkus.log.level", config.get(Keys.LOG_LEVEL));
    property(
        "quarkus.log.console.json.enabled",
        Boolean.toString(config.get(Keys.LOG_FORMAT).equals("json")));
    MailSettings.apply(config, Serving::property);
    var over = new CountDownLatch(1);
    // Once all hooks have run the process is gone, with whatever its main thread still had to do:
    // close the database.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> await(over), "parley-shutdown"));
    try (Boot _ = Boot.start(config)) {
      var failed = new AtomicReference<@Nullable Throwable>();
      var code = new AtomicInteger();
      Quarkus.run(
          application,
          (exit, failure) -> {
            code.set(exit);
            failed.set(failure);
          });
      Throwable failure = failed.get();
      if (failure instanceof RuntimeException unchecked && application == Errand.class) {
        throw unchecked;
      }
      if (failure != null) {
        throw new IllegalStateException("the server did not start: " + failure, failure);
      }
      return code.get();
    } finally {
      over.countDown();
    }
  }

  private static void await(CountDownLatch over) {
    try {
      over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void property(String name, String value) {
    System.setProperty(name, value);
  }

  /// Who is told what happens to the server.
  static Listener listener() {
    return listener;
  }
}
