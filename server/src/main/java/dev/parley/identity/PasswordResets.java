package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Input;
import dev.parley.platform.mail.Mails;
import dev.parley.platform.telemetry.ClientAddress;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A new password for somebody who has lost theirs, by a link in a mail. Operators have none of it: theirs is reset on
/// the machine.
@Singleton
public final class PasswordResets {
  private final TenantDb db;
  private final Tenants tenants;
  private final Accounts accounts;
  private final Passwords passwords;
  private final PasswordChanges changes;
  private final LockOut lockOut;
  private final Mails mails;
  private final Audit audit;
  private final InstantSource clock;

  PasswordResets(
      TenantDb db,
      Tenants tenants,
      Accounts accounts,
      Passwords passwords,
      PasswordChanges changes,
      LockOut lockOut,
      Mails mails,
      Audit audit,
      InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.accounts = accounts;
    this.passwords = passwords;
    this.changes = changes;
    this.lockOut = lockOut;
    this.mails = mails;
    this.audit = audit;
    this.clock = clock;
  }

  /// Queues the mail. Without a slug the only tenant that knows the address is meant. Returns the
  /// same way, after the same work, whether there is such an account or not. Throws a [Problem] when
  /// there were too many, and where no mails are sent.
  public void ask(@Nullable String slug, @Nullable String email) {
    var input = new Input();
    String address = input.email("email", email);
    input.done();
    mails.requireAble();
    lockOut.tryMailFrom(ClientAddress.current());
    TenantId tenant =
        slug == null
            ? accounts.onlyTenantOf(address)
            : tenants.findBySlug(slug).orElse(TenantId.NONE);
    lockOut.tryMail(slug == null ? TenantId.NONE : tenant, address);
    db.runInTenant(
        tenant,
        tx ->
            mails.queue(
                tx, AccountMails.RESET, AccountMails.key(address), new AccountMails.To(address)));
  }

  /// Sets the password of the user whose link this is, and ends all their sign-ins. Throws a [Problem] when the link is
  /// not good any more or the password is not fit; the link stays good then.
  public void complete(@Nullable String text, @Nullable String password) {
    var input = new Input();
    passwords.check(input, "password", password);
    input.done();
    MailToken token = MailToken.parse(String.valueOf(text)).orElseThrow(Registrations::over);
    TenantId tenant = token.tenant();
    boolean good =
        tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent()
            && db.inTenant(
                tenant,
                tx ->
                    MailTokenStore.isGood(tx.sql(), MailToken.Kind.RESET, token, clock.instant()));
    if (!good) {
      throw Registrations.over();
    }
    // Outside the transaction, and only for a link that is good: it takes long.
    String hash = passwords.hash(new Secret(String.valueOf(password)));
    User changed =
        db.inTenant(
            tenant,
            tx -> {
              User user =
                  UserStore.lock(tx.sql(), tenant, token.subject())
                      .filter(known -> known.state() == User.State.ACTIVE)
                      .orElseThrow(Registrations::over);
              if (!MailTokenStore.spend(tx.sql(), MailToken.Kind.RESET, token, clock.instant())) {
                throw Registrations.over();
              }
              changes.apply(tx, user.id(), hash);
              UserStore.verified(tx.sql(), tenant, user.id(), clock.instant());
              audit.record(
                  tx,
                  Registrations.self(tx, user),
                  "user.password-reset-by-mail",
                  "user",
                  user.id(),
                  Map.of());
              return user;
            });
    // Who has the mailbox need not wait for what a guesser did.
    lockOut.succeeded(tenant, changed.email(), null);
  }
}
