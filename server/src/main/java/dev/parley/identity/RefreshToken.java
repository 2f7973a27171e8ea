package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// What a client shows to get its next access token: `rt_` and base64url of the realm's and the sign-in's id, 16 bytes
/// that stay for the life of the sign-in, and 32 that are good once. It says itself where to look, so no look-up
/// crosses tenants; and an old token is told from a made-up one by the part that stays.
record RefreshToken(TenantId realm, UUID signIn, byte[] family, byte[] secret) {
  private static final String PREFIX = "rt_";
  private static final int FAMILY_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final int BYTES = 16 + 16 + FAMILY_BYTES + SECRET_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  static RefreshToken first(TenantId realm, UUID signIn) {
    return new RefreshToken(realm, signIn, random(FAMILY_BYTES), random(SECRET_BYTES));
  }

  RefreshToken next() {
    return new RefreshToken(realm, signIn, family, random(SECRET_BYTES));
  }

  byte[] familyHash() {
    return Hashes.sha256(family);
  }

  byte[] secretHash() {
    return Hashes.sha256(secret);
  }

  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    put(bytes, realm.value());
    put(bytes, signIn);
    bytes.put(family).put(secret);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /// Empty for what has not this form.
  static Optional<RefreshToken> parse(String text) {
    if (!text.startsWith(PREFIX) || text.length() > 2 * BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.remaining() != BYTES) {
      return Optional.empty();
    }
    var realm = new TenantId(new UUID(bytes.getLong(), bytes.getLong()));
    var signIn = new UUID(bytes.getLong(), bytes.getLong());
    byte[] family = new byte[FAMILY_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    bytes.get(family).get(secret);
    return Optional.of(new RefreshToken(realm, signIn, family, secret));
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
