package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WhatsAppLimitsTest {
  private static final Content.Attachment FILE =
      new Content.Attachment("1003", null, null, null, null, null, null);
  private static final List<Content.Button> ONE = List.of(new Content.Button("a", "A"));
  private static final List<Content.Section> SECTION = List.of(section(1));

  private static String text(int length) {
    return "x".repeat(length);
  }

  private static Content.Section section(int rows) {
    return new Content.Section(
        "S",
        IntStream.range(0, rows)
            .mapToObj(i -> new Content.Row("r" + rows + "-" + i, "Row " + i, null))
            .toList());
  }

  private static Content.Header header(String text) {
    return new Content.Header(text, null, null, null);
  }

  private static Content.Menu row(String id, String title, String description) {
    return new Content.Menu(
        "b",
        "B",
        List.of(new Content.Section(null, List.of(new Content.Row(id, title, description)))),
        null,
        null);
  }

  private static JsonNode card(int i) {
    return Json.tree("{\"name\":{\"formatted_name\":\"N" + i + "\",\"first_name\":\"F\"}}");
  }

  private static List<String> fields(Content content) {
    return WhatsAppLimits.check(content).stream().map(Problem.FieldError::field).toList();
  }

  private record Limit(String field, int most, IntFunction<Content> make) {}

  @TestFactory
  Stream<DynamicTest> eachLimitBelowAtAndAbove() {
    return Stream.of(
            new Limit("body", 4096, n -> new Content.Text(text(n), null)),
            new Limit("caption", 1024, n -> new Content.Image(FILE, text(n))),
            new Limit("caption", 1024, n -> new Content.Video(FILE, text(n))),
            new Limit("caption", 1024, n -> new Content.Document(FILE, text(n))),
            new Limit("body", 1024, n -> new Content.Buttons(text(n), ONE, null, null)),
            new Limit("footer", 60, n -> new Content.Buttons("b", ONE, null, text(n))),
            new Limit("header.text", 60, n -> new Content.Buttons("b", ONE, header(text(n)), null)),
            new Limit(
                "buttons[0].title",
                20,
                n ->
                    new Content.Buttons(
                        "b", List.of(new Content.Button("a", text(n))), null, null)),
            new Limit(
                "buttons[0].id",
                256,
                n ->
                    new Content.Buttons(
                        "b", List.of(new Content.Button(text(n), "A")), null, null)),
            new Limit(
                "buttons",
                3,
                n ->
                    new Content.Buttons(
                        "b",
                        IntStream.range(0, n)
                            .mapToObj(i -> new Content.Button("b" + i, "B" + i))
                            .toList(),
                        null,
                        null)),
            new Limit("body", 4096, n -> new Content.Menu(text(n), "B", SECTION, null, null)),
            new Limit("button", 20, n -> new Content.Menu("b", text(n), SECTION, null, null)),
            new Limit(
                "sections", 10, n -> new Content.Menu("b", "B", List.of(section(n)), null, null)),
            new Limit("sections[0].rows[0].title", 24, n -> row("r", text(n), "d")),
            new Limit("sections[0].rows[0].id", 200, n -> row(text(n), "t", "d")),
            new Limit("sections[0].rows[0].description", 72, n -> row("r", "t", text(n))),
            new Limit(
                "body", 1024, n -> new Content.Link(text(n), "L", "https://a.example", null, null)),
            new Limit(
                "label", 20, n -> new Content.Link("b", text(n), "https://a.example", null, null)),
            new Limit("body", 1024, n -> new Content.LocationRequest(text(n))),
            new Limit(
                "cards",
                257,
                n ->
                    new Content.Contacts(
                        IntStream.range(0, n).mapToObj(WhatsAppLimitsTest::card).toList())),
            new Limit("name", 512, n -> new Content.Template(text(n), "en", List.of())))
        .map(
            limit ->
                DynamicTest.dynamicTest(
                    limit.make().apply(1).getClass().getSimpleName() + " " + limit.field(),
                    () -> {
                      assertThat(fields(limit.make().apply(limit.most() - 1))).isEmpty();
                      assertThat(fields(limit.make().apply(limit.most()))).isEmpty();
                      assertThat(fields(limit.make().apply(limit.most() + 1)))
                          .containsExactly("content." + limit.field());
                      assertThat(fields(limit.make().apply(0)))
                          .isSubsetOf(
                              "content." + limit.field(), "content." + limit.field() + "[0].rows");
                    }));
  }

  /// What a client sends as JSON can lack anything, and hold null in any place.
  @TestFactory
  Stream<DynamicTest> whatIsMissingIsNamed() {
    return Stream.of(
            "{'type':'text'}",
            "{'type':'image'}",
            "{'type':'image','attachment':{}}",
            "{'type':'image','attachment':{'link':'ftp://a/b'}}",
            "{'type':'image','attachment':{'link':'https://'}}",
            "{'type':'image','attachment':{'link':'https://a.example/x','providerId':'1'}}",
            "{'type':'document'}",
            "{'type':'contacts'}",
            "{'type':'contacts','cards':[null]}",
            "{'type':'contacts','cards':[]}",
            "{'type':'buttons'}",
            "{'type':'buttons','body':'b','buttons':[null]}",
            "{'type':'buttons','body':'b','buttons':[{}]}",
            "{'type':'buttons','body':'b','buttons':[{'id':'a','title':'A'},{'id':'a','title':'B'}]}",
            "{'type':'buttons','body':'b','buttons':[{'id':'a','title':'A'}],'header':{}}",
            "{'type':'list'}",
            "{'type':'list','body':'b','button':'B','sections':[null]}",
            "{'type':'list','body':'b','button':'B','sections':[{}]}",
            "{'type':'list','body':'b','button':'B','sections':[{'rows':[null]}]}",
            "{'type':'list','body':'b','button':'B','sections':[{'rows':[{'id':'1','title':'a'}]},{'rows':[{'id':'2','title':'a'}]}]}",
            "{'type':'link','body':'b','label':'L','url':'javascript:alert(1)'}",
            "{'type':'template'}",
            "{'type':'template','name':'Not Allowed','language':'en','components':[]}",
            "{'type':'template','name':'a','language':'en','components':[{'type':'feet'}]}",
            "{'type':'location','latitude':91,'longitude':0}",
            "{'type':'location','latitude':0,'longitude':-181}",
            "{'type':'order'}",
            "{'type':'answer','kind':'button'}",
            "{'type':'system','kind':'x'}")
        .map(
            json ->
                DynamicTest.dynamicTest(
                    json,
                    () ->
                        assertThat(fields(Json.read(json.replace('\'', '"'), Content.class)))
                            .isNotEmpty()
                            .allMatch(field -> field.startsWith("content."))));
  }

  @Test
  void coordinatesAtTheirEnds() {
    assertThat(fields(new Content.Location(90, 180, null, null, null))).isEmpty();
    assertThat(fields(new Content.Location(-90, -180, "n", "a", null))).isEmpty();
    assertThat(fields(new Content.Location(Double.NaN, 0, null, null, null))).isNotEmpty();
  }
}
