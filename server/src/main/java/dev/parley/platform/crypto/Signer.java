package dev.parley.platform.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs small texts so that they can go through strangers' hands and come back unchanged (HMAC-SHA256).
///
/// Signed form: `<base64url of the text>.<key id>.<base64url of the signature>`; all of it may stand in a URL's path.
public final class Signer {
  // 128 bits: nobody can try them out, and addresses stay short.
  private static final int SIGNATURE_BYTES = 16;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String active;
  private final Map<String, byte[]> keys;

  Signer(String active, Map<String, byte[]> keys) {
    this.active = active;
    this.keys = Map.copyOf(keys);
  }

  /// The text with its signature.
  public String sign(String text) {
    byte[] key = keys.get(active);
    if (key == null) {
      throw new IllegalStateException("no key " + active);
    }
    String payload = BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "." + active;
    return payload + "." + BASE64.encodeToString(signature(key, payload));
  }

  /// The text, when it is what one of the keys has signed. Takes the same time wherever a signature differs.
  public Optional<String> open(String signed) {
    int end = signed.lastIndexOf('.');
    int middle = end < 0 ? -1 : signed.lastIndexOf('.', end - 1);
    if (middle < 0) {
      return Optional.empty();
    }
    byte[] key = keys.get(signed.substring(middle + 1, end));
    if (key == null) {
      return Optional.empty();
    }
    try {
      byte[] given = Base64.getUrlDecoder().decode(signed.substring(end + 1));
      if (!MessageDigest.isEqual(signature(key, signed.substring(0, end)), given)) {
        return Optional.empty();
      }
      byte[] text = Base64.getUrlDecoder().decode(signed.substring(0, middle));
      return Optional.of(new String(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// 256 bits that follow from the text and the active key, in base64url: the same for the same text, and nobody can tell
  /// them without the key.
  public String derive(String text) {
    byte[] key = keys.get(active);
    if (key == null) {
      throw new IllegalStateException("no key " + active);
    }
    return BASE64.encodeToString(mac(key, ("derive." + text).getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] signature(byte[] key, String payload) {
    byte[] whole = mac(key, payload.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(whole, SIGNATURE_BYTES);
  }

  static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
