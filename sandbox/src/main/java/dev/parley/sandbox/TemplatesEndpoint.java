package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The templates of an account: list, create, change, delete. A new or changed template is reviewed
/// after a while, and the result announced by webhook.
final class TemplatesEndpoint {
  private static final int PAGE = 25;
  private static final int LARGEST_PAGE = 1000;

  private final World world;

  TemplatesEndpoint(World world) {
    this.world = world;
  }

  Reply list(BusinessAccount account, Call call) {
    List<Template> found = account.templates().all(wanted(call.query()));
    int limit = Math.clamp(call.number("limit", PAGE), 1, LARGEST_PAGE);
    int from = Math.min(position(call.query().get("after"), -1) + 1, found.size());
    int before = position(call.query().get("before"), -1);
    if (before >= 0) {
      from = Math.max(0, before - limit);
    }
    int to = Math.min(from + limit, found.size());
    ObjectNode json = Json.object();
    var data = json.putArray("data");
    String fields =
        call.query()
            .getOrDefault("fields", "name,parameter_format,components,language,status,category,id");
    found
        .subList(from, to)
        .forEach(template -> data.add(Graph.pick(template.json(), fields, Template.FIELDS)));
    if (to > from) {
      ObjectNode paging = json.putObject("paging");
      paging.putObject("cursors").put("before", cursor(from)).put("after", cursor(to - 1));
      String here = call.callerBase(world.url()) + call.path();
      String query = "?fields=%s&limit=%d".formatted(fields, limit);
      for (String filter : List.of("status", "name", "language", "category")) {
        String value = call.query().get(filter);
        query += value == null ? "" : "&" + filter + "=" + value;
      }
      if (to < found.size()) {
        paging.put("next", here + query + "&after=" + cursor(to - 1));
      }
      if (from > 0) {
        paging.put("previous", here + query + "&before=" + cursor(from));
      }
    }
    return Reply.ok(json);
  }

  Reply look(Template template, Call call) {
    String fields =
        call.query()
            .getOrDefault("fields", "name,parameter_format,components,language,status,category,id");
    return Reply.ok(Graph.pick(template.json(), fields, Template.FIELDS));
  }

  Reply create(BusinessAccount account, BusinessNumber asker, Call call) {
    Template template = TemplateRules.create(account.templates(), Graph.json(call));
    review(account, asker, template);
    return Reply.ok(
        Json.object()
            .put("id", template.id())
            .put("status", template.status())
            .put("category", template.category()));
  }

  Reply edit(BusinessAccount account, BusinessNumber asker, Template template, Call call) {
    Template changed = TemplateRules.edit(template, Graph.json(call));
    account.templates().replace(changed);
    review(account, asker, changed);
    return Reply.success();
  }

  Reply delete(BusinessAccount account, Call call) {
    String name = call.query().get("name");
    String id = call.query().get("hsm_id");
    if (name == null) {
      throw new GraphRefusal(GraphError.invalid("The parameter name is required."));
    }
    boolean removed =
        account.templates().remove(t -> t.name().equals(name) && (id == null || t.id().equals(id)));
    if (!removed) {
      throw new GraphRefusal(
          new GraphError(
              400,
              100,
              2593002,
              "Invalid parameter",
              "Message template %s not found".formatted(name)));
    }
    return Reply.success();
  }

  private void review(BusinessAccount account, BusinessNumber asker, Template template) {
    Behaviour behaviour = asker.behaviour();
    if (behaviour.templateReview().equals("manual")) {
      return;
    }
    boolean approved = behaviour.templateReview().equals("approve");
    world.start(
        () -> {
          if (Pause.millis(behaviour.templateReviewMs())) {
            decide(account, template.id(), approved ? "APPROVED" : "REJECTED");
          }
        });
  }

  /// Gives the template its new status and tells the app; false when there is no such template.
  static boolean decide(BusinessAccount account, String templateId, String status) {
    Template template = account.templates().get(templateId);
    if (template == null) {
      return false;
    }
    Template reviewed = template.withStatus(status);
    account.templates().replace(reviewed);
    ObjectNode value = Json.object().put("event", status);
    value.put("message_template_id", Long.parseLong(template.id()));
    value.put("message_template_name", template.name());
    value.put("message_template_language", template.language());
    value.put("reason", status.equals("REJECTED") ? "INVALID_FORMAT" : "NONE");
    value.put("message_template_category", template.category());
    account.announce(new WebhookUpdate("message_template_status_update", value));
    return true;
  }

  private static Predicate<Template> wanted(Map<String, String> query) {
    return template -> {
      JsonNode json = template.json();
      for (String field : List.of("status", "name", "language", "category")) {
        String value = query.get(field);
        if (value != null && !value.equalsIgnoreCase(json.path(field).asText())) {
          return false;
        }
      }
      return true;
    };
  }

  private static String cursor(int position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Integer.toString(position).getBytes(StandardCharsets.US_ASCII));
  }

  private static int position(@Nullable String cursor, int fallback) {
    if (cursor == null || cursor.isEmpty()) {
      return fallback;
    }
    try {
      return Integer.parseInt(
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException notOurs) {
      throw new GraphRefusal(GraphError.of(131059, "The cursor is not valid."));
    }
  }
}
