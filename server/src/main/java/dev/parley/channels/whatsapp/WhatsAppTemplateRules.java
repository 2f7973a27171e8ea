package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.MessageTemplate;
import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What WhatsApp asks of a template, as far as it is documented, so that most of what it would refuse is told at once and
/// by field. Limits from Meta's page on template components.
final class WhatsAppTemplateRules {
  private static final Set<String> CATEGORIES = Set.of("marketing", "utility", "authentication");
  private static final Set<String> HEADERS =
      Set.of("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT");
  private static final int MOST_COMPONENTS = 10;
  private static final int MOST_BUTTONS = 10;
  private static final int MOST_JSON = 32 << 10;

  private final MessageTemplate.Draft draft;
  private final List<Problem.FieldError> errors = new ArrayList<>();

  WhatsAppTemplateRules(MessageTemplate.Draft draft) {
    this.draft = draft;
  }

  List<Problem.FieldError> errors() {
    if (!draft.name().matches("[a-z0-9_]{1,512}")) {
      error("name", "may only have a to z, 0 to 9 and underscores, at most 512");
    }
    if (!draft.language().matches("[a-z]{2,3}(_[A-Za-z]{2,4})?")) {
      error("language", "must be a code such as en_US");
    }
    if (!CATEGORIES.contains(draft.category())) {
      error("category", "must be marketing, utility or authentication");
    }
    JsonNode components = draft.components();
    if (!components.isArray()
        || components.isEmpty()
        || components.size() > MOST_COMPONENTS
        || components.toString().length() > MOST_JSON) {
      error("components", "must be a list of 1 to " + MOST_COMPONENTS + ", 32 KB at most");
      return errors;
    }
    int bodies = 0;
    for (int i = 0; i < components.size(); i++) {
      String place = "components[" + i + "]";
      JsonNode component = components.get(i);
      switch (component.path("type").asText("").toUpperCase(Locale.ROOT)) {
        case "HEADER" -> header(place, component);
        case "BODY" -> {
          bodies++;
          if (!draft.category().equals("authentication")) {
            text(place, component, 1024, "body_text");
          }
        }
        case "FOOTER" -> footer(place, component);
        case "BUTTONS" -> buttons(place, component.path("buttons"));
        case "" -> error(place + ".type", "is required");
        default -> {
          // Carousels and what Meta adds: it checks them itself.
        }
      }
    }
    if (bodies != 1) {
      error("components", "must have exactly one of type BODY");
    }
    return errors;
  }

  private void header(String place, JsonNode header) {
    String format = header.path("format").asText("").toUpperCase(Locale.ROOT);
    if (!HEADERS.contains(format)) {
      error(place + ".format", "must be one of TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION, PRODUCT");
    } else if (format.equals("TEXT")) {
      text(place, header, 60, "header_text");
      if (WhatsAppVariables.places(header.path("text").asText("")).size() > 1) {
        error(place + ".text", "may have one variable");
      }
    }
  }

  private void footer(String place, JsonNode footer) {
    String text = footer.path("text").asText("");
    if (draft.category().equals("authentication")) {
      return;
    }
    if (text.isEmpty() || text.length() > 60) {
      error(place + ".text", "must have 1 to 60 characters");
    }
    if (!WhatsAppVariables.places(text).isEmpty()) {
      error(place + ".text", "may have no variables");
    }
  }

  private void text(String place, JsonNode component, int most, String example) {
    String text = component.path("text").asText("");
    if (text.isBlank() || text.codePointCount(0, text.length()) > most) {
      error(place + ".text", "must have 1 to " + most + " characters");
    }
    List<String> places = WhatsAppVariables.places(text);
    for (int i = 0; i < places.size(); i++) {
      boolean good =
          draft.named()
              ? places.get(i).matches("[a-z][a-z0-9_]*")
              : places.get(i).equals(Integer.toString(i + 1));
      if (!good) {
        error(
            place + ".text",
            draft.named()
                ? "has a variable whose name is not lower case"
                : "must number its variables {{1}}, {{2}} and so on");
        break;
      }
    }
    String key = draft.named() ? example + "_named_params" : example;
    if (!places.isEmpty() && component.path("example").path(key).isEmpty()) {
      error(place + ".example." + key, "is required: WhatsApp wants examples of the variables");
    }
  }

  private void buttons(String place, JsonNode buttons) {
    if (!buttons.isArray() || buttons.isEmpty() || buttons.size() > MOST_BUTTONS) {
      error(place + ".buttons", "must be a list of 1 to " + MOST_BUTTONS);
      return;
    }
    for (int i = 0; i < buttons.size(); i++) {
      JsonNode button = buttons.get(i);
      String here = place + ".buttons[" + i + "]";
      String type = button.path("type").asText("").toUpperCase(Locale.ROOT);
      int length = button.path("text").asText("").length();
      if (type.isEmpty()) {
        error(here + ".type", "is required");
      }
      boolean labelled = Set.of("QUICK_REPLY", "URL", "PHONE_NUMBER").contains(type);
      if ((labelled && length == 0) || length > 25) {
        error(here + ".text", "must have 1 to 25 characters");
      }
      if (type.equals("URL") && !button.path("url").asText("").startsWith("https://")) {
        error(here + ".url", "must begin with https://");
      }
      if (type.equals("PHONE_NUMBER")
          && !button.path("phone_number").asText("").matches("\\+?[0-9]{5,20}")) {
        error(here + ".phone_number", "must be a phone number");
      }
    }
  }

  private void error(String field, String detail) {
    errors.add(new Problem.FieldError(field, detail));
  }
}
