package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Those who may sign in to a tenant.
@Singleton
public final class Users {
  /// Longest name, in characters.
  static final int NAME_LENGTH = 200;

  private final TenantDb db;
  private final Passwords passwords;
  private final PasswordChanges passwordChanges;
  private final SignInRegister register;
  private final Avatars avatars;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;

  /// A user who is to be made; checked by [#check].
  public record Draft(
      String email, String name, UserRole role, Secret password, boolean generated) {}

  /// A new user.
  ///
  /// @param password the random one, when none was given; shown once
  public record Created(User user, @Nullable Secret password) {}

  /// What is to change; null leaves it.
  public record Change(
      @Nullable String name, @Nullable UserRole role, User.@Nullable State state) {}

  /// Works through `db`, with times of `clock`.
  Users(
      TenantDb db,
      Passwords passwords,
      PasswordChanges passwordChanges,
      SignInRegister register,
      Avatars avatars,
      EventLog events,
      Audit audit,
      InstantSource clock) {
    this.db = db;
    this.passwords = passwords;
    this.passwordChanges = passwordChanges;
    this.register = register;
    this.avatars = avatars;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
  }

  /// Checks the fields of a user to be made, and makes a random password when none is given. What is wrong goes into
  /// `input`, under names that begin with `prefix`.
  public Draft check(
      Input input,
      String prefix,
      @Nullable String email,
      @Nullable String name,
      UserRole role,
      @Nullable String password) {
    if (password != null) {
      passwords.check(input, prefix + "password", password);
    }
    return new Draft(
        input.email(prefix + "email", email),
        input.text(prefix + "name", name, NAME_LENGTH),
        role,
        new Secret(password == null ? passwords.random() : password),
        password == null);
  }

  /// Makes a user in the caller's tenant. Throws a [Problem] when the address is taken or the role permits more than
  /// the caller may.
  public Created create(Caller caller, Draft draft) {
    refuseUnlessCovered(caller, draft.role());
    // Outside the transaction: it takes long.
    String hash = passwords.hash(draft.password());
    return db.inTenant(caller.inTenant(), tx -> create(tx, caller, draft, hash));
  }

  /// Prepares the making of a tenant's first user inside the transaction that makes the tenant.
  FirstUser first(Caller caller, Draft draft) {
    String hash = passwords.hash(draft.password());
    return tx -> create(tx, caller, draft, hash);
  }

  /// Makes the user that was prepared.
  interface FirstUser {
    Created create(Tx tx);
  }

  private Created create(Tx tx, Caller caller, Draft draft, String hash) {
    Instant now = clock.instant();
    User user =
        User.made(
            Ids.next(), draft.email(), draft.name(), draft.role(), User.Profile.EMPTY, now, null);
    try {
      UserStore.insert(tx.sql(), tx.tenant(), user, hash);
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, UserStore.ONE_ADDRESS)) {
        throw new Problem(
            Problem.Code.CONFLICT, "Another user has the address " + user.email() + ".");
      }
      throw e;
    }
    events.publish(
        tx,
        user.id(),
        new IdentityEvent.UserCreated(user.id(), user.email(), user.name(), user.role().word()));
    audit.record(
        tx,
        caller,
        "user.created",
        "user",
        user.id(),
        Map.of("email", user.email(), "name", user.name(), "role", user.role().word()));
    return new Created(user, draft.generated() ? draft.password() : null);
  }

  /// One of the tenant's users.
  public Optional<User> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> UserStore.find(tx.sql(), tenant, id));
  }

  /// Those of the users who are there, active or not.
  public static List<User> find(Tx tx, Collection<UUID> ids) {
    return UserStore.find(tx.sql(), tx.tenant(), ids);
  }

  /// Those of the users who are there and active; none of them is changed by anybody until the transaction ends.
  public static List<User> hold(Tx tx, Collection<UUID> ids) {
    return UserStore.hold(tx.sql(), tx.tenant(), ids);
  }

  /// The names of those of the users who are there and active, by id.
  public static Map<UUID, String> names(Tx tx, Collection<UUID> ids) {
    return UserStore.names(tx.sql(), tx.tenant(), ids);
  }

  /// Up to `limit` users in the order of their making, after one; only of a role when that is given.
  public List<User> page(
      TenantId tenant, @Nullable UserRole role, @Nullable UUID after, int limit) {
    return db.inTenant(
        tenant,
        tx -> UserStore.page(tx.sql(), tenant, role == null ? null : role.word(), after, limit));
  }

  /// Changes a user. Being disabled ends their sign-ins; with another role they go on, and may do what it permits at once
  /// here and within [SignInRegister#STALE] elsewhere. Throws a [Problem] when there is none of that
  /// id, when the old or new role permits more than the caller may, or when the tenant would have no active
  /// administrator left.
  public User change(Caller caller, UUID id, Change change) {
    var input = new Input();
    String name = change.name();
    String newName = name == null ? null : input.text("name", name, NAME_LENGTH);
    input.done();
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          User known = lock(tx, caller, id);
          UserRole role = change.role() == null ? known.role() : change.role();
          User.State state = change.state() == null ? known.state() : change.state();
          refuseUnlessCovered(caller, role);
          User changed =
              known.with(
                  newName == null ? known.name() : newName,
                  role,
                  state,
                  known.profile(),
                  clock.instant());
          if (role != UserRole.ADMIN || state != User.State.ACTIVE) {
            refuseIfLastAdmin(tx, id);
          }
          UserStore.update(tx.sql(), tx.tenant(), changed);
          tellOfAccess(tx, known, changed);
          String stateWord = Input.word(state);
          events.publish(
              tx, id, new IdentityEvent.UserChanged(id, changed.name(), role.word(), stateWord));
          audit.record(
              tx,
              caller,
              "user.changed",
              "user",
              id,
              Map.of("name", changed.name(), "role", role.word(), "state", stateWord));
          return changed;
        });
  }

  /// What ends sign-ins or changes what they permit is told in an event of its own, for those who keep sockets.
  private void tellOfAccess(Tx tx, User known, User changed) {
    UUID id = known.id();
    if (changed.role() != known.role()) {
      events.publish(
          tx,
          id,
          new IdentityEvent.UserRoleChanged(id, known.role().word(), changed.role().word()));
      register.changed(tx, id);
    }
    if (changed.state() == User.State.DISABLED && known.state() != User.State.DISABLED) {
      events.publish(tx, id, new IdentityEvent.UserSuspended(id));
    }
    if (changed.state() == User.State.DISABLED) {
      register.endAll(tx, id, "user-changed");
    }
  }

  /// Gives somebody who has lost theirs a new random password, shown once, and ends their sign-ins. Throws a [Problem]
  /// as [#change] does.
  public Secret resetPassword(Caller caller, UUID id) {
    var password = new Secret(passwords.random());
    String hash = passwords.hash(password);
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          lock(tx, caller, id);
          passwordChanges.apply(tx, id, hash);
          audit.record(tx, caller, "user.password-reset", "user", id, Map.of());
        });
    return password;
  }

  /// Removes a user and ends their sign-ins; what they did stays. Throws a [Problem] as [#change] does.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          User known = lock(tx, caller, id);
          refuseIfLastAdmin(tx, id);
          register.endAll(tx, id, "user-changed");
          avatars.set(tx, caller, id, null);
          UserStore.delete(tx.sql(), tx.tenant(), id);
          events.publish(tx, id, new IdentityEvent.UserDeleted(id));
          audit.record(tx, caller, "user.deleted", "user", id, Map.of("email", known.email()));
        });
  }

  private static User lock(Tx tx, Caller caller, UUID id) {
    // Before the user's own row, so that all take the locks in one order.
    UserStore.lockAdmins(tx.sql(), tx.tenant());
    User known =
        UserStore.lock(tx.sql(), tx.tenant(), id).orElseThrow(() -> Problem.notFound("user"));
    refuseUnlessCovered(caller, known.role());
    return known;
  }

  private static void refuseIfLastAdmin(Tx tx, UUID id) {
    if (UserStore.lockAdmins(tx.sql(), tx.tenant()).equals(List.of(id))) {
      throw new Problem(
          Problem.Code.WRONG_STATE,
          "This is the last active administrator; make another user administrator first.");
    }
  }

  /// Throws a [Problem] when a role permits more than the caller may.
  static void refuseUnlessCovered(Caller caller, UserRole role) {
    if (!RoleTable.covers(caller.permissions(), role)) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "The role " + role.word() + " permits more than you may.");
    }
  }
}
