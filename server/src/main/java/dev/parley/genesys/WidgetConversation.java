package dev.parley.genesys;

import dev.parley.contacts.Contact;
import dev.parley.contacts.ContactField;
import dev.parley.contacts.ContactFields;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.conversations.ConversationFilter;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.Priority;
import dev.parley.inbox.Inbox;
import dev.parley.inbox.InboxConversation;
import dev.parley.inbox.Tag;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.TenantDb;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A conversation with everything that the widget shows beside its messages.
///
/// @param window until when free messages may be sent; absent where the channel has no such rule, a past time when closed
/// @param waitingSince since when the customer has no answer
/// @param notes how many notes it has
/// @param conversations how many conversations the contact has on all channels; 1,000 means that many or more
/// @param earlierAtGenesys how many conversations of Genesys this one has been before
@Schema(name = "WidgetConversation")
public record WidgetConversation(
    UUID id,
    @Nullable Profile contact,
    @Nullable Place channel,
    ConversationStatus status,
    Priority priority,
    @Nullable Instant snoozedUntil,
    @Nullable String assignee,
    @Nullable String team,
    List<String> tags,
    @Nullable Instant waitingSince,
    @Nullable Instant window,
    int unread,
    long lastSeq,
    Instant lastAt,
    Instant createdAt,
    Instant updatedAt,
    int notes,
    int conversations,
    int earlierAtGenesys) {

  /// Who the customer is.
  @Schema(name = "WidgetContact")
  public record Profile(
      @Nullable String name, List<Identity> identities, List<Value> fields, Instant since) {}

  /// What one of the tenant's own fields says of a contact.
  @Schema(name = "WidgetContactValue")
  public record Value(
      String key, String name, ContactField.Type type, @Schema(examples = "gold") Object value) {}

  /// Where they write.
  @Schema(name = "WidgetChannel")
  public record Place(String name, String kind) {}

  private static final int MOST_FIELDS = 200;

  static WidgetConversation of(
      Inbox inbox,
      Contacts contacts,
      ContactFields fields,
      TenantDb db,
      Caller caller,
      WidgetSession session) {
    InboxConversation one = inbox.find(caller, session.conversation());
    List<ContactField> known = fields.page(caller, null, MOST_FIELDS);
    return db.inTenant(
        session.tenant(),
        tx ->
            of(
                one,
                contacts.find(tx, one.contactId()).map(found -> profile(found, known)).orElse(null),
                ConversationLists.counts(
                        tx, caller.id(), ConversationFilter.ALL.of(List.of(one.contactId())))
                    .all(),
                WidgetStore.others(
                    tx.sql(), tx.tenant(), session.conversation(), session.genesysId())));
  }

  private static Profile profile(Contact contact, List<ContactField> known) {
    return new Profile(
        contact.name(),
        contact.identities(),
        known.stream()
            .map(
                field -> {
                  Object value = contact.fields().get(field.key());
                  return value == null
                      ? null
                      : new Value(field.key(), field.name(), field.type(), value);
                })
            .filter(Objects::nonNull)
            .toList(),
        contact.createdAt());
  }

  private static WidgetConversation of(
      InboxConversation one, @Nullable Profile contact, int conversations, int earlier) {
    InboxConversation.Place channel = one.channel();
    InboxConversation.Person assignee = one.assignee();
    InboxConversation.Named team = one.team();
    return new WidgetConversation(
        one.id(),
        contact,
        channel == null ? null : new Place(channel.name(), channel.kind()),
        one.status(),
        one.priority(),
        one.snoozedUntil(),
        assignee == null ? null : assignee.name(),
        team == null ? null : team.name(),
        one.tags().stream().map(Tag.Label::name).toList(),
        one.waitingSince(),
        one.window(),
        one.unread(),
        one.lastSeq(),
        one.lastAt(),
        one.createdAt(),
        one.updatedAt(),
        one.notes() == null ? 0 : one.notes(),
        conversations,
        earlier);
  }
}
