package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/// Access tokens: JWTs signed with ES256, good for `token.life`, for the audience `parley`. Claims: `sub` the user or
/// operator, `tenant_id` (not for operators), `role`, `sid` the sign-in.
@Singleton
public final class Tokens {
  private static final String AUDIENCE = "parley";
  private static final int LONGEST = 4096;
  private static final int REMEMBERED = 10_000;

  private final SigningKeys keys;
  private final Config config;
  private final InstantSource clock;

  /// By their hashes: a signature is looked at once and not with each request, of which it was a third of the work.
  private final Remembered<String, Verified> verified;

  /// An access token and when it expires.
  record Issued(String token, Instant expiresAt) {}

  /// What a good token says.
  ///
  /// @param realm the tenant, or [TenantId#NONE] for an operator
  record Claims(TenantId realm, UUID subject, UUID signIn) {}

  private record Verified(Claims claims, String kid, Instant expiresAt) {}

  /// Signs with `keys`. The issuer is `public.url`, or `parley` without it.
  public Tokens(SigningKeys keys, Config config, InstantSource clock) {
    this.keys = keys;
    this.config = config;
    this.clock = clock;
    this.verified = new Remembered<>(REMEMBERED, config.get(Keys.TOKEN_LIFE), clock);
  }

  Issued issue(Account account, UUID signIn) {
    // The claims hold whole seconds.
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = now.plus(config.get(Keys.TOKEN_LIFE));
    var claims = new JwtClaims();
    claims.setIssuer(issuer());
    claims.setAudience(AUDIENCE);
    claims.setSubject(account.id().toString());
    if (!account.realm().equals(TenantId.NONE)) {
      claims.setStringClaim("tenant_id", account.realm().toString());
    }
    claims.setStringClaim("role", account.roleWord());
    claims.setStringClaim("sid", signIn.toString());
    claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
    claims.setExpirationTime(NumericDate.fromSeconds(expires.getEpochSecond()));
    claims.setGeneratedJwtId();
    SigningKeys.Signer signer = keys.signer();
    var jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    jws.setKeyIdHeaderValue(signer.kid());
    jws.setHeader("typ", "JWT");
    jws.setKey(signer.key());
    jws.setPayload(claims.toJson());
    try {
      return new Issued(jws.getCompactSerialization(), expires);
    } catch (JoseException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
  }

  /// What a token says when its signature, issuer, audience and time are good; empty otherwise. It does not say whether
  /// the sign-in is still open.
  Optional<Claims> verify(String token) {
    if (token.length() > LONGEST) {
      return Optional.empty();
    }
    Verified known;
    try {
      known = verified.get(Hashes.sha256(token), _ -> check(token));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean good =
        clock.instant().isBefore(known.expiresAt().plus(SigningKeys.SKEW))
            && keys.verifier(known.kid()).isPresent();
    return good ? Optional.of(known.claims()) : Optional.empty();
  }

  /// Throws an `IllegalArgumentException` when the token is not good, which is not remembered.
  private Verified check(String token) {
    var kid = new AtomicReference<@Nullable String>();
    var consumer =
        new JwtConsumerBuilder()
            .setJwsAlgorithmConstraints(
                AlgorithmConstraints.ConstraintType.PERMIT,
                AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
            .setVerificationKeyResolver(
                (jws, _) -> {
                  kid.set(jws.getKeyIdHeaderValue());
                  return key(jws.getKeyIdHeaderValue());
                })
            .setExpectedIssuer(true, issuer())
            .setExpectedAudience(true, AUDIENCE)
            .setRequireSubject()
            .setRequireExpirationTime()
            .setRequireIssuedAt()
            .setAllowedClockSkewInSeconds((int) SigningKeys.SKEW.toSeconds())
            .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
            .build();
    try {
      JwtClaims claims = consumer.processToClaims(token);
      @Nullable String tenant = claims.getStringClaimValue("tenant_id");
      var said =
          new Claims(
              tenant == null ? TenantId.NONE : TenantId.parse(tenant),
              UUID.fromString(claims.getSubject()),
              UUID.fromString(String.valueOf(claims.getStringClaimValue("sid"))));
      return new Verified(
          said,
          String.valueOf(kid.get()),
          Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    } catch (InvalidJwtException | MalformedClaimException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// When a token expires that [#verify] has found good.
  static Instant expiry(String token) {
    String claims = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    String json = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
    return Instant.ofEpochSecond(Json.tree(json).path("exp").asLong());
  }

  private PublicKey key(@Nullable String kid) throws UnresolvableKeyException {
    return Optional.ofNullable(kid)
        .flatMap(keys::verifier)
        .orElseThrow(() -> new UnresolvableKeyException("unknown key"));
  }

  private String issuer() {
    return config.find(Keys.PUBLIC_URL).orElse("parley");
  }
}
