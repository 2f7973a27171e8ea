package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an administrator sets up around integrations: supported content profiles, messaging
/// settings, the threading timeline, identity resolution, and which flow a recipient has.
final class Profiles {
  private static final long DEFAULT_WINDOW_MINUTES = 72 * 60;

  private final Map<String, Map<String, ObjectNode>> collections = new TreeMap<>();
  private final Map<String, ObjectNode> singles = new TreeMap<>();

  /// How long a disconnected conversation of Open Messaging can be taken up again.
  synchronized Duration threadingWindow() {
    ObjectNode timeline = timeline();
    for (JsonNode setting : timeline.path("settings")) {
      if (setting.path("messengerType").asText().equalsIgnoreCase("open")) {
        return Duration.ofMinutes(setting.path("timeoutInMinutes").asLong());
      }
    }
    return Duration.ofMinutes(timeline.path("defaultTimeoutMinutes").asLong());
  }

  /// Whether files of this MIME type may come in; without a profile all may.
  synchronized boolean allowsInbound(@Nullable String profile, String mime) {
    JsonNode allowed =
        profile == null
            ? Json.array()
            : collection("supportedcontent")
                .getOrDefault(profile, Json.object())
                .at("/mediaTypes/allow/inbound");
    if (allowed.isMissingNode() || allowed.isEmpty()) {
      return true;
    }
    for (JsonNode one : allowed) {
      String pattern = one.path("type").asText().toLowerCase(Locale.ROOT);
      boolean fits =
          pattern.equals("*/*")
              || pattern.equals(mime)
              || (pattern.endsWith("/*")
                  && mime.startsWith(pattern.substring(0, pattern.length() - 1)));
      if (fits) {
        return true;
      }
    }
    return false;
  }

  /// Whether the recipient of an integration has a flow; without one nothing is routed.
  synchronized boolean hasFlow(String integrationId) {
    ObjectNode recipient = singles.get("recipient " + integrationId);
    return recipient == null || recipient.path("flow").isObject();
  }

  /// Whether the messaging setting has typing enabled in this direction, which by default none has.
  synchronized boolean typingEnabled(@Nullable String setting, String direction) {
    if (setting == null) {
      return false;
    }
    return collection("settings")
        .getOrDefault(setting, Json.object())
        .at("/event/typing/on/" + direction)
        .asText()
        .equals("Enabled");
  }

  /// Answers calls to `/conversations/messaging/{supportedcontent|settings}[/{id}]`.
  synchronized Reply collection(String name, List<String> rest, Visit visit) {
    Map<String, ObjectNode> entities = collection(name);
    String base = "/api/v2/conversations/messaging/" + name;
    if (rest.isEmpty()) {
      if (visit.call().method().equals("POST")) {
        ObjectNode entity = visit.body().deepCopy();
        Part.root(entity).at("name").text();
        String id = UUID.randomUUID().toString();
        entity.put("id", id).put("selfUri", base + "/" + id);
        entities.put(id, entity);
        return Reply.ok(entity);
      }
      visit.requireMethod("GET");
      return Page.of(new ArrayList<>(entities.values()), base, visit);
    }
    ObjectNode entity = entities.get(rest.getFirst());
    if (entity == null || rest.size() > 1) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return switch (visit.call().method()) {
      case "GET" -> Reply.ok(entity);
      case "PATCH", "PUT" -> {
        entity.setAll((ObjectNode) visit.body().deepCopy());
        entity.put("id", rest.getFirst());
        yield Reply.ok(entity);
      }
      case "DELETE" -> {
        entities.remove(rest.getFirst());
        yield new Reply.Empty(204, Map.of());
      }
      default -> throw new ApiRefusal(ApiError.notFound());
    };
  }

  /// Answers GET and PUT of `/conversations/messaging/threadingtimeline`.
  synchronized Reply timeline(Visit visit) {
    if (visit.call().method().equals("PUT")) {
      JsonNode body = visit.body();
      for (Part setting : Part.root(body).at("settings").items(0)) {
        setting.at("messengerType").text();
        if (!setting.at("timeoutInMinutes").required().node().canConvertToLong()) {
          throw setting.at("timeoutInMinutes").invalid("should be integer");
        }
      }
      ObjectNode next = timeline().deepCopy();
      next.set("settings", body.path("settings"));
      if (body.has("defaultTimeoutMinutes")) {
        next.set("defaultTimeoutMinutes", body.get("defaultTimeoutMinutes"));
      }
      singles.put("timeline", next);
    }
    return Reply.ok(timeline());
  }

  /// Answers GET and PUT of something that each integration or recipient has one of.
  synchronized Reply single(String name, ObjectNode initial, Visit visit) {
    if (visit.call().method().equals("PUT")) {
      ObjectNode next = initial.deepCopy();
      next.setAll((ObjectNode) visit.body().deepCopy());
      singles.put(name, next);
    }
    return Reply.ok(singles.getOrDefault(name, initial));
  }

  private ObjectNode timeline() {
    ObjectNode initial = Json.object();
    initial.putArray("settings");
    initial.put("defaultTimeoutMinutes", DEFAULT_WINDOW_MINUTES);
    return singles.getOrDefault("timeline", initial);
  }

  private Map<String, ObjectNode> collection(String name) {
    return collections.computeIfAbsent(name, n -> new TreeMap<>());
  }
}
