package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class WhatsAppSignatureTest {
  private static final Secret SECRET = new Secret("the app's secret");
  private static final Secret NEXT = new Secret("the app's next secret");
  private static final byte[] BODY =
      "{\"text\":\"\\u00e4 ä \uD83D\uDC4D a\\/b\"}".getBytes(StandardCharsets.UTF_8);

  private static String sign(Secret secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean signed(String signature, byte[] body) {
    return WhatsAppWebhook.signedBy(List.of(SECRET, NEXT), signature, body);
  }

  @Test
  void aKnownAnswer() {
    // The example of RFC 4231, section 4.3.
    assertThat(
            WhatsAppWebhook.signedBy(
                List.of(new Secret("Jefe")),
                "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8)))
        .isTrue();
  }

  @Test
  void anyOfTheSecretsWillDo() {
    assertThat(signed(sign(SECRET, BODY), BODY)).isTrue();
    assertThat(signed(sign(NEXT, BODY), BODY)).isTrue();
    assertThat(signed(sign(new Secret("another"), BODY), BODY)).isFalse();
    assertThat(WhatsAppWebhook.signedBy(List.of(), sign(SECRET, BODY), BODY)).isFalse();
  }

  @Test
  void whatIsNoSignatureIsRefused() {
    String good = sign(SECRET, BODY);
    String hex = good.substring(7);
    for (String bad :
        new String[] {
          "",
          "sha256=",
          hex,
          "sha1=" + hex,
          "SHA256=" + hex,
          good + "0",
          good + "00",
          good + " ",
          " " + good,
          good.substring(0, good.length() - 1),
          good.substring(0, good.length() - 2),
          "sha256=" + "zz".repeat(32),
          "sha256=" + "é".repeat(64),
          good + "," + good
        }) {
      assertThat(signed(bad, BODY)).as(bad).isFalse();
    }
    assertThat(WhatsAppWebhook.signedBy(List.of(SECRET), null, BODY)).isFalse();
    assertThat(signed("sha256=" + hex.toUpperCase(Locale.ROOT), BODY)).isTrue();
  }

  @Test
  void ofAHundredThousandForgeriesNoneIsAccepted() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    String good = sign(SECRET, BODY);
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      if (i % 2 == 0) {
        byte[] changed = BODY.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        accepted += signed(good, changed) ? 1 : 0;
      } else {
        char[] changed = good.toCharArray();
        int at = 7 + random.nextInt(64);
        char old = changed[at];
        changed[at] =
            Character.forDigit((Character.digit(old, 16) + 1 + random.nextInt(15)) % 16, 16);
        accepted += signed(new String(changed), BODY) ? 1 : 0;
      }
    }
    assertThat(accepted).as("seed " + seed).isZero();
  }
}
