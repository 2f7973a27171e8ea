package dev.parley.testing;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Connections of a pool that a test can count, cut off, or hold back as if the process were paused.
public final class Connections implements DataSource {
  private static final Set<String> STATEMENTS =
      Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "executeBatch");

  private final DataSource pool;
  private final AtomicInteger statements = new AtomicInteger();
  private volatile boolean away;
  private volatile @Nullable CountDownLatch held;

  /// Hands out connections of `pool`.
  public Connections(DataSource pool) {
    this.pool = pool;
  }

  /// How many statements were executed so far.
  public int statements() {
    return statements.get();
  }

  /// Whether the database is out of reach: whoever asks for a connection is told so.
  public void away(boolean now) {
    away = now;
  }

  /// Whoever asks for a connection waits until [#release].
  public void hold() {
    held = new CountDownLatch(1);
  }

  /// Ends [#hold].
  public void release() {
    CountDownLatch latch = held;
    held = null;
    if (latch != null) {
      latch.countDown();
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    CountDownLatch latch = held;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new SQLException("interrupted", "08000", e);
      }
    }
    if (away) {
      throw new SQLException("the test has cut the connection", "08006");
    }
    return counted(pool.getConnection(), Connection.class);
  }

  private <T> T counted(T target, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            Connections.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (java.sql.Statement.class.isAssignableFrom(type)
                  && STATEMENTS.contains(method.getName())) {
                statements.incrementAndGet();
              }
              try {
                Object result = method.invoke(target, arguments);
                return switch (result) {
                  case java.sql.PreparedStatement statement ->
                      counted(statement, java.sql.PreparedStatement.class);
                  case java.sql.Statement statement -> counted(statement, java.sql.Statement.class);
                  case null, default -> result;
                };
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return pool.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    pool.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    pool.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return pool.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return pool.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return pool.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return pool.isWrapperFor(type);
  }
}
