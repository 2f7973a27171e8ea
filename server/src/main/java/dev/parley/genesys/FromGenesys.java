package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What webhooks of Genesys become on WhatsApp. Fields that are not known are passed over; a message of which nothing
/// is known becomes nothing, and whoever asked tells Genesys so.
final class FromGenesys {
  private static final int CAPTION = 1024;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE d MMM, HH:mm 'UTC'", Locale.ENGLISH);

  private FromGenesys() {}

  /// What a webhook is.
  enum Kind {
    /// For the customer.
    MESSAGE,
    /// The agent types.
    TYPING,
    /// What became of a message of ours.
    RECEIPT,
    /// Something of which nothing has to be done or told.
    NOTHING,
    /// Nothing that is known.
    UNKNOWN
  }

  static Kind kind(JsonNode webhook) {
    boolean inbound = webhook.path("direction").asText("").equals("Inbound");
    return switch (webhook.path("type").asText("")) {
      case "Text", "Structured" -> inbound ? Kind.NOTHING : Kind.MESSAGE;
      case "Receipt" -> inbound ? Kind.RECEIPT : Kind.NOTHING;
      case "Event" -> typing(webhook) ? Kind.TYPING : Kind.NOTHING;
      default -> Kind.UNKNOWN;
    };
  }

  private static boolean typing(JsonNode webhook) {
    for (JsonNode event : webhook.path("events")) {
      if (event.path("eventType").asText("").equals("Typing")
          && !event.path("typing").path("type").asText("On").equals("Off")) {
        return true;
      }
    }
    return false;
  }

  /// The messages that a webhook becomes, in their order; none when nothing of it is known.
  static List<Step> steps(JsonNode webhook) {
    String text = webhook.path("text").asText("");
    var files = new ArrayList<JsonNode>();
    var quick = new ArrayList<Part.Option>();
    var rest = new ArrayList<JsonNode>();
    for (JsonNode content : webhook.path("content")) {
      switch (content.path("contentType").asText("")) {
        case "Attachment" -> files.add(content.path("attachment"));
        case "QuickReply" -> {
          JsonNode reply = content.path("quickReply");
          String title = reply.path("text").asText("").strip();
          if (!title.isEmpty()) {
            quick.add(new Part.Option("QuickReply", title, reply.path("payload").asText(title)));
          }
        }
        default -> rest.add(content);
      }
    }
    var steps = new ArrayList<Step>();
    String open = text;
    if (!files.isEmpty() && quick.isEmpty()) {
      steps.addAll(files(files, text));
      open = "";
    } else {
      steps.addAll(files(files, ""));
    }
    if (!quick.isEmpty()) {
      steps.addAll(Choices.of(open, quick, null));
      open = "";
    }
    for (JsonNode content : rest) {
      List<Step> more = structured(content, open);
      steps.addAll(more);
      if (takesText(content) && !more.isEmpty()) {
        open = "";
      }
    }
    if (!open.isBlank()) {
      steps.addAll(0, Choices.text(open));
    }
    return steps;
  }

  /// One file carries the text as its caption, where it can; else the text goes first.
  private static List<Step> files(List<JsonNode> files, String text) {
    var steps = new ArrayList<Step>();
    String caption = null;
    if (!text.isBlank()) {
      String type = files.getFirst().path("mediaType").asText("");
      boolean carries =
          files.size() == 1
              && text.length() <= CAPTION
              && !type.equals("Audio")
              && !type.equals("Link");
      if (carries) {
        caption = text;
      } else {
        steps.addAll(Choices.text(text));
      }
    }
    for (JsonNode file : files) {
      String url = file.path("url").asText("");
      if (url.isEmpty()) {
        continue;
      }
      if (file.path("mediaType").asText("").equals("Link")) {
        String words = text(file, "text");
        steps.addAll(Choices.text(words == null ? url : words + "\n" + url));
      } else {
        String own = text(file, "text");
        steps.add(
            new Step.Fetch(
                url,
                file.path("mediaType").asText(""),
                text(file, "mime"),
                text(file, "filename"),
                caption != null ? caption : own == null ? null : Texts.cut(own, CAPTION)));
      }
    }
    return steps;
  }

  private static boolean takesText(JsonNode content) {
    return List.of("ListPicker", "DatePicker").contains(content.path("contentType").asText(""));
  }

  private static List<Step> structured(JsonNode content, String text) {
    return switch (content.path("contentType").asText("")) {
      case "Card" -> Cards.card(content.path("card"));
      case "Carousel" -> Cards.carousel(content.path("carousel").path("cards"));
      case "ListPicker" -> listPicker(content.path("listPicker"), text);
      case "DatePicker" -> datePicker(content.path("datePicker"), text);
      case "Notification" -> {
        Step template = Notification.of(content.path("template"));
        yield template == null ? List.of() : List.of(template);
      }
      default -> List.of();
    };
  }

  private static List<Step> listPicker(JsonNode picker, String text) {
    var groups = new ArrayList<Choices.Group>();
    boolean several = false;
    for (JsonNode section : picker.path("sections")) {
      several |= section.path("multipleSelection").asBoolean();
      var rows = new ArrayList<Choices.Row>();
      for (JsonNode item : section.path("items")) {
        String title = item.path("title").asText("").strip();
        if (!title.isEmpty()) {
          rows.add(
              new Choices.Row(
                  new Part.Option("Button", title, item.path("id").asText(title)),
                  text(item, "subtitle")));
        }
      }
      if (!rows.isEmpty()) {
        groups.add(new Choices.Group(text(section, "title"), rows));
      }
    }
    return groups.isEmpty()
        ? List.of()
        : Choices.list(body(picker.path("receivedMessage"), text), groups, several);
  }

  private static List<Step> datePicker(JsonNode picker, String text) {
    var rows = new ArrayList<Choices.Row>();
    for (JsonNode time : picker.path("availableTimes")) {
      String when = time.path("dateTime").asText("");
      Instant at = instant(when);
      if (at != null) {
        long minutes = time.path("duration").asLong() / 60;
        rows.add(
            new Choices.Row(
                new Part.Option("Button", WHEN.format(at.atOffset(ZoneOffset.UTC)), when),
                minutes > 0 ? minutes + " min" : null));
      }
    }
    return rows.isEmpty()
        ? List.of()
        : Choices.list(body(picker, text), List.of(new Choices.Group(null, rows)), false);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String body(JsonNode node, String text) {
    var words = new ArrayList<String>();
    for (String part :
        List.of(text, node.path("title").asText(""), node.path("subtitle").asText(""))) {
      if (!part.isBlank()) {
        words.add(part.strip());
      }
    }
    return String.join("\n", words);
  }

  private static @Nullable String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isBlank() ? null : text;
  }
}
