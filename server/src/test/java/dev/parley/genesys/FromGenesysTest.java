package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.Failure;
import dev.parley.platform.json.Json;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each kind of webhook becomes on WhatsApp.
class FromGenesysTest {
  private static List<Step> steps(String json) {
    return FromGenesys.steps(Json.tree(json));
  }

  private static Content only(String json) {
    List<Step> steps = steps(json);
    assertThat(steps).hasSize(1);
    return ((Step.Say) steps.getFirst()).content();
  }

  private static ObjectNode quick(String text, List<String> titles) {
    ObjectNode webhook = Json.MAPPER.createObjectNode().put("type", "Structured").put("text", text);
    ArrayNode content = webhook.putArray("content");
    for (int i = 0; i < titles.size(); i++) {
      content
          .addObject()
          .put("contentType", "QuickReply")
          .putObject("quickReply")
          .put("text", titles.get(i))
          .put("payload", "p" + i);
    }
    return webhook;
  }

  private static List<String> titles(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> (char) ('a' + i) + "x".repeat(length - 1))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "Text,Outbound,MESSAGE",
    "Structured,Outbound,MESSAGE",
    "Text,Inbound,NOTHING",
    "Receipt,Inbound,RECEIPT",
    "Receipt,Outbound,NOTHING",
    "Event,Outbound,NOTHING",
    "Carrier,Outbound,UNKNOWN"
  })
  void everyTypeIsOfAKind(String type, String direction, FromGenesys.Kind kind) {
    JsonNode webhook = Json.MAPPER.createObjectNode().put("type", type).put("direction", direction);

    assertThat(FromGenesys.kind(webhook)).isEqualTo(kind);
  }

  @Test
  void typingIsTypingUnlessItEnds() {
    String event =
        "{\"type\":\"Event\",\"events\":[{\"eventType\":\"Typing\",\"typing\":{\"type\":\"%s\"}}]}";

    assertThat(FromGenesys.kind(Json.tree(event.formatted("On"))))
        .isEqualTo(FromGenesys.Kind.TYPING);
    assertThat(FromGenesys.kind(Json.tree(event.formatted("Off"))))
        .isEqualTo(FromGenesys.Kind.NOTHING);
  }

  @Test
  void aText() {
    assertThat(only("{\"text\":\"Hi\",\"content\":[],\"nickName\":\"x\"}"))
        .isEqualTo(new Content.Text("Hi", null));
    assertThat(steps("{\"text\":\"" + "long ".repeat(1000) + "\"}")).hasSize(2);
  }

  @Test
  void aFileWithoutText() {
    List<Step> steps =
        steps(
            "{\"content\":[{\"contentType\":\"Attachment\",\"attachment\":{\"mediaType\":\"Image\",\"url\":\"https://f/1\",\"mime\":\"image/png\",\"filename\":\"a.png\"}}]}");

    assertThat(steps)
        .containsExactly(new Step.Fetch("https://f/1", "Image", "image/png", "a.png", null));
  }

  @ParameterizedTest
  @CsvSource({"Image,10,1", "Image,1025,2", "Audio,10,2", "File,1024,1"})
  void theTextIsTheCaptionWhereItFits(String type, int length, int messages) {
    List<Step> steps =
        steps(
            "{\"text\":\"%s\",\"content\":[{\"contentType\":\"Attachment\",\"attachment\":{\"mediaType\":\"%s\",\"url\":\"https://f/1\"}}]}"
                .formatted("x".repeat(length), type));

    assertThat(steps).hasSize(messages);
    assertThat(steps.getLast()).isInstanceOf(Step.Fetch.class);
    String caption = ((Step.Fetch) steps.getLast()).caption();
    assertThat(caption).isEqualTo(messages == 1 ? "x".repeat(length) : null);
  }

  @Test
  void aLinkIsAText() {
    assertThat(
            only(
                "{\"content\":[{\"contentType\":\"Attachment\",\"attachment\":{\"mediaType\":\"Link\",\"url\":\"https://l/1\",\"text\":\"Here\"}}]}"))
        .isEqualTo(new Content.Text("Here\nhttps://l/1", null));
  }

  /// Buttons, then a list, then numbers.
  @ParameterizedTest
  @CsvSource({
    "1,20,Buttons",
    "3,20,Buttons",
    "3,21,Menu",
    "4,20,Menu",
    "10,24,Menu",
    "10,25,Text",
    "11,20,Text",
    "2,24,Menu",
    "2,25,Text"
  })
  void quickRepliesGoDownALadder(int count, int length, String kind) {
    List<Step> steps = FromGenesys.steps(quick("Choose", titles(count, length)));

    assertThat(steps).hasSize(1);
    var say = (Step.Say) steps.getFirst();
    assertThat(say.content().getClass().getSimpleName()).isEqualTo(kind);
    assertThat(say.options()).hasSize(count);
    assertThat(say.numbered()).isEqualTo(kind.equals("Text"));
  }

  /// An emoji counts as what it takes in UTF-16.
  @Test
  void lengthsAreCountedAsWhatsAppDoes() {
    var ten = (Step.Say) FromGenesys.steps(quick("?", List.of("😀".repeat(10)))).getFirst();
    var eleven = (Step.Say) FromGenesys.steps(quick("?", List.of("😀".repeat(11)))).getFirst();

    assertThat(ten.content()).isInstanceOf(Content.Buttons.class);
    assertThat(eleven.content()).isInstanceOf(Content.Menu.class);
  }

  @Test
  void titlesThatAreAlikeAreNotButtons() {
    var say = (Step.Say) FromGenesys.steps(quick("?", List.of("Yes", "Yes"))).getFirst();

    assertThat(say.content()).isInstanceOf(Content.Menu.class);
    assertThat(say.options().values().stream().map(Part.Option::payload))
        .containsExactlyInAnyOrder("p0", "p1");
  }

  @Test
  void aLongPayloadHasAnIdOfItsOwn() {
    ObjectNode webhook = quick("?", List.of("Yes", "No"));
    String payload = "p".repeat(300);
    for (JsonNode content : webhook.path("content")) {
      ((ObjectNode) content.path("quickReply")).put("payload", payload);
    }
    var say = (Step.Say) FromGenesys.steps(webhook).getFirst();
    var buttons = (Content.Buttons) say.content();

    assertThat(buttons.buttons()).allMatch(button -> button.id().length() <= 256);
    assertThat(new HashSet<>(say.options().keySet())).hasSize(2);
    assertThat(say.options().values()).allMatch(option -> option.payload().equals(payload));
  }

  @Test
  void aLongQuestionGoesBeforeTheButtons() {
    List<Step> steps = FromGenesys.steps(quick("q".repeat(1025), List.of("Yes")));

    assertThat(steps).hasSize(2);
    assertThat(((Step.Say) steps.getFirst()).content())
        .isEqualTo(new Content.Text("q".repeat(1025), null));
    assertThat(((Step.Say) steps.getLast()).content()).isInstanceOf(Content.Buttons.class);
  }

  @Test
  void numbersAndWordsAnswerNumberedChoices() {
    var say = (Step.Say) FromGenesys.steps(quick("Which?", titles(11, 20))).getFirst();
    String text = ((Content.Text) say.content()).body();

    assertThat(text)
        .startsWith("Which?\n1) a")
        .contains("\n11) k")
        .endsWith("Reply with a number.");
    assertThat(Choices.chosen(say.options(), " 11. ")).isEqualTo(say.options().get("11"));
    assertThat(Choices.chosen(say.options(), "B" + "X".repeat(19)))
        .isEqualTo(say.options().get("2"));
    assertThat(Choices.chosen(say.options(), "12")).isNull();
  }

  private static Content card(String card) {
    return only("{\"content\":[{\"contentType\":\"Card\",\"card\":" + card + "}]}");
  }

  @Test
  void aCardWithButtons() {
    var buttons =
        (Content.Buttons)
            card(
                "{\"title\":\"Shoes\",\"description\":\"Red\",\"image\":\"https://i/1.png\",\"actions\":[{\"type\":\"Postback\",\"text\":\"Buy\",\"payload\":\"buy1\"}]}");

    assertThat(buttons.body()).isEqualTo("Shoes\nRed");
    assertThat(buttons.buttons()).containsExactly(new Content.Button("buy1", "Buy"));
    assertThat(buttons.header()).isNotNull();
  }

  @Test
  void aCardWithOneLink() {
    var link =
        (Content.Link)
            card(
                "{\"title\":\"Shoes\",\"actions\":[{\"type\":\"Link\",\"text\":\"Open the shop of all shoes\",\"url\":\"https://s/1\"}]}");

    assertThat(link.url()).isEqualTo("https://s/1");
    assertThat(link.label().length()).isLessThanOrEqualTo(20);
  }

  @Test
  void aCardWithBothHasItsLinksInTheText() {
    var buttons =
        (Content.Buttons)
            card(
                "{\"title\":\"Shoes\",\"actions\":[{\"type\":\"Link\",\"text\":\"Open\",\"url\":\"https://s/1\"},{\"type\":\"Postback\",\"text\":\"Buy\",\"payload\":\"b\"}]}");

    assertThat(buttons.body()).isEqualTo("Shoes\nOpen: https://s/1");
  }

  @Test
  void aCarouselIsItsCards() {
    String card = "{\"title\":\"Card\",\"actions\":[]}";
    String cards = String.join(",", Collections.nCopies(12, card));

    assertThat(
            steps(
                "{\"content\":[{\"contentType\":\"Carousel\",\"carousel\":{\"cards\":["
                    + cards
                    + "]}}]}"))
        .hasSize(10);
  }

  @Test
  void aListPicker() {
    String picker =
        "{\"text\":\"Pick\",\"content\":[{\"contentType\":\"ListPicker\",\"listPicker\":{\"sections\":[{\"title\":\"Fruit\",\"multipleSelection\":%s,\"items\":[{\"id\":\"1\",\"title\":\"Apple\",\"subtitle\":\"Green\"},{\"id\":\"2\",\"title\":\"Pear\"}]}],\"receivedMessage\":{\"title\":\"What do you like?\"}}}]}";

    var menu = (Content.Menu) only(picker.formatted("false"));
    assertThat(menu.body()).isEqualTo("Pick\nWhat do you like?");
    assertThat(menu.sections().getFirst().rows())
        .containsExactly(
            new Content.Row("1", "Apple", "Green"), new Content.Row("2", "Pear", null));
    assertThat(((Content.Text) only(picker.formatted("true"))).body())
        .contains("1) Apple - Green")
        .endsWith("Reply with the number of your first choice.");
  }

  @Test
  void aDatePicker() {
    var menu =
        (Content.Menu)
            only(
                "{\"content\":[{\"contentType\":\"DatePicker\",\"datePicker\":{\"title\":\"When?\",\"availableTimes\":[{\"dateTime\":\"2026-03-02T14:30:00.000Z\",\"duration\":1800}]}}]}");

    assertThat(menu.sections().getFirst().rows())
        .containsExactly(
            new Content.Row("2026-03-02T14:30:00.000Z", "Mon 2 Mar, 14:30 UTC", "30 min"));
  }

  @Test
  void aNotificationIsATemplate() {
    var template =
        (Content.Template)
            only(
                "{\"content\":[{\"contentType\":\"Notification\",\"template\":{\"id\":\"ns_1@order_ready\",\"language\":\"en-US\",\"header\":{\"type\":\"Media\",\"media\":{\"mediaType\":\"Image\",\"url\":\"https://i/1\"}},\"body\":{\"text\":\"..\",\"parameters\":[{\"name\":\"1\",\"text\":\"Ana\"},{\"name\":\"2\",\"text\":\"42\"}]},\"buttons\":[{\"type\":\"Url\",\"index\":0,\"parameters\":[{\"name\":\"1\",\"text\":\"t/42\"}]},{\"type\":\"QuickReply\",\"index\":1,\"payload\":\"stop\"}]}}]}");

    assertThat(template.name()).isEqualTo("order_ready");
    assertThat(template.language()).isEqualTo("en_US");
    assertThat(template.components().toString())
        .isEqualTo(
            "[{\"type\":\"header\",\"parameters\":[{\"type\":\"image\",\"image\":{\"link\":\"https://i/1\"}}]},"
                + " {\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ana\"},{\"type\":\"text\",\"text\":\"42\"}]},"
                + " {\"type\":\"button\",\"sub_type\":\"url\",\"index\":\"0\",\"parameters\":[{\"type\":\"text\",\"text\":\"t/42\"}]},"
                + " {\"type\":\"button\",\"sub_type\":\"quick_reply\",\"index\":\"1\",\"parameters\":[{\"type\":\"payload\",\"payload\":\"stop\"}]}]");
  }

  @Test
  void parametersThatHaveNamesKeepThem() {
    var template =
        (Content.Template)
            only(
                "{\"content\":[{\"contentType\":\"Notification\",\"template\":{\"id\":\"hi\",\"language\":\"en\",\"body\":{\"parameters\":[{\"name\":\"first_name\",\"text\":\"Ana\"}]}}}]}");

    assertThat(template.components().getFirst().at("/parameters/0/parameter_name").asText())
        .isEqualTo("first_name");
  }

  @Test
  void whatIsNotKnownIsNothing() {
    assertThat(steps("{\"content\":[{\"contentType\":\"Hologram\"}]}")).isEmpty();
    assertThat(steps("{}")).isEmpty();
    assertThat(steps("{\"text\":\"still\",\"content\":[{\"contentType\":\"Hologram\"}]}"))
        .containsExactly(Step.Say.text("still"));
  }

  @ParameterizedTest
  @CsvSource({
    "131047,MessageNotAllowed",
    "131026,InvalidDestination",
    "131051,UnsupportedMessage",
    "131056,RateLimited",
    "130429,RateLimited",
    "80007,RateLimited",
    "131053,MediaTypeNotAllowed",
    "131050,RecipientOptedOut",
    "1,GeneralError"
  })
  void whatsAppsErrorsHaveTheirReasons(int code, String reason) {
    assertThat(ReasonCode.of(new Failure("x", "x", "x", code, null, false)).word())
        .isEqualTo(reason);
  }
}
