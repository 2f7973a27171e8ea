package dev.parley.identity;

import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.mail.Mails;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.UUID;

/// What belongs to every change of a user's password, whoever makes it: the hash is stored, all sign-ins end, links to
/// reset it are no longer good, the change is told, and the user gets a mail where mails are sent.
@Singleton
final class PasswordChanges {
  private final SignInRegister register;
  private final EventLog events;
  private final Mails mails;
  private final InstantSource clock;

  PasswordChanges(SignInRegister register, EventLog events, Mails mails, InstantSource clock) {
    this.register = register;
    this.events = events;
    this.mails = mails;
    this.clock = clock;
  }

  /// Sets a user's password in the transaction; `hash` is that of [Passwords#hash].
  void apply(Tx tx, UUID user, String hash) {
    UserStore.updatePassword(tx.sql(), tx.tenant(), user, hash, clock.instant());
    register.endAll(tx, user, "password-changed");
    MailTokenStore.drop(tx.sql(), tx.tenant(), MailToken.Kind.RESET, user);
    events.publish(tx, user, new IdentityEvent.UserPasswordChanged(user));
    if (mails.able()) {
      mails.queue(tx, AccountMails.CHANGED, user.toString(), new AccountMails.About(user));
    }
  }
}
