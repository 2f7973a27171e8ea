package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a template must look like to be created or edited.
final class TemplateRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,512}");
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(_[A-Za-z]{2,4})?");
  private static final Pattern PARAMETER_NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Set<String> CATEGORIES = Set.of("MARKETING", "UTILITY", "AUTHENTICATION");
  private static final Set<String> FORMATS = Set.of("POSITIONAL", "NAMED");
  private static final Set<String> TYPES =
      Set.of(
          "HEADER",
          "BODY",
          "FOOTER",
          "BUTTONS",
          "CAROUSEL",
          "LIMITED_TIME_OFFER",
          "CALL_PERMISSION_REQUEST");
  private static final Set<String> HEADERS =
      Set.of("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT");
  private static final Set<String> BUTTONS =
      Set.of(
          "QUICK_REPLY",
          "URL",
          "PHONE_NUMBER",
          "COPY_CODE",
          "OTP",
          "FLOW",
          "CATALOG",
          "MPM",
          "SPM",
          "VOICE_CALL",
          "APP",
          "REQUEST_CONTACT_INFO");

  private TemplateRules() {}

  /// Adds the template that the request asks for.
  ///
  /// @throws GraphRefusal naming what is wrong with it
  static Template create(Templates templates, JsonNode request) {
    Field root = Field.root(request);
    String name = root.at("name").text(512);
    if (!NAME.matcher(name).matches()) {
      throw root.at("name").invalid("may only have lower-case letters, digits and underscores");
    }
    String language = root.at("language").text(15);
    if (!LANGUAGE.matcher(language).matches()) {
      throw root.at("language").invalid("is not a supported language");
    }
    String category = root.at("category").oneOf(CATEGORIES);
    boolean named = named(root);
    checkComponents(root, named, category.equals("AUTHENTICATION"));
    return templates.add(name, language, category, "PENDING", named, request.path("components"));
  }

  /// The template with the changes of the request; it has to be reviewed anew.
  ///
  /// @throws GraphRefusal naming what is wrong with it
  static Template edit(Template template, JsonNode request) {
    if (!Set.of("APPROVED", "REJECTED", "PAUSED").contains(template.status())) {
      throw new GraphRefusal(
          GraphError.invalid("A template can be edited when it is APPROVED, REJECTED or PAUSED."));
    }
    Field root = Field.root(request);
    String category =
        root.at("category").present() ? root.at("category").oneOf(CATEGORIES) : template.category();
    if (root.at("components").present()) {
      checkComponents(root, template.named(), category.equals("AUTHENTICATION"));
    }
    return new Template(
        template.id(),
        template.name(),
        template.language(),
        category,
        "PENDING",
        template.named(),
        request.path("components").isArray() ? request.path("components") : template.components());
  }

  private static boolean named(Field root) {
    Field format = root.at("parameter_format");
    if (!format.present()) {
      return false;
    }
    String text = format.node().asText("").toUpperCase(Locale.ROOT);
    if (!FORMATS.contains(text)) {
      throw format.invalid("must be one of {NAMED, POSITIONAL}");
    }
    return text.equals("NAMED");
  }

  private static void checkComponents(Field root, boolean named, boolean authentication) {
    int bodies = 0;
    for (Field component : root.at("components").items(1, 10)) {
      switch (upper(component.at("type"), TYPES)) {
        case "HEADER" -> checkHeader(component, named);
        case "BODY" -> {
          bodies++;
          if (!authentication) {
            checkText(component, component.at("text").text(1024), named, "body_text");
          }
        }
        case "FOOTER" -> {
          if (!authentication && !Template.placeholders(component.at("text").text(60)).isEmpty()) {
            throw component.at("text").invalid("can't have parameters");
          }
        }
        case "BUTTONS" -> component.at("buttons").items(1, 10).forEach(TemplateRules::checkButton);
        default -> component.object();
      }
    }
    if (bodies != 1) {
      throw root.at("components").invalid("must have exactly one component of type BODY");
    }
  }

  private static void checkHeader(Field header, boolean named) {
    if (!upper(header.at("format"), HEADERS).equals("TEXT")) {
      return;
    }
    String text = header.at("text").text(60);
    if (Template.placeholders(text).size() > 1) {
      throw header.at("text").invalid("can have one parameter only");
    }
    checkText(header, text, named, "header_text");
  }

  private static void checkText(Field component, String text, boolean named, String example) {
    List<String> placeholders = Template.placeholders(text);
    for (int i = 0; i < placeholders.size(); i++) {
      boolean good =
          named
              ? PARAMETER_NAME.matcher(placeholders.get(i)).matches()
              : placeholders.get(i).equals(Integer.toString(i + 1));
      if (!good) {
        throw component
            .at("text")
            .invalid(
                named
                    ? "has a bad parameter name"
                    : "must number its parameters {{1}}, {{2}}, ...");
      }
    }
    String key = named ? example + "_named_params" : example;
    if (!placeholders.isEmpty() && component.at("example").at(key).node().isEmpty()) {
      throw component.at("example").at(key).missing();
    }
  }

  private static void checkButton(Field button) {
    String type = upper(button.at("type"), BUTTONS);
    if (button.at("text").present()) {
      button.at("text").text(25);
    } else if (type.equals("QUICK_REPLY") || type.equals("URL") || type.equals("PHONE_NUMBER")) {
      throw button.at("text").missing();
    }
    switch (type) {
      case "URL" -> button.at("url").text(2000);
      case "PHONE_NUMBER" -> button.at("phone_number").text(20);
      default -> button.object();
    }
  }

  private static String upper(Field field, Set<String> allowed) {
    String text = field.text(100).toUpperCase(Locale.ROOT);
    if (!allowed.contains(text)) {
      throw field.invalid(
          "must be one of {%s}".formatted(String.join(", ", allowed.stream().sorted().toList())));
    }
    return text;
  }
}
