package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How one organisation behaves: a value for every [Knob].
record Behaviour(Map<Knob, Long> values) {

  static Behaviour initial() {
    Map<Knob, Long> values = new EnumMap<>(Knob.class);
    for (Knob knob : Knob.values()) {
      values.put(knob, knob.initial());
    }
    return new Behaviour(Collections.unmodifiableMap(values));
  }

  /// This behaviour with the values of `changes` in place of its own.
  ///
  /// @throws dev.parley.sandbox.ControlRefusal when a name is unknown or its value makes no sense
  Behaviour with(JsonNode changes) {
    Map<Knob, Long> next = new EnumMap<>(values);
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      Knob knob = Knob.named(change.getKey());
      next.put(knob, knob.read(change.getValue()));
    }
    return new Behaviour(Collections.unmodifiableMap(next));
  }

  long get(Knob knob) {
    Long value = values.get(knob);
    return value == null ? knob.initial() : value;
  }

  boolean is(Knob knob) {
    return get(knob) == 1;
  }

  String choice(Knob knob) {
    return knob.choice(get(knob));
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    values.forEach((knob, value) -> knob.write(value, json));
    return json;
  }
}
