package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class SendingTest {
  private static Bench bench;

  @BeforeAll
  static void open() {
    bench = new Bench();
    bench.behaviour("{\"pairLimit\":\"off\",\"throughputPerSecond\":0}");
    bench.openWindow();
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void answersAsTheOriginalDoes() {
    Bench.Answer answer = bench.send("\"type\":\"text\",\"text\":{\"body\":\"hi\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("messaging_product").asText()).isEqualTo("whatsapp");
    assertThat(answer.json().path("contacts").path(0).path("input").asText())
        .isEqualTo("+1 650 555 1234");
    assertThat(answer.json().path("contacts").path(0).path("wa_id").asText())
        .isEqualTo("16505551234");
    assertThat(answer.wamid()).startsWith("wamid.HBgLMTY1MDU1NTEyMzQV");
    assertThat(answer.wamid())
        .isNotEqualTo(bench.send("\"type\":\"text\",\"text\":{\"body\":\"hi\"}").wamid());
  }

  @Test
  void sendsToABusinessScopedUserId() {
    String body =
        """
        {"messaging_product":"whatsapp","recipient":"US.13491208655302741918","type":"template",
         "template":{"name":"hello_world","language":{"code":"en_US"}}}""";
    Bench.Answer answer = bench.send(Bench.NUMBER, Bench.TOKEN, body);
    assertThat(answer.json().path("contacts").path(0).path("user_id").asText())
        .isEqualTo("US.13491208655302741918");
    assertThat(answer.json().path("messages").path(0).path("message_status").asText())
        .isEqualTo("accepted");
  }

  @ParameterizedTest
  @CsvFileSource(resources = "accepted-messages.txt", delimiter = '|', quoteCharacter = '`')
  void accepts(String message) {
    Bench.Answer answer = bench.send(message.replace('\'', '"'));
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(answer.wamid()).startsWith("wamid.");
  }

  @ParameterizedTest
  @CsvFileSource(resources = "refused-messages.txt", delimiter = '|', quoteCharacter = '`')
  void refuses(int code, int status, String named, String message) {
    String rows =
        IntStream.range(0, 11)
            .mapToObj("{'id':'%1$d','title':'%1$d'}"::formatted)
            .collect(Collectors.joining(",", "[", "]"));
    String json = message.replace("ROWS11", rows).replace('\'', '"');
    for (int length : new int[] {4097, 1025, 513, 73, 61, 21}) {
      json = json.replace("LONG" + length, "x".repeat(length));
    }
    Bench.Answer answer = bench.send(json);
    assertThat(answer.errorCode()).as(answer.json().toString()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.details()).contains(named);
    assertThat(answer.json().path("error").path("fbtrace_id").asText()).hasSize(23);
    assertThat(answer.json().path("error").path("type").asText()).isEqualTo("OAuthException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "100|{'to':'16505551234','type':'text','text':{'body':'x'}}",
        "100|{'messaging_product':'whatsapp','type':'text','text':{'body':'x'}}",
        "100|{'messaging_product':'whatsapp','to':'not a phone','type':'text','text':{'body':'x'}}",
        "100|{'messaging_product':'whatsapp','recipient':'nobody','type':'text','text':{'body':'x'}}",
        "131021|{'messaging_product':'whatsapp','to':'15550783881','type':'text','text':{'body':'x'}}",
        "100|not json at all"
      })
  void refusesABadEnvelope(int code, String body) {
    Bench.Answer answer = bench.send(Bench.NUMBER, Bench.TOKEN, body.replace('\'', '"'));
    assertThat(answer.errorCode()).as(answer.json().toString()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void marksAsReadAndShowsTyping() {
    String mark =
        "{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"%s\"%s}";
    String typing = ",\"typing_indicator\":{\"type\":\"text\"}";
    assertThat(
            bench
                .send(Bench.NUMBER, Bench.TOKEN, mark.formatted("wamid.HBgL", ""))
                .json()
                .path("success")
                .asBoolean())
        .isTrue();
    assertThat(bench.send(Bench.NUMBER, Bench.TOKEN, mark.formatted("wamid.HBgL", typing)).status())
        .isEqualTo(200);
    assertThat(bench.send(Bench.NUMBER, Bench.TOKEN, mark.formatted("nonsense", "")).errorCode())
        .isEqualTo(100);
  }

  @Test
  void cannotReactToAReaction() {
    String reaction = "\"type\":\"reaction\",\"reaction\":{\"message_id\":\"%s\",\"emoji\":\"😀\"}";
    String wamid = bench.send(reaction.formatted("wamid.HBgL")).wamid();
    assertThat(bench.send(reaction.formatted(wamid)).errorCode()).isEqualTo(131009);
  }

  @Test
  void asksForTheTokenOfTheNumber() {
    String body =
        "{\"messaging_product\":\"whatsapp\",\"to\":\"16505551234\",\"text\":{\"body\":\"x\"}}";
    assertThat(bench.send(Bench.NUMBER, null, body).errorCode()).isEqualTo(190);
    Bench.Answer wrong = bench.send(Bench.NUMBER, "wrong", body);
    assertThat(wrong.errorCode()).isEqualTo(190);
    assertThat(wrong.status()).isEqualTo(401);
    Bench.Answer elsewhere = bench.send("999", Bench.TOKEN, body);
    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.errorCode()).isEqualTo(100);
    assertThat(elsewhere.json().path("error").path("error_subcode").asInt()).isEqualTo(33);
  }
}
