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
import dev.parley.platform.mail.Mails;
import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.tenants.Registration;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Becoming a user by oneself, where the tenant lets people: register, open the link in the mail, sign in. A request
/// does the same for an address that has an account and for one that has none; what differs is the mail.
@Singleton
public final class Registrations {
  /// How long a registration waits for its proof.
  static final Duration KEPT = Duration.ofDays(2);

  private final TenantDb db;
  private final Tenants tenants;
  private final Passwords passwords;
  private final LockOut lockOut;
  private final Mails mails;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;

  /// Who wants to become a user; checked by [#register].
  public record Draft(
      @Nullable String email,
      @Nullable String name,
      @Nullable String password,
      @Nullable String locale) {}

  /// Somebody who may sign in from now on.
  public record Joined(TenantId tenant, String slug, User user) {}

  Registrations(
      TenantDb db,
      Tenants tenants,
      Passwords passwords,
      LockOut lockOut,
      Mails mails,
      EventLog events,
      Audit audit,
      InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.passwords = passwords;
    this.lockOut = lockOut;
    this.mails = mails;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
  }

  /// Notes the wish and queues the mail. Throws a [Problem] when the draft is not valid, when the
  /// tenant of that slug is not there or not open to this address, when there were too many, and
  /// where no mails are sent. Returns the same way whether the address has an account or not.
  public void register(@Nullable String slug, Draft draft) {
    var input = new Input();
    String email = input.email("email", draft.email());
    String name = input.text("name", draft.name(), Users.NAME_LENGTH);
    passwords.check(input, "password", draft.password());
    String locale = Profiles.locale(input, "locale", draft.locale());
    input.done();
    mails.requireAble();
    TenantId tenant = slug == null ? TenantId.NONE : tenants.findBySlug(slug).orElse(TenantId.NONE);
    Registration policy = tenants.registration(tenant);
    if (policy.mode() != Registration.Mode.OPEN) {
      throw closed("Nobody can register here; ask an administrator for an account.");
    }
    if (!policy.admits(email)) {
      throw closed("Only addresses of certain domains can register here.");
    }
    lockOut.tryMailFrom(ClientAddress.current());
    lockOut.tryMail(tenant, email);
    // Outside the transaction: it takes long.
    String hash = passwords.hash(new Secret(String.valueOf(draft.password())));
    Instant now = clock.instant();
    var row = new RegistrationStore.Row(Ids.next(), email, name, hash, locale, now.plus(KEPT));
    db.runInTenant(
        tenant,
        tx -> {
          RegistrationStore.insert(tx.sql(), tenant, row, now);
          mails.queue(
              tx, AccountMails.REGISTERED, row.id().toString(), new AccountMails.About(row.id()));
        });
  }

  /// Queues the mail once more for somebody who did not get it. Returns the same way whether there is such a
  /// registration or not. Throws a [Problem] when there were too many, and where no mails are sent.
  public void again(@Nullable String slug, @Nullable String email) {
    var input = new Input();
    String address = input.email("email", email);
    input.done();
    mails.requireAble();
    TenantId tenant = slug == null ? TenantId.NONE : tenants.findBySlug(slug).orElse(TenantId.NONE);
    lockOut.tryMailFrom(ClientAddress.current());
    lockOut.tryMail(tenant, address);
    db.runInTenant(
        tenant,
        tx ->
            mails.queue(
                tx,
                AccountMails.VERIFY_AGAIN,
                AccountMails.key(address),
                new AccountMails.To(address)));
  }

  /// Makes the user whose link this is, with the password of that very registration. Throws a
  /// [Problem] when the link is not good any more, or when the address has got an account in another
  /// way.
  public Joined verify(@Nullable String text) {
    MailToken token = MailToken.parse(String.valueOf(text)).orElseThrow(Registrations::over);
    Registration policy = tenants.registration(token.tenant());
    if (policy.mode() != Registration.Mode.OPEN) {
      throw over();
    }
    try {
      return db.inTenant(token.tenant(), tx -> verify(tx, token, policy));
    } catch (RuntimeException e) {
      throw SqlFailure.isDuplicate(e, UserStore.ONE_ADDRESS) ? taken() : e;
    }
  }

  private Joined verify(Tx tx, MailToken token, Registration policy) {
    Instant now = clock.instant();
    if (!MailTokenStore.spend(tx.sql(), MailToken.Kind.VERIFICATION, token, now)) {
      throw over();
    }
    RegistrationStore.Row row =
        RegistrationStore.find(tx.sql(), tx.tenant(), token.subject(), now)
            .orElseThrow(Registrations::over);
    User user =
        User.made(
            Ids.next(),
            row.email(),
            row.name(),
            UserRole.ofWord(policy.role()),
            User.Profile.in(row.locale()),
            now,
            now);
    join(tx, user, row.passwordHash());
    audit.record(
        tx,
        self(tx, user),
        "user.registered",
        "user",
        user.id(),
        Map.of("email", user.email(), "role", user.role().word()));
    return new Joined(tx.tenant(), tenants.get(tx.tenant()).slug(), user);
  }

  /// Makes a user who has proven the address. What the address was registered with besides is void.
  void join(Tx tx, User user, String hash) {
    UserStore.insert(tx.sql(), tx.tenant(), user, hash);
    RegistrationStore.delete(tx.sql(), tx.tenant(), user.email());
    events.publish(
        tx,
        user.id(),
        new IdentityEvent.UserCreated(user.id(), user.email(), user.name(), user.role().word()));
  }

  /// Somebody who acts for themselves before they have signed in.
  static Caller self(Tx tx, User user) {
    return new Caller(Caller.Kind.USER, user.id(), user.email(), tx.tenant(), null, Set.of());
  }

  static Problem over() {
    return Problem.invalid("token", "is not good, was used or has expired; ask for another mail");
  }

  static Problem taken() {
    return new Problem(Problem.Code.CONFLICT, "The address has an account already; sign in.");
  }

  private static Problem closed(String detail) {
    return new Problem(Problem.Code.REGISTRATION_CLOSED, detail);
  }

  /// The hash of the newest registration of an address that waits for its proof, or null: for sign-in.
  @Nullable String waitingHash(TenantId tenant, String email) {
    return db.inTenant(
        tenant,
        tx ->
            RegistrationStore.newest(tx.sql(), tenant, email, clock.instant())
                .map(RegistrationStore.Row::passwordHash)
                .orElse(null));
  }

  /// Whether people can register with a tenant.
  boolean isOpen(TenantId tenant) {
    return tenants.registration(tenant).mode() == Registration.Mode.OPEN;
  }
}
