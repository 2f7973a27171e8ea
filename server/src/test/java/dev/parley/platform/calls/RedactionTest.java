package dev.parley.platform.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.calls.CallPolicy.Bodies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private final Redaction strict = new Redaction(new CallPolicy(Bodies.ALL, false, false));
  private final Redaction open = new Redaction(new CallPolicy(Bodies.ALL, true, true));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"password\":\"canary\"}",
        "{\"new_password\":\"canary\",\"x\":1}",
        "{\"credentials\":{\"accessToken\":\"canary\",\"appSecrets\":[\"canary\"]}}",
        "{\"appSecrets\":[\"canary\",\"canary\"]}",
        "{\"a\":[{\"refreshToken\":\"canary\"}]}",
        "{\"token\":12345,\"Authorization\":\"Bearer canary\"}",
        "{\"note\":\"use Bearer canarycanary now\"}",
        "{\"note\":\"EAAcanary0123456789012345\"}",
        "{\"note\":\"pk_canary_0123456789\"}",
        "{\"note\":\"eyJcanary01.canary.canary\"}",
        "{\"token\":\"canary that is cut o",
        "plain text with Bearer canary0123",
      })
  void noSecretStaysWhateverThePolicy(String body) {
    for (Redaction redaction : new Redaction[] {strict, open}) {
      assertThat(redaction.body(body, 1000)).doesNotContain("canary").doesNotContain("12345");
    }
  }

  @Test
  void phoneNumbersAreMaskedUnlessThePolicyKeepsThem() {
    String body =
        "{\"to\":\"+16505551234\",\"from\":16505551235,\"note\":\"ring +1 650 555-1236\"}";

    assertThat(strict.body(body, 1000))
        .isEqualTo("{\"to\":\"***234\",\"from\":\"***235\",\"note\":\"ring ***236\"}");
    assertThat(open.body(body, 1000)).isEqualTo(body);
  }

  @Test
  void whatIsNoPhoneNumberStays() {
    String body =
        "{\"id\":\"0199d9a0-0000-7000-8000-000000000000\",\"time\":\"2026-01-31T12:00:00Z\",\"n\":123456789012}";

    assertThat(strict.body(body, 1000)).isEqualTo(body);
    assertThat(strict.path("/api/v1/contacts/0199d9a0-0000-7000-8000-000000000000"))
        .isEqualTo("/api/v1/contacts/0199d9a0-0000-7000-8000-000000000000");
  }

  @Test
  void textsOfMessagesAreMaskedUnlessThePolicyKeepsThem() {
    String body = "{\"content\":{\"type\":\"text\",\"body\":\"my secret love\"}}";

    assertThat(strict.body(body, 1000))
        .isEqualTo("{\"content\":{\"type\":\"text\",\"body\":\"[14 characters]\"}}");
    assertThat(open.body(body, 1000)).isEqualTo(body);
  }

  @Test
  void queriesAreRedactedToo() {
    assertThat(
            strict.query(
                "hub.verify_token=canary&access_token=canary&q=love&limit=5&phone=%2B16505551234",
                500))
        .isEqualTo(
            "hub.verify_token=[secret]&access_token=[secret]&q=[4 characters]&limit=5&phone=***234");
  }

  @Test
  void aBodyThatIsCutIsReadAsFarAsItGoes() {
    assertThat(strict.body("{\"a\":{\"b\":[1,2,{\"c\":\"d\"", 1000))
        .startsWith("{\"a\":{\"b\":[1,2,{\"c\":\"d\"")
        .endsWith("…");
    assertThat(strict.body("{\"a\":\"" + "x".repeat(100) + "\"}", 20)).hasSize(21).endsWith("…");
    assertThat(strict.body("{]", 20)).endsWith("…");
    assertThat(strict.body("a\0b", 20)).isEqualTo("a b");
  }
}
