package dev.parley.platform.db;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The database of this process: an embedded PostgreSQL in the data folder, or yours when
/// `database.url` names one.
///
/// Three working roles, none of which owns a table or bypasses row-level security: `parley_app` for
/// tenants' work, `parley_intake` which may only insert into the queue, `parley_system` for leases,
/// timers and look-ups.
public final class Database implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Database.class);
  private static final String NAME = "parley";

  /// The oldest PostgreSQL that will do.
  public static final int LEAST_SERVER = 15;

  private final @Nullable LocalPostgres local;
  private final String url;
  private final String ownerUser;
  private final Secret ownerPassword;
  private final Secret workPassword;
  private static final String APP = "parley_app";

  // What works for one tenant finds its rows by an index. A plan that was made while a queue was
  // empty would read all of
  // the table, again and again, once there is a backlog; PostgreSQL makes a new one only after it
  // has analysed the table.
  // Plans without an index cost so much then that compiling them would seem to pay.
  private static final String PLANS = " -c enable_seqscan=off -c jit=off";

  private final int poolSize;
  private final List<Named> pools = new CopyOnWriteArrayList<>();

  private record Named(String role, AgroalDataSource connections) {}

  private Database(
      @Nullable LocalPostgres local,
      String url,
      String ownerUser,
      Secret ownerPassword,
      Secret workPassword,
      int poolSize) {
    this.local = local;
    this.url = url;
    this.ownerUser = ownerUser;
    this.ownerPassword = ownerPassword;
    this.workPassword = workPassword;
    this.poolSize = poolSize;
  }

  /// Starts the embedded database or takes the one that is configured; connects lazily. Throws
  /// `IllegalStateException` with the way out when the embedded one cannot start.
  public static Database open(Config config) {
    String url = config.find(Keys.DATABASE_URL).orElse(null);
    int poolSize = config.get(Keys.DATABASE_POOL);
    if (url != null) {
      Secret none = new Secret("");
      return new Database(
          null,
          url,
          config.get(Keys.DATABASE_OWNER_USER),
          config.find(Keys.DATABASE_OWNER_PASSWORD).orElse(none),
          config.find(Keys.DATABASE_PASSWORD).orElse(none),
          poolSize);
    }
    LocalPostgres local = LocalPostgres.start(Path.of(config.get(Keys.DATA_DIR)));
    createDatabase(local);
    return new Database(
        local,
        local.url(NAME),
        local.ownerUser(),
        local.ownerPassword(),
        local.ownerPassword(),
        poolSize);
  }

  private static void createDatabase(LocalPostgres local) {
    try (Connection connection =
            DriverManager.getConnection(
                local.url("postgres"), local.ownerUser(), local.ownerPassword().reveal());
        var statement = connection.createStatement();
        var there =
            statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
      if (!there.next()) {
        statement.execute("CREATE DATABASE " + NAME);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the embedded database", e);
    }
  }

  /// Whether the database is the embedded one.
  public boolean embedded() {
    return local != null;
  }

  /// Runs `work` once when the embedded database ends although nobody has closed it.
  public void whenGone(Runnable work) {
    if (local != null) {
      local.whenGone(work);
    }
  }

  /// The JDBC URL, without credentials.
  public String url() {
    return url;
  }

  /// A connection as the owner of the tables, for migrations and checks; the caller closes it.
  public Connection ownerConnection() throws SQLException {
    return DriverManager.getConnection(url, ownerUser, ownerPassword.reveal());
  }

  /// Brings the schema to this program's version. Throws `IllegalStateException` when the schema is
  /// newer.
  public void migrate() {
    migrations().run();
  }

  /// Refuses to go on when the schema is not exactly this program's version.
  public void checkVersion() {
    migrations().check();
  }

  /// The version of the schema as it stands; empty text before the first migration.
  public String schemaVersion() {
    return migrations().version();
  }

  /// What the server says of itself and of the roles that work on it.
  ///
  /// @param skew how far the database's clock is ahead of ours
  /// @param schema the schema's version, empty text before the first migration
  /// @param newer whether a newer program has made the schema
  public record Diagnosis(
      int major,
      Duration skew,
      String owner,
      boolean ownerMakesRoles,
      List<WorkingRole> roles,
      String schema,
      int pending,
      boolean newer) {}

  /// A role that exists.
  ///
  /// @param mighty whether it is above row-level security
  /// @param connects whether it can sign in
  public record WorkingRole(String name, boolean mighty, boolean connects) {}

  /// Looks at the server without changing it. Throws `IllegalStateException` when it cannot be reached.
  public Diagnosis diagnose() {
    try (Connection connection = ownerConnection()) {
      var roles = new ArrayList<WorkingRole>();
      for (var found : DiagnosisStore.might(connection, Migrations.ROLES)) {
        roles.add(new WorkingRole(found.role(), found.mighty(), connects(found.role())));
      }
      Migrations migrations = migrations();
      return new Diagnosis(
          connection.getMetaData().getDatabaseMajorVersion(),
          DiagnosisStore.skew(connection),
          ownerUser,
          DiagnosisStore.makesRoles(connection),
          roles,
          migrations.version(),
          migrations.pending(),
          migrations.isNewer());
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot connect to " + url + " as " + ownerUser + ": " + e.getMessage(), e);
    }
  }

  private boolean connects(String role) {
    try (Connection _ = DriverManager.getConnection(url, role, workPassword.reveal())) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private Migrations migrations() {
    return new Migrations(url, ownerUser, ownerPassword, workPassword);
  }

  /// Connections for tenants' work.
  public DataSource app() {
    return pool(APP, poolSize);
  }

  /// Connections for work that belongs to no tenant.
  public DataSource system() {
    return pool("parley_system", Math.max(4, poolSize / 2));
  }

  /// Connections for the intake's commits.
  public DataSource intake(int writers) {
    return pool("parley_intake", writers);
  }

  /// A pool of connections.
  ///
  /// @param active in use now, of at most `most`
  /// @param waiting threads that want one
  public record Pool(String role, long active, long waiting, int most) {}

  /// The pools of this process.
  public List<Pool> pools() {
    return pools.stream()
        .map(
            pool -> {
              var figures = pool.connections().getMetrics();
              int most =
                  pool.connections().getConfiguration().connectionPoolConfiguration().maxSize();
              return new Pool(pool.role(), figures.activeCount(), figures.awaitingCount(), most);
            })
        .sorted(Comparator.comparing(Pool::role))
        .toList();
  }

  /// A connection for the log of calls, which inserts and nothing else.
  public DataSource calls() {
    return pool("parley_intake", 1);
  }

  private AgroalDataSource pool(String role, int size) {
    // Citus passes SET LOCAL on to its workers only when asked to; PostgreSQL ignores the unknown
    // setting.
    var settings =
        new AgroalDataSourceConfigurationSupplier()
            .metricsEnabled(true)
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(size)
                        .initialSize(0)
                        .minSize(0)
                        .acquisitionTimeout(Duration.ofSeconds(5))
                        .validateOnBorrow(false)
                        .idleValidationTimeout(Duration.ofSeconds(5))
                        .exceptionSorter(
                            e -> {
                              String state = e.getSQLState();
                              return state == null
                                  || state.startsWith("08")
                                  || state.startsWith("57P");
                            })
                        .connectionValidator(
                            AgroalConnectionPoolConfiguration.ConnectionValidator
                                .defaultValidatorWithTimeout(2))
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url)
                                    .principal(new NamePrincipal(role))
                                    .credential(new SimplePassword(workPassword.reveal()))
                                    .jdbcProperty("ApplicationName", role)
                                    .jdbcProperty("connectTimeout", "3")
                                    .jdbcProperty("socketTimeout", "60")
                                    .jdbcProperty("tcpKeepAlive", "true")
                                    .jdbcProperty("prepareThreshold", "2")
                                    .jdbcProperty(
                                        "options",
                                        "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
                                            + " -c citus.propagate_set_commands=local"
                                            + (role.equals(APP) ? PLANS : ""))));
    try {
      AgroalDataSource pool = AgroalDataSource.from(settings);
      pools.add(new Named(role, pool));
      return pool;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot set up connections for " + role, e);
    }
  }

  @Override
  public void close() {
    pools.forEach(pool -> pool.connections().close());
    if (local != null) {
      LOG.debug("stopping the embedded database");
      local.close();
    }
  }
}
