package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
  private static final String PATH = "/v23.0/" + Bench.WABA + "/message_templates";
  private static final String SALE =
      """
      {"name":"sale","language":"en_US","category":"MARKETING","components":[
       {"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::x"]}},
       {"type":"body","text":"Hi {{1}}","example":{"body_text":[["Jo"]]}},
       {"type":"BUTTONS","buttons":[{"type":"URL","text":"Go","url":"https://e.com/{{1}}","example":["a"]}]}]}""";
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void listsPageByPage() {
    JsonNode first = bench.graph("GET", PATH + "?fields=name,status,language&limit=2", null).json();
    assertThat(first.path("data"))
        .extracting(t -> t.path("name").asText())
        .containsExactly("hello_world", "order_confirmation");
    assertThat(first.path("data").path(0).has("components")).isFalse();
    JsonNode second = bench.graph("GET", first.path("paging").path("next").asText(), null).json();
    assertThat(second.path("data"))
        .extracting(t -> t.path("name").asText())
        .containsExactly("appointment_reminder");
    assertThat(second.path("paging").has("next")).isFalse();
    assertThat(bench.graph("GET", PATH + "?status=REJECTED", null).json().path("data")).isEmpty();
    assertThat(bench.graph("GET", PATH + "?fields=nonsense", null).errorCode()).isEqualTo(100);
  }

  @Test
  void aNewTemplateIsReviewedAnnouncedAndSendable() {
    JsonNode made = bench.graph("POST", PATH, SALE).json();
    assertThat(made.path("status").asText()).isEqualTo("PENDING");
    Await.until("the review", () -> !bench.receiver.hooks().isEmpty());
    JsonNode change =
        bench.receiver.hooks().getFirst().json().path("entry").path(0).path("changes").path(0);
    assertThat(change.path("field").asText()).isEqualTo("message_template_status_update");
    assertThat(change.path("value").path("event").asText()).isEqualTo("APPROVED");
    assertThat(change.path("value").path("message_template_id").asText())
        .isEqualTo(made.path("id").asText());

    String send =
        """
        "type":"template","template":{"name":"sale","language":{"code":"en_US"},"components":[
         {"type":"body","parameters":[{"type":"text","text":"Jo"}]}%s]}""";
    String header =
        ",{\"type\":\"header\",\"parameters\":[{\"type\":\"image\",\"image\":{\"link\":\"https://e.com/a\"}}]}";
    String button =
        ",{'type':'button','sub_type':'url','index':'0','parameters':[{'type':'text','text':'a'}]}"
            .replace('\'', '"');
    assertThat(bench.send(send.formatted("")).details())
        .contains("expected IMAGE, received UNKNOWN");
    assertThat(bench.send(send.formatted(header)).errorCode()).isEqualTo(131008);
    assertThat(bench.send(send.formatted(header + button)).status()).isEqualTo(200);
  }

  @Test
  void isEditedAndDeleted() {
    String id =
        bench
            .graph("GET", PATH + "?name=hello_world", null)
            .json()
            .path("data")
            .path(0)
            .path("id")
            .asText();
    assertThat(
            bench
                .graph("GET", "/v23.0/" + id + "?fields=name,quality_score", null)
                .json()
                .path("name")
                .asText())
        .isEqualTo("hello_world");
    Bench.Answer edited =
        bench.graph(
            "POST", "/v23.0/" + id, "{\"components\":[{\"type\":\"BODY\",\"text\":\"New text\"}]}");
    assertThat(edited.json().path("success").asBoolean()).isTrue();
    Await.until("the review", () -> !bench.receiver.hooks().isEmpty());
    assertThat(bench.graph("DELETE", PATH + "?name=hello_world", null).status()).isEqualTo(200);
    assertThat(bench.graph("DELETE", PATH + "?name=hello_world", null).errorCode()).isEqualTo(100);
    assertThat(bench.graph("GET", "/v23.0/" + id, null).status()).isEqualTo(400);
  }

  @Test
  void aPausedTemplateIsRefused() {
    String id =
        bench
            .graph("GET", PATH + "?name=hello_world", null)
            .json()
            .path("data")
            .path(0)
            .path("id")
            .asText();
    String control = "/sandbox/accounts/" + Bench.WABA + "/templates/" + id;
    assertThat(bench.control("PUT", control, "{\"status\":\"PAUSED\"}").status()).isEqualTo(200);
    String send =
        "\"type\":\"template\",\"template\":{\"name\":\"hello_world\",\"language\":{\"code\":\"en_US\"}}";
    assertThat(bench.send(send).errorCode()).isEqualTo(132015);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name|{'name':'Has Capitals','language':'en_US','category':'UTILITY',SOUND}",
        "category|{'name':'a','language':'en_US','category':'FUN',SOUND}",
        "components|{'name':'a','language':'en_US','category':'UTILITY','components':[{'type':'FOOTER','text':'x'}]}",
        "example|{'name':'a','language':'en_US','category':'UTILITY','components':[{'type':'BODY','text':'x {{1}}'}]}",
        "text|{'name':'a','language':'en_US','category':'UTILITY','components':[{'type':'BODY','text':'x {{2}}'}]}",
        "already exists|{'name':'hello_world','language':'en_US','category':'UTILITY',SOUND}"
      })
  void refusesWhatIsNoTemplate(String named, String body) {
    Bench.Answer answer =
        bench.graph(
            "POST",
            PATH,
            body.replace("SOUND", "'components':[{'type':'BODY','text':'x'}]").replace('\'', '"'));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.details()).contains(named);
  }
}
