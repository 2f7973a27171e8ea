package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Signing in and out, for users and operators.
@Singleton
public final class SignIn {
  private final TenantDb db;
  private final Tenants tenants;
  private final Accounts accounts;
  private final Passwords passwords;
  private final LockOut lockOut;
  private final SignInRegister register;
  private final Tokens tokens;
  private final Audit audit;

  /// What somebody gets who signs in.
  ///
  /// @param accessToken goes into `Authorization: Bearer`
  /// @param expiresAt when the access token does
  /// @param refreshToken good once, for the next of these
  /// @param refreshUntil when the sign-in is over, however often it was refreshed
  public record Grant(
      Caller caller,
      String name,
      String role,
      String accessToken,
      Instant expiresAt,
      String refreshToken,
      Instant refreshUntil) {}

  SignIn(
      TenantDb db,
      Tenants tenants,
      Accounts accounts,
      Passwords passwords,
      LockOut lockOut,
      SignInRegister register,
      Tokens tokens,
      Audit audit) {
    this.db = db;
    this.tenants = tenants;
    this.accounts = accounts;
    this.passwords = passwords;
    this.lockOut = lockOut;
    this.register = register;
    this.tokens = tokens;
    this.audit = audit;
  }

  /// Signs in with an address and a password. `slug` names the tenant; without it an operator is meant, or the user of
  /// the only tenant that knows the address. Throws the same [Problem] after the same time for a wrong password, an
  /// unknown address, an unknown tenant and a disabled user; another one when tries must wait.
  public Grant login(
      @Nullable String email,
      @Nullable String password,
      @Nullable String slug,
      @Nullable String userAgent) {
    var input = new Input();
    String address = input.text("email", email, 254).toLowerCase(Locale.ROOT);
    input.check(password != null && !password.isEmpty(), "password", "is required");
    input.done();
    String ip = ClientAddress.current();
    lockOut.tryAddress(ip);
    Optional<TenantId> named =
        slug == null ? Optional.empty() : tenants.findBySlug(slug.toLowerCase(Locale.ROOT));
    Optional<Account> known =
        slug == null
            ? accounts.byEmail(address)
            : accounts.byEmail(named.orElse(TenantId.NONE), address);
    TenantId realm = known.map(Account::realm).or(() -> named).orElse(TenantId.NONE);
    lockOut.tryAccount(realm, address);
    boolean good =
        passwords.matches(String.valueOf(password), known.map(Account::passwordHash).orElse(null));
    Account account = known.filter(a -> good && a.active()).orElseThrow(SignIn::refused);
    lockOut.succeeded(realm, address, ip);
    refuseUnlessActive(realm);
    SignInRegister.Opened opened =
        db.inTenant(
            realm,
            tx -> {
              var begun = register.open(tx, account.id(), userAgent);
              audit.record(
                  tx,
                  account.caller(begun.signIn()),
                  "user.signed-in",
                  "user",
                  account.id(),
                  Map.of());
              return begun;
            });
    accounts.signedIn(account);
    return grant(account, opened);
  }

  /// Exchanges a refresh token, which is good once. Throws a [Problem] when it is not good; one that was good once ends
  /// its sign-in.
  public Grant refresh(@Nullable String refreshToken) {
    var opened =
        Optional.ofNullable(refreshToken).flatMap(register::rotate).orElseThrow(SignIn::over);
    Account account =
        accounts
            .byId(opened.realm(), opened.user())
            .filter(Account::active)
            .orElseThrow(SignIn::over);
    refuseUnlessActive(opened.realm());
    return grant(account, opened);
  }

  /// Ends the sign-in that the caller came by. A caller without one, such as an API key, is refused.
  public void logout(Caller caller) {
    UUID signIn = signIn(caller);
    db.runInTenant(realm(caller), tx -> register.end(tx, signIn, "logout"));
  }

  /// Ends all sign-ins of the caller; answers how many there were.
  public int logoutEverywhere(Caller caller) {
    signIn(caller);
    return db.inTenant(
        realm(caller),
        tx -> {
          int ended = register.endAll(tx, caller.id(), null, "logout-everywhere");
          audit.record(
              tx,
              caller,
              "user.signed-out-everywhere",
              "user",
              caller.id(),
              Map.of("signIns", ended));
          return ended;
        });
  }

  /// Changes the caller's own password and ends their other sign-ins. Throws a [Problem] when the current one is wrong
  /// or the next one is not fit.
  public void changePassword(Caller caller, @Nullable String current, @Nullable String next) {
    var input = new Input();
    input.check(current != null && !current.isEmpty(), "current", "is required");
    passwords.check(input, "next", next);
    input.done();
    UUID signIn = signIn(caller);
    TenantId realm = realm(caller);
    Account account = accounts.byId(realm, caller.id()).orElseThrow(SignIn::over);
    lockOut.tryAccount(realm, account.email());
    if (!passwords.matches(String.valueOf(current), account.passwordHash())) {
      throw Problem.invalid("current", "is not the current password");
    }
    lockOut.succeeded(realm, account.email(), null);
    accounts.changePassword(account, passwords.hash(new Secret(String.valueOf(next))));
    db.runInTenant(
        realm,
        tx -> {
          register.endAll(tx, caller.id(), signIn, "password-changed");
          audit.record(tx, caller, "user.password-changed", "user", caller.id(), Map.of());
        });
  }

  private Grant grant(Account account, SignInRegister.Opened opened) {
    Tokens.Issued access = tokens.issue(account, opened.signIn());
    return new Grant(
        account.caller(opened.signIn()),
        account.name(),
        account.roleWord(),
        access.token(),
        access.expiresAt(),
        opened.refreshToken(),
        opened.expiresAt());
  }

  private void refuseUnlessActive(TenantId realm) {
    if (!realm.equals(TenantId.NONE)
        && tenants.state(realm).orElse(Tenant.State.DELETING) != Tenant.State.ACTIVE) {
      throw new Problem(
          Problem.Code.TENANT_SUSPENDED, "The tenant is suspended; its operator can resume it.");
    }
  }

  /// An operator's sign-in belongs to no tenant, whichever they act in.
  private static TenantId realm(Caller caller) {
    return caller.kind() == Caller.Kind.OPERATOR ? TenantId.NONE : caller.inTenant();
  }

  private static UUID signIn(Caller caller) {
    UUID signIn = caller.sessionId();
    if (signIn == null) {
      throw new Problem(Problem.Code.FORBIDDEN, "This is for those who signed in with a password.");
    }
    return signIn;
  }

  private static Problem refused() {
    return new Problem(
        Problem.Code.UNAUTHENTICATED,
        "The e-mail address or the password is wrong, or the tenant must be named.");
  }

  private static Problem over() {
    return new Problem(Problem.Code.UNAUTHENTICATED, "The sign-in is over; sign in again.");
  }
}
