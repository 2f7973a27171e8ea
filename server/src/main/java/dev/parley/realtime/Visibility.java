package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.events.StoredEvent;
import java.util.Set;

/// Which permission lets a caller see an event that is not for participants alone.
final class Visibility {
  private static final Set<String> INBOX =
      Set.of(
          "conversation",
          "participant",
          "message",
          "contact",
          "contact-field",
          "channel",
          "team",
          "tag",
          "canned-reply");

  private Visibility() {}

  static boolean sees(Caller caller, StoredEvent event) {
    return !event.participantsOnly() && caller.allows(permission(event.type()));
  }

  /// Whether it is of the kinds that the topic `inbox` holds.
  static boolean isOfInbox(StoredEvent event) {
    return INBOX.contains(family(event.type()));
  }

  /// What is not named here is for those who may read the whole log.
  static Permission permission(String type) {
    return switch (family(type)) {
      case "conversation", "participant", "message", "team", "tag", "canned-reply" ->
          Permission.CONVERSATIONS_READ;
      case "contact", "contact-field" -> Permission.CONTACTS_READ;
      case "channel" -> Permission.CHANNELS_READ;
      default -> Permission.EVENTS_READ;
    };
  }

  private static String family(String type) {
    int dot = type.indexOf('.');
    return dot < 0 ? type : type.substring(0, dot);
  }
}
