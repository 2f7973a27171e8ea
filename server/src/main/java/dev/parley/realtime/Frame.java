package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.events.Place;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Something that clients are told: its name and a JSON object, the same at every door. Encoded once for each protocol
/// and shared by all receivers. Any number of threads may use it.
public final class Frame {
  /// The names of system C, for clients that ask for them.
  private static final Map<String, String> LEGACY =
      Map.of(
          "message.received", "message-sent",
          "message.echoed", "message-sent",
          "message.queued", "message-sent",
          "message.posted", "message-sent",
          "message.edited", "message-updated",
          "message.deleted", "message-deleted",
          "typing.started", "typing",
          "typing.stopped", "stop-typing",
          "presence.updated", "presence-update",
          "presence.online", "user-online");

  private final String name;
  private final String fields;
  private final @Nullable String cursor;
  private final boolean ephemeral;
  private final AtomicReferenceArray<@Nullable Object> forms =
      new AtomicReferenceArray<>(Encoding.MOST);

  private Frame(String name, String fields, @Nullable String cursor, boolean ephemeral) {
    this.name = name;
    this.fields = fields;
    this.cursor = cursor;
    this.ephemeral = ephemeral;
  }

  /// An event of the log, and the place after it.
  static Frame of(StoredEvent event, Place after) {
    String json = Json.write(event);
    return new Frame(
        event.type(), json.substring(1, json.length() - 1), after.cursor(event.tenantId()), false);
  }

  /// Something that is not in the log and may be left out for a slow client: typing, presence. `data` is an object.
  public static Frame ephemeral(String name, JsonNode data) {
    return new Frame(name, fields(data), null, true);
  }

  /// Something about the connection itself, such as `server.draining`. `data` is an object.
  static Frame notice(String name, JsonNode data) {
    return new Frame(name, fields(data), null, false);
  }

  private static String fields(JsonNode data) {
    String json = data.toString();
    return json.substring(1, json.length() - 1);
  }

  /// The dotted name, such as `message.received`; with `legacy` the one that system C has for it, if any.
  public String name(boolean legacy) {
    return legacy ? LEGACY.getOrDefault(name, name) : name;
  }

  /// Where the client goes on after this; null for what is not in the log.
  public @Nullable String cursor() {
    return cursor;
  }

  /// Whether it may be left out for a slow client.
  public boolean isEphemeral() {
    return ephemeral;
  }

  /// The JSON object: the event's envelope with `cursor`, or the data of something that is not in the log.
  public String payload() {
    return "{" + members() + "}";
  }

  /// The members of [#payload] without braces, for a protocol that puts them into an object of its own.
  public String members() {
    if (cursor == null) {
      return fields;
    }
    String first = "\"cursor\":\"" + cursor + "\"";
    return fields.isEmpty() ? first : first + "," + fields;
  }

  /// About how many bytes it takes on the wire.
  public int size() {
    return fields.length() + 128;
  }

  /// Its form in a protocol, made when first asked for.
  @SuppressWarnings("unchecked") // a slot is written with what its own encoding has made
  public <T> T as(Encoding<T> encoding) {
    Object made = forms.get(encoding.slot());
    if (made == null) {
      T fresh = encoding.make(this);
      // Two event loops may make it at once; one form is as good as the other.
      forms.set(encoding.slot(), fresh);
      return fresh;
    }
    return (T) made;
  }
}
