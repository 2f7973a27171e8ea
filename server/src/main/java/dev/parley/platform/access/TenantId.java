package dev.parley.platform.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// The organisation whose rows are meant. A type of its own, so that no other id can stand in its
/// place.
public record TenantId(@JsonValue UUID value) {
  /// Stands where a row belongs to no tenant: the operator's own sign-ins and acts.
  public static final TenantId NONE = new TenantId(new UUID(0, 0));

  /// Reads the canonical text form; throws `IllegalArgumentException` for anything else.
  @JsonCreator
  public static TenantId parse(String text) {
    return new TenantId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
