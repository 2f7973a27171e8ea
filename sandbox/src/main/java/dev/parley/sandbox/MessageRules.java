package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a message must look like to be taken, type by type, with Meta's limits.
final class MessageRules {
  private static final List<String> TYPES =
      List.of(
          "text",
          "image",
          "video",
          "audio",
          "document",
          "sticker",
          "location",
          "contacts",
          "reaction",
          "interactive",
          "template");
  private static final Set<String> CAPTIONED = Set.of("image", "video", "document");
  private static final int MAX_CALLBACK_DATA = 512;

  private MessageRules() {}

  /// The type of a message that is sound in itself; its template and media are looked at elsewhere.
  ///
  /// @throws GraphRefusal naming the first field that is wrong
  static String check(JsonNode json) {
    Field message = Field.root(json);
    if (!"whatsapp".equals(json.path("messaging_product").asText(null))) {
      throw new GraphRefusal(GraphError.invalid("The parameter messaging_product is required."));
    }
    message.at("biz_opaque_callback_data").optionalText(MAX_CALLBACK_DATA);
    if (message.at("recipient_type").present()) {
      // Groups are not emulated.
      message.at("recipient_type").oneOf(Set.of("individual"));
    }
    if (message.at("context").present()) {
      messageId(message.at("context").object().at("message_id"));
    }
    String type = type(message);
    switch (type) {
      case "text" -> message.at("text").object().at("body").text(4096);
      case "image", "video", "audio", "document", "sticker" ->
          checkMedia(type, message.at(type).object());
      case "location" -> checkLocation(message.at("location").object());
      case "contacts" -> message.at("contacts").items(1, 257).forEach(MessageRules::checkContact);
      case "reaction" -> checkReaction(message.at("reaction").object());
      case "interactive" -> InteractiveRules.check(message.at("interactive").object());
      case "template" -> message.at("template").object();
      default ->
          throw new GraphRefusal(
              GraphError.of(131051, "Param type: %s is not supported.".formatted(type)));
    }
    return type;
  }

  /// Refuses what is no message id.
  static void messageId(Field field) {
    if (!field.text(512).startsWith("wamid.")) {
      throw field.invalid("is not a valid message id");
    }
  }

  // Meta's own examples leave the type away at times; the one content then tells it.
  private static String type(Field message) {
    if (message.at("type").present()) {
      return message.at("type").text(100);
    }
    return TYPES.stream().filter(type -> message.at(type).present()).findFirst().orElse("text");
  }

  /// A media object of a message or a header: an id or a link, one of the two.
  static @Nullable String mediaId(Field media) {
    boolean byId = media.at("id").present();
    if (byId == media.at("link").present()) {
      throw byId ? media.invalid("must have an id or a link, not both") : media.at("id").missing();
    }
    if (byId) {
      return media.at("id").id();
    }
    media.at("link").link();
    return null;
  }

  private static void checkMedia(String type, Field media) {
    mediaId(media);
    if (media.at("caption").present()) {
      if (!CAPTIONED.contains(type)) {
        throw media.at("caption").invalid("is not allowed for type " + type);
      }
      media.at("caption").text(1024);
    }
    if (media.at("filename").present()) {
      if (!type.equals("document")) {
        throw media.at("filename").invalid("is not allowed for type " + type);
      }
      media.at("filename").text(240);
    }
    if (media.at("voice").present() && !media.at("voice").node().isBoolean()) {
      throw media.at("voice").invalid("must be true or false");
    }
  }

  private static void checkLocation(Field location) {
    location.at("latitude").number(-90, 90);
    location.at("longitude").number(-180, 180);
    location.at("name").optionalText(1000);
    location.at("address").optionalText(1000);
  }

  private static void checkContact(Field contact) {
    Field name = contact.object().at("name").object();
    name.at("formatted_name").text(1000);
    boolean more =
        List.of("first_name", "last_name", "middle_name", "suffix", "prefix").stream()
            .anyMatch(part -> name.at(part).present());
    if (!more) {
      throw name.invalid("must have one more field besides formatted_name");
    }
    for (String list : List.of("phones", "emails", "urls", "addresses")) {
      if (contact.at(list).present()) {
        contact.at(list).items(0, 100).forEach(Field::object);
      }
    }
  }

  private static void checkReaction(Field reaction) {
    messageId(reaction.at("message_id"));
    Field emoji = reaction.at("emoji").required();
    String text = emoji.node().asText("");
    if (!emoji.node().isTextual()
        || text.codePointCount(0, text.length()) > 15
        || text.matches("[\\x00-\\x7f]+")) {
      throw emoji.invalid("must be one emoji, or empty to take the reaction back");
    }
  }
}
