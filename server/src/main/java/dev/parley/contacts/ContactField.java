package dev.parley.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Something that a tenant wants to know of its contacts.
///
/// @param key by which values are given and shown; unique in the tenant, never changed
/// @param name what people see
/// @param choices what a value of type `choice` may be; else empty
public record ContactField(
    UUID id,
    @Schema(examples = "plan") String key,
    @Schema(examples = "Plan") String name,
    Type type,
    List<String> choices,
    Instant createdAt,
    Instant updatedAt) {
  /// What a value is.
  @Schema(name = "ContactFieldType")
  public enum Type {
    /// At most 1,000 characters.
    @JsonProperty("text")
    TEXT,
    /// Between -10^15 and 10^15.
    @JsonProperty("number")
    NUMBER,
    /// A day, such as `2026-01-31`.
    @JsonProperty("date")
    DATE,
    /// Yes or no.
    @JsonProperty("boolean")
    BOOLEAN,
    /// One of the field's choices.
    @JsonProperty("choice")
    CHOICE
  }
}
