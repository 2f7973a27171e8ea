package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the link in a mail carries: `mt_<ids>.<secret>`, each base64url. The ids are the tenant's and the subject's, so
/// that no look-up crosses tenants; the secret has 256 random bits and is good once.
///
/// @param subject the registration, user or invitation that it is about
record MailToken(TenantId tenant, UUID subject, String secret) {
  private static final Pattern FORM =
      Pattern.compile("mt_([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})");
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// What a token is good for.
  enum Kind {
    /// To confirm the address of a registration.
    VERIFICATION,
    /// To set a new password.
    RESET,
    /// To accept an invitation.
    INVITATION
  }

  static MailToken of(TenantId tenant, UUID subject) {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return new MailToken(tenant, subject, encode(secret));
  }

  String hash() {
    return Hashes.sha256(secret);
  }

  String text() {
    ByteBuffer ids = ByteBuffer.allocate(32);
    put(ids, tenant.value());
    put(ids, subject);
    return "mt_" + encode(ids.array()) + "." + secret;
  }

  /// Empty for what has not this form.
  static Optional<MailToken> parse(String text) {
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
    var tenant = new TenantId(new UUID(ids.getLong(), ids.getLong()));
    return Optional.of(
        new MailToken(tenant, new UUID(ids.getLong(), ids.getLong()), parts.group(2)));
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "[mail token]";
  }
}
