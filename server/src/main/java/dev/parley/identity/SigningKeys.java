package dev.parley.identity;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.SystemDb;
import jakarta.inject.Singleton;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/// The key pairs that sign access tokens (ES256): one signs, those it replaced verify until their last token has
/// expired. A key signs for 30 days.
@Singleton
public final class SigningKeys {
  private static final Logger LOG = Logger.getLogger(SigningKeys.class);

  /// How long a key signs.
  static final Duration LIFE = Duration.ofDays(30);

  /// How much clocks may differ.
  static final Duration SKEW = Duration.ofSeconds(60);

  private static final Duration STALE = Duration.ofSeconds(60);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

  private final SystemDb system;
  private final FieldCipher cipher;
  private final Config config;
  private final InstantSource clock;
  private volatile @Nullable Ring ring;

  /// The key that signs.
  record Signer(String kid, PrivateKey key, Instant createdAt) {}

  private record Ring(
      @Nullable Signer signer,
      Map<String, PublicKey> verifiers,
      List<Map<String, Object>> published,
      Instant readAt) {}

  /// Keeps the private halves encrypted under `cipher`.
  public SigningKeys(SystemDb system, FieldCipher cipher, Config config, InstantSource clock) {
    this.system = system;
    this.cipher = cipher;
    this.config = config;
    this.clock = clock;
  }

  /// Makes a new key that signs from now on; the others verify until their last token has expired.
  public synchronized void rotate() {
    Instant now = clock.instant();
    SigningKeyStore.Row row = generate(now);
    system.run(
        sql -> {
          SigningKeyStore.deleteRetiredBefore(sql, now.minus(keep()));
          SigningKeyStore.insert(sql, row);
          SigningKeyStore.retireOthers(sql, row.kid(), now);
        });
    ring = null;
    LOG.infof("access tokens are signed with key %s from now on", row.kid());
  }

  /// Encrypts all private halves with the active key; answers how many were made with another. Throws
  /// [FieldCipher.Unreadable] when the key of one is missing; nothing has changed then.
  public int reencrypt() {
    return system.query(
        sql -> {
          int stale = 0;
          for (SigningKeyStore.Row row : SigningKeyStore.all(sql)) {
            if (cipher.isStale(row.privateKey())) {
              String place = place(row.kid());
              Secret open = cipher.decrypt(row.privateKey(), place);
              SigningKeyStore.updatePrivateKey(sql, row.kid(), cipher.encrypt(open, place));
              stale++;
            }
          }
          return stale;
        });
  }

  /// The public keys as a JWK Set (RFC 7517).
  public Map<String, Object> published() {
    signer(); // so that there is one before the first sign-in
    return Map.of("keys", ring(STALE).published());
  }

  Signer signer() {
    Signer signer = ring(STALE).signer();
    if (signer == null || !clock.instant().isBefore(signer.createdAt().plus(LIFE))) {
      signer = renewed();
    }
    return signer;
  }

  /// The public key of that id; empty when no such key is good.
  Optional<PublicKey> verifier(String kid) {
    PublicKey known = ring(STALE).verifiers().get(kid);
    // Another process may have made one a moment ago. Made-up ids cost at most one read a second.
    return Optional.ofNullable(known != null ? known : ring(LEAST_PAUSE).verifiers().get(kid));
  }

  private synchronized Signer renewed() {
    Signer signer = ring(Duration.ZERO).signer();
    if (signer == null || !clock.instant().isBefore(signer.createdAt().plus(LIFE))) {
      rotate();
      signer = ring(Duration.ZERO).signer();
    }
    if (signer == null) {
      throw new IllegalStateException("there is no key to sign with");
    }
    return signer;
  }

  private Ring ring(Duration stale) {
    Ring known = ring;
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.readAt().plus(stale))) {
      return known;
    }
    Ring read = read(now);
    ring = read;
    return read;
  }

  private Ring read(Instant now) {
    var verifiers = new HashMap<String, PublicKey>();
    var published = new ArrayList<Map<String, Object>>();
    Signer signer = null;
    for (SigningKeyStore.Row row : system.query(SigningKeyStore::all)) {
      Instant retired = row.retiredAt();
      if (retired != null && !now.isBefore(retired.plus(keep()))) {
        continue;
      }
      try {
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(row.publicKey());
        verifiers.put(row.kid(), jwk.getPublicKey());
        published.add(jwk.toParams(OutputControlLevel.PUBLIC_ONLY));
        if (retired == null && signer == null) {
          String whole = cipher.decrypt(row.privateKey(), place(row.kid())).reveal();
          signer =
              new Signer(
                  row.kid(),
                  PublicJsonWebKey.Factory.newPublicJwk(whole).getPrivateKey(),
                  row.createdAt());
        }
      } catch (FieldCipher.Unreadable e) {
        // Verifying goes on; signing gets a new key.
        LOG.errorf("signing key %s does not open: %s", row.kid(), e.getMessage());
      } catch (JoseException e) {
        throw new IllegalStateException("signing key " + row.kid() + " cannot be read", e);
      }
    }
    return new Ring(signer, Map.copyOf(verifiers), List.copyOf(published), now);
  }

  private SigningKeyStore.Row generate(Instant now) {
    try {
      PublicJsonWebKey jwk = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      String kid = jwk.calculateBase64urlEncodedThumbprint("SHA-256");
      jwk.setKeyId(kid);
      jwk.setUse("sig");
      jwk.setAlgorithm("ES256");
      return new SigningKeyStore.Row(
          kid,
          jwk.toJson(OutputControlLevel.PUBLIC_ONLY),
          cipher.encrypt(new Secret(jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE)), place(kid)),
          now,
          null);
    } catch (JoseException e) {
      throw new IllegalStateException("cannot make a signing key", e);
    }
  }

  private Duration keep() {
    return config.get(Keys.TOKEN_LIFE).plus(SKEW.multipliedBy(2));
  }

  private static String place(String kid) {
    return "system/signing_keys/" + kid + "/private_key";
  }
}
