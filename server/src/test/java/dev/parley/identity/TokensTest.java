package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensTest {
  private final IdentityFixture all = new IdentityFixture();
  private final Account account =
      new Account(all.acme, UUID.randomUUID(), "ada@mail.test", "Ada", UserRole.ADMIN, "", true);
  private final UUID signIn = UUID.randomUUID();

  @AfterAll
  void close() {
    all.close();
  }

  private JwtClaims claims() {
    var claims = new JwtClaims();
    claims.setIssuer("parley");
    claims.setAudience("parley");
    claims.setSubject(account.id().toString());
    claims.setStringClaim("tenant_id", all.acme.toString());
    claims.setStringClaim("sid", signIn.toString());
    claims.setIssuedAt(NumericDate.fromMilliseconds(all.clock.millis()));
    claims.setExpirationTime(NumericDate.fromMilliseconds(all.clock.millis() + 60_000));
    return claims;
  }

  private String signed(JwtClaims claims) throws JoseException {
    var jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue("ES256");
    jws.setKeyIdHeaderValue(all.signingKeys.signer().kid());
    jws.setKey(all.signingKeys.signer().key());
    jws.setPayload(claims.toJson());
    return jws.getCompactSerialization();
  }

  @Test
  void aTokenSaysWhoItIsForUntilItExpires() {
    String token = all.tokens.issue(account, signIn).token();
    assertThat(all.tokens.verify(token))
        .contains(new Tokens.Claims(all.acme, account.id(), signIn));
    all.clock.pass(Duration.ofMinutes(15).plusSeconds(59));
    assertThat(all.tokens.verify(token)).isPresent();
    all.clock.pass(Duration.ofSeconds(2));
    assertThat(all.tokens.verify(token)).isEmpty();
  }

  @Test
  void anOperatorsTokenNamesNoTenant() {
    var operator =
        new Account(TenantId.NONE, UUID.randomUUID(), "op@mail.test", "Op", null, "", true);
    assertThat(all.tokens.verify(all.tokens.issue(operator, signIn).token()))
        .contains(new Tokens.Claims(TenantId.NONE, operator.id(), signIn));
  }

  @Test
  void claimsMustBeComplete() throws JoseException {
    assertThat(all.tokens.verify(signed(claims()))).isPresent();
    JwtClaims audience = claims();
    audience.setAudience("somebody-else");
    JwtClaims issuer = claims();
    issuer.setIssuer("somebody-else");
    JwtClaims endless = claims();
    endless.unsetClaim("exp");
    JwtClaims nameless = claims();
    nameless.unsetClaim("sub");
    JwtClaims adrift = claims();
    adrift.unsetClaim("sid");
    JwtClaims odd = claims();
    odd.setStringClaim("tenant_id", "acme");
    for (JwtClaims bad : List.of(audience, issuer, endless, nameless, adrift, odd)) {
      assertThat(all.tokens.verify(signed(bad))).as(bad.toJson()).isEmpty();
    }
  }

  @Test
  void noneIsNoSignature() throws JoseException {
    var jws = new JsonWebSignature();
    jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    jws.setAlgorithmHeaderValue("none");
    jws.setKeyIdHeaderValue(all.signingKeys.signer().kid());
    jws.setPayload(claims().toJson());
    assertThat(all.tokens.verify(jws.getCompactSerialization())).isEmpty();
    String good = signed(claims());
    assertThat(all.tokens.verify(good.substring(0, good.lastIndexOf('.') + 1))).isEmpty();
  }

  @Test
  void thePublicKeyIsNoSecret() throws JoseException {
    String kid = all.signingKeys.signer().kid();
    PublicKey known = all.signingKeys.verifier(kid).orElseThrow();
    var jws = new JsonWebSignature();
    jws.setDoKeyValidation(false);
    jws.setAlgorithmHeaderValue("HS256");
    jws.setKeyIdHeaderValue(kid);
    jws.setKey(new HmacKey(known.getEncoded()));
    jws.setPayload(claims().toJson());
    assertThat(all.tokens.verify(jws.getCompactSerialization())).isEmpty();
  }

  @Test
  void aForeignKeySignsNothingHere() throws JoseException {
    PublicJsonWebKey foreign = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    String ours = all.signingKeys.signer().kid();
    for (String kid : List.of(ours, "foreign")) {
      var jws = new JsonWebSignature();
      jws.setAlgorithmHeaderValue("ES256");
      jws.setKeyIdHeaderValue(kid);
      // A verifier that believed the token would take the key from here.
      jws.setHeader("jwk", foreign.toParams(OutputControlLevel.PUBLIC_ONLY));
      jws.setKey(foreign.getPrivateKey());
      jws.setPayload(claims().toJson());
      assertThat(all.tokens.verify(jws.getCompactSerialization())).isEmpty();
    }
  }

  @Test
  void garbageIsNoToken() {
    for (String bad : List.of("", "a.b.c", "x".repeat(5000), "..", "eyJhbGciOiJFUzI1NiJ9..")) {
      assertThat(all.tokens.verify(bad)).isEmpty();
    }
  }

  @Test
  void anOldKeyVerifiesUntilItsLastTokenHasExpired() {
    String old = all.signingKeys.signer().kid();
    String token = all.tokens.issue(account, signIn).token();
    all.signingKeys.rotate();
    assertThat(all.signingKeys.signer().kid()).isNotEqualTo(old);
    assertThat(all.tokens.verify(token)).isPresent();
    assertThat(published()).contains(old, all.signingKeys.signer().kid());
    all.clock.pass(Duration.ofMinutes(18));
    assertThat(published()).doesNotContain(old).contains(all.signingKeys.signer().kid());
  }

  @Test
  void anotherProcessKnowsANewKeyAtOnce() {
    var other = new SigningKeys(all.db.system(), all.cipher, all.config, all.clock);
    String before = other.signer().kid();
    all.clock.pass(Duration.ofSeconds(2));
    all.signingKeys.rotate();
    String token = all.tokens.issue(account, signIn).token();
    assertThat(new Tokens(other, all.config, all.clock).verify(token)).isPresent();
    assertThat(other.signer().kid()).isNotEqualTo(before);
  }

  @Test
  void aKeySignsForThirtyDaysAndItsPrivateHalfIsNeverReadable() {
    String first = all.signingKeys.signer().kid();
    all.clock.pass(SigningKeys.LIFE);
    assertThat(all.signingKeys.signer().kid()).isNotEqualTo(first);
    assertThat(all.db.system().query(SigningKeyStore::all))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.privateKey()).startsWith("v1.k1."))
        .allSatisfy(row -> assertThat(row.publicKey()).doesNotContain("\"d\""));
    assertThat(keys()).isNotEmpty().noneMatch(key -> key.containsKey("d"));
  }

  private List<Object> published() {
    return keys().stream().map(key -> key.get("kid")).toList();
  }

  @SuppressWarnings("unchecked") // a JWK Set holds a list of keys
  private List<Map<String, Object>> keys() {
    var keys = (List<Map<String, Object>>) all.signingKeys.published().get("keys");
    return keys == null ? List.of() : keys;
  }
}
