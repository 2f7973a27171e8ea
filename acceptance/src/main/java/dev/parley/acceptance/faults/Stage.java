package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A server, a sandbox and two tenants that a fault is done to. Leases, holds and time-outs are short, so that what
/// takes minutes in production takes seconds here.
final class Stage implements AutoCloseable {
  private final Path folder;
  final @Nullable ExternalPostgres postgres;
  final Sandbox sandbox;
  final Parley server;
  final Tenant acme;
  final Tenant globex;

  private Stage(Path folder, @Nullable ExternalPostgres postgres) {
    this.folder = folder;
    this.postgres = postgres;
    this.sandbox = Sandbox.start();
    Parley.Options options =
        Parley.Options.in(folder)
            .sandbox(sandbox)
            .set("lease", "3s")
            .set("unknown.hold", "3s")
            .set("whatsapp.graph.timeout", "2s")
            .set("queue.poll", "100ms");
    this.server = Parley.start(postgres == null ? options : options.database(postgres));
    Fixture tenants = Fixture.make(server, sandbox);
    this.acme = tenants.acme();
    this.globex = tenants.globex();
    sandbox.behave(
        acme.number(),
        Json.of("webhookRetryMs", 100, "webhookMaxTries", 1000, "webhookTimeoutMs", 3000));
  }

  /// On the database that Parley brings along. Each start of it has another port: make [#count()] anew.
  static Stage embedded(String name) {
    return new Stage(Folders.temporary(name), null);
  }

  /// On a PostgreSQL of its own.
  static Stage external(String name) {
    Path folder = Folders.temporary(name);
    return new Stage(folder, ExternalPostgres.start(folder));
  }

  /// The counter of the database as it runs now.
  Count count() {
    return new Count(server.sql(), acme.id());
  }

  /// So many conversations whose window is open.
  List<String> conversations(String prefix, int howMany) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < howMany; i++) {
      String customer = prefix + "%03d".formatted(i);
      sandbox.writeText(acme.number(), customer, "hello");
      JsonNode conversation = acme.api().awaitConversation(customer, Duration.ofSeconds(20));
      ids.add(conversation.path("id").asText());
    }
    return ids;
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      sandbox.close();
      if (postgres != null) {
        postgres.close();
      }
      Folders.delete(folder);
    }
  }
}
