package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Against guessing: counts tries to sign in, by account and by address, and makes the next one wait, twice as long
/// each time. A try is counted before the password is looked at, so that many at once gain nothing; a success takes it
/// back. Accounts that do not exist are counted like those that do. Mails that strangers ask for are counted in the
/// same way, so that nobody can fill another's mailbox.
@Singleton
public final class LockOut {
  /// Tries for one account before the first wait.
  static final int FREE_FOR_ACCOUNT = 5;

  /// Tries from one address before the first wait. Many people may sit behind one.
  static final int FREE_FOR_ADDRESS = 50;

  /// Mails that may be asked for to one address before the first wait.
  static final int FREE_MAILS_FOR_ACCOUNT = 5;

  /// Mails that may be asked for from one network address before the first wait.
  static final int FREE_MAILS_FOR_ADDRESS = 30;

  /// Longest wait.
  static final Duration LONGEST = Duration.ofMinutes(15);

  /// After so long without a try the count begins anew.
  static final Duration FORGIVEN = Duration.ofHours(1);

  private static final String SIGN_IN = "Too many tries to sign in";
  private static final String MAIL = "Too many mails were asked for";

  private final TenantDb db;
  private final InstantSource clock;

  LockOut(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Counts a try for an account; throws a [Problem] with the time to wait when it is locked.
  void tryAccount(TenantId realm, String email) {
    enter(realm, account(email), FREE_FOR_ACCOUNT, SIGN_IN);
  }

  /// Counts a try from an address; throws a [Problem] with the time to wait when it is locked.
  void tryAddress(@Nullable String ip) {
    if (ip != null) {
      enter(TenantId.NONE, address(ip), FREE_FOR_ADDRESS, SIGN_IN);
    }
  }

  /// Counts a mail to an address; throws a [Problem] with the time to wait when there were too many.
  void tryMail(TenantId realm, String email) {
    enter(realm, "mail-" + account(email), FREE_MAILS_FOR_ACCOUNT, MAIL);
  }

  /// Counts a mail that somebody at a network address asks for; throws as [#tryMail] does.
  void tryMailFrom(@Nullable String ip) {
    if (ip != null) {
      enter(TenantId.NONE, "mail-" + address(ip), FREE_MAILS_FOR_ADDRESS, MAIL);
    }
  }

  /// The try has succeeded.
  void succeeded(TenantId realm, String email, @Nullable String ip) {
    db.runInTenant(realm, tx -> LockOutStore.clear(tx.sql(), realm, account(email)));
    if (ip != null) {
      // Not cleared: else a guesser with one account of their own could go on for ever.
      db.runInTenant(
          TenantId.NONE,
          tx -> LockOutStore.takeBack(tx.sql(), TenantId.NONE, address(ip), clock.instant()));
    }
  }

  /// Removes counts of a realm that nobody added to since a time; answers how many.
  public int deleteBefore(TenantId realm, Instant time) {
    return db.inTenant(realm, tx -> LockOutStore.deleteBefore(tx.sql(), realm, time));
  }

  private void enter(TenantId realm, String subject, int free, String what) {
    Instant now = clock.instant();
    Duration wait =
        db.inTenant(
            realm,
            tx -> {
              int tries =
                  LockOutStore.count(tx.sql(), realm, subject, now, now.minus(FORGIVEN)).orElse(0);
              if (tries == 0) {
                Instant until =
                    LockOutStore.lockedUntil(tx.sql(), realm, subject).orElse(now.plusSeconds(1));
                return Duration.between(now, until);
              }
              if (tries >= free) {
                LockOutStore.lock(tx.sql(), realm, subject, now.plus(pause(tries - free)));
              }
              return Duration.ZERO;
            });
    if (wait.isPositive()) {
      throw Problem.later(
          Problem.Code.TOO_MANY, what + "; wait as long as Retry-After says.", wait.plusSeconds(1));
    }
  }

  private static Duration pause(int over) {
    Duration pause = Duration.ofSeconds(1L << Math.min(over + 1, 20));
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  /// A hash, because people type passwords into the field for the address.
  private static String account(String email) {
    return "account:" + Hashes.sha256(email).substring(0, 32);
  }

  /// A subscriber has a whole /64 of IPv6 addresses, so that counts as one.
  private static String address(String ip) {
    if (ip.indexOf(':') < 0) {
      return "ip:" + ip;
    }
    try {
      String bare = ip.indexOf('%') < 0 ? ip : ip.substring(0, ip.indexOf('%'));
      return InetAddress.ofLiteral(bare) instanceof Inet6Address six
          ? "ip:" + HexFormat.of().formatHex(six.getAddress(), 0, 8)
          : "ip:" + ip;
    } catch (IllegalArgumentException e) {
      return "ip:" + ip;
    }
  }
}
