package dev.parley.acceptance;

import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The server, sandbox and two tenants that most classes of a run share; started when the first one asks.
final class World {
  static final Duration SOON = Duration.ofSeconds(15);
  private static final AtomicLong CUSTOMERS = new AtomicLong(16505550000L);
  private static @Nullable World shared;

  final Path folder = Folders.temporary("acceptance");
  final Sandbox sandbox = Sandbox.start();
  final Genesys genesys = Genesys.start();
  final Mailbox mailbox = Mailbox.start();
  final Parley server;
  final Fixture tenants;

  private World() {
    server =
        Parley.start(
            Parley.Options.in(folder)
                .sandbox(sandbox)
                .genesys(genesys)
                .set("base.domain", "parley.example")
                .set("mail.host", "127.0.0.1")
                .set("mail.port", Integer.toString(mailbox.port()))
                .set("mail.tls", "none")
                .set("mail.from", "Parley <no-reply@parley.example>")
                .set("mail.links", "https://app.parley.example")
                // So that tests can come from many addresses.
                .set("http.proxies", "127.0.0.1")
                .set("session.grace", "2s")
                .set("lease", "3s")
                .set("unknown.hold", "3s")
                .set("whatsapp.graph.timeout", "2s")
                .set("genesys.widget.check", "1s")
                .set("queue.poll", "100ms"));
    tenants = Fixture.make(server, sandbox);
  }

  static synchronized World shared() {
    if (shared == null) {
      World world = new World();
      Runtime.getRuntime().addShutdownHook(new Thread(world::end));
      shared = world;
    }
    return shared;
  }

  /// A customer's number that nobody used yet.
  static String customer() {
    return Long.toString(CUSTOMERS.incrementAndGet());
  }

  private void end() {
    server.close();
    sandbox.close();
    genesys.close();
    mailbox.close();
    Folders.delete(folder);
  }
}
