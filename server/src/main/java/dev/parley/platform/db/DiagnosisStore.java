package dev.parley.platform.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// SQL that looks at the database server itself: its clock, its roles and their rights.
final class DiagnosisStore {
  private DiagnosisStore() {}

  /// How far the database's clock is ahead of this process's, give or take the way there and back.
  static Duration skew(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      Instant before = Instant.now();
      try (var rows = statement.executeQuery("SELECT clock_timestamp()")) {
        rows.next();
        Instant there = rows.getObject(1, OffsetDateTime.class).toInstant();
        Instant after = Instant.now();
        return Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), there);
      }
    }
  }

  static boolean makesRoles(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  /// Those of the roles that exist, and whether row-level security means nothing to them.
  static List<Might> might(Connection connection, List<String> roles) throws SQLException {
    var found = new ArrayList<Might>();
    try (var statement =
        connection.prepareStatement(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ANY (?) ORDER BY 1")) {
      statement.setArray(1, connection.createArrayOf("text", roles.toArray()));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(new Might(rows.getString(1), rows.getBoolean(2)));
        }
      }
    }
    return found;
  }

  /// A role and whether it is above row-level security.
  record Might(String role, boolean mighty) {}
}
