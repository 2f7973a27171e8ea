package dev.parley.inbox;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `canned_replies`.
final class CannedReplyStore {
  /// The key that makes a shortcut unique in a tenant.
  static final String ONE_SHORTCUT = "canned_replies_shortcut";

  private static final String COLUMNS = "id, shortcut, body, created_at, updated_at";

  private CannedReplyStore() {}

  static void insert(Handle sql, TenantId tenant, UUID id, String shortcut, String body) {
    sql.createUpdate(
            """
            INSERT INTO canned_replies (tenant_id, id, shortcut, body, created_at, updated_at)
            VALUES (:tenant, :id, :shortcut, :body, now(), now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("shortcut", shortcut)
        .bind("body", body)
        .execute();
  }

  static void update(Handle sql, TenantId tenant, UUID id, String shortcut, String body) {
    sql.createUpdate(
            """
            UPDATE canned_replies SET shortcut = :shortcut, body = :body, updated_at = now()
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("shortcut", shortcut)
        .bind("body", body)
        .execute();
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM canned_replies WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        == 1;
  }

  static int count(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT count(*) FROM canned_replies WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .mapTo(Integer.class)
        .one();
  }

  static Optional<CannedReply> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(
            "SELECT " + COLUMNS + " FROM canned_replies WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(CannedReplyStore::reply)
        .findOne();
  }

  /// Those with the text in shortcut or body: shortcuts that begin with it first, then those that hold it, then bodies;
  /// each by shortcut.
  ///
  /// @param text in lower case; empty for all
  /// @param afterRank of the last one of the page before, -1 for the first page
  static List<CannedReply> page(
      Handle sql,
      TenantId tenant,
      String text,
      int afterRank,
      @Nullable String afterShortcut,
      int limit) {
    return sql.createQuery(
            """
            SELECT %s FROM (
              SELECT r.*, CASE WHEN starts_with(r.shortcut, :text) THEN 0 WHEN strpos(r.shortcut, :text) > 0 THEN 1
                WHEN strpos(lower(r.body), :text) > 0 THEN 2 ELSE 3 END AS rank
              FROM canned_replies r WHERE r.tenant_id = :tenant) AS ranked
            WHERE rank < 3 AND (rank, shortcut) > (:rank, CAST(:shortcut AS text))
            ORDER BY rank, shortcut LIMIT :limit
            """
                .formatted(COLUMNS))
        .bind("tenant", tenant.value())
        .bind("text", text)
        .bind("rank", afterRank)
        .bind("shortcut", afterShortcut == null ? "" : afterShortcut)
        .bind("limit", limit)
        .map(CannedReplyStore::reply)
        .list();
  }

  private static CannedReply reply(ResultSet rs, StatementContext context) throws SQLException {
    return new CannedReply(
        rs.getObject("id", UUID.class),
        rs.getString("shortcut"),
        rs.getString("body"),
        null,
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
