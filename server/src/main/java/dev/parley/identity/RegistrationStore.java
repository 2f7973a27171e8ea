package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `registrations`.
final class RegistrationStore {
  private static final String COLUMNS = "id, email, name, password_hash, locale, expires_at";

  /// Somebody who has registered and not yet proven the address.
  record Row(
      UUID id,
      String email,
      String name,
      String passwordHash,
      @Nullable String locale,
      Instant expiresAt) {}

  private RegistrationStore() {}

  static void insert(Handle sql, TenantId tenant, Row row, Instant now) {
    sql.createUpdate(
            """
            INSERT INTO registrations (tenant_id, id, email, name, password_hash, locale, created_at, expires_at)
            VALUES (:tenant, :id, :email, :name, :hash, :locale, :now, :expires)
            """)
        .bind("tenant", tenant.value())
        .bind("id", row.id())
        .bind("email", row.email())
        .bind("name", row.name())
        .bind("hash", row.passwordHash())
        .bind("locale", row.locale())
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .bind("expires", row.expiresAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  static Optional<Row> find(Handle sql, TenantId tenant, UUID id, Instant now) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + " FROM registrations WHERE tenant_id = :tenant AND id = :id AND expires_at > :now")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(RegistrationStore::row)
        .findOne();
  }

  static Optional<Row> newest(Handle sql, TenantId tenant, String email, Instant now) {
    return sql.createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM registrations WHERE tenant_id = :tenant AND email = :email AND expires_at > :now
                ORDER BY id DESC LIMIT 1
                """)
        .bind("tenant", tenant.value())
        .bind("email", email)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .map(RegistrationStore::row)
        .findOne();
  }

  /// Removes all attempts with an address.
  static void delete(Handle sql, TenantId tenant, String email) {
    sql.createUpdate("DELETE FROM registrations WHERE tenant_id = :tenant AND email = :email")
        .bind("tenant", tenant.value())
        .bind("email", email)
        .execute();
  }

  static int deleteBefore(Handle sql, TenantId tenant, Instant time) {
    return sql.createUpdate(
            "DELETE FROM registrations WHERE tenant_id = :tenant AND expires_at < :time")
        .bind("tenant", tenant.value())
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    return new Row(
        rs.getObject("id", UUID.class),
        rs.getString("email"),
        rs.getString("name"),
        rs.getString("password_hash"),
        rs.getString("locale"),
        rs.getObject("expires_at", OffsetDateTime.class).toInstant());
  }
}
