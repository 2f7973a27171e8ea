package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Signer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client shows to get its next access token: `rt_<ids>.<family>.<secret>`, each base64url. The ids are the
/// realm's and the sign-in's, so that no look-up crosses tenants; the family stays for the life of the sign-in, and so
/// tells an old token from a made-up one; the secret is good once.
record RefreshToken(TenantId realm, UUID signIn, String family, String secret) {
  private static final Pattern FORM =
      Pattern.compile("rt_([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{43})");
  private static final int FAMILY_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  static RefreshToken first(TenantId realm, UUID signIn) {
    return new RefreshToken(realm, signIn, random(FAMILY_BYTES), random(SECRET_BYTES));
  }

  /// The one that comes after this one. It follows from it, for who has the key, so that it can be given twice and need
  /// not be kept.
  RefreshToken next(Signer signer) {
    return new RefreshToken(realm, signIn, family, signer.derive(text()));
  }

  String familyHash() {
    return Hashes.sha256(family);
  }

  String secretHash() {
    return Hashes.sha256(secret);
  }

  String text() {
    ByteBuffer ids = ByteBuffer.allocate(32);
    put(ids, realm.value());
    put(ids, signIn);
    return "rt_" + encode(ids.array()) + "." + family + "." + secret;
  }

  /// Empty for what has not this form.
  static Optional<RefreshToken> parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    ByteBuffer ids;
    try {
      ids = ByteBuffer.wrap(Base64.getUrlDecoder().decode(parts.group(1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // spare bits of the last letter may be set
    }
    var realm = new TenantId(new UUID(ids.getLong(), ids.getLong()));
    var signIn = new UUID(ids.getLong(), ids.getLong());
    return Optional.of(new RefreshToken(realm, signIn, parts.group(2), parts.group(3)));
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return encode(bytes);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
