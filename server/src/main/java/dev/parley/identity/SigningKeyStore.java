package dev.parley.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `signing_keys`, run as the system.
final class SigningKeyStore {
  /// A stored key.
  ///
  /// @param publicKey a public JWK
  /// @param privateKey the whole JWK, encrypted
  record Row(
      String kid,
      String publicKey,
      String privateKey,
      Instant createdAt,
      @Nullable Instant retiredAt) {}

  private SigningKeyStore() {}

  static void insert(Handle sql, Row row) {
    sql.createUpdate(
            """
            INSERT INTO signing_keys (kid, public_key, private_key, created_at)
            VALUES (:kid, :public, :private, :created)
            """)
        .bind("kid", row.kid())
        .bind("public", row.publicKey())
        .bind("private", row.privateKey())
        .bind("created", row.createdAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void updatePrivateKey(Handle sql, String kid, String privateKey) {
    sql.createUpdate("UPDATE signing_keys SET private_key = :private WHERE kid = :kid")
        .bind("kid", kid)
        .bind("private", privateKey)
        .execute();
  }

  static void retireOthers(Handle sql, String kid, Instant now) {
    sql.createUpdate(
            "UPDATE signing_keys SET retired_at = :now WHERE kid <> :kid AND retired_at IS NULL")
        .bind("kid", kid)
        .bind("now", now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  static void deleteRetiredBefore(Handle sql, Instant time) {
    sql.createUpdate("DELETE FROM signing_keys WHERE retired_at < :time")
        .bind("time", time.atOffset(ZoneOffset.UTC))
        .execute();
  }

  /// All keys, the newest first.
  static List<Row> all(Handle sql) {
    return sql.createQuery(
            """
            SELECT kid, public_key, private_key, created_at, retired_at FROM signing_keys
            ORDER BY created_at DESC, kid
            """)
        .map(SigningKeyStore::row)
        .list();
  }

  private static Row row(ResultSet rs, StatementContext context) throws SQLException {
    @Nullable OffsetDateTime retired = rs.getObject("retired_at", OffsetDateTime.class);
    return new Row(
        rs.getString("kid"),
        rs.getString("public_key"),
        rs.getString("private_key"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        retired == null ? null : retired.toInstant());
  }
}
