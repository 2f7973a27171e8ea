package dev.parley.testing;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.db.Database;
import dev.parley.platform.db.LocalPostgres;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A migrated database of its own, copied from a template that is migrated once in a test run.
/// Where the system property `parley.test.database.url` names a server (with user and password in
/// it), that one is used instead of the embedded one.
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable Server server;

  private record Server(String urlPrefix, String user, String password) {
    String url(String database) {
      return urlPrefix + database;
    }
  }

  /// One tenant, for tests that want two that must never meet.
  public final TenantId acme = new TenantId(UUID.randomUUID());

  /// The other tenant.
  public final TenantId globex = new TenantId(UUID.randomUUID());

  private final Database database;
  private final TenantDb tenants;
  private final SystemDb system;

  private TestDatabase(Database database) {
    this.database = database;
    this.tenants = new TenantDb(database.app());
    this.system = new SystemDb(database.system());
  }

  /// Makes a fresh copy of the template.
  public static synchronized TestDatabase create() {
    Server known = server();
    String name = "t" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
    execute(known, "CREATE DATABASE " + name + " TEMPLATE parley_template");
    return new TestDatabase(open(known, name));
  }

  /// The door to tenants' rows.
  public TenantDb tenants() {
    return tenants;
  }

  /// The door to what belongs to no tenant.
  public SystemDb system() {
    return system;
  }

  /// The pools and the owner's connection.
  public Database database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
  }

  private static Database open(Server server, String name) {
    return Database.open(
        Config.load(
            Map.of(),
            null,
            Map.of(
                "database.url", server.url(name),
                "database.owner.user", server.user(),
                "database.owner.password", server.password(),
                "database.password", server.password())));
  }

  private static Server server() {
    Server known = server;
    if (known == null) {
      known = connect();
      execute(known, "DROP DATABASE IF EXISTS parley_template");
      execute(known, "CREATE DATABASE parley_template");
      try (Database template = open(known, "parley_template")) {
        template.migrate();
      }
      server = known;
    }
    return known;
  }

  private static Server connect() {
    String url = System.getProperty("parley.test.database.url", "");
    if (!url.isEmpty()) {
      return new Server(url, "postgres", System.getProperty("parley.test.database.password", ""));
    }
    // The process ends with the test run, and the database with it.
    LocalPostgres local = LocalPostgres.start(Path.of("target", "test-postgres"));
    Runtime.getRuntime().addShutdownHook(new Thread(local::close));
    String any = local.url("postgres");
    return new Server(
        any.substring(0, any.lastIndexOf('/') + 1),
        local.ownerUser(),
        local.ownerPassword().reveal());
  }

  private static void execute(Server server, String sql) {
    try (var connection =
            DriverManager.getConnection(server.url("postgres"), server.user(), server.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
