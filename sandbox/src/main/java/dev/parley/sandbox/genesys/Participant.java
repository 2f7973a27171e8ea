package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One side of a conversation; its conversation guards it.
final class Participant {
  final String id = UUID.randomUUID().toString();
  final String communicationId = UUID.randomUUID().toString();
  final String purpose;
  final String name;
  final @Nullable String userId;
  final Instant since = Instant.now();
  final Map<String, String> attributes = new TreeMap<>();
  String state;
  boolean wrapupRequired;
  @Nullable String disconnectType;
  @Nullable Instant end;

  Participant(String purpose, String name, @Nullable String userId, String state) {
    this.purpose = purpose;
    this.name = name;
    this.userId = userId;
    this.state = state;
    this.wrapupRequired = purpose.equals("agent");
  }

  boolean present() {
    return !state.equals("disconnected");
  }

  void disconnect(String how) {
    if (present()) {
      state = "disconnected";
      disconnectType = how;
      end = Instant.now();
    }
  }

  /// As `GET /api/v2/conversations/messages/{id}` tells it (`MessageMediaParticipant`).
  ObjectNode mediaJson(String from, String to) {
    ObjectNode json = head();
    json.put("state", state).put("direction", "inbound").put("held", false);
    json.put("wrapupRequired", wrapupRequired).put("type", "open");
    if (disconnectType != null) {
      json.put("disconnectType", disconnectType);
    }
    if (userId != null) {
      json.putObject("user").put("id", userId).put("selfUri", "/api/v2/users/" + userId);
    }
    json.putObject("fromAddress").put("addressNormalized", from).put("addressRaw", from);
    json.putObject("toAddress").put("addressNormalized", to).put("addressRaw", to);
    return json;
  }

  /// As `GET /api/v2/conversations/{id}` tells it (`Participant`).
  ObjectNode json() {
    ObjectNode json = head().put("wrapupRequired", wrapupRequired);
    json.put("participantType", purpose.equals("customer") ? "External" : "Internal");
    if (userId != null) {
      json.put("userId", userId).put("userUri", "/api/v2/users/" + userId);
    }
    ObjectNode message = json.putArray("messages").addObject();
    message.put("id", communicationId).put("state", state).put("type", "open");
    message.put("direction", "inbound").put("held", false);
    if (disconnectType != null) {
      message.put("disconnectType", disconnectType);
    }
    return json;
  }

  private ObjectNode head() {
    ObjectNode json = Json.object().put("id", id).put("name", name).put("purpose", purpose);
    json.put("startTime", Moment.text(since));
    if (!state.equals("alerting")) {
      json.put("connectedTime", Moment.text(since));
    }
    if (end != null) {
      json.put("endTime", Moment.text(end));
    }
    ObjectNode shown = json.putObject("attributes");
    attributes.forEach(shown::put);
    return json;
  }
}
