package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class GenesysSignatureTest {
  private static final Secret SECRET = new Secret("sixteen characters");
  private static final Secret NEXT = new Secret("sixteen more of them");
  private static final byte[] BODY =
      "{\"text\":\"ä \uD83D\uDC4D \u2028 a\\/b\"}".getBytes(StandardCharsets.UTF_8);

  private static byte[] mac(Secret secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(Secret secret, byte[] body) {
    return "sha256=" + Base64.getEncoder().encodeToString(mac(secret, body));
  }

  private static boolean signed(String signature, byte[] body) {
    return GenesysSignature.by(List.of(SECRET, NEXT), signature, body);
  }

  @Test
  void base64OfAnyOfTheSecretsIsTaken() {
    assertThat(signed(base64(SECRET, BODY), BODY)).isTrue();
    assertThat(signed(base64(NEXT, BODY), BODY)).isTrue();
    assertThat(signed(base64(new Secret("another secret of them"), BODY), BODY)).isFalse();
    assertThat(GenesysSignature.by(List.of(), base64(SECRET, BODY), BODY)).isFalse();
  }

  /// Meta's header has the same name.
  @Test
  void hexadecimalDigitsAreRefused() {
    assertThat(signed("sha256=" + HexFormat.of().formatHex(mac(SECRET, BODY)), BODY)).isFalse();
  }

  @Test
  void everyByteCounts() {
    for (int i = 0; i < BODY.length; i++) {
      byte[] other = BODY.clone();
      other[i] ^= 1;
      assertThat(signed(base64(SECRET, BODY), other)).isFalse();
    }
  }

  @Test
  void whatIsNoSignatureIsRefused() {
    assertThat(GenesysSignature.by(List.of(SECRET), null, BODY)).isFalse();
    for (String bad : List.of("", "sha256=", "sha256=%%%", base64(SECRET, BODY).substring(7))) {
      assertThat(signed(bad, BODY)).as(bad).isFalse();
    }
  }
}
