package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.json.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What events say about who takes part in a conversation, and about credentials that are no longer good.
final class Memberships {
  private static final String ADDED = "participant.added";
  private static final String REMOVED = "participant.removed";

  private Memberships() {}

  static boolean isAdded(StoredEvent event) {
    return event.type().equals(ADDED);
  }

  static boolean isRemoved(StoredEvent event) {
    return event.type().equals(REMOVED);
  }

  /// Whether an event says that this user came into a conversation or is out of it.
  static boolean isAbout(StoredEvent event, UUID user) {
    return (isAdded(event) || isRemoved(event)) && user.equals(user(event));
  }

  /// The user whom the event is about, or null.
  static @Nullable UUID user(StoredEvent event) {
    return id(event, "userId");
  }

  /// Whom an event cuts off, or whose rights it changes.
  sealed interface Cut {
    /// All who came in by one sign-in.
    record SignIn(UUID user, UUID id) implements Cut {}

    /// All of a user, or of an API key.
    record Holder(UUID id) implements Cut {}

    /// A user may do other things now.
    record Rights(UUID user) implements Cut {}

    /// Everybody of the tenant.
    record Tenant() implements Cut {}
  }

  /// Whom the event cuts off or whose rights it changes, or null.
  static @Nullable Cut cut(StoredEvent event) {
    return switch (event.type()) {
      case "user.signed-out" -> signIn(id(event, "userId"), id(event, "signInId"));
      case "user.suspended", "user.password-changed", "user.deleted" -> holder(id(event, "userId"));
      case "user.role-changed" -> rights(id(event, "userId"));
      case "api-key.revoked" -> holder(id(event, "keyId"));
      case "tenant.suspended", "tenant.deleted" -> new Cut.Tenant();
      default -> null;
    };
  }

  private static @Nullable Cut signIn(@Nullable UUID user, @Nullable UUID id) {
    return user == null || id == null ? null : new Cut.SignIn(user, id);
  }

  private static @Nullable Cut holder(@Nullable UUID id) {
    return id == null ? null : new Cut.Holder(id);
  }

  private static @Nullable Cut rights(@Nullable UUID id) {
    return id == null ? null : new Cut.Rights(id);
  }

  private static @Nullable UUID id(StoredEvent event, String field) {
    JsonNode value = Json.tree(event.data()).path(field);
    try {
      return value.isTextual() ? UUID.fromString(value.asText()) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
