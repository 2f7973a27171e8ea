package dev.parley.platform.db;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The door for work that belongs to no tenant: leases, timers, finding out which tenant a key or a
/// channel belongs to, and which tenants have work waiting. Its role reads a few tables across
/// tenants and writes none of theirs but what a migration granted by name.
public final class SystemDb {
  private final Jdbi jdbi;

  /// Works on connections of the role `parley_system`.
  public SystemDb(DataSource pool) {
    this.jdbi = Sql.on(pool);
  }

  /// Runs `work` in one transaction.
  public <T> T query(Function<Handle, T> work) {
    return jdbi.inTransaction(work::apply);
  }

  /// [#query] without an answer.
  public void run(Consumer<Handle> work) {
    jdbi.useTransaction(work::accept);
  }

  /// What the server says of itself.
  ///
  /// @param version such as `18.1`
  /// @param bytes that this database takes on its disk
  /// @param connections that are open, of all programs, and `most` that may be
  public record Figures(String version, long bytes, int connections, int most) {}

  /// Asks the server; throws what the connection throws when it does not answer.
  public Figures figures() {
    return query(
        sql ->
            sql.createQuery(
                    """
                    SELECT current_setting('server_version'), pg_database_size(current_database()),
                      (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                      current_setting('max_connections')::int
                    """)
                .map(
                    (rs, _) ->
                        new Figures(rs.getString(1), rs.getLong(2), rs.getInt(3), rs.getInt(4)))
                .one());
  }

  /// Whether the database answers; throws what the connection throws when it does not.
  public boolean answers() {
    return query(sql -> sql.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
  }
}
