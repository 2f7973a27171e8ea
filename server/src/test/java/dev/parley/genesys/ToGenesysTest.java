package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.conversations.Content;
import dev.parley.conversations.MessageFile;
import dev.parley.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What each kind of customer's message becomes at Genesys.
class ToGenesysTest {
  private static final Part.Given FILE =
      new Part.Given("https://files.example/a", "image/jpeg", null, 1000);
  private static final Part.Given NAMED =
      new Part.Given("https://files.example/b", "application/pdf", "bill.pdf", 1000);
  private static final Part.Given LARGE =
      new Part.Given("https://files.example/c", "video/mp4", "film.mp4", (25L << 20) + 1);

  private static Content.Attachment attachment() {
    return new Content.Attachment("m1", null, "image/jpeg", null, null, null, null);
  }

  private static Content.Attachment attachment(MessageFile file) {
    return attachment().with(null, file);
  }

  private static ToGenesys.Around with(Part.Given file) {
    return new ToGenesys.Around(null, null, null, file, true);
  }

  private static ToGenesys.Around quoting(String quote) {
    return new ToGenesys.Around(quote, null, null, null, true);
  }

  private static Content.Answer answer(String kind, String id, String title) {
    return new Content.Answer(kind, id, title, null, null);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(new Content.Text("Olá", null), ToGenesys.Around.NOTHING, "Olá"),
        Arguments.of(
            new Content.Text("Yes", null), quoting("Is it\nblue?"), "> \"Is it blue?\"\nYes"),
        Arguments.of(
            new Content.Text("Yes", null),
            quoting("x".repeat(200)),
            "> \"" + "x".repeat(79) + "…\"\nYes"),
        Arguments.of(
            new Content.Location(38.72, -9.14, "Shop", "Rua 1", null),
            ToGenesys.Around.NOTHING,
            "Location: Shop, Rua 1 https://maps.google.com/?q=38.72%2C-9.14"),
        Arguments.of(
            new Content.Location(1, 2, null, null, null),
            ToGenesys.Around.NOTHING,
            "Location: https://maps.google.com/?q=1%2C2"),
        Arguments.of(
            new Content.Contacts(
                List.of(
                    Json.tree(
                        "{\"name\":{\"formatted_name\":\"Ana\"},\"phones\":[{\"phone\":\"+351 1\"},{\"phone\":\"+351 2\"}]}"))),
            ToGenesys.Around.NOTHING,
            "Contact: Ana, +351 1, +351 2"),
        Arguments.of(
            new Content.Reaction(null, "wamid.1", "👍"),
            quoting("Thank you"),
            "Reacted 👍 to \"Thank you\""),
        Arguments.of(
            new Content.Reaction(null, "wamid.1", "👍"), ToGenesys.Around.NOTHING, "Reacted 👍"),
        Arguments.of(answer("button", "yes", "Yes"), ToGenesys.Around.NOTHING, "Yes"),
        Arguments.of(answer("list", "am", "Morning"), ToGenesys.Around.NOTHING, "Morning"),
        Arguments.of(answer("template_button", "p", "Stop"), ToGenesys.Around.NOTHING, "Stop"),
        Arguments.of(
            new Content.Answer(
                "flow",
                null,
                "Sent",
                null,
                Json.tree("{\"name\":\"Ana\",\"guests\":3,\"flow_token\":\"t\"}")),
            ToGenesys.Around.NOTHING,
            "Sent:\nname: Ana\nguests: 3"),
        Arguments.of(
            new Content.Order(
                "c1",
                "Please hurry",
                List.of(
                    Json.tree(
                        "{\"product_retailer_id\":\"sku1\",\"quantity\":2,\"item_price\":10.5,\"currency\":\"EUR\"}"))),
            ToGenesys.Around.NOTHING,
            "Order:\n2 x sku1 at 10.5 EUR\nTotal: 21.0 EUR\nPlease hurry"),
        Arguments.of(
            new Content.Notice("user_changed_number", "Ana changed number", null),
            ToGenesys.Around.NOTHING,
            "Ana changed number"),
        Arguments.of(
            new Content.Unsupported("poll", null, Json.tree("{}")),
            ToGenesys.Around.NOTHING,
            "[unsupported message: poll]"),
        Arguments.of(
            new Content.Video(attachment(), "Look"),
            with(LARGE),
            "Customer sent a video film.mp4, too large to be shown here: https://files.example/c\nLook"),
        Arguments.of(
            new Content.Image(
                attachment(MessageFile.absent(MessageFile.State.EXPIRED, "It is gone.")), null),
            ToGenesys.Around.NOTHING,
            "Customer sent an image: It is gone."));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void becomesAText(Content content, ToGenesys.Around around, String text) {
    assertThat(ToGenesys.parts(content, around)).containsExactly(new Part.Text(text));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of(new Content.Image(attachment(), "Look"), FILE, "Image", "image.jpg", "Look"),
        Arguments.of(new Content.Video(attachment(), null), FILE, "Video", "video.jpg", null),
        Arguments.of(new Content.Audio(attachment()), FILE, "Audio", "audio.jpg", null),
        Arguments.of(
            new Content.Voice(attachment()),
            new Part.Given("https://f/v", "audio/ogg", null, 1),
            "Audio",
            "voice.ogg",
            null),
        Arguments.of(new Content.Document(attachment(), null), NAMED, "File", "bill.pdf", null),
        Arguments.of(
            new Content.Sticker(attachment(), false),
            new Part.Given("https://f/s", "image/webp", null, 1),
            "Image",
            "sticker.webp",
            null));
  }

  @ParameterizedTest
  @MethodSource("files")
  void becomesAFile(Content content, Part.Given given, String type, String name, String caption) {
    List<Part> parts = ToGenesys.parts(content, with(given));

    assertThat(parts).hasSize(1);
    var file = (Part.File) parts.getFirst();
    assertThat(file.mediaType()).isEqualTo(type);
    assertThat(file.given().filename()).isEqualTo(name);
    assertThat(file.given().url()).isEqualTo(given.url());
    assertThat(file.caption()).isEqualTo(caption);
  }

  @Test
  void aFileThatIsStillFetchedIsAnnounced() {
    List<Part> parts =
        ToGenesys.parts(
            new Content.Image(attachment(MessageFile.pending()), null), ToGenesys.Around.NOTHING);

    assertThat(parts)
        .containsExactly(
            new Part.Text("Customer sent an image: it is still being fetched and follows", true));
  }

  @Test
  void aChoiceThatIsKnownAnswersItsQuestion() {
    var around =
        new ToGenesys.Around(
            null, new Part.Option("QuickReply", "Yes", "payload-1"), "g-1", null, true);

    assertThat(ToGenesys.parts(answer("button", "payload-1", "Yes"), around))
        .containsExactly(new Part.Choice("QuickReply", "Yes", "payload-1", "g-1"));
  }

  @Test
  void aReactionThatIsTakenBackOrNotWantedIsNotTold() {
    var unwanted = new ToGenesys.Around(null, null, null, null, false);

    assertThat(
            ToGenesys.parts(new Content.Reaction(null, "wamid.1", null), ToGenesys.Around.NOTHING))
        .isEmpty();
    assertThat(ToGenesys.parts(new Content.Reaction(null, "wamid.1", "👍"), unwanted)).isEmpty();
  }

  @Test
  void aLongTextIsPartedWhereAWordEnds() {
    String text = ("word ".repeat(799) + "\uD83D\uDC4D".repeat(3000)).strip();
    List<Part> parts = ToGenesys.parts(new Content.Text(text, null), ToGenesys.Around.NOTHING);

    assertThat(parts).allMatch(p -> p instanceof Part.Text t && t.text().length() <= 4000);
    String joined =
        parts.stream()
            .map(p -> ((Part.Text) p).text())
            .reduce("", (a, b) -> a + b)
            .replace(" ", "");
    assertThat(joined).isEqualTo(text.replace(" ", ""));
    assertThat(new String(joined.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .as("no character is cut in two")
        .isEqualTo(joined);
  }

  @Test
  void attributesStayBelowTheirLimit() {
    var attributes = new CustomAttributes().with("first", "kept").with("blank", " ");
    for (int i = 0; i < 20; i++) {
      attributes.with("name" + i, "é".repeat(400));
    }

    var json = attributes.json();
    assertThat(json.toString().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1900);
    assertThat(json.path("first").asText()).isEqualTo("kept");
    assertThat(json.has("blank")).isFalse();
    assertThat(json.size()).isGreaterThan(1);
  }
}
