package dev.parley.platform.db;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Reads SQLSTATE codes out of exceptions. Codes: PostgreSQL manual, appendix A.
public final class SqlFailure {
  private SqlFailure() {}

  /// Whether the same transaction may succeed when run again at once: serialization failure or
  /// deadlock.
  public static boolean isRetryable(Throwable e) {
    String state = state(e);
    return "40001".equals(state) || "40P01".equals(state);
  }

  /// Whether the database rather than the work is at fault: no connection, shutting down, out of
  /// resources, cancelled by a time limit. Such work stays as it is and is tried again later.
  public static boolean isUnavailable(Throwable e) {
    String state = state(e);
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57")
            || state.startsWith("53")
            || state.startsWith("58")
            || isRetryable(e));
  }

  /// Whether a unique key refused the row; `constraint` is the key's name in the schema.
  public static boolean isDuplicate(Throwable e, String constraint) {
    return "23505".equals(state(e)) && String.valueOf(cause(e)).contains("\"" + constraint + "\"");
  }

  /// Whether a foreign key refused the change: something that is named is missing, or is still named elsewhere.
  public static boolean isReferenced(Throwable e) {
    return "23503".equals(state(e));
  }

  /// Whether a text holds what the database cannot store: the character U+0000.
  public static boolean isUnstorableText(Throwable e) {
    String state = state(e);
    return "22021".equals(state) || "22P05".equals(state);
  }

  private static @Nullable String state(Throwable e) {
    SQLException cause = cause(e);
    if (cause == null) {
      return null;
    }
    // A pool that cannot connect or hand out a connection in time gives no state.
    return cause.getSQLState() == null ? "08000" : cause.getSQLState();
  }

  private static @Nullable SQLException cause(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
