package dev.parley.platform.http;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Remembers what requests with an `Idempotency-Key` were answered, so that one that is sent again has its effect once.
/// Answers are encrypted, since some show a secret.
@Singleton
public final class IdempotentRequests {
  /// After so long without an answer, the process that ran a request is taken for dead.
  static final Duration ABANDONED = Duration.ofSeconds(60);

  /// How long an answer is remembered.
  public static final Duration KEPT = Duration.ofHours(24);

  /// Longest body that is remembered, in characters; of a longer one only status and address are.
  static final int BODY_LENGTH = 256 << 10;

  private static final int TRIES = 3;

  private final TenantDb db;
  private final FieldCipher cipher;
  private final InstantSource clock;

  /// What became of a claim.
  public sealed interface Claim {
    /// The request is to run now, and to end with [#complete] or [#release].
    record Granted(TenantId realm, UUID caller, String key, Instant at) implements Claim {}

    /// It was answered before; this is the answer.
    record Answered(int status, @Nullable String location, @Nullable String body)
        implements Claim {}

    /// It is running.
    record Running() implements Claim {}

    /// The key came with another request.
    record Taken() implements Claim {}
  }

  /// Keeps claims and answers through `db`.
  public IdempotentRequests(TenantDb db, FieldCipher cipher, InstantSource clock) {
    this.db = db;
    this.cipher = cipher;
    this.clock = clock;
  }

  /// Claims a caller's key for the request of that fingerprint.
  public Claim claim(Caller caller, String key, String fingerprint) {
    TenantId tenant = caller.tenant();
    var id = new IdempotencyStore.Key(tenant == null ? TenantId.NONE : tenant, caller.id(), key);
    // The database keeps microseconds, and the time is what tells this claim from a later one.
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      Claim claim = db.inTenant(id.realm(), tx -> claim(tx, id, fingerprint, now));
      if (claim != null) {
        return claim;
      }
    }
    return new Claim.Running();
  }

  /// Null when the key was freed between the two statements.
  private @Nullable Claim claim(Tx tx, IdempotencyStore.Key id, String fingerprint, Instant now) {
    if (IdempotencyStore.claim(
        tx.sql(), id, fingerprint, now, now.minus(ABANDONED), now.minus(KEPT))) {
      return new Claim.Granted(id.realm(), id.caller(), id.key(), now);
    }
    IdempotencyStore.Row row = IdempotencyStore.find(tx.sql(), id).orElse(null);
    if (row == null) {
      return null;
    }
    if (!row.fingerprint().equals(fingerprint)) {
      return new Claim.Taken();
    }
    Integer status = row.status();
    if (status == null) {
      return new Claim.Running();
    }
    String body = row.body();
    return new Claim.Answered(
        status, row.location(), body == null ? null : cipher.decrypt(body, place(id)).reveal());
  }

  /// Stores the answer of a request that ran.
  public void complete(
      Claim.Granted claim, int status, @Nullable String location, @Nullable String body) {
    IdempotencyStore.Key id = id(claim);
    String sealed =
        body == null || body.length() > BODY_LENGTH
            ? null
            : cipher.encrypt(new Secret(body), place(id));
    db.runInTenant(
        id.realm(),
        tx -> IdempotencyStore.complete(tx.sql(), id, claim.at(), status, location, sealed));
  }

  /// Frees the key of a request that failed.
  public void release(Claim.Granted claim) {
    IdempotencyStore.Key id = id(claim);
    db.runInTenant(id.realm(), tx -> IdempotencyStore.release(tx.sql(), id, claim.at()));
  }

  /// Removes what a realm's callers sent before a time; answers how many requests those were.
  public int deleteBefore(TenantId realm, Instant time) {
    return db.inTenant(realm, tx -> IdempotencyStore.deleteBefore(tx.sql(), realm, time));
  }

  private static IdempotencyStore.Key id(Claim.Granted claim) {
    return new IdempotencyStore.Key(claim.realm(), claim.caller(), claim.key());
  }

  private static String place(IdempotencyStore.Key id) {
    return id.realm() + "/idempotent_requests/" + id.caller() + "/" + id.key() + "/body";
  }
}
