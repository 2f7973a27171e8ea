package dev.parley.genesys;

import dev.parley.platform.crypto.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Genesys' signature of a webhook: `X-Hub-Signature-256: sha256=` and the HMAC-SHA256 of the raw body in base64. The
/// header is named as Meta's, whose value is in hexadecimal digits; those are not taken.
final class GenesysSignature {
  static final String HEADER = "X-Hub-Signature-256";

  private static final String PREFIX = "sha256=";
  private static final int BYTES = 32;
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(GenesysSignature::mac);

  private GenesysSignature() {}

  /// Whether one of the secrets has made the signature of exactly these bytes. Takes the same time whatever differs.
  static boolean by(List<Secret> secrets, @Nullable String signature, byte[] body) {
    if (signature == null || !signature.startsWith(PREFIX)) {
      return false;
    }
    byte[] given;
    try {
      given = Base64.getDecoder().decode(signature.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return false;
    }
    // Hexadecimal digits are base64 too, of 48 bytes.
    boolean matches = false;
    for (Secret secret : secrets) {
      matches |= MessageDigest.isEqual(sign(secret, body), given);
    }
    return matches && given.length == BYTES;
  }

  private static byte[] sign(Secret secret, byte[] body) {
    try {
      Mac mac = MAC.get();
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
