package dev.parley.platform.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// An event as it stands in the log: the envelope that everybody gets, whatever the door.
///
/// @param id unique; a reader that sees it twice has seen one event
/// @param type dotted name, such as `message.received`
/// @param version of the data's shape
/// @param lane together with `seq` its place; events of one conversation are in one lane
/// @param seq without gaps inside a lane
/// @param participantsOnly whether only those who take part in the conversation may learn of it
/// @param data JSON, as text
public record StoredEvent(
    UUID id,
    String type,
    int version,
    TenantId tenantId,
    @Nullable UUID projectId,
    @Nullable UUID conversationId,
    Instant time,
    String correlationId,
    @Nullable UUID causationId,
    int lane,
    long seq,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        @Schema(
            description =
                "Whether it is for those who take part in the conversation alone; absent: no")
        boolean participantsOnly,
    @JsonRawValue
        @Schema(
            type = SchemaType.OBJECT,
            description = "The event's own fields; see docs/events.md")
        String data) {

  /// The same with other data.
  public StoredEvent with(String other) {
    return new StoredEvent(
        id,
        type,
        version,
        tenantId,
        projectId,
        conversationId,
        time,
        correlationId,
        causationId,
        lane,
        seq,
        participantsOnly,
        other);
  }

  /// The same at another place in its lane.
  StoredEvent at(long place) {
    return new StoredEvent(
        id,
        type,
        version,
        tenantId,
        projectId,
        conversationId,
        time,
        correlationId,
        causationId,
        lane,
        place,
        participantsOnly,
        data);
  }

  /// Reads the envelope as [Json] writes it.
  public static StoredEvent parse(String json) {
    JsonNode tree = Json.tree(json);
    return new StoredEvent(
        UUID.fromString(tree.path("id").asText()),
        tree.path("type").asText(),
        tree.path("version").asInt(),
        TenantId.parse(tree.path("tenantId").asText()),
        id(tree.get("projectId")),
        id(tree.get("conversationId")),
        Instant.parse(tree.path("time").asText()),
        tree.path("correlationId").asText(),
        id(tree.get("causationId")),
        tree.path("lane").asInt(),
        tree.path("seq").asLong(),
        tree.path("participantsOnly").asBoolean(),
        tree.path("data").toString());
  }

  private static @Nullable UUID id(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : UUID.fromString(node.asText());
  }
}
