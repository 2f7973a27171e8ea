package dev.parley.inbox;

import dev.parley.identity.User;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Groups of agents.
@Singleton
public final class Teams {
  /// Most teams of a tenant.
  static final int MOST = 500;

  /// Most members of a team.
  static final int MOST_MEMBERS = 1000;

  private final TenantDb db;
  private final EventLog events;
  private final Audit audit;

  /// Works through `db`.
  public Teams(TenantDb db, EventLog events, Audit audit) {
    this.db = db;
    this.events = events;
    this.audit = audit;
  }

  /// Makes a team of these users. Throws a [Problem] when the name is taken, a user is not there or there are too many
  /// teams.
  public Team create(Caller caller, String name, @Nullable String description, Set<UUID> members) {
    return unlessTaken(
        name,
        caller,
        tx -> {
          if (TeamStore.count(tx.sql(), tx.tenant()) >= MOST) {
            throw new Problem(
                Problem.Code.QUOTA_EXCEEDED, "There are " + MOST + " teams; delete one first.");
          }
          UUID id = Ids.next();
          TeamStore.insert(tx.sql(), tx.tenant(), id, name, description);
          events.publish(tx, id, new InboxEvent.TeamCreated(id, name, description));
          audit.record(tx, caller, "team.created", "team", id, Map.of("name", name));
          addAll(tx, caller, id, members);
          return require(tx, caller, id);
        });
  }

  /// Gives a team another name and description. Throws a [Problem] when there is none of that id or the name is taken.
  public Team change(Caller caller, UUID id, String name, @Nullable String description) {
    return unlessTaken(
        name,
        caller,
        tx -> {
          if (!TeamStore.update(tx.sql(), tx.tenant(), id, name, description)) {
            throw Problem.notFound("team");
          }
          events.publish(tx, id, new InboxEvent.TeamChanged(id, name, description));
          audit.record(tx, caller, "team.changed", "team", id, Map.of("name", name));
          return require(tx, caller, id);
        });
  }

  /// Deletes a team; a moment later its conversations have no team. Throws a [Problem] when there is none of that id.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!TeamStore.delete(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("team");
          }
          events.publish(tx, id, new InboxEvent.TeamDeleted(id));
          audit.record(tx, caller, "team.deleted", "team", id, Map.of());
        });
  }

  /// One team. Throws a [Problem] when there is none of that id.
  public Team find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> require(tx, caller, id));
  }

  /// Teams by age: `limit` + 1 rows where there are more.
  public List<Team> page(Caller caller, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> TeamStore.page(tx.sql(), tx.tenant(), caller.id(), after, limit + 1));
  }

  /// Who is in a team, by id. Throws a [Problem] when there is no such team.
  public Page<Team.Member> members(Caller caller, UUID id, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          require(tx, caller, id);
          Page<TeamStore.Membership> page =
              Page.of(
                  TeamStore.members(tx.sql(), tx.tenant(), id, after, limit + 1),
                  limit,
                  member -> member.userId().toString());
          Map<UUID, User> users =
              Users.find(tx, page.items().stream().map(TeamStore.Membership::userId).toList())
                  .stream()
                  .collect(Collectors.toMap(User::id, user -> user));
          var members = new ArrayList<Team.Member>();
          for (TeamStore.Membership one : page.items()) {
            User user = users.get(one.userId());
            // Who was deleted a moment ago is taken out by a reader of the event log.
            if (user != null) {
              members.add(
                  new Team.Member(
                      user.id(),
                      user.name(),
                      user.email(),
                      user.state() == User.State.ACTIVE,
                      one.addedAt().toInstant()));
            }
          }
          return new Page<>(members, page.next());
        });
  }

  /// Takes users into a team; who is in it already stays. Throws a [Problem] when there is no such team or user, or the
  /// team would be too large.
  public Team add(Caller caller, UUID id, Set<UUID> users) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          if (!TeamStore.hold(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("team");
          }
          addAll(tx, caller, id, users);
          return require(tx, caller, id);
        });
  }

  private void addAll(Tx tx, Caller caller, UUID id, Set<UUID> users) {
    var known = new HashSet<UUID>();
    Users.hold(tx, users).forEach(user -> known.add(user.id()));
    if (!known.containsAll(users)) {
      throw Problem.notFound("active user");
    }
    List<UUID> added = TeamStore.add(tx.sql(), tx.tenant(), id, users);
    for (UUID user : added) {
      events.publish(tx, id, new InboxEvent.MemberAdded(id, user));
    }
    if (!added.isEmpty()) {
      audit.record(tx, caller, "team.members-added", "team", id, Map.of("users", added));
    }
    if (require(tx, caller, id).members() > MOST_MEMBERS) {
      throw new Problem(
          Problem.Code.QUOTA_EXCEEDED, "A team has at most " + MOST_MEMBERS + " members.");
    }
  }

  /// Takes a user out of a team; a moment later nobody works on the team's unresolved conversations that were theirs.
  /// Throws a [Problem] when there is no such team or they are not in it.
  public void remove(Caller caller, UUID id, UUID user) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!TeamStore.remove(tx.sql(), tx.tenant(), id, user)) {
            throw Problem.notFound("member of a team");
          }
          events.publish(tx, id, new InboxEvent.MemberRemoved(id, user));
          audit.record(tx, caller, "team.member-removed", "team", id, Map.of("user", user));
        });
  }

  /// Takes users who were deleted out of all teams.
  static void forget(Tx tx, Collection<UUID> users) {
    TeamStore.remove(tx.sql(), tx.tenant(), users);
  }

  private static Team require(Tx tx, Caller caller, UUID id) {
    return TeamStore.find(tx.sql(), tx.tenant(), caller.id(), id)
        .orElseThrow(() -> Problem.notFound("team"));
  }

  private Team unlessTaken(String name, Caller caller, Function<Tx, Team> work) {
    try {
      return db.inTenant(caller.inTenant(), work);
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, TeamStore.ONE_NAME)) {
        throw new Problem(Problem.Code.CONFLICT, "Another team is called " + name + ".");
      }
      throw e;
    }
  }
}
