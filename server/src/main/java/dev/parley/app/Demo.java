package dev.parley.app;

import dev.parley.identity.Operators;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.sandbox.WhatsAppSandbox;
import dev.parley.sandbox.genesys.GenesysSandbox;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server and the sandboxes in one process, and a conversation between them. Starting aside it uses nothing but
/// HTTP.
final class Demo implements Serving.Listener {
  /// Where the shop answers.
  enum Desk {
    INBOX,
    GENESYS
  }

  /// The ports of the emulators.
  ///
  /// @param genesys 0 when there is none, and the shop answers in the inbox
  record Sandboxes(int whatsApp, int genesys) {}

  private final Config config;
  private final URI sandbox;
  private final @Nullable URI genesys;
  private final boolean once;
  private final Consumer<String> out;
  private final DemoSecrets secrets;
  private final AtomicInteger code = new AtomicInteger(1);

  private Demo(
      Config config, URI sandbox, @Nullable URI genesys, boolean once, Consumer<String> out) {
    this.config = config;
    this.sandbox = sandbox;
    this.genesys = genesys;
    this.once = once;
    this.out = out;
    this.secrets = DemoSecrets.in(Path.of(config.get(Keys.DATA_DIR)));
  }

  /// What the configuration has to say so that the server and the sandboxes reach each other.
  static Map<String, String> keys(String folder, int port, Sandboxes sandboxes) {
    String whatsApp = "127.0.0.1:" + sandboxes.whatsApp();
    String genesys = "127.0.0.1:" + sandboxes.genesys();
    boolean desk = sandboxes.genesys() != 0;
    Map<String, String> keys = new HashMap<>();
    keys.put("data.dir", folder);
    keys.put("http.host", "127.0.0.1");
    keys.put("http.port", Integer.toString(port));
    keys.put("public.url", "http://127.0.0.1:" + port);
    keys.put("whatsapp.graph.url", "http://" + whatsApp);
    keys.put("http.allow", desk ? whatsApp + "," + genesys : whatsApp);
    keys.put("mail.print", "true");
    keys.put("log.level", "warn");
    keys.put("log.format", "text");
    if (desk) {
      keys.put("genesys.login.url", "http://" + genesys);
      keys.put("genesys.api.url", "http://" + genesys);
      keys.put("genesys.apps.url", "http://" + genesys);
    }
    return keys;
  }

  /// Runs until it is told to stop, or to the end of the conversation; answers the exit code.
  static int run(Config config, Sandboxes sandboxes, boolean once, Consumer<String> out) {
    try (WhatsAppSandbox whatsApp = WhatsAppSandbox.start("127.0.0.1", sandboxes.whatsApp());
        GenesysSandbox genesys =
            sandboxes.genesys() == 0
                ? null
                : GenesysSandbox.start("127.0.0.1", sandboxes.genesys())) {
      var demo =
          new Demo(config, whatsApp.url(), genesys == null ? null : genesys.url(), once, out);
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
    var desk = new DemoDesk(client, secrets);
    var watch = new DemoWatch(client, out);
    out.accept("");
    List<String> missing;
    List<String> more = List.of();
    if (genesys == null) {
      desk.inbox(channel);
      out.accept("  A customer writes by WhatsApp, the shop answers by the REST API:");
      out.accept("");
      watch.start();
      missing = new DemoScript(client, atSandbox, watch).play();
    } else {
      DemoClient atGenesys = new DemoClient(genesys.toString(), Map.of());
      desk.genesys(channel, atGenesys);
      out.accept("  A customer writes by WhatsApp, an agent answers in Genesys Cloud:");
      out.accept("");
      var bridge = new DemoBridge(atSandbox, atGenesys, out);
      missing = bridge.play();
      more = DemoGuide.genesys(genesys.toString(), bridge.conversation());
    }
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
      more.forEach(out);
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
