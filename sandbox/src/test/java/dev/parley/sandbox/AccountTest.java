package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountTest {
  private static final String NUMBER = "/v23.0/" + Bench.NUMBER;
  private static final String WABA = "/v23.0/" + Bench.WABA;
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void showsTheNumberAndTheAccount() {
    JsonNode number =
        bench
            .graph("GET", NUMBER + "?fields=status,quality_rating,throughput,name_status", null)
            .json();
    assertThat(number.path("status").asText()).isEqualTo("CONNECTED");
    assertThat(number.path("throughput").path("level").asText()).isEqualTo("STANDARD");
    assertThat(number.has("verified_name")).isFalse();
    assertThat(bench.graph("GET", NUMBER, null).json().path("display_phone_number").asText())
        .isEqualTo("+1 555-078-3881");
    assertThat(bench.graph("GET", NUMBER + "?fields=shoe_size", null).errorCode()).isEqualTo(100);
    assertThat(
            bench
                .graph("GET", WABA + "/phone_numbers", null)
                .json()
                .path("data")
                .path(0)
                .path("id")
                .asText())
        .isEqualTo(Bench.NUMBER);
    assertThat(bench.graph("GET", WABA, null).json().path("id").asText()).isEqualTo(Bench.WABA);
    JsonNode token =
        bench
            .graph("GET", "/v23.0/debug_token?input_token=" + Bench.TOKEN, null)
            .json()
            .path("data");
    assertThat(token.path("is_valid").asBoolean()).isTrue();
  }

  @Test
  void sendsNoWebhooksToAnAppThatIsNotSubscribed() {
    assertThat(bench.graph("DELETE", WABA + "/subscribed_apps", null).status()).isEqualTo(200);
    assertThat(bench.graph("GET", WABA + "/subscribed_apps", null).json().path("data")).isEmpty();
    assertThat(
            bench
                .customerWrites("{\"type\":\"text\",\"text\":{\"body\":\"hi\"}}")
                .path("delivered")
                .asBoolean())
        .isFalse();
    assertThat(bench.graph("POST", WABA + "/subscribed_apps", null).status()).isEqualTo(200);
    bench.openWindow();
    assertThat(bench.receiver.hooks()).hasSize(1);
  }

  @Test
  void theCallbackCanBeOverridden() {
    try (Receiver other = new Receiver("other")) {
      String good =
          "{\"override_callback_uri\":\"%s\",\"verify_token\":\"other\"}".formatted(other.url());
      assertThat(bench.graph("POST", WABA + "/subscribed_apps", good).status()).isEqualTo(200);
      bench.openWindow();
      assertThat(other.hooks()).hasSize(1);
      assertThat(bench.receiver.hooks()).isEmpty();
      String bad = good.replace("\"other\"", "\"wrong\"");
      assertThat(bench.graph("POST", NUMBER, "{\"webhook_configuration\":" + bad + "}").errorCode())
          .isEqualTo(2200);
    }
  }

  @Test
  void aDeregisteredNumberCannotSend() {
    assertThat(bench.graph("POST", NUMBER + "/deregister", "{}").status()).isEqualTo(200);
    assertThat(bench.send("\"text\":{\"body\":\"x\"}").errorCode()).isEqualTo(133010);
    assertThat(
            bench
                .graph(
                    "POST",
                    NUMBER + "/register",
                    "{\"messaging_product\":\"whatsapp\",\"pin\":\"12\"}")
                .status())
        .isEqualTo(400);
    String register = "{\"messaging_product\":\"whatsapp\",\"pin\":\"123456\"}";
    assertThat(bench.graph("POST", NUMBER + "/register", register).status()).isEqualTo(200);
    assertThat(
            bench
                .graph("POST", NUMBER + "/register", register.replace("123456", "654321"))
                .errorCode())
        .isEqualTo(133005);
    assertThat(
            bench
                .graph(
                    "POST",
                    NUMBER + "/request_code",
                    "{\"code_method\":\"SMS\",\"language\":\"en\"}")
                .status())
        .isEqualTo(200);
    assertThat(bench.graph("POST", NUMBER + "/verify_code", "{\"code\":\"000000\"}").errorCode())
        .isEqualTo(136025);
    assertThat(bench.graph("POST", NUMBER + "/verify_code", "{\"code\":\"123456\"}").status())
        .isEqualTo(200);
  }

  @Test
  void unknownPathsAndMethodsAreErrorsOfTheSameForm() {
    for (String path :
        new String[] {
          "/", "/v23.0", "/nonsense/" + Bench.NUMBER, NUMBER + "/nonsense", "/v23.0/1/2/3"
        }) {
      Bench.Answer answer = bench.graph("GET", path, null);
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.errorCode()).isEqualTo(100);
      assertThat(answer.json().path("error").path("error_subcode").asInt()).isEqualTo(33);
    }
    assertThat(bench.graph("DELETE", NUMBER, null).json().path("error").path("message").asText())
        .startsWith("Unsupported delete request.");
  }

  @Test
  void limitsTheSendsPerSecondAndPerPair() {
    bench.openWindow();
    bench.behaviour("{\"throughputPerSecond\":3,\"pairLimit\":false}");
    int refused = 0;
    for (int i = 0; i < 20; i++) {
      refused += bench.send("\"text\":{\"body\":\"x\"}").errorCode() == 130429 ? 1 : 0;
    }
    assertThat(refused).isPositive();

    bench.behaviour("{\"throughputPerSecond\":0,\"pairLimit\":true}");
    for (int i = 0; i < 45; i++) {
      assertThat(bench.send("\"text\":{\"body\":\"x\"}").status()).isEqualTo(200);
    }
    assertThat(bench.send("\"text\":{\"body\":\"x\"}").errorCode()).isEqualTo(131056);
  }

  @Test
  void theControlApiSaysWhatIsWrong() {
    assertThat(bench.control("GET", "/sandbox/numbers/1/counts", null).status()).isEqualTo(404);
    assertThat(bench.control("GET", "/sandbox/nonsense", null).status()).isEqualTo(404);
    Bench.Answer incomplete =
        bench.control("PUT", "/sandbox/numbers/1", "{\"displayPhoneNumber\":\"1\"}");
    assertThat(incomplete.status()).isEqualTo(400);
    assertThat(incomplete.json().path("error").asText()).isEqualTo("wabaId is required");
    String behaviour = "/sandbox/numbers/" + Bench.NUMBER + "/behaviour";
    assertThat(bench.control("PUT", behaviour, "{\"statusses\":[]}").json().path("error").asText())
        .isEqualTo("unknown behaviour: statusses");
    assertThat(bench.control("PUT", behaviour, "{\"missing\":2}").status()).isEqualTo(400);
    assertThat(bench.control("PUT", behaviour, "nonsense").status()).isEqualTo(400);
    assertThat(bench.control("POST", "/sandbox/reset", null).status()).isEqualTo(200);
    assertThat(bench.control("GET", "/sandbox/numbers/" + Bench.NUMBER, null).status())
        .isEqualTo(404);
  }
}
