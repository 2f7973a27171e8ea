package dev.parley.app;

import dev.parley.identity.Operators;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.sandbox.WhatsAppSandbox;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The server and the sandbox in one process, and a conversation between them. Starting aside it uses nothing but
/// HTTP.
final class Demo implements Serving.Listener {
  private final Config config;
  private final URI sandbox;
  private final boolean once;
  private final Consumer<String> out;
  private final DemoSecrets secrets;
  private final AtomicInteger code = new AtomicInteger(1);

  private Demo(Config config, URI sandbox, boolean once, Consumer<String> out) {
    this.config = config;
    this.sandbox = sandbox;
    this.once = once;
    this.out = out;
    this.secrets = DemoSecrets.in(Path.of(config.get(Keys.DATA_DIR)));
  }

  /// What the configuration has to say so that the server and the sandbox reach each other.
  static Map<String, String> keys(String folder, int port, int sandboxPort) {
    return Map.of(
        "data.dir",
        folder,
        "http.host",
        "127.0.0.1",
        "http.port",
        Integer.toString(port),
        "public.url",
        "http://127.0.0.1:" + port,
        "whatsapp.graph.url",
        "http://127.0.0.1:" + sandboxPort,
        "http.allow",
        "127.0.0.1:" + sandboxPort,
        "mail.print",
        "true",
        "log.level",
        "warn",
        "log.format",
        "text");
  }

  /// Runs until it is told to stop, or to the end of the conversation; answers the exit code.
  static int run(Config config, int sandboxPort, boolean once, Consumer<String> out) {
    try (WhatsAppSandbox sandbox = WhatsAppSandbox.start("127.0.0.1", sandboxPort)) {
      var demo = new Demo(config, sandbox.url(), once, out);
      int stopped = Serving.run(config, demo);
      return once ? demo.code.get() : stopped;
    }
  }

  @Override
  public void operatorMade(Operators.First first) {
    secrets.keep("operatorPassword", first.password().reveal());
  }

  @Override
  public void setupOpen(Secret code, String address) {
    // The demo makes its tenant by itself.
  }

  @Override
  public void ready() {
    Thread.ofPlatform().name("demo").start(this::show);
  }

  private void show() {
    try {
      code.set(converse());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      out.accept("  the demo failed: " + e.getMessage());
      Quarkus.asyncExit(1);
      return;
    }
    if (once) {
      Quarkus.asyncExit(code.get());
    }
  }

  private int converse() throws InterruptedException {
    String server = "http://127.0.0.1:" + config.get(Keys.HTTP_PORT);
    String operator = config.get(Keys.OPERATOR_EMAIL);
    recoverOperator(operator);
    DemoClient client = new DemoWorld(server, secrets, operator).prepare();
    DemoClient atSandbox = new DemoClient(sandbox.toString(), Map.of());
    String channel = new DemoWorld(server, secrets, operator).connect(client, atSandbox);
    var watch = new DemoWatch(client, out);
    out.accept("");
    out.accept("  A customer writes by WhatsApp, the shop answers by the REST API:");
    out.accept("");
    watch.start();
    List<String> missing = new DemoScript(client, atSandbox, watch).play();
    out.accept("");
    if (missing.isEmpty()) {
      out.accept("  Every message and every receipt was seen.");
    } else {
      out.accept("  Did not come in time:");
      missing.forEach(what -> out.accept("    " + what));
    }
    if (once) {
      watch.stop();
    } else {
      DemoGuide.lines(server, sandbox.toString(), operator, channel, secrets).forEach(out);
    }
    return missing.isEmpty() ? 0 : 1;
  }

  /// The password of an operator whom a start has made that died before it was noted, or whose note was deleted.
  private void recoverOperator(String email) {
    if (secrets.find("operatorPassword").isEmpty()) {
      Arc.container()
          .instance(Operators.class)
          .get()
          .resetPassword(email)
          .ifPresent(password -> secrets.keep("operatorPassword", password.reveal()));
    }
  }
}
