package dev.parley.platform.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldCipherTest {
  private static final String OLD = FieldCipher.generate("old");
  private static final String NEW = FieldCipher.generate("new");
  private static final String PLACE = "tenant-a/channels/1/credentials";

  private static FieldCipher cipher(String... keys) {
    return FieldCipher.of(new Secret(String.join(",", keys)));
  }

  @Test
  void whatWasEncryptedOpensAndNeverLooksTheSame() {
    FieldCipher cipher = cipher(NEW);
    for (String text : List.of("", "a", "ümläut \uD83D\uDC4D", "x".repeat(100_000))) {
      String one = cipher.encrypt(new Secret(text), PLACE);
      assertThat(one).isNotEqualTo(cipher.encrypt(new Secret(text), PLACE)).startsWith("v1.new.");
      assertThat(cipher.decrypt(one, PLACE).reveal()).isEqualTo(text);
    }
  }

  @Test
  void keysRotate() {
    String stored = cipher(OLD).encrypt(new Secret("s"), PLACE);
    FieldCipher both = cipher(NEW, OLD);
    assertThat(both.isStale(stored)).isTrue();
    assertThat(both.decrypt(stored, PLACE).reveal()).isEqualTo("s");
    String renewed = both.encrypt(both.decrypt(stored, PLACE), PLACE);
    assertThat(both.isStale(renewed)).isFalse();
    assertThat(cipher(NEW).decrypt(renewed, PLACE).reveal()).isEqualTo("s");
    assertThatThrownBy(() -> cipher(NEW).decrypt(stored, PLACE))
        .isInstanceOf(FieldCipher.Unreadable.class)
        .hasMessageContaining("old");
  }

  @Test
  void aMovedValueDoesNotOpen() {
    FieldCipher cipher = cipher(NEW);
    String stored = cipher.encrypt(new Secret("s"), PLACE);
    assertThatThrownBy(() -> cipher.decrypt(stored, "tenant-b/channels/1/credentials"))
        .isInstanceOf(FieldCipher.Unreadable.class);
  }

  @Test
  void aValueUnderAnotherKeysIdDoesNotOpen() {
    FieldCipher both = cipher(NEW, OLD);
    String stored = both.encrypt(new Secret("s"), PLACE).replace("v1.new.", "v1.old.");
    assertThatThrownBy(() -> both.decrypt(stored, PLACE))
        .isInstanceOf(FieldCipher.Unreadable.class);
  }

  @Test
  void whateverIsChangedItDoesNotOpen() {
    FieldCipher cipher = cipher(NEW);
    String stored = cipher.encrypt(new Secret("a secret of some length"), PLACE);
    for (int i = 0; i < stored.length() - 1; i++) {
      for (char other : new char[] {'A', 'z', '.', '!', '=', ' ', 'é'}) {
        if (stored.charAt(i) == other) {
          continue;
        }
        String changed = stored.substring(0, i) + other + stored.substring(i + 1);
        assertThatThrownBy(() -> cipher.decrypt(changed, PLACE))
            .as(changed)
            .isInstanceOf(FieldCipher.Unreadable.class);
      }
    }
    for (int length = 0; length < stored.length(); length++) {
      String cut = stored.substring(0, length);
      assertThatThrownBy(() -> cipher.decrypt(cut, PLACE))
          .as(cut)
          .isInstanceOf(FieldCipher.Unreadable.class);
    }
  }

  @Test
  void badKeysAreRefusedWithoutRepeatingThem() {
    for (String wrong : List.of("", "abc", "a:b", "a:c2hvcnQ=", ":" + OLD, "a b:xx", "é:" + OLD)) {
      assertThatThrownBy(() -> cipher(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("c2hvcnQ");
    }
  }

  @Test
  void aSecretIsRedactedEverywhere() {
    var secret = new Secret("hunter2");
    assertThat(secret).hasToString("[secret]");
    assertThat(List.of(secret).toString()).doesNotContain("hunter2");
    assertThat(Json.write(new Holder("n", secret))).isEqualTo("{\"name\":\"n\"}");
    assertThat(Map.of("k", secret).toString()).doesNotContain("hunter2");
    assertThat(secret.matches("hunter2")).isTrue();
    assertThat(secret.matches("hunter3")).isFalse();
  }

  private record Holder(String name, Secret secret) {}

  @Test
  void whatIsDerivedFollowsFromTheTextThePurposeAndTheKey() {
    Secret keys = new Secret(FieldCipher.generate("k1"));
    String derived = FieldCipher.of(keys).signer("one").derive("text");
    assertThat(derived).hasSize(43).isEqualTo(FieldCipher.of(keys).signer("one").derive("text"));
    assertThat(FieldCipher.of(keys).signer("one").derive("texts")).isNotEqualTo(derived);
    assertThat(FieldCipher.of(keys).signer("two").derive("text")).isNotEqualTo(derived);
    FieldCipher other = FieldCipher.of(new Secret(FieldCipher.generate("k1")));
    assertThat(other.signer("one").derive("text")).isNotEqualTo(derived);
  }
}
