package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cards of Genesys' bot flows as WhatsApp can show them: with buttons, with a link, or as a text. A card's default
/// action has no counterpart.
final class Cards {
  /// Most cards of a carousel that are sent.
  private static final int MOST = 10;

  private static final int BUTTONS = 3;
  private static final int LABEL = 20;
  private static final int ADDRESS = 2000;

  private Cards() {}

  static List<Step> carousel(JsonNode cards) {
    var steps = new ArrayList<Step>();
    for (int i = 0; i < Math.min(MOST, cards.size()); i++) {
      steps.addAll(card(cards.get(i)));
    }
    return steps;
  }

  static List<Step> card(JsonNode card) {
    String title = card.path("title").asText("").strip();
    String description = card.path("description").asText("").strip();
    String body = description.isEmpty() ? title : title + "\n" + description;
    var postbacks = new ArrayList<Part.Option>();
    var links = new ArrayList<JsonNode>();
    for (JsonNode action : card.path("actions")) {
      String text = action.path("text").asText("").strip();
      if (action.path("type").asText("").equals("Link") && address(action.path("url")) != null) {
        links.add(action);
      } else if (!text.isEmpty()) {
        postbacks.add(new Part.Option("Button", text, action.path("payload").asText(text)));
      }
    }
    if (postbacks.isEmpty() && links.size() == 1 && Choices.fits(body, Choices.BODY)) {
      JsonNode link = links.getFirst();
      return List.of(
          Step.Say.plain(
              new Content.Link(
                  body,
                  Texts.cut(link.path("text").asText("Open"), LABEL),
                  link.path("url").asText(),
                  header(card),
                  null)));
    }
    var text = new StringBuilder(body);
    links.forEach(
        link ->
            text.append('\n')
                .append(link.path("text").asText(""))
                .append(": ")
                .append(link.path("url").asText()));
    String whole = text.toString().strip();
    // Only messages with buttons have a picture above them.
    boolean pictured =
        !postbacks.isEmpty()
            && postbacks.size() <= BUTTONS
            && postbacks.stream().allMatch(option -> Choices.fits(option.text(), LABEL));
    var steps = new ArrayList<Step>();
    Content.Header header = header(card);
    if (header != null && !pictured) {
      steps.addAll(picture(header));
    }
    steps.addAll(Choices.of(whole, postbacks, pictured ? header : null));
    return steps;
  }

  private static List<Step> picture(Content.Header header) {
    if (header.image() != null) {
      return List.of(Step.Say.plain(new Content.Image(header.image(), null)));
    }
    return header.video() == null
        ? List.of()
        : List.of(Step.Say.plain(new Content.Video(header.video(), null)));
  }

  private static Content.@Nullable Header header(JsonNode card) {
    String image = address(card.path("image"));
    if (image != null) {
      return new Content.Header(null, linked(image), null, null);
    }
    String video = address(card.path("video"));
    return video == null ? null : new Content.Header(null, null, linked(video), null);
  }

  private static Content.Attachment linked(String url) {
    return new Content.Attachment(null, url, null, null, null, null, null);
  }

  /// A public address of the web; null for anything else.
  static @Nullable String address(JsonNode node) {
    String text = node.asText("").strip();
    try {
      URI uri = URI.create(text);
      return text.length() <= ADDRESS && "https".equals(uri.getScheme()) && uri.getHost() != null
          ? text
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
