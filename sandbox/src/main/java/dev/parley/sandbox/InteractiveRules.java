package dev.parley.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an interactive message must look like, kind by kind.
final class InteractiveRules {
  private static final Set<String> MEDIA_HEADERS = Set.of("image", "video", "document");
  private static final int MAX_ROWS = 10;
  private static final int MAX_PRODUCTS = 30;

  private InteractiveRules() {}

  /// @throws GraphRefusal naming the first field that is wrong
  static void check(Field interactive) {
    String type = interactive.at("type").text(100);
    Field action = interactive.at("action");
    switch (type) {
      case "button" -> {
        checkFrame(interactive, 1024, true);
        checkButtons(action.object());
      }
      case "list" -> {
        checkTextHeaderOnly(interactive);
        checkFrame(interactive, 4096, true);
        checkList(action.object());
      }
      case "cta_url" -> {
        checkFrame(interactive, 1024, true);
        checkUrlButton(action.object());
      }
      case "location_request_message" -> {
        checkFrame(interactive, 1024, true);
        action.object().at("name").oneOf(Set.of("send_location"));
      }
      case "flow" -> {
        checkFrame(interactive, 1024, true);
        checkFlow(action.object());
      }
      case "product" -> checkProduct(interactive, action);
      case "product_list" -> checkProductList(interactive, action);
      case "catalog_message" -> {
        checkFrame(interactive, 1024, true);
        action.object().at("name").oneOf(Set.of("catalog_message"));
      }
      case "order_details", "order_status", "address_message" -> {
        checkFrame(interactive, 1024, true);
        action.object().at("name").text(100);
        action.at("parameters").object();
      }
      case "carousel", "call_permission_request", "voice_call", "request_contact_info" -> {
        checkFrame(interactive, 1024, false);
        action.object();
      }
      default -> throw interactive.at("type").invalid("has a value that is not supported: " + type);
    }
  }

  private static void checkFrame(Field interactive, int maxBody, boolean bodyNeeded) {
    if (bodyNeeded || interactive.at("body").present()) {
      interactive.at("body").object().at("text").text(maxBody);
    }
    if (interactive.at("footer").present()) {
      interactive.at("footer").object().at("text").text(60);
    }
    Field header = interactive.at("header");
    if (header.present()) {
      String type = header.object().at("type").text(100);
      if (type.equals("text")) {
        header.at("text").text(60);
      } else if (MEDIA_HEADERS.contains(type)) {
        MessageRules.mediaId(header.at(type).object());
      } else {
        throw header.at("type").invalid("must be one of {document, image, text, video}");
      }
    }
  }

  private static void checkTextHeaderOnly(Field interactive) {
    if (interactive.at("header").present()) {
      interactive.at("header").at("type").oneOf(Set.of("text"));
    }
  }

  private static void checkButtons(Field action) {
    Set<String> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (Field button : action.at("buttons").items(1, 3)) {
      button.at("type").oneOf(Set.of("reply"));
      Field reply = button.at("reply").object();
      unique(ids, reply.at("id"), reply.at("id").text(256));
      unique(titles, reply.at("title"), reply.at("title").text(20));
    }
  }

  private static void checkList(Field action) {
    action.at("button").text(20);
    List<Field> sections = action.at("sections").items(1, 10);
    Set<String> ids = new HashSet<>();
    for (Field section : sections) {
      if (sections.size() > 1 || section.at("title").present()) {
        section.at("title").text(24);
      }
      for (Field row : section.at("rows").items(1, MAX_ROWS)) {
        unique(ids, row.at("id"), row.at("id").text(200));
        row.at("title").text(24);
        row.at("description").optionalText(72);
      }
    }
    if (ids.size() > MAX_ROWS) {
      throw action.at("sections").invalid("must have at most 10 rows in all, has " + ids.size());
    }
  }

  private static void checkUrlButton(Field action) {
    action.at("name").oneOf(Set.of("cta_url"));
    Field parameters = action.at("parameters").object();
    parameters.at("display_text").text(20);
    parameters.at("url").link();
  }

  private static void checkFlow(Field action) {
    action.at("name").oneOf(Set.of("flow"));
    Field parameters = action.at("parameters").object();
    parameters.at("flow_message_version").oneOf(Set.of("3"));
    boolean byId = parameters.at("flow_id").present();
    if (byId == parameters.at("flow_name").present()) {
      throw byId
          ? parameters.invalid("must have a flow_id or a flow_name, not both")
          : parameters.at("flow_id").missing();
    }
    parameters.at("flow_cta").text(30);
    if (parameters.at("mode").present()) {
      parameters.at("mode").oneOf(Set.of("draft", "published"));
    }
    if (parameters.at("flow_action").present()) {
      parameters.at("flow_action").oneOf(Set.of("navigate", "data_exchange"));
    }
    if (parameters.at("flow_action_payload").present()) {
      parameters.at("flow_action_payload").object().at("screen").text(1000);
    }
  }

  private static void checkProduct(Field interactive, Field action) {
    if (interactive.at("header").present()) {
      throw interactive.at("header").invalid("is not allowed for type product");
    }
    checkFrame(interactive, 1024, false);
    action.object().at("catalog_id").id();
    action.at("product_retailer_id").id();
  }

  private static void checkProductList(Field interactive, Field action) {
    interactive.at("header").object();
    checkTextHeaderOnly(interactive);
    checkFrame(interactive, 1024, true);
    action.object().at("catalog_id").id();
    List<Field> sections = action.at("sections").items(1, 10);
    int products = 0;
    for (Field section : sections) {
      if (sections.size() > 1 || section.at("title").present()) {
        section.at("title").text(24);
      }
      List<Field> items = section.at("product_items").items(1, MAX_PRODUCTS);
      items.forEach(item -> item.at("product_retailer_id").id());
      products += items.size();
    }
    if (products > MAX_PRODUCTS) {
      throw action.at("sections").invalid("must have at most 30 products in all, has " + products);
    }
  }

  private static void unique(Set<String> seen, Field field, String value) {
    if (!seen.add(value)) {
      throw field.invalid("is not unique: " + value);
    }
  }
}
