package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `users`.
final class UserStore {
  /// The key that makes an address unique in a tenant.
  static final String ONE_ADDRESS = "users_email";

  private static final String COLUMNS =
      """
      id, email, name, role, state, bio, avatar_file_id, locale, time_zone, created_at, updated_at, verified_at,
        last_sign_in_at
      """;

  private UserStore() {}

  static void insert(Handle sql, TenantId tenant, User user, String passwordHash) {
    sql.createUpdate(
            """
            INSERT INTO users (tenant_id, id, email, name, role, password_hash, state, bio, locale, time_zone,
              created_at, updated_at, verified_at)
            VALUES (:tenant, :id, :email, :name, :role, :hash, :state, :bio, :locale, :zone, :created, :created,
              :verified)
            """)
        .bind("tenant", tenant.value())
        .bind("id", user.id())
        .bind("email", user.email())
        .bind("name", user.name())
        .bind("role", user.role().word())
        .bind("hash", passwordHash)
        .bind("state", Input.word(user.state()))
        .bind("bio", user.profile().bio())
        .bind("locale", user.profile().locale())
        .bind("zone", user.profile().timeZone())
        .bind("created", user.createdAt().atOffset(ZoneOffset.UTC))
        .bind("verified", time(user.verifiedAt()))
        .execute();
  }

  static List<User> find(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM users WHERE tenant_id = :tenant AND id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map(UserStore::user)
        .list();
  }

  static Optional<User> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM users WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(UserStore::user)
        .findOne();
  }

  /// Locks all active administrators, in one order, so that of two who take away each other's role one waits; then
  /// answers who they are.
  static List<UUID> lockAdmins(Handle sql, TenantId tenant) {
    return sql.createQuery(
            """
            SELECT id FROM users WHERE tenant_id = :tenant AND role = 'admin' AND state = 'active'
            ORDER BY id FOR UPDATE
            """)
        .bind("tenant", tenant.value())
        .mapTo(UUID.class)
        .list();
  }

  static Optional<User> lock(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM users WHERE tenant_id = :tenant AND id = :id FOR UPDATE")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(UserStore::user)
        .findOne();
  }

  static List<User> hold(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM users
                WHERE tenant_id = :tenant AND id = ANY(:ids) AND state = 'active' ORDER BY id FOR SHARE
                """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map(UserStore::user)
        .list();
  }

  static Map<UUID, String> names(Handle sql, TenantId tenant, Collection<UUID> ids) {
    var names = new HashMap<UUID, String>();
    sql.createQuery(
            """
            SELECT id, name FROM users WHERE tenant_id = :tenant AND id = ANY(:ids) AND state = 'active'
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map((rs, _) -> Map.entry(rs.getObject(1, UUID.class), rs.getString(2)))
        .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
    return names;
  }

  static List<User> page(
      Handle sql, TenantId tenant, @Nullable String role, @Nullable UUID after, int limit) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM users
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                  AND (CAST(:role AS text) IS NULL OR role = :role)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("role", role)
        .bind("after", after)
        .bind("limit", limit)
        .map(UserStore::user)
        .list();
  }

  static void update(Handle sql, TenantId tenant, User user) {
    sql.createUpdate(
            """
            UPDATE users SET name = :name, role = :role, state = :state, bio = :bio, avatar_file_id = :avatar,
              locale = :locale, time_zone = :zone, updated_at = :updated
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", user.id())
        .bind("name", user.name())
        .bind("role", user.role().word())
        .bind("state", Input.word(user.state()))
        .bind("bio", user.profile().bio())
        .bind("locale", user.profile().locale())
        .bind("zone", user.profile().timeZone())
        .bind("avatar", user.profile().avatar())
        .bind("updated", user.updatedAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void updatePassword(
      Handle sql, TenantId tenant, UUID id, String passwordHash, Instant now) {
    sql.createUpdate(
            """
            UPDATE users SET password_hash = :hash, updated_at = :now WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("hash", passwordHash)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// Notes that somebody signs in; false when they may not any more, or when another password than that of `hash` was
  /// set meanwhile.
  static boolean signedIn(Handle sql, TenantId tenant, UUID id, String hash, Instant now) {
    return sql.createUpdate(
                """
                UPDATE users SET last_sign_in_at = :now
                WHERE tenant_id = :tenant AND id = :id AND password_hash = :hash AND state = 'active'
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("hash", hash)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        == 1;
  }

  /// They have shown that mail to the address reaches them.
  static void verified(Handle sql, TenantId tenant, UUID id, Instant now) {
    sql.createUpdate(
            """
            UPDATE users SET verified_at = :now WHERE tenant_id = :tenant AND id = :id AND verified_at IS NULL
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void delete(Handle sql, TenantId tenant, UUID id) {
    sql.createUpdate("DELETE FROM users WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .execute();
  }

  static Optional<Account> account(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            """
            SELECT tenant_id, id, email, name, role, password_hash, state FROM users
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(UserStore::accountRow)
        .findOne();
  }

  static Optional<Account> accountByEmail(Handle sql, TenantId tenant, String email) {
    return sql.createQuery(
            """
            SELECT tenant_id, id, email, name, role, password_hash, state FROM users
            WHERE tenant_id = :tenant AND email = :email
            """)
        .bind("tenant", tenant.value())
        .bind("email", email)
        .map(UserStore::accountRow)
        .findOne();
  }

  /// Up to two tenants that know this address; read as the system.
  static List<TenantId> tenantsOf(Handle sql, String email) {
    return sql.createQuery("SELECT tenant_id FROM users WHERE email = :email LIMIT 2")
        .bind("email", email)
        .map((rs, _) -> new TenantId(rs.getObject(1, UUID.class)))
        .list();
  }

  static Account accountRow(ResultSet rs, StatementContext context) throws SQLException {
    return new Account(
        new TenantId(rs.getObject("tenant_id", UUID.class)),
        rs.getObject("id", UUID.class),
        rs.getString("email"),
        rs.getString("name"),
        UserRole.ofWord(rs.getString("role")),
        rs.getString("password_hash"),
        rs.getString("state").equals("active"));
  }

  private static User user(ResultSet rs, StatementContext context) throws SQLException {
    return new User(
        rs.getObject("id", UUID.class),
        rs.getString("email"),
        rs.getString("name"),
        UserRole.ofWord(rs.getString("role")),
        User.State.valueOf(rs.getString("state").toUpperCase(Locale.ROOT)),
        new User.Profile(
            rs.getString("bio"),
            rs.getObject("avatar_file_id", UUID.class),
            rs.getString("locale"),
            rs.getString("time_zone")),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant(),
        instant(rs, "verified_at"),
        instant(rs, "last_sign_in_at"));
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    @Nullable OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
