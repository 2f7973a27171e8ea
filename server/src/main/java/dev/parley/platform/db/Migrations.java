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
import org.jspecify.annotations.Nullable;

/// Brings the schema forward, never back, and refuses a schema that a newer program has made.
final class Migrations {
  static final List<String> ROLES = List.of("parley_app", "parley_intake", "parley_system");

  /// Owns the search functions and may read what they search. Nobody signs in as this role.
  private static final String SEARCH = "parley_search";

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
      if (version < Database.LEAST_SERVER) {
        throw new IllegalStateException(
            "the database is PostgreSQL "
                + version
                + "; "
                + Database.LEAST_SERVER
                + " or newer is needed");
      }
      for (String role : ROLES) {
        ensureRole(connection, role, true);
      }
      ensureRole(connection, SEARCH, false);
      joinSearch(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot prepare the database at " + url + " as " + user + ": " + e.getMessage(), e);
    }
    Flyway flyway = flyway();
    refuseNewer(flyway);
    flyway.migrate();
  }

  /// Who makes a function over to a role must be of that role.
  private static void joinSearch(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT pg_has_role(current_user, '" + SEARCH + "', 'MEMBER')")) {
      boolean member = rows.next() && rows.getBoolean(1);
      if (!member) {
        statement.execute("GRANT " + SEARCH + " TO CURRENT_USER");
      }
    }
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

  /// The schema's version, empty text before the first migration.
  String version() {
    MigrationVersion version = current(flyway());
    return version == null ? "" : version.getVersion();
  }

  int pending() {
    return flyway().info().pending().length;
  }

  boolean isNewer() {
    Flyway flyway = flyway();
    MigrationVersion version = current(flyway);
    return version != null && version.compareTo(known(flyway)) > 0;
  }

  private static void refuseNewer(Flyway flyway) {
    MigrationVersion known = known(flyway);
    MigrationVersion version = current(flyway);
    if (version != null && version.compareTo(known) > 0) {
      throw new IllegalStateException(
          "the schema is at version "
              + version
              + ", newer than this program knows ("
              + known
              + "); start the newer program");
    }
  }

  private static @Nullable MigrationVersion current(Flyway flyway) {
    MigrationInfo current = flyway.info().current();
    return current == null ? null : current.getVersion();
  }

  /// The last migration that this program brings.
  private static MigrationVersion known(Flyway flyway) {
    MigrationVersion known = MigrationVersion.EMPTY;
    for (MigrationInfo info : flyway.info().all()) {
      if (info.getScript() != null
          && !info.getState().name().toUpperCase(Locale.ROOT).startsWith("FUTURE")
          && info.getVersion() != null
          && info.getVersion().compareTo(known) > 0) {
        known = info.getVersion();
      }
    }
    return known;
  }

  /// Roles are the server's, shared by its databases, so another process may make one at the same
  /// moment.
  private void ensureRole(Connection connection, String role, boolean signsIn) throws SQLException {
    try (var statement = connection.createStatement()) {
      boolean there;
      try (var rows =
          statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
        there = rows.next();
      }
      if (!there) {
        try {
          statement.execute(
              "CREATE ROLE "
                  + role
                  + (signsIn ? " LOGIN" : " NOLOGIN")
                  + " NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
        } catch (SQLException e) {
          if (!"42710".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
            throw e;
          }
        }
      }
      if (signsIn && !workPassword.reveal().isEmpty()) {
        statement.execute(
            "ALTER ROLE " + role + " PASSWORD " + statement.enquoteLiteral(workPassword.reveal()));
      }
    }
  }
}
