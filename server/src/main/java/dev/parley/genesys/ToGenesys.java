package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.conversations.MessageFile;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What customers' messages become in Open Messaging, which takes texts, one file each, and answers to choices. All
/// else becomes a text that an agent can read; nothing is dropped but a reaction that was taken back.
final class ToGenesys {
  /// The longest text; an agent's own has the same limit in Genesys' composer.
  static final int TEXT = 4000;

  /// The largest file that Genesys takes, in bytes.
  static final long FILE = 25L << 20;

  private static final int QUOTE = 80;
  private static final int FIELDS = 50;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private ToGenesys() {}

  /// What there is to know besides the content.
  ///
  /// @param quote what the message that it answers says; null where it answers none
  /// @param option what the customer chose, where that is known
  /// @param originatingMessageId the message of Genesys that offered the choice; null with `option`
  /// @param file the message's file; null where there is none to be fetched
  /// @param reactions whether reactions are told
  record Around(
      @Nullable String quote,
      Part.@Nullable Option option,
      @Nullable String originatingMessageId,
      Part.@Nullable Given file,
      boolean reactions) {
    static final Around NOTHING = new Around(null, null, null, null, true);
  }

  /// The parts in their order; none when there is nothing to tell.
  static List<Part> parts(Content content, Around around) {
    Part.Option option = around.option();
    String originating = around.originatingMessageId();
    if (option != null && originating != null) {
      return List.of(new Part.Choice(option.type(), option.text(), option.payload(), originating));
    }
    return switch (content) {
      case Content.Media media -> media(media, around);
      case Content.Reaction reaction -> reaction(reaction, around);
      default -> texts(quoted(around.quote(), text(content)));
    };
  }

  /// What an agent reads of a file that Genesys does not take, and with it of its caption.
  static List<Part> link(Content.Media content, Part.Given file) {
    String caption = caption(content);
    return texts(
        "Customer sent "
            + named(content, file.filename())
            + ", which cannot be shown here: "
            + file.url()
            + (caption == null ? "" : "\n" + caption));
  }

  /// A text in as many parts as it needs.
  static List<Part> texts(String text) {
    return Texts.split(text, TEXT).stream().<Part>map(Part.Text::new).toList();
  }

  private static String quoted(@Nullable String quote, String text) {
    return quote == null ? text : "> \"" + line(quote) + "\"\n" + text;
  }

  private static String line(String text) {
    return Texts.cut(BLANKS.matcher(text.strip()).replaceAll(" "), QUOTE);
  }

  private static List<Part> reaction(Content.Reaction reaction, Around around) {
    String emoji = reaction.emoji();
    if (emoji == null || emoji.isEmpty() || !around.reactions()) {
      return List.of();
    }
    String quote = around.quote();
    return texts("Reacted " + emoji + (quote == null ? "" : " to \"" + line(quote) + "\""));
  }

  private static List<Part> media(Content.Media content, Around around) {
    String caption = caption(content);
    Part.Given file = around.file();
    if (file == null) {
      return absent(content, caption, around);
    }
    if (file.size() > FILE) {
      return texts(
          quoted(
              around.quote(),
              "Customer sent "
                  + named(content, file.filename())
                  + ", too large to be shown here: "
                  + file.url()
                  + (caption == null ? "" : "\n" + caption)));
    }
    var parts = new ArrayList<Part>();
    if (around.quote() != null) {
      caption = quoted(around.quote(), caption == null ? "" : caption).stripTrailing();
    }
    List<String> captions = caption == null ? List.of() : Texts.split(caption, TEXT);
    parts.add(
        new Part.File(
            mediaType(content),
            named(content, file),
            captions.isEmpty() ? null : captions.getFirst()));
    captions.stream().skip(1).map(Part.Text::new).forEach(parts::add);
    return parts;
  }

  private static List<Part> absent(Content.Media content, @Nullable String caption, Around around) {
    MessageFile state = content.attachment().file();
    boolean mayCome = state != null && state.state() == MessageFile.State.PENDING;
    String why =
        mayCome
            ? "it is still being fetched and follows"
            : state == null || state.cause() == null ? "it could not be had" : state.cause();
    String text =
        "Customer sent "
            + named(content, content.attachment().filename())
            + ": "
            + why
            + (caption == null ? "" : "\n" + caption);
    List<String> pieces = Texts.split(quoted(around.quote(), text), TEXT);
    var parts = new ArrayList<Part>();
    pieces.forEach(piece -> parts.add(new Part.Text(piece, mayCome && parts.isEmpty())));
    return parts;
  }

  private static String named(Content.Media content, @Nullable String filename) {
    return kind(content) + (filename == null ? "" : " " + filename);
  }

  private static String kind(Content.Media content) {
    return switch (content) {
      case Content.Image _ -> "an image";
      case Content.Video _ -> "a video";
      case Content.Audio _ -> "an audio file";
      case Content.Voice _ -> "a voice note";
      case Content.Document _ -> "a file";
      case Content.Sticker _ -> "a sticker";
    };
  }

  private static String mediaType(Content.Media content) {
    return switch (content) {
      case Content.Image _, Content.Sticker _ -> "Image";
      case Content.Video _ -> "Video";
      case Content.Audio _, Content.Voice _ -> "Audio";
      case Content.Document _ -> "File";
    };
  }

  private static Part.Given named(Content.Media content, Part.Given file) {
    if (file.filename() != null) {
      return file;
    }
    String subtype = file.mime().replaceFirst(";.*", "").replaceFirst(".*/", "");
    String ending =
        Map.of("jpeg", "jpg", "mpeg", "mp3", "plain", "txt").getOrDefault(subtype, subtype);
    String name =
        switch (content) {
          case Content.Image _ -> "image";
          case Content.Video _ -> "video";
          case Content.Audio _ -> "audio";
          case Content.Voice _ -> "voice";
          case Content.Document _ -> "file";
          case Content.Sticker _ -> "sticker";
        };
    return new Part.Given(file.url(), file.mime(), name + "." + ending, file.size());
  }

  private static @Nullable String caption(Content.Media content) {
    String caption =
        switch (content) {
          case Content.Image image -> image.caption();
          case Content.Video video -> video.caption();
          case Content.Document document -> document.caption();
          case Content.Audio _, Content.Voice _, Content.Sticker _ -> null;
        };
    return caption == null || caption.isBlank() ? null : caption;
  }

  /// The content as a text.
  static String text(Content content) {
    return switch (content) {
      case Content.Text text -> text.body();
      case Content.Location location -> location(location);
      case Content.Contacts contacts -> cards(contacts);
      case Content.Answer answer -> answer(answer);
      case Content.Order order -> order(order);
      case Content.Notice notice ->
          notice.text() == null ? "[" + notice.kind() + "]" : notice.text();
      case Content.Unsupported unsupported ->
          "[unsupported message: "
              + unsupported.kind()
              + (unsupported.reason() == null ? "" : ", " + unsupported.reason())
              + "]";
      case Content.Reaction reaction -> reaction.preview();
      // Only ours are of these kinds.
      case Content.Buttons _,
          Content.Menu _,
          Content.Link _,
          Content.LocationRequest _,
          Content.Template _,
          Content.Media _ ->
          content.preview();
    };
  }

  private static String location(Content.Location location) {
    var words = new StringJoiner(", ");
    if (location.name() != null) {
      words.add(location.name());
    }
    if (location.address() != null) {
      words.add(location.address());
    }
    String at = number(location.latitude()) + "," + number(location.longitude());
    String link = "https://maps.google.com/?q=" + URLEncoder.encode(at, StandardCharsets.UTF_8);
    return "Location: " + (words.length() == 0 ? "" : words + " ") + link;
  }

  private static String number(double degrees) {
    return BigDecimal.valueOf(degrees).stripTrailingZeros().toPlainString();
  }

  private static String cards(Content.Contacts contacts) {
    var lines = new StringJoiner("\n");
    for (JsonNode card : contacts.cards()) {
      var words = new StringJoiner(", ");
      words.add(card.path("name").path("formatted_name").asText("no name"));
      card.path("phones").forEach(phone -> words.add(phone.path("phone").asText("")));
      card.path("emails").forEach(email -> words.add(email.path("email").asText("")));
      lines.add("Contact: " + words);
    }
    return lines.toString();
  }

  private static String answer(Content.Answer answer) {
    String title = answer.title();
    JsonNode data = answer.data();
    if (data == null || data.isEmpty()) {
      String id = answer.id();
      return title != null ? title : id != null ? id : "[" + answer.kind() + "]";
    }
    var lines = new StringJoiner("\n");
    lines.add(title == null ? "Form:" : title + ":");
    data.propertyStream()
        .filter(field -> !field.getKey().equals("flow_token"))
        .limit(FIELDS)
        .forEach(
            field ->
                lines.add(
                    field.getKey()
                        + ": "
                        + (field.getValue().isValueNode()
                            ? field.getValue().asText()
                            : field.getValue().toString())));
    return lines.toString();
  }

  private static String order(Content.Order order) {
    var lines = new StringJoiner("\n");
    lines.add("Order:");
    BigDecimal total = BigDecimal.ZERO;
    String currency = "";
    for (JsonNode item : order.items()) {
      BigDecimal amount = decimal(item.path("quantity"));
      BigDecimal price = decimal(item.path("item_price"));
      currency = item.path("currency").asText("");
      total = total.add(amount.multiply(price));
      lines.add(
          "%s x %s at %s %s"
              .formatted(
                  amount.toPlainString(),
                  item.path("product_retailer_id").asText("?"),
                  price.toPlainString(),
                  currency)
              .stripTrailing());
    }
    lines.add(("Total: " + total.toPlainString() + " " + currency).stripTrailing());
    if (order.text() != null && !order.text().isBlank()) {
      lines.add(order.text());
    }
    return lines.toString();
  }

  private static BigDecimal decimal(JsonNode value) {
    try {
      // Numbers come as numbers or as texts; one of a million digits is none.
      String text = value.asText("0").toLowerCase(Locale.ROOT);
      return text.length() > 30 || text.contains("e") ? BigDecimal.ZERO : new BigDecimal(text);
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }
}
