package dev.parley.inbox;

import dev.parley.platform.access.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// SQL for `teams` and `team_members`.
final class TeamStore {
  /// The key that makes a name unique in a tenant.
  static final String ONE_NAME = "teams_name";

  private static final String SELECT =
      """
      SELECT t.id, t.name, t.description, t.created_at, t.updated_at,
        (SELECT count(*) FROM team_members m WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id) AS members,
        EXISTS (SELECT 1 FROM team_members m
          WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id AND m.user_id = :user) AS mine
      FROM teams t
      """;

  private TeamStore() {}

  static void insert(
      Handle sql, TenantId tenant, UUID id, String name, @Nullable String description) {
    sql.createUpdate(
            """
            INSERT INTO teams (tenant_id, id, name, name_key, description, created_at, updated_at)
            VALUES (:tenant, :id, :name, lower(:name), :description, now(), now())
            """)
        .bind("tenant", tenant.value())
        .bind("id", id)
        .bind("name", name)
        .bind("description", description)
        .execute();
  }

  static boolean update(
      Handle sql, TenantId tenant, UUID id, String name, @Nullable String description) {
    return sql.createUpdate(
                """
                UPDATE teams SET name = :name, name_key = lower(:name), description = :description, updated_at = now()
                WHERE tenant_id = :tenant AND id = :id
                """)
            .bind("tenant", tenant.value())
            .bind("id", id)
            .bind("name", name)
            .bind("description", description)
            .execute()
        == 1;
  }

  static boolean delete(Handle sql, TenantId tenant, UUID id) {
    return sql.createUpdate("DELETE FROM teams WHERE tenant_id = :tenant AND id = :id")
            .bind("tenant", tenant.value())
            .bind("id", id)
            .execute()
        == 1;
  }

  static int count(Handle sql, TenantId tenant) {
    return sql.createQuery("SELECT count(*) FROM teams WHERE tenant_id = :tenant")
        .bind("tenant", tenant.value())
        .mapTo(Integer.class)
        .one();
  }

  static Optional<Team> find(Handle sql, TenantId tenant, UUID user, UUID id) {
    return sql.createQuery(SELECT + "WHERE t.tenant_id = :tenant AND t.id = :id")
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bind("id", id)
        .map(TeamStore::team)
        .findOne();
  }

  static List<Team> page(Handle sql, TenantId tenant, UUID user, @Nullable UUID after, int limit) {
    return sql.createQuery(
            SELECT
                + """
                WHERE t.tenant_id = :tenant AND (CAST(:after AS uuid) IS NULL OR t.id > :after)
                ORDER BY t.id LIMIT :limit
                """)
        .bind("tenant", tenant.value())
        .bind("user", user)
        .bind("after", after)
        .bind("limit", limit)
        .map(TeamStore::team)
        .list();
  }

  static List<InboxConversation.Named> names(Handle sql, TenantId tenant, Collection<UUID> ids) {
    return sql.createQuery(
            "SELECT id, name FROM teams WHERE tenant_id = :tenant AND id = ANY(:ids)")
        .bind("tenant", tenant.value())
        .bindArray("ids", UUID.class, ids)
        .map((rs, _) -> new InboxConversation.Named(rs.getObject(1, UUID.class), rs.getString(2)))
        .list();
  }

  /// Whether the team is there; it is until the transaction ends.
  static boolean hold(Handle sql, TenantId tenant, UUID id) {
    return sql.createQuery("SELECT 1 FROM teams WHERE tenant_id = :tenant AND id = :id FOR SHARE")
        .bind("tenant", tenant.value())
        .bind("id", id)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// Whether the user is in the team; they are until the transaction ends.
  static boolean holdMember(Handle sql, TenantId tenant, UUID team, UUID user) {
    return sql.createQuery(
            """
            SELECT 1 FROM team_members
            WHERE tenant_id = :tenant AND team_id = :team AND user_id = :user FOR SHARE
            """)
        .bind("tenant", tenant.value())
        .bind("team", team)
        .bind("user", user)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// Answers those who were not in it.
  static List<UUID> add(Handle sql, TenantId tenant, UUID team, Collection<UUID> users) {
    return sql.createQuery(
            """
            INSERT INTO team_members (tenant_id, team_id, user_id, added_at)
            SELECT :tenant, :team, u.id, now() FROM unnest(CAST(:users AS uuid[])) AS u (id) ORDER BY u.id
            ON CONFLICT DO NOTHING
            RETURNING user_id
            """)
        .bind("tenant", tenant.value())
        .bind("team", team)
        .bindArray("users", UUID.class, users)
        .mapTo(UUID.class)
        .list();
  }

  static boolean remove(Handle sql, TenantId tenant, UUID team, UUID user) {
    return sql.createUpdate(
                """
                DELETE FROM team_members WHERE tenant_id = :tenant AND team_id = :team AND user_id = :user
                """)
            .bind("tenant", tenant.value())
            .bind("team", team)
            .bind("user", user)
            .execute()
        == 1;
  }

  /// Takes users out of all teams.
  static void remove(Handle sql, TenantId tenant, Collection<UUID> users) {
    sql.createUpdate("DELETE FROM team_members WHERE tenant_id = :tenant AND user_id = ANY(:users)")
        .bind("tenant", tenant.value())
        .bindArray("users", UUID.class, users)
        .execute();
  }

  /// Who is in a team, by id, and since when.
  record Membership(UUID userId, OffsetDateTime addedAt) {}

  static List<Membership> members(
      Handle sql, TenantId tenant, UUID team, @Nullable UUID after, int limit) {
    return sql.createQuery(
            """
            SELECT user_id, added_at FROM team_members
            WHERE tenant_id = :tenant AND team_id = :team AND (CAST(:after AS uuid) IS NULL OR user_id > :after)
            ORDER BY user_id LIMIT :limit
            """)
        .bind("tenant", tenant.value())
        .bind("team", team)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (rs, _) ->
                new Membership(rs.getObject(1, UUID.class), rs.getObject(2, OffsetDateTime.class)))
        .list();
  }

  private static Team team(ResultSet rs, StatementContext context) throws SQLException {
    return new Team(
        rs.getObject("id", UUID.class),
        rs.getString("name"),
        rs.getString("description"),
        rs.getInt("members"),
        rs.getBoolean("mine"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        rs.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
