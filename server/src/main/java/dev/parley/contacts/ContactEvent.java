package dev.parley.contacts;

import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to contacts.
public sealed interface ContactEvent extends DomainEvent {
  /// The contact.
  UUID contactId();

  /// A contact was made, by a person or by the first message of an unknown customer.
  @EventType(value = "contact.created", doc = "A contact was made.")
  record Created(
      UUID contactId,
      UUID projectId,
      @Nullable String name,
      List<Identity> identities,
      Map<String, Object> fields)
      implements ContactEvent {
    @Override
    public UUID inProject() {
      return projectId;
    }
  }

  /// Name, identities or fields were changed by a person, or the first name came with a message.
  @EventType(
      value = "contact.updated",
      doc = "A contact's name, identities or fields were changed; this is how they are now.")
  record Updated(
      UUID contactId,
      UUID projectId,
      @Nullable String name,
      List<Identity> identities,
      Map<String, Object> fields)
      implements ContactEvent {
    @Override
    public UUID inProject() {
      return projectId;
    }
  }

  /// A provider told another identity of a known contact.
  @EventType(
      value = "contact.identity-added",
      doc = "A provider told another identity of a known contact.")
  record IdentityAdded(UUID contactId, Identity identity) implements ContactEvent {}

  /// One message named two identities that belong to two contacts. The phone's contact has it; nothing was merged.
  @EventType(
      value = "contact.conflict-seen",
      doc =
          "One message named identities of two contacts; it went to the first, nothing was merged.")
  record ConflictSeen(UUID contactId, UUID otherContactId, Identity identity)
      implements ContactEvent {}
}
