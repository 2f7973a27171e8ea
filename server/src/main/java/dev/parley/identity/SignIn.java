package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.EmailAddress;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Signing in and out, for users and operators.
@Singleton
public final class SignIn {
  private static final int DEVICES = 200;
  private static final int DEVICE_LENGTH = 100;

  private final TenantDb db;
  private final Tenants tenants;
  private final Accounts accounts;
  private final Passwords passwords;
  private final LockOut lockOut;
  private final PasswordChanges passwordChanges;
  private final Registrations registrations;
  private final SignInRegister register;
  private final Tokens tokens;
  private final Audit audit;
  private final Config config;
  private final InstantSource clock;

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
      PasswordChanges passwordChanges,
      Registrations registrations,
      SignInRegister register,
      Tokens tokens,
      Audit audit,
      Config config,
      InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.accounts = accounts;
    this.passwords = passwords;
    this.lockOut = lockOut;
    this.passwordChanges = passwordChanges;
    this.registrations = registrations;
    this.register = register;
    this.tokens = tokens;
    this.audit = audit;
    this.config = config;
    this.clock = clock;
  }

  /// What somebody signs in with.
  ///
  /// @param slug names the tenant; without it an operator is meant, or the user of the only tenant that knows the
  ///   address
  /// @param device what to call this sign-in in the list of devices
  public record Shown(
      @Nullable String email,
      @Nullable String password,
      @Nullable String slug,
      @Nullable String userAgent,
      @Nullable String device) {}

  /// Signs in with an address and a password. Throws the same [Problem] after the same work for a wrong password, an
  /// unknown address, an unknown tenant and a disabled user; another one when tries must wait. Who has registered with
  /// that password and not opened the link yet is told so, whether or not the address has an account besides.
  public Grant login(Shown shown) {
    var input = new Input();
    String address = EmailAddress.normal(input.text("email", shown.email(), EmailAddress.MOST));
    String password = String.valueOf(shown.password());
    input.check(shown.password() != null && !password.isEmpty(), "password", "is required");
    String device = input.optional("device", shown.device(), DEVICE_LENGTH);
    input.done();
    String slug = shown.slug();
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
    boolean good = passwords.matches(password, known.map(Account::passwordHash).orElse(null));
    boolean waiting = named.isPresent() && isWaiting(named.get(), address, password);
    Account account =
        known.filter(a -> good && a.active()).orElseThrow(() -> waiting ? unverified() : refused());
    refuseUnlessActive(realm);
    SignInRegister.Opened opened =
        db.inTenant(realm, tx -> open(tx, account, shown.userAgent(), device));
    // Not before: two that sign in at once must not undo what a guesser's tries have brought.
    lockOut.succeeded(realm, address, ip);
    return grant(account, opened);
  }

  /// Compares with the newest registration of the address, or with nobody's password when there is none. Where people
  /// can register this is done at every sign-in: were it left out for addresses that have an account, whoever registers
  /// a stranger's address and then signs in would learn whether it has one.
  private boolean isWaiting(TenantId tenant, String address, String password) {
    return registrations.isOpen(tenant)
        && passwords.matches(password, registrations.waitingHash(tenant, address));
  }

  private SignInRegister.Opened open(
      Tx tx, Account account, @Nullable String userAgent, @Nullable String device) {
    // The password was compared outside this transaction and may be another one by now.
    if (account.role() != null
        && !UserStore.signedIn(
            tx.sql(), tx.tenant(), account.id(), account.passwordHash(), clock.instant())) {
      throw refused();
    }
    var begun = register.open(tx, account.id(), userAgent, device);
    audit.record(
        tx, account.caller(begun.signIn()), "user.signed-in", "user", account.id(), Map.of());
    return begun;
  }

  /// Exchanges a refresh token, which is good once. Throws a [Problem] when it is not good; one that was good once ends
  /// its sign-in.
  public Grant refresh(@Nullable String refreshToken) {
    return granted(Optional.ofNullable(refreshToken).flatMap(register::rotate));
  }

  private Grant granted(Optional<SignInRegister.Opened> rotated) {
    SignInRegister.Opened opened = rotated.orElseThrow(SignIn::over);
    Account account =
        accounts
            .byId(opened.realm(), opened.user())
            .filter(Account::active)
            .orElseThrow(SignIn::over);
    refuseUnlessActive(opened.realm());
    return grant(account, opened);
  }

  /// [#refresh(String)] for a browser, whose tabs show the same token: for `session.grace` after an exchange they all get
  /// the same next one.
  public Grant refreshInBrowser(@Nullable String refreshToken) {
    return granted(
        Optional.ofNullable(refreshToken)
            .flatMap(token -> register.rotate(token, config.get(Keys.SESSION_GRACE))));
  }

  /// Ends the sign-in of a refresh token. What is none, or none any more, ends nothing.
  public void logout(@Nullable String refreshToken) {
    if (refreshToken != null) {
      register.end(refreshToken, "logout");
    }
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
          int ended = register.endAll(tx, caller.id(), "logout-everywhere");
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

  /// The caller's open sign-ins, at most 200, the one that was seen last first.
  public List<Device> devices(Caller caller) {
    signIn(caller);
    return register.devices(realm(caller), caller.id(), DEVICES);
  }

  /// Ends one of the caller's sign-ins. Throws a [Problem] when it is none of theirs.
  public void logout(Caller caller, UUID device) {
    signIn(caller);
    boolean ended =
        db.inTenant(
            realm(caller), tx -> register.endOwn(tx, caller.id(), device, "logged-out-by-owner"));
    if (!ended) {
      throw Problem.notFound("device");
    }
  }

  /// Changes the caller's own password and ends all their sign-ins; the grant is that of a new one. Throws a [Problem]
  /// when the current one is wrong or the next one is not fit.
  public Grant changePassword(
      Caller caller, @Nullable String current, @Nullable String next, @Nullable String userAgent) {
    var input = new Input();
    input.check(current != null && !current.isEmpty(), "current", "is required");
    passwords.check(input, "next", next);
    input.done();
    signIn(caller);
    TenantId realm = realm(caller);
    Account account = accounts.byId(realm, caller.id()).orElseThrow(SignIn::over);
    lockOut.tryAccount(realm, account.email());
    if (!passwords.matches(String.valueOf(current), account.passwordHash())) {
      throw Problem.invalid("current", "is not the current password");
    }
    lockOut.succeeded(realm, account.email(), null);
    String hash = passwords.hash(new Secret(String.valueOf(next)));
    if (account.role() == null) {
      // Operators are written through another door, so this is no one transaction: sign-ins end
      // first, and again after, should one have begun meanwhile.
      db.runInTenant(realm, tx -> register.endAll(tx, account.id(), "password-changed"));
      accounts.changeOperatorsPassword(account.id(), hash);
    }
    SignInRegister.Opened opened =
        db.inTenant(
            realm,
            tx -> {
              if (account.role() == null) {
                register.endAll(tx, account.id(), "password-changed");
              } else {
                // Of two changes at once, both of which have shown the old password, one gets on.
                UserStore.lock(tx.sql(), realm, account.id());
                if (UserStore.account(tx.sql(), realm, account.id())
                    .filter(now -> now.passwordHash().equals(account.passwordHash()))
                    .isEmpty()) {
                  throw over();
                }
                passwordChanges.apply(tx, account.id(), hash);
              }
              audit.record(tx, caller, "user.password-changed", "user", caller.id(), Map.of());
              return register.open(tx, account.id(), userAgent, null);
            });
    return grant(account, opened);
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

  private static Problem unverified() {
    return new Problem(
        Problem.Code.EMAIL_UNVERIFIED,
        "Open the link in the mail that was sent to the address; it can be sent again.");
  }

  private static Problem over() {
    return new Problem(Problem.Code.UNAUTHENTICATED, "The sign-in is over; sign in again.");
  }
}
