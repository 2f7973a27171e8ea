package dev.parley.acceptance.driver;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The database as an oracle: read as its superuser, past every policy, to count what is really there. Opens a
/// connection for each call, because the server comes and goes in fault tests.
public record Sql(String url, String user, String password) {
  /// What a call does with its connection.
  public interface Work<T> {
    /// Throws what the driver throws.
    T on(Connection connection) throws SQLException;
  }

  /// Runs something on a connection of its own; what goes wrong comes out as `IllegalStateException`.
  public <T> T with(Work<T> work) {
    var properties = new Properties();
    properties.put("user", user);
    properties.put("password", password);
    properties.put("connectTimeout", "3");
    properties.put("socketTimeout", "60");
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// Whether it takes a connection and answers.
  public boolean answers() {
    try {
      return number("SELECT 1") == 1;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /// The one number that a query answers; 0 for none.
  public long number(String query, Object... parameters) {
    List<List<@Nullable Object>> rows = rows(query, parameters);
    return rows.isEmpty() || !(rows.getFirst().getFirst() instanceof Number number)
        ? 0
        : number.longValue();
  }

  /// The first column of every row as text.
  public List<String> texts(String query, Object... parameters) {
    return rows(query, parameters).stream().map(row -> String.valueOf(row.getFirst())).toList();
  }

  /// All rows.
  public List<List<@Nullable Object>> rows(String query, Object... parameters) {
    return with(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
              statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
              return read(result);
            }
          }
        });
  }

  private static List<List<@Nullable Object>> read(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    var rows = new ArrayList<List<@Nullable Object>>();
    while (result.next()) {
      var row = new ArrayList<@Nullable Object>();
      for (int i = 1; i <= columns; i++) {
        row.add(result.getObject(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /// Runs a statement and answers how many rows it changed.
  public int change(String statement, Object... parameters) {
    return with(
        connection -> {
          try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) {
              prepared.setObject(i + 1, parameters[i]);
            }
            return prepared.executeUpdate();
          }
        });
  }
}
