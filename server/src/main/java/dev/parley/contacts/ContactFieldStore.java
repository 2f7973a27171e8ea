package dev.parley.contacts;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Input;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `contact_fields`.
final class ContactFieldStore {
  /// The key that makes a field's key unique in a tenant.
  static final String ONE_KEY = "contact_fields_key";

  private static final String SELECT =
      "SELECT id, key, name, type, choices, created_at, updated_at FROM contact_fields ";

  private ContactFieldStore() {}

  static void insert(
      Handle sql,
      TenantId tenant,
      UUID id,
      String key,
      String name,
      ContactField.Type type,
      List<String> choices) {
    sql.createUpdate(
            """
            INSERT INTO contact_fields (tenant_id, id, key, name, type, choices, created_at, updated_at)
            VALUES (:tenant, :id, :key, :name, :type, CAST(:choices AS text[]), now(), now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("key", key)
        .bind("name", name)
        .bind("type", Input.word(type))
        .bindArray("choices", String.class, choices)
        .execute();
  }

  static void update(Handle sql, TenantId tenant, UUID id, String name, List<String> choices) {
    sql.createUpdate(
            """
            UPDATE contact_fields SET name = :name, choices = CAST(:choices AS text[]), updated_at = now()
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("name", name)
        .bindArray("choices", String.class, choices)
        .execute();
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM contact_fields WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        == 1;
  }

  static int count(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT count(*) FROM contact_fields WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .mapTo(Integer.class)
        .one();
  }

  static Optional<ContactField> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(SELECT + "WHERE tenant_id = :tenant AND id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ContactFieldStore::field)
        .findOne();
  }

  /// By age.
  static List<ContactField> page(Handle sql, TenantId tenant, @Nullable UUID after, int limit) {
    return sql.createQuery(
            SELECT
                + """
                WHERE tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR id > :after)
                ORDER BY id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(ContactFieldStore::field)
        .list();
  }

  private static ContactField field(ResultSet rs, StatementContext context) throws SQLException {
    return new ContactField(
        rs.getObject("id", UUID.class),
        rs.getString("key"),
        rs.getString("name"),
        ContactField.Type.valueOf(rs.getString("type").toUpperCase(Locale.ROOT)),
        List.of((String[]) rs.getArray("choices").getArray()),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
