package dev.parley.platform.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts single fields at rest: AES-256-GCM, a random 96-bit nonce, the key's id in front, and
/// bound to a place (tenant, table, row, column) so that a value copied to another row does not
/// open.
///
/// Stored form: `v1.<key id>.<base64url of nonce, ciphertext and tag>`.
public final class FieldCipher {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private final Map<String, SecretKeySpec> keys;
  private final String active;
  private final SecureRandom random = new SecureRandom();

  private FieldCipher(Map<String, SecretKeySpec> keys, String active) {
    this.keys = keys;
    this.active = active;
  }

  /// Thrown when a stored value does not open: its key is missing, or it was changed or moved.
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /// Reads `id:base64,id:base64…`; the first key encrypts, all decrypt. Throws
  /// `IllegalArgumentException` when it is not of that form or a key has not 32 bytes.
  public static FieldCipher of(Secret keys) {
    var map = new LinkedHashMap<String, SecretKeySpec>();
    for (String entry : keys.reveal().strip().split("[,\\s]+")) {
      int colon = entry.indexOf(':');
      if (colon < 1 || !entry.substring(0, colon).matches("[a-zA-Z0-9-]{1,32}")) {
        throw new IllegalArgumentException("encryption keys must be id:base64, comma-separated");
      }
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(entry.substring(colon + 1));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "encryption key " + entry.substring(0, colon) + " is not base64", e);
      }
      if (bytes.length != KEY_BYTES) {
        throw new IllegalArgumentException(
            "encryption key " + entry.substring(0, colon) + " must have 32 bytes");
      }
      map.putIfAbsent(entry.substring(0, colon), new SecretKeySpec(bytes, "AES"));
    }
    return new FieldCipher(map, map.keySet().iterator().next());
  }

  /// A fresh key in the form that [#of] reads.
  public static String generate(String id) {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return id + ":" + Base64.getEncoder().encodeToString(bytes);
  }

  /// Encrypts under the active key for a place, such as `tenant/channels/<id>/credentials`.
  public String encrypt(Secret value, String place) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, active, nonce, value.bytes(), place);
    byte[] joined =
        ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return "v1." + active + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(joined);
  }

  /// Decrypts what was encrypted for the same place; throws [Unreadable] when it does not open.
  public Secret decrypt(String stored, String place) {
    String[] parts = stored.split("\\.", 3);
    if (parts.length != 3 || !parts[0].equals("v1")) {
      throw new Unreadable("a stored secret is not of a known form");
    }
    if (!keys.containsKey(parts[1])) {
      throw new Unreadable("encryption key " + parts[1] + " is missing from crypto.keys");
    }
    byte[] joined;
    try {
      joined = Base64.getUrlDecoder().decode(parts[2]);
    } catch (IllegalArgumentException e) {
      throw new Unreadable("a stored secret does not open for " + place);
    }
    if (joined.length < NONCE_BYTES) {
      throw new Unreadable("a stored secret does not open for " + place);
    }
    byte[] nonce = Arrays.copyOf(joined, NONCE_BYTES);
    byte[] sealed = Arrays.copyOfRange(joined, NONCE_BYTES, joined.length);
    return new Secret(
        new String(
            run(Cipher.DECRYPT_MODE, parts[1], nonce, sealed, place), StandardCharsets.UTF_8));
  }

  /// Whether a stored value was made with another key than the active one.
  public boolean isStale(String stored) {
    return !stored.startsWith("v1." + active + ".");
  }

  /// Signs and verifies with keys derived from these for one purpose, such as `file-links`: nothing that was signed for
  /// one purpose is good for another, and what was signed before a change of keys stays good as long as its key is kept.
  public Signer signer(String purpose) {
    var derived = new LinkedHashMap<String, byte[]>();
    keys.forEach(
        (id, key) ->
            derived.put(
                id,
                Signer.mac(
                    key.getEncoded(), ("parley/" + purpose).getBytes(StandardCharsets.UTF_8))));
    return new Signer(active, derived);
  }

  /// The id of the key that encrypts.
  public String activeKey() {
    return active;
  }

  private byte[] run(int mode, String keyId, byte[] nonce, byte[] input, String place) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD((keyId + "|" + place).getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new Unreadable("a stored secret does not open for " + place);
    }
  }
}
