package dev.parley.platform.db;

import dev.parley.platform.crypto.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/// Brings the schema forward, never back, and refuses a schema that a newer program has made.
final class Migrations {
  private static final int LEAST_SERVER = 15;
  private static final List<String> ROLES = List.of("parley_app", "parley_intake", "parley_system");

  private final String url;
  private final String user;
  private final Secret password;
  private final Secret workPassword;

  Migrations(String url, String user, Secret password, Secret workPassword) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.workPassword = workPassword;
  }

  void run() {
    try (Connection connection = DriverManager.getConnection(url, user, password.reveal())) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < LEAST_SERVER) {
        throw new IllegalStateException(
            "the database is PostgreSQL " + version + "; " + LEAST_SERVER + " or newer is needed");
      }
      for (String role : ROLES) {
        ensureRole(connection, role);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot prepare the database at " + url + " as " + user + ": " + e.getMessage(), e);
    }
    Flyway flyway = flyway();
    refuseNewer(flyway);
    flyway.migrate();
  }

  void check() {
    Flyway flyway = flyway();
    refuseNewer(flyway);
    int pending = flyway.info().pending().length;
    if (pending > 0) {
      throw new IllegalStateException(
          pending + " migrations are pending; run `parley migrate` or set database.migrate=true");
    }
  }

  private Flyway flyway() {
    return Flyway.configure()
        .dataSource(url, user, password.reveal())
        .locations("classpath:db")
        .validateMigrationNaming(true)
        .loggers("slf4j")
        .load();
  }

  private static void refuseNewer(Flyway flyway) {
    MigrationVersion known = MigrationVersion.EMPTY;
    for (MigrationInfo info : flyway.info().all()) {
      if (info.getScript() != null
          && !info.getState().name().toUpperCase(Locale.ROOT).startsWith("FUTURE")
          && info.getVersion() != null
          && info.getVersion().compareTo(known) > 0) {
        known = info.getVersion();
      }
    }
    MigrationInfo current = flyway.info().current();
    if (current != null
        && current.getVersion() != null
        && current.getVersion().compareTo(known) > 0) {
      throw new IllegalStateException(
          "the schema is at version "
              + current.getVersion()
              + ", newer than this program knows ("
              + known
              + "); start the newer program");
    }
  }

  /// Roles are the server's, shared by its databases, so another process may make one at the same
  /// moment.
  private void ensureRole(Connection connection, String role) throws SQLException {
    try (var statement = connection.createStatement()) {
      boolean there;
      try (var rows =
          statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
        there = rows.next();
      }
      if (!there) {
        try {
          statement.execute(
              "CREATE ROLE " + role + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
        } catch (SQLException e) {
          if (!"42710".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
            throw e;
          }
        }
      }
      if (!workPassword.reveal().isEmpty()) {
        statement.execute(
            "ALTER ROLE " + role + " PASSWORD " + statement.enquoteLiteral(workPassword.reveal()));
      }
    }
  }
}
