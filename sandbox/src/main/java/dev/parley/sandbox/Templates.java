package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The templates of one business account, three of them there from the start.
final class Templates {
  private static final int MOST = 6_000;

  private final Map<String, Template> byId = new LinkedHashMap<>();
  private final long firstId;
  private long made;

  Templates(String wabaId) {
    // Ids differ between accounts and stay the same from run to run.
    firstId = 500_000_000_000_000L + Math.floorMod(wabaId.hashCode(), 1_000_000) * 100_000_000L;
    add("hello_world", "en_US", "UTILITY", "APPROVED", false, helloWorld());
    add("order_confirmation", "en_US", "UTILITY", "APPROVED", false, orderConfirmation());
    add("appointment_reminder", "pt_BR", "UTILITY", "APPROVED", true, appointmentReminder());
  }

  synchronized Template add(
      String name,
      String language,
      String category,
      String status,
      boolean named,
      JsonNode components) {
    if (find(name, language) != null) {
      throw new GraphRefusal(
          new GraphError(
              400, 100, 2388024, "Invalid parameter", "Content in this language already exists"));
    }
    if (byId.size() >= MOST) {
      throw new GraphRefusal(
          new GraphError(
              400, 100, 2388040, "Invalid parameter", "The account has too many templates"));
    }
    made++;
    String id = Long.toString(firstId + made);
    Template template = new Template(id, name, language, category, status, named, components);
    byId.put(id, template);
    return template;
  }

  synchronized @Nullable Template get(String id) {
    return byId.get(id);
  }

  synchronized @Nullable Template find(String name, String language) {
    for (Template template : byId.values()) {
      if (template.name().equals(name) && template.language().equals(language)) {
        return template;
      }
    }
    return null;
  }

  synchronized List<Template> all(Predicate<Template> wanted) {
    return byId.values().stream().filter(wanted).toList();
  }

  synchronized void replace(Template template) {
    byId.computeIfPresent(template.id(), (id, old) -> template);
  }

  synchronized boolean remove(Predicate<Template> unwanted) {
    return byId.values().removeIf(unwanted);
  }

  private static JsonNode helloWorld() {
    ArrayNode components = Json.array();
    components.addObject().put("type", "HEADER").put("format", "TEXT").put("text", "Hello World");
    components
        .addObject()
        .put("type", "BODY")
        .put(
            "text",
            "Welcome and congratulations!! This message demonstrates your ability to send a template.");
    components
        .addObject()
        .put("type", "FOOTER")
        .put("text", "WhatsApp Business Platform sample message");
    return components;
  }

  private static JsonNode orderConfirmation() {
    ArrayNode components = Json.array();
    var body = components.addObject().put("type", "BODY");
    body.put("text", "Thank you, {{1}}! Your order {{2}} is confirmed.");
    body.putObject("example").putArray("body_text").addArray().add("Pablo").add("860198-230332");
    var buttons = components.addObject().put("type", "BUTTONS").putArray("buttons");
    buttons.addObject().put("type", "QUICK_REPLY").put("text", "Contact support");
    return components;
  }

  private static JsonNode appointmentReminder() {
    ArrayNode components = Json.array();
    var body = components.addObject().put("type", "BODY");
    body.put(
        "text",
        "Olá {{customer_name}}, lembramos da sua consulta em {{date}} às {{time}}. Até logo!");
    var examples = body.putObject("example").putArray("body_text_named_params");
    examples.addObject().put("param_name", "customer_name").put("example", "João");
    examples.addObject().put("param_name", "date").put("example", "25/11");
    examples.addObject().put("param_name", "time").put("example", "14:30");
    return components;
  }
}
