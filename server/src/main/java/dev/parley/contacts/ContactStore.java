package dev.parley.contacts;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `contacts` and `contact_identities`.
final class ContactStore {
  private static final String SELECT =
      """
      SELECT c.id, c.project_id, c.name, c.created_at, c.updated_at,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'scope', i.scope, 'value', i.value)
            ORDER BY i.created_at, i.kind, i.value), '[]'::jsonb)
          FROM contact_identities i WHERE i.tenant_id = c.tenant_id AND i.contact_id = c.id)::text AS identities,
        CASE WHEN c.fields = '{}'::jsonb THEN '{}' ELSE (
          SELECT coalesce(jsonb_object_agg(f.key, c.fields -> f.id::text ORDER BY f.id), '{}'::jsonb)
          FROM contact_fields f
          WHERE f.tenant_id = c.tenant_id AND jsonb_exists(c.fields, f.id::text))::text END AS fields
      FROM contacts c
      """;
  private static final TypeReference<List<Identity>> IDENTITIES = new TypeReference<>() {};
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private ContactStore() {}

  /// Whose the identities are, as far as they are known; contacts that have no name yet go into `nameless`.
  static Map<Identity, UUID> owners(
      Handle sql, TenantId tenant, List<Identity> identities, Set<UUID> nameless) {
    var owners = new HashMap<Identity, UUID>();
    sql.createQuery(
            """
            SELECT i.kind, i.scope, i.value, i.contact_id, c.name IS NULL
            FROM unnest(CAST(:kinds AS text[]), CAST(:scopes AS text[]), CAST(:values AS text[]))
              AS u (kind, scope, value)
            JOIN contact_identities i
              ON i.tenant_id = :tenant AND i.kind = u.kind AND i.scope = u.scope AND i.value = u.value
            JOIN contacts c ON c.tenant_id = i.tenant_id AND c.id = i.contact_id
            """)
        .bind("tenant", tenant.value())
        .bindArray("kinds", String.class, identities.stream().map(i -> word(i.kind())).toList())
        .bindArray("scopes", String.class, identities.stream().map(Identity::scope).toList())
        .bindArray("values", String.class, identities.stream().map(Identity::value).toList())
        .map(
            (rs, _) -> {
              UUID contact = rs.getObject(4, UUID.class);
              if (rs.getBoolean(5)) {
                nameless.add(contact);
              }
              return Map.entry(
                  new Identity(kind(rs.getString(1)), rs.getString(2), rs.getString(3)), contact);
            })
        .forEach(entry -> owners.put(entry.getKey(), entry.getValue()));
    return owners;
  }

  /// Gives identities to contacts; answers those that were free. Rows go in by key, so that two transactions with the
  /// same identities wait for each other rather than deadlock.
  static List<Identity> claim(
      Handle sql, TenantId tenant, List<Identity> identities, List<UUID> contacts) {
    return sql.createQuery(
            """
            INSERT INTO contact_identities (tenant_id, kind, scope, value, contact_id, created_at)
            SELECT :tenant, u.kind, u.scope, u.value, u.contact, now()
            FROM unnest(CAST(:kinds AS text[]), CAST(:scopes AS text[]), CAST(:values AS text[]),
              CAST(:contacts AS uuid[])) AS u (kind, scope, value, contact)
            ORDER BY u.kind, u.scope, u.value
            ON CONFLICT (tenant_id, kind, scope, value) DO NOTHING
            RETURNING kind, scope, value
            """)
        .bind("tenant", tenant.value())
        .bindArray("kinds", String.class, identities.stream().map(i -> word(i.kind())).toList())
        .bindArray("scopes", String.class, identities.stream().map(Identity::scope).toList())
        .bindArray("values", String.class, identities.stream().map(Identity::value).toList())
        .bindArray("contacts", UUID.class, contacts)
        .map((rs, _) -> new Identity(kind(rs.getString(1)), rs.getString(2), rs.getString(3)))
        .list();
  }

  /// Gives all identities of a contact to another.
  static void move(Handle sql, TenantId tenant, UUID from, UUID to) {
    sql.createUpdate(
            """
            UPDATE contact_identities SET contact_id = :to WHERE tenant_id = :tenant AND contact_id = :from
            """)
        .bind("tenant", tenant.value())
        .bind("from", from)
        .bind("to", to)
        .execute();
  }

  static void insert(
      Handle sql,
      TenantId tenant,
      List<UUID> ids,
      List<UUID> projects,
      List<@Nullable String> names) {
    sql.createUpdate(
            """
            INSERT INTO contacts (tenant_id, id, project_id, name, created_at, updated_at)
            SELECT :tenant, u.id, u.project, u.name, now(), now()
            FROM unnest(CAST(:ids AS uuid[]), CAST(:projects AS uuid[]), CAST(:names AS text[]))
              AS u (id, project, name)
            ON CONFLICT DO NOTHING
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .bindArray("projects", UUID.class, projects)
        .bindArray("names", String.class, names)
        .execute();
  }

  /// A name that a provider told fills an empty one and never replaces one.
  static void fillNames(Handle sql, TenantId tenant, Map<UUID, String> names) {
    List<Map.Entry<UUID, String>> rows = List.copyOf(names.entrySet());
    sql.createUpdate(
            """
            UPDATE contacts c SET name = u.name, updated_at = now()
            FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[])) AS u (id, name)
            WHERE c.tenant_id = :tenant AND c.id = u.id AND c.name IS NULL
            """)
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, rows.stream().map(Map.Entry::getKey).toList())
        .bindArray("names", String.class, rows.stream().map(Map.Entry::getValue).toList())
        .execute();
  }

  static void delete(Handle sql, TenantId tenant, Collection<UUID> ids) {
    sql.createUpdate("DELETE FROM contacts WHERE tenant_id = :tenant AND id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .execute();
  }

  static boolean rename(Handle sql, TenantId tenant, UUID id, @Nullable String name) {
    return sql.createUpdate(
                """
                UPDATE contacts SET name = :name, updated_at = now() WHERE tenant_id = :tenant AND id = :id
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("name", name)
            .execute()
        > 0;
  }

  /// Sets and clears what fields say of a contact; the others stay.
  static void say(Handle sql, TenantId tenant, UUID id, FieldValues values) {
    sql.createUpdate(
            """
            UPDATE contacts SET fields = (fields || CAST(:set AS jsonb)) - CAST(:cleared AS text[]), updated_at = now()
            WHERE tenant_id = :tenant AND id = :id
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("set", Json.write(values.set()))
        .bindArray("cleared", String.class, values.cleared().stream().map(UUID::toString).toList())
        .execute();
  }

  static List<Contact> find(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(SELECT + " WHERE c.tenant_id = :tenant AND c.id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map(ContactStore::contact)
        .list();
  }

  static Optional<Contact> find(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery(SELECT + "WHERE c.tenant_id = :tenant AND c.id = :id")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .map(ContactStore::contact)
        .findOne();
  }

  static List<Contact> page(
      Handle sql,
      TenantId tenant,
      @Nullable UUID project,
      @Nullable String name,
      @Nullable String identity,
      @Nullable UUID before,
      int limit) {
    return sql.createQuery(
            SELECT
                + """
                WHERE c.tenant_id = :tenant
                  AND (CAST(:project AS uuid) IS NULL OR c.project_id = :project)
                  AND (CAST(:name AS text) IS NULL OR strpos(lower(c.name), lower(:name)) > 0)
                  AND (CAST(:identity AS text) IS NULL OR EXISTS (
                    SELECT 1 FROM contact_identities i
                    WHERE i.tenant_id = :tenant AND i.contact_id = c.id AND i.value = :identity))
                  AND (CAST(:before AS uuid) IS NULL OR c.id < :before)
                ORDER BY c.id DESC LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("project", project)
        .bind("name", name)
        .bind("identity", identity)
        .bind("before", before)
        .bind("limit", limit)
        .map(ContactStore::contact)
        .list();
  }

  private static String word(Identity.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Identity.Kind kind(String word) {
    return Identity.Kind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Contact contact(ResultSet rs, StatementContext context) throws SQLException {
    try {
      return new Contact(
          rs.getObject("id", UUID.class),
          rs.getObject("project_id", UUID.class),
          rs.getString("name"),
          Json.MAPPER.readValue(rs.getString("identities"), IDENTITIES),
          Json.MAPPER.readValue(rs.getString("fields"), FIELDS),
          rs.getObject("created_at", OffsetDateTime.class).toInstant(),
          rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
