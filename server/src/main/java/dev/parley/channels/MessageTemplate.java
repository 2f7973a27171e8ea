package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message template in one language.
///
/// @param providerId what the provider calls it
/// @param category such as `utility`
/// @param status such as `approved`, `pending`, `rejected`, `paused`, `disabled`: the provider's word in lower case
/// @param quality what the provider says of how customers like it, in lower case
/// @param reason why it was rejected or paused
/// @param named whether its variables have names instead of numbers
/// @param components in the provider's form
public record MessageTemplate(
    UUID id,
    UUID channelId,
    String providerId,
    String name,
    String language,
    String category,
    String status,
    @Nullable String quality,
    @Nullable String reason,
    boolean named,
    JsonNode components,
    Instant createdAt,
    Instant updatedAt) {

  /// The status of one that may be sent.
  public static final String APPROVED = "approved";

  /// What the provider tells of one.
  public record Told(
      String providerId,
      String name,
      String language,
      String category,
      String status,
      @Nullable String quality,
      @Nullable String reason,
      boolean named,
      JsonNode components) {}

  /// What somebody wants.
  ///
  /// @param category in lower case
  public record Draft(
      String name, String language, String category, boolean named, JsonNode components) {}

  /// Whether it differs in anything that the provider tells.
  boolean differs(Told told) {
    return !providerId.equals(told.providerId())
        || !category.equals(told.category())
        || !status.equals(told.status())
        || !Objects.equals(quality, told.quality())
        || !Objects.equals(reason, told.reason())
        || named != told.named()
        || !components.equals(told.components());
  }

  /// The first component of a type in the provider's words, or a missing node.
  public JsonNode component(String type) {
    for (JsonNode component : components) {
      if (component.path("type").asText("").toUpperCase(Locale.ROOT).equals(type)) {
        return component;
      }
    }
    return components.path("none");
  }
}
