package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// SQL for `operators`, run as the system.
final class OperatorStore {
  private static final String COLUMNS = "id, email, name, password_hash";

  private OperatorStore() {}

  /// Adds the first operator; false when there is one already.
  static boolean insertFirst(Handle sql, UUID id, String email, String passwordHash, Instant now) {
    return sql.createUpdate(
                """
                INSERT INTO operators (id, email, name, password_hash, created_at, updated_at)
                SELECT :id, :email, 'Operator', :hash, :now, :now
                WHERE NOT EXISTS (SELECT 1 FROM operators)
                ON CONFLICT DO NOTHING
                """)
            .bind("id", id)
            .bind("email", email)
            .bind("hash", passwordHash)
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute()
        == 1;
  }

  static boolean any(Handle sql) {
    return sql.createQuery("SELECT EXISTS (SELECT 1 FROM operators)").mapTo(Boolean.class).one();
  }

  static Optional<Account> account(Handle sql, UUID id) {
    return sql.createQuery("SELECT " + COLUMNS + " FROM operators WHERE id = :id")
        .bind("id", id)
        .map(OperatorStore::accountRow)
        .findOne();
  }

  static List<Account> accounts(Handle sql, Collection<UUID> ids) {
    return sql.createQuery("SELECT " + COLUMNS + " FROM operators WHERE id = ANY(:ids)")
        .bindArray("ids", UUID.class, ids)
        .map(OperatorStore::accountRow)
        .list();
  }

  static Optional<Account> accountByEmail(Handle sql, String email) {
    return sql.createQuery("SELECT " + COLUMNS + " FROM operators WHERE email = :email")
        .bind("email", email)
        .map(OperatorStore::accountRow)
        .findOne();
  }

  static void updatePassword(Handle sql, UUID id, String passwordHash, Instant now) {
    sql.createUpdate("UPDATE operators SET password_hash = :hash, updated_at = :now WHERE id = :id")
        .bind("id", id)
        .bind("hash", passwordHash)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Account accountRow(ResultSet rs, StatementContext context) throws SQLException {
    return new Account(
        TenantId.NONE,
        rs.getObject("id", UUID.class),
        rs.getString("email"),
        rs.getString("name"),
        null,
        rs.getString("password_hash"),
        true);
  }
}
