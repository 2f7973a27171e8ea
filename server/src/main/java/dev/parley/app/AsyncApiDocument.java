package dev.parley.app;

import dev.parley.platform.json.Json;
import dev.parley.realtime.Closing;
import dev.parley.realtime.CommandForms;
import dev.parley.realtime.NoticeForms;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `docs/asyncapi.yaml`, made from the events, commands, notices and reasons of closing that the code knows.
final class AsyncApiDocument {
  private AsyncApiDocument() {}

  static String text() {
    var text =
        new StringBuilder(
            "# Made from the code by bin/docs; do not edit. docs/realtime.md says how to use it.\n");
    write(text, document(), 0);
    return text.toString();
  }

  private static Map<String, Object> document() {
    var messages = new LinkedHashMap<String, Object>();
    EventsDocument.FAMILIES.stream()
        .flatMap(EventsDocument::records)
        .sorted(Comparator.comparing(record -> EventsDocument.type(record).value()))
        .forEach(record -> messages.put(EventsDocument.type(record).value(), event(record)));
    NoticeForms.ALL.forEach(form -> messages.put(form.name(), notice(form)));
    var told = refs(messages.keySet(), "#/components/messages/");
    CommandForms.ALL.forEach(form -> messages.put("command " + form.op(), command(form)));
    messages.put("ack", ack());
    var asked = new LinkedHashMap<String, Object>();
    CommandForms.ALL.forEach(
        form ->
            asked.put("command " + form.op(), ref("#/components/messages/command " + form.op())));
    var socket = new LinkedHashMap<String, Object>(told);
    socket.putAll(asked);
    socket.put("ack", ref("#/components/messages/ack"));
    return map(
        "asyncapi", "3.0.0",
        "info",
            map(
                "title", "Parley, live",
                "version", "1",
                "description",
                    "One stream of events behind several doors; names and payloads are the same at each."),
        "channels",
            map(
                "webSocket",
                    map(
                        "address",
                        "/ws",
                        "description",
                        "JSON text messages. Close codes: " + closings(),
                        "messages",
                        socket),
                "eventSource",
                    map(
                        "address", "/api/v1/stream",
                        "description",
                            "Server-sent events: event is the name, id the cursor, data the payload.",
                        "messages", told)),
        "operations",
            map(
                "tell",
                    operation("send", "webSocket", "Events, notices and acks go to the client."),
                "ask", operation("receive", "webSocket", "Commands come from the client."),
                "stream", operation("send", "eventSource", "Events and notices go to the reader.")),
        "components", map("messages", messages, "schemas", map("envelope", envelope())));
  }

  private static String closings() {
    return String.join(
        ", ", Arrays.stream(Closing.values()).map(c -> c.code() + " " + c.word()).toList());
  }

  private static Map<String, Object> operation(String action, String channel, String summary) {
    return map("action", action, "channel", ref("#/channels/" + channel), "summary", summary);
  }

  private static Map<String, Object> refs(Collection<String> names, String prefix) {
    var refs = new LinkedHashMap<String, Object>();
    names.forEach(name -> refs.put(name, ref(prefix + name)));
    return refs;
  }

  private static Map<String, Object> ref(String to) {
    return map("$ref", to);
  }

  private static Map<String, Object> envelope() {
    return map(
        "type", "object",
        "required",
            List.of("cursor", "id", "type", "version", "tenantId", "time", "lane", "seq", "data"),
        "properties",
            map(
                "cursor", map("type", "string", "description", "Go on after this event with it."),
                "id", uuid(),
                "type", map("type", "string"),
                "version", map("type", "integer"),
                "tenantId", uuid(),
                "projectId", uuid(),
                "conversationId", uuid(),
                "time", map("type", "string", "format", "date-time"),
                "correlationId", map("type", "string"),
                "causationId", uuid(),
                "lane", map("type", "integer"),
                "seq", map("type", "integer"),
                "participantsOnly", map("type", "boolean"),
                "data", map("type", "object")));
  }

  private static Map<String, Object> uuid() {
    return map("type", "string", "format", "uuid");
  }

  private static Map<String, Object> event(Class<?> record) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (RecordComponent component : record.getRecordComponents()) {
      properties.put(component.getName(), schema(component.getGenericType()));
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        required.add(component.getName());
      }
    }
    var data = map("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      data.put("required", required);
    }
    return map(
        "name", EventsDocument.type(record).value(),
        "summary", EventsDocument.type(record).doc(),
        "payload",
            map(
                "allOf",
                List.of(
                    ref("#/components/schemas/envelope"),
                    map("type", "object", "properties", map("data", data)))));
  }

  private static Map<String, Object> schema(Type type) {
    if (type instanceof ParameterizedType generic
        && generic.getRawType() instanceof Class<?> raw
        && Collection.class.isAssignableFrom(raw)) {
      return map("type", "array", "items", schema(generic.getActualTypeArguments()[0]));
    }
    if (!(type instanceof Class<?> one)) {
      return map("type", "object");
    }
    if (one == UUID.class) {
      return uuid();
    }
    if (one == Instant.class) {
      return map("type", "string", "format", "date-time");
    }
    if (one == String.class || one.isEnum()) {
      return map("type", "string");
    }
    if (one == boolean.class || one == Boolean.class) {
      return map("type", "boolean");
    }
    if (one == int.class || one == long.class || one == Integer.class || one == Long.class) {
      return map("type", "integer");
    }
    return map("type", "object");
  }

  private static Map<String, Object> notice(NoticeForms form) {
    return map(
        "name", form.name(), "summary", form.doc(), "payload", fields(form.fields(), List.of()));
  }

  private static Map<String, Object> command(CommandForms form) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("id", "Comes back in the ack; text or number");
    fields.put("op", form.op());
    fields.putAll(form.fields());
    var required = new ArrayList<>(List.of("op"));
    required.addAll(form.required());
    return map("name", form.op(), "summary", form.doc(), "payload", fields(fields, required));
  }

  private static Map<String, Object> ack() {
    return map(
        "name", "ack",
        "summary", "The one answer to a command: ok with what it came to, or an error.",
        "payload",
            map(
                "type",
                "object",
                "properties",
                map(
                    "id", map("description", "That of the command"),
                    "ok", map("type", "boolean"),
                    "error",
                        map(
                            "type", "object",
                            "required", List.of("code", "detail"),
                            "properties",
                                map(
                                    "code", map("type", "string"),
                                    "detail", map("type", "string"),
                                    "errors", map("type", "array"),
                                    "retryAfterMs", map("type", "integer"))))));
  }

  private static Map<String, Object> fields(Map<String, String> fields, List<String> required) {
    var properties = new LinkedHashMap<String, Object>();
    fields.forEach((name, doc) -> properties.put(name, map("description", doc)));
    var schema = map("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static Map<String, Object> map(Object... namesAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /// YAML of maps, lists and text; text is quoted as in JSON, which YAML takes.
  private static void write(StringBuilder text, Object value, int depth) {
    String indent = " ".repeat(depth);
    switch (value) {
      case Map<?, ?> map ->
          map.forEach(
              (name, inner) -> {
                text.append(indent).append(key(String.valueOf(name))).append(':');
                child(text, inner, depth);
              });
      case List<?> list ->
          list.forEach(
              inner -> {
                text.append(indent).append('-');
                if (inner instanceof Map<?, ?>) {
                  var nested = new StringBuilder();
                  write(nested, inner, depth + 2);
                  text.append(' ').append(nested.substring(depth + 2));
                } else {
                  text.append(' ').append(Json.write(inner)).append('\n');
                }
              });
      default -> text.append(indent).append(Json.write(value)).append('\n');
    }
  }

  private static void child(StringBuilder text, Object inner, int depth) {
    if (inner instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append('\n');
      write(text, map, depth + 2);
    } else if (inner instanceof List<?> list && !list.isEmpty()) {
      text.append('\n');
      write(text, list, depth + 2);
    } else {
      text.append(' ').append(Json.write(inner)).append('\n');
    }
  }

  private static String key(String name) {
    return name.matches("[A-Za-z][A-Za-z0-9.-]*") ? name : Json.write(name);
  }
}
