package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Signer;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.telemetry.ClientAddress;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is signed in, and whose refresh token is good.
@Singleton
public final class SignInRegister {
  /// How long another process may go on letting in a sign-in that was ended; the process that ends it does so at once.
  public static final Duration STALE = Duration.ofSeconds(5);

  /// How exactly it is noted when a sign-in was last seen.
  public static final Duration SEEN = Duration.ofMinutes(1);

  private static final int REMEMBERED = 50_000;
  private static final int USER_AGENT_LENGTH = 300;

  private final TenantDb db;
  private final Accounts accounts;
  private final EventLog events;
  private final Config config;
  private final InstantSource clock;
  private final Signer signer;
  private final Remembered<UUID, Optional<Account>> open;

  /// A sign-in and the token that prolongs it.
  record Opened(UUID signIn, UUID user, TenantId realm, String refreshToken, Instant expiresAt) {}

  SignInRegister(
      TenantDb db,
      Accounts accounts,
      EventLog events,
      FieldCipher cipher,
      Config config,
      InstantSource clock) {
    this.db = db;
    this.accounts = accounts;
    this.events = events;
    this.config = config;
    this.clock = clock;
    this.signer = cipher.signer("refresh-tokens");
    this.open = new Remembered<>(REMEMBERED, STALE, clock);
  }

  /// Begins a sign-in.
  ///
  /// @param device what its owner calls the device, when they said so
  Opened open(Tx tx, UUID user, @Nullable String userAgent, @Nullable String device) {
    Instant now = clock.instant();
    RefreshToken token = RefreshToken.first(tx.tenant(), Ids.next());
    var row =
        new SignInStore.Row(
            token.signIn(),
            user,
            token.familyHash(),
            token.secretHash(),
            now,
            now.plus(config.get(Keys.SESSION_LIFE)),
            false);
    String agent =
        userAgent == null || userAgent.length() <= USER_AGENT_LENGTH
            ? userAgent
            : userAgent.substring(0, USER_AGENT_LENGTH);
    SignInStore.insert(tx.sql(), tx.tenant(), row, now, ClientAddress.current(), agent, device);
    return new Opened(row.id(), user, tx.tenant(), token.text(), row.expiresAt());
  }

  /// Exchanges a refresh token for the next one; empty when it is not good. One that was good once ends its sign-in:
  /// either its owner or a thief holds the newer one, and nobody can say which.
  Optional<Opened> rotate(String text) {
    return rotate(text, Duration.ZERO);
  }

  /// The same for who may ask more than once at a time, such as the tabs of a browser, or ask again because an answer was
  /// lost: for `grace` after an exchange, the token that was exchanged and the one that was given both get the given one.
  Optional<Opened> rotate(String text, Duration grace) {
    return RefreshToken.parse(text)
        .flatMap(token -> db.inTenant(token.realm(), tx -> rotate(tx, token, grace)));
  }

  private Optional<Opened> rotate(Tx tx, RefreshToken token, Duration grace) {
    Instant now = clock.instant();
    SignInStore.Row row = open(tx, token, now).orElse(null);
    if (row == null) {
      return Optional.empty();
    }
    RefreshToken next = token.next(signer);
    boolean fresh = now.isBefore(row.refreshedAt().plus(grace));
    if (Hashes.same(row.refreshHash(), token.secretHash())) {
      if (fresh) {
        return Optional.of(opened(row, token));
      }
      SignInStore.rotate(tx.sql(), tx.tenant(), row.id(), next.secretHash(), now);
    } else if (!fresh || !Hashes.same(row.refreshHash(), next.secretHash())) {
      end(tx, row.id(), "token-reused");
      return Optional.empty();
    }
    return Optional.of(opened(row, next));
  }

  /// The open sign-in of a token's family; nobody else changes it until the commit.
  private static Optional<SignInStore.Row> open(Tx tx, RefreshToken token, Instant now) {
    return SignInStore.lock(tx.sql(), tx.tenant(), token.signIn())
        .filter(row -> !row.ended() && now.isBefore(row.expiresAt()))
        .filter(row -> Hashes.same(row.familyHash(), token.familyHash()));
  }

  private static Opened opened(SignInStore.Row row, RefreshToken token) {
    return new Opened(row.id(), row.user(), token.realm(), token.text(), row.expiresAt());
  }

  /// Ends the sign-in of a refresh token, be it the newest of its family or not; what is no token ends nothing.
  void end(String text, String reason) {
    RefreshToken.parse(text)
        .ifPresent(
            token ->
                db.runInTenant(
                    token.realm(),
                    tx ->
                        open(tx, token, clock.instant())
                            .ifPresent(row -> end(tx, row.id(), reason))));
  }

  /// Ends one sign-in. Doing it twice is no error.
  void end(Tx tx, UUID signIn, String reason) {
    SignInStore.end(tx.sql(), tx.tenant(), signIn, null, clock.instant())
        .ifPresent(user -> ended(tx, signIn, user, reason));
  }

  /// Ends one of somebody's own sign-ins; false when that is none of theirs, or over already.
  boolean endOwn(Tx tx, UUID user, UUID signIn, String reason) {
    var ended = SignInStore.end(tx.sql(), tx.tenant(), signIn, user, clock.instant());
    ended.ifPresent(_ -> ended(tx, signIn, user, reason));
    return ended.isPresent();
  }

  /// Somebody's open sign-ins, the one that was seen last first; at most `limit`.
  List<Device> devices(TenantId realm, UUID user, int limit) {
    return db.inTenant(
        realm, tx -> SignInStore.devices(tx.sql(), realm, user, clock.instant(), limit));
  }

  /// Ends all sign-ins of somebody; answers how many.
  int endAll(Tx tx, UUID user, String reason) {
    var ids = SignInStore.endAll(tx.sql(), tx.tenant(), user, clock.instant());
    ids.forEach(id -> ended(tx, id, user, reason));
    return ids.size();
  }

  /// Somebody may do other things now; their sign-ins go on.
  void changed(Tx tx, UUID user) {
    tx.afterCommit(
        () -> open.forgetIf(known -> known.filter(a -> a.id().equals(user)).isPresent()));
  }

  private void ended(Tx tx, UUID signIn, UUID user, String reason) {
    events.publish(tx, user, new IdentityEvent.UserSignedOut(user, signIn, reason));
    tx.afterCommit(() -> open.forget(signIn));
  }

  /// The account behind a sign-in that is open, as it stands now or stood up to [#STALE] ago; empty when the sign-in is
  /// over or the account may not be used.
  Optional<Account> account(TenantId realm, UUID signIn) {
    return open.get(signIn, id -> load(realm, id)).filter(account -> account.realm().equals(realm));
  }

  private Optional<Account> load(TenantId realm, UUID signIn) {
    return db.inTenant(realm, tx -> open(tx, signIn))
        .flatMap(user -> accounts.byId(realm, user))
        .filter(Account::active);
  }

  private Optional<UUID> open(Tx tx, UUID signIn) {
    Instant now = clock.instant();
    Optional<SignInStore.Open> open = SignInStore.open(tx.sql(), tx.tenant(), signIn, now);
    if (open.filter(known -> known.seenAt().plus(SEEN).isBefore(now)).isPresent()) {
      SignInStore.seen(tx.sql(), tx.tenant(), signIn, ClientAddress.current(), now);
    }
    return open.map(SignInStore.Open::user);
  }

  /// Removes sign-ins of a realm that were over before a time; answers how many.
  public int deleteBefore(TenantId realm, Instant time) {
    return db.inTenant(realm, tx -> SignInStore.deleteBefore(tx.sql(), realm, time));
  }
}
