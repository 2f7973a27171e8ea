package dev.parley.sandbox.genesys;

import dev.parley.sandbox.BoundedMap;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The access tokens and authorisation codes that are out.
final class Tokens {
  private static final int KEPT = 100_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What a bearer token stands for.
  ///
  /// @param userId who signed in; null when a client has its own token
  /// @param generation of its organisation's tokens; an older one is revoked
  record Token(
      Organization organization,
      String clientId,
      @Nullable String userId,
      Instant end,
      long generation) {

    boolean revoked() {
      return generation < organization.tokenGeneration().get();
    }
  }

  /// A code to be redeemed for a token, once.
  record Code(
      Organization organization,
      String clientId,
      String userId,
      String redirectUri,
      @Nullable String challenge,
      Instant end) {}

  private final BoundedMap<String, Token> tokens = new BoundedMap<>(KEPT);
  private final BoundedMap<String, Code> codes = new BoundedMap<>(KEPT);

  /// A token that lives for `seconds`.
  String issue(Organization organization, String clientId, @Nullable String userId, long seconds) {
    String value = random(48);
    AtomicLong generation = organization.tokenGeneration();
    Instant end = Instant.now().plusSeconds(seconds);
    tokens.put(value, new Token(organization, clientId, userId, end, generation.get()));
    return value;
  }

  @Nullable Token find(String value) {
    return tokens.get(value);
  }

  String code(Code code) {
    String value = random(24);
    codes.put(value, code);
    return value;
  }

  /// The code, which is good for nothing from now on; null when it is unknown or too old.
  @Nullable Code redeem(String value) {
    synchronized (codes) {
      Code code = codes.get(value);
      codes.remove(value);
      return code == null || Instant.now().isAfter(code.end()) ? null : code;
    }
  }

  /// Letters and digits with that many bytes of chance in them.
  static String random(int bytes) {
    byte[] chance = new byte[bytes];
    RANDOM.nextBytes(chance);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(chance);
  }
}
