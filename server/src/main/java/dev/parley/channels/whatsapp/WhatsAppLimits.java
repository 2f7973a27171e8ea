package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.whatsapp.WhatsAppFormats.Format;
import dev.parley.conversations.Content;
import dev.parley.platform.http.Problem;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Meta's limits of outbound messages, checked before anything is accepted. Numbers are from its pages on the kinds of
/// messages; lengths count characters as the API does, in UTF-16 units.
final class WhatsAppLimits {
  private static final int TEXT = 4096;
  private static final int BODY = 1024;
  private static final int SHORT = 60;
  private static final int LABEL = 20;
  private static final int ROW_TITLE = 24;
  private static final int MOST_ROWS = 10;
  private static final int MOST_BUTTONS = 3;
  private static final int MOST_CARDS = 257;

  private final List<Problem.FieldError> errors = new ArrayList<>();

  private WhatsAppLimits() {}

  static List<Problem.FieldError> check(Content content) {
    var limits = new WhatsAppLimits();
    limits.content(content);
    return limits.errors;
  }

  private void content(Content content) {
    switch (content) {
      case Content.Text(String body, _) -> text("body", body, TEXT);
      case Content.Image(var file, String caption) ->
          captioned(file, WhatsAppFormats.IMAGE, caption);
      case Content.Video(var file, String caption) ->
          captioned(file, WhatsAppFormats.VIDEO, caption);
      case Content.Audio(var file) -> file("attachment", file, WhatsAppFormats.AUDIO);
      case Content.Voice(var file) -> file("attachment", file, WhatsAppFormats.VOICE);
      case Content.Document(var file, String caption) -> {
        captioned(file, WhatsAppFormats.DOCUMENT, caption);
        optional("attachment.filename", file == null ? null : file.filename(), 240);
      }
      case Content.Sticker(var file, _) -> file("attachment", file, WhatsAppFormats.STICKER);
      case Content.Location location -> location(location);
      case Content.Contacts(var cards) -> cards(cards);
      case Content.Buttons buttons -> buttons(buttons);
      case Content.Menu menu -> menu(menu);
      case Content.Link link -> link(link);
      case Content.LocationRequest(String body) -> text("body", body, BODY);
      case Content.Reaction(_, _, String emoji) -> optional("emoji", emoji, 32);
      case Content.Template template -> template(template);
      case Content.Answer _, Content.Order _, Content.Notice _, Content.Unsupported _ ->
          error("type", "is one that only customers send");
    }
  }

  private void captioned(
      Content.@Nullable Attachment file, Format format, @Nullable String caption) {
    file("attachment", file, format);
    optional("caption", caption, BODY);
  }

  private void file(String field, Content.@Nullable Attachment file, Format format) {
    long given =
        file == null
            ? 0
            : Stream.of(file.fileId(), file.providerId(), file.link())
                .filter(Objects::nonNull)
                .count();
    if (file == null || given != 1) {
      error(field, "must have one of fileId, link and providerId");
    } else if (file.link() != null) {
      url(field + ".link", file.link());
    } else if (file.providerId() != null) {
      text(field + ".providerId", file.providerId(), 200);
    } else if (file.file() != null) {
      String objection = format.objection(file.file().mimeType(), file.file().size());
      if (objection != null) {
        error(field + ".fileId", objection);
      }
    }
  }

  private void url(String field, @Nullable String text) {
    text(field, text, 2000);
    try {
      URI uri = URI.create(text == null ? "" : text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (!web || uri.getHost() == null) {
        error(field, "must be an http or https address");
      }
    } catch (IllegalArgumentException e) {
      error(field, "must be an http or https address");
    }
  }

  private void location(Content.Location location) {
    if (!(Math.abs(location.latitude()) <= 90)) {
      error("latitude", "must be between -90 and 90");
    }
    if (!(Math.abs(location.longitude()) <= 180)) {
      error("longitude", "must be between -180 and 180");
    }
    optional("name", location.name(), 1000);
    optional("address", location.address(), 1000);
  }

  private void cards(@Nullable List<JsonNode> cards) {
    if (cards == null || cards.isEmpty() || cards.size() > MOST_CARDS) {
      error("cards", "must hold 1 to " + MOST_CARDS + " contacts");
      return;
    }
    for (int i = 0; i < cards.size(); i++) {
      JsonNode name = cards.get(i).path("name");
      if (name.path("formatted_name").asText("").isBlank()) {
        error("cards[" + i + "].name.formatted_name", "is required");
      }
      if (name.size() < 2) {
        error(
            "cards[" + i + "].name", "needs first_name, last_name or another part of the name too");
      }
    }
  }

  private void buttons(Content.Buttons buttons) {
    text("body", buttons.body(), BODY);
    frame(buttons.header(), buttons.footer());
    List<Content.Button> list = buttons.buttons();
    if (list == null || list.isEmpty() || list.size() > MOST_BUTTONS) {
      error("buttons", "must hold 1 to " + MOST_BUTTONS + " buttons");
      return;
    }
    Set<String> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      if (missing("buttons[" + i + "]", list.get(i))) {
        continue;
      }
      text("buttons[" + i + "].id", list.get(i).id(), 256);
      text("buttons[" + i + "].title", list.get(i).title(), LABEL);
      unique("buttons[" + i + "].id", list.get(i).id(), ids);
      unique("buttons[" + i + "].title", list.get(i).title(), titles);
    }
  }

  private void menu(Content.Menu menu) {
    text("body", menu.body(), TEXT);
    text("button", menu.button(), LABEL);
    frame(menu.header(), menu.footer());
    if (menu.header() != null && menu.header().text() == null) {
      error("header", "of a list can only be a text");
    }
    List<Content.Section> sections = menu.sections();
    if (sections == null || sections.isEmpty() || sections.size() > MOST_ROWS) {
      error("sections", "must hold 1 to " + MOST_ROWS + " sections");
      return;
    }
    int rows = 0;
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < sections.size(); i++) {
      rows += section("sections[" + i + "]", sections.get(i), sections.size() > 1, ids);
    }
    if (rows > MOST_ROWS) {
      error("sections", "must hold at most " + MOST_ROWS + " rows in all");
    }
  }

  private int section(String field, Content.Section section, boolean needsTitle, Set<String> ids) {
    if (missing(field, section)) {
      return 0;
    }
    if (needsTitle) {
      text(field + ".title", section.title(), ROW_TITLE);
    } else {
      optional(field + ".title", section.title(), ROW_TITLE);
    }
    List<Content.Row> rows = section.rows();
    if (rows == null || rows.isEmpty()) {
      error(field + ".rows", "must hold at least one row");
      return 0;
    }
    for (int i = 0; i < rows.size(); i++) {
      String row = field + ".rows[" + i + "]";
      if (missing(row, rows.get(i))) {
        continue;
      }
      text(row + ".id", rows.get(i).id(), 200);
      text(row + ".title", rows.get(i).title(), ROW_TITLE);
      optional(row + ".description", rows.get(i).description(), 72);
      unique(row + ".id", rows.get(i).id(), ids);
    }
    return rows.size();
  }

  private void link(Content.Link link) {
    text("body", link.body(), BODY);
    text("label", link.label(), LABEL);
    url("url", link.url());
    frame(link.header(), link.footer());
  }

  private void frame(Content.@Nullable Header header, @Nullable String footer) {
    optional("footer", footer, SHORT);
    if (header == null) {
      return;
    }
    int parts = 0;
    if (header.text() != null) {
      parts++;
      text("header.text", header.text(), SHORT);
    }
    parts += headerFile("header.image", header.image(), WhatsAppFormats.IMAGE);
    parts += headerFile("header.video", header.video(), WhatsAppFormats.VIDEO);
    parts += headerFile("header.document", header.document(), WhatsAppFormats.DOCUMENT);
    if (parts != 1) {
      error("header", "must be one of text, image, video and document");
    }
  }

  private int headerFile(String field, Content.@Nullable Attachment file, Format format) {
    if (file == null) {
      return 0;
    }
    file(field, file, format);
    return 1;
  }

  private void template(Content.Template template) {
    String name = template.name();
    text("name", name, 512);
    if (name != null && !name.matches("[a-z0-9_]*")) {
      error("name", "may only have a to z, 0 to 9 and underscores");
    }
    text("language", template.language(), 10);
    List<JsonNode> components = template.components();
    if (components == null) {
      error("components", "is required; [] when the template has no variables");
      return;
    }
    for (int i = 0; i < components.size(); i++) {
      String type = components.get(i).path("type").asText("");
      if (!Set.of("header", "body", "button", "carousel", "limited_time_offer").contains(type)) {
        error(
            "components[" + i + "].type",
            "must be header, body, button, carousel or limited_time_offer");
      }
    }
  }

  /// A client's list can hold null.
  private boolean missing(String field, @Nullable Object value) {
    if (value == null) {
      error(field, "is required");
    }
    return value == null;
  }

  private void text(String field, @Nullable String value, int most) {
    if (value == null || value.isBlank()) {
      error(field, "is required");
    } else {
      optional(field, value, most);
    }
  }

  private void optional(String field, @Nullable String value, int most) {
    if (value != null && value.length() > most) {
      error(field, "must be at most " + most + " characters");
    }
  }

  private void unique(String field, @Nullable String value, Set<String> seen) {
    if (value != null && !seen.add(value)) {
      error(field, "must be different from the others");
    }
  }

  private void error(String field, String detail) {
    errors.add(new Problem.FieldError("content." + field, detail));
  }
}
