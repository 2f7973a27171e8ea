package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.RandomText;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The first tenant of a new installation, made by somebody who can read what the server prints: a code that is good once
/// and only while there is no tenant. Of several who show it at once, one gets in.
@Singleton
public final class FirstRun {
  private static final int BYTES = 15;
  // Whoever claims it and dies on the way does not shut out the others for longer.
  private static final Duration CLAIM = Duration.ofMinutes(1);

  private final SystemDb system;
  private final Tenants tenants;
  private final Users users;

  /// Works through these doors.
  public FirstRun(SystemDb system, Tenants tenants, Users users) {
    this.system = system;
    this.tenants = tenants;
    this.users = users;
  }

  /// Whether there is no tenant yet.
  public boolean open() {
    return tenants.page(null, null, 1).isEmpty();
  }

  /// A fresh code, good until there is a tenant; the one that was offered before is good no longer. Empty when there is a
  /// tenant.
  public Optional<Secret> offer() {
    if (!open()) {
      system.run(FirstRunStore::forget);
      return Optional.empty();
    }
    var code = new Secret(RandomText.of(BYTES));
    system.run(sql -> FirstRunStore.put(sql, Hashes.sha256(code.reveal())));
    return Optional.of(code);
  }

  /// The first administrator.
  record Made(Tenant tenant, User admin) {}

  /// Makes tenant and administrator, both or none. Throws a [Problem] when there is a tenant already, the code is not the
  /// one that was offered last, somebody else is at it, or a field is not valid.
  Made make(
      @Nullable String code,
      @Nullable String slug,
      @Nullable String name,
      @Nullable String email,
      @Nullable String adminName,
      @Nullable String password) {
    if (!open()) {
      throw closed();
    }
    var input = new Input();
    String given = input.text("code", code, 100);
    Users.Draft draft = users.check(input, "admin.", email, adminName, UserRole.ADMIN, password);
    input.check(password != null && !password.isBlank(), "admin.password", "is required");
    input.done();
    String hash = Hashes.sha256(given);
    UUID claim = Ids.next();
    switch (system.query(sql -> FirstRunStore.claim(sql, hash, claim, CLAIM))) {
      case WRONG ->
          throw new Problem(
              Problem.Code.FORBIDDEN,
              "The setup code is not the one that the server printed last.");
      case TAKEN ->
          throw new Problem(
              Problem.Code.LOCKED, "Somebody else is setting it up; look again in a minute.");
      case MINE -> {
        // Goes on below.
      }
    }
    try {
      if (!open()) {
        throw closed();
      }
      Caller caller = caller();
      Users.FirstUser first = users.first(caller, draft);
      var made = new User[1];
      Tenant tenant = tenants.create(caller, slug, name, tx -> made[0] = first.create(tx).user());
      system.run(FirstRunStore::forget);
      return new Made(tenant, made[0]);
    } catch (RuntimeException e) {
      system.run(sql -> FirstRunStore.release(sql, claim));
      throw e;
    }
  }

  private static Problem closed() {
    return new Problem(
        Problem.Code.WRONG_STATE, "This installation is set up; sign in, or ask its operator.");
  }

  private static Caller caller() {
    return new Caller(
        Caller.Kind.SYSTEM,
        TenantId.NONE.value(),
        "first-run",
        null,
        null,
        EnumSet.allOf(Permission.class));
  }
}
