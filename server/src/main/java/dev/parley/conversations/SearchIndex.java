package dev.parley.conversations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.identity.User;
import dev.parley.identity.Users;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Fills the search from the event log: what was written, changed and taken away, and who is called how. Behind by
/// what the metric `parley.subscription.lag` says.
@Singleton
public final class SearchIndex implements Subscriptions.Handler {
  /// The subscription's name.
  public static final String NAME = "search";

  /// The events that it wants.
  public static final Set<String> TYPES =
      Set.of(
          "message.received",
          "message.echoed",
          "message.queued",
          "message.posted",
          "message.edited",
          "message.deleted",
          "contact.created",
          "contact.updated",
          "contact.identity-added",
          "user.created",
          "user.changed",
          "user.deleted");

  private final Contacts contacts;

  /// Names are read from `contacts`.
  public SearchIndex(Contacts contacts) {
    this.contacts = contacts;
  }

  @Override
  public void handle(Tx tx, List<StoredEvent> events) {
    var written = new LinkedHashMap<UUID, SearchStore.MessageRow>();
    var named = new HashSet<UUID>();
    var users = new HashSet<UUID>();
    for (StoredEvent event : events) {
      switch (event.type()) {
        case "message.received", "message.echoed", "message.queued", "message.posted" ->
            write(event, Json.tree(event.data()).path("message"), written);
        case "message.edited" -> change(tx, Json.tree(event.data()), written);
        case "message.deleted" -> {
          UUID message = id(Json.tree(event.data()), "messageId");
          written.remove(message);
          SearchStore.remove(tx.sql(), tx.tenant(), List.of(message));
        }
        case "contact.created", "contact.updated", "contact.identity-added" ->
            named.add(id(Json.tree(event.data()), "contactId"));
        case "user.created", "user.changed", "user.deleted" ->
            users.add(id(Json.tree(event.data()), "userId"));
        default -> {}
      }
    }
    if (!written.isEmpty()) {
      SearchStore.put(tx.sql(), tx.tenant(), written.values());
    }
    name(tx, named);
    nameUsers(tx, users);
  }

  private static void write(
      StoredEvent event, JsonNode message, Map<UUID, SearchStore.MessageRow> written) {
    Content content = content(message.path("content"));
    String sender = message.path("sender").path("id").asText("");
    String text = SearchableText.of(content);
    UUID id = id(message, "id");
    if (!text.isBlank() || SearchableText.hasFile(content)) {
      written.put(
          id,
          new SearchStore.MessageRow(
              id,
              id(message, "conversationId"),
              !event.participantsOnly(),
              sender.isEmpty() ? null : UUID.fromString(sender),
              message.path("content").path("type").asText(),
              SearchableText.hasFile(content),
              Instant.parse(message.path("createdAt").asText()),
              Words.vector(Words.of(text))));
    }
  }

  private static void change(Tx tx, JsonNode data, Map<UUID, SearchStore.MessageRow> written) {
    UUID id = id(data, "messageId");
    Content content = content(data.path("content"));
    String kind = data.path("content").path("type").asText();
    String words = Words.vector(Words.of(SearchableText.of(content)));
    SearchStore.MessageRow row = written.get(id);
    if (row == null) {
      SearchStore.change(tx.sql(), tx.tenant(), id, kind, SearchableText.hasFile(content), words);
    } else {
      written.put(
          id,
          new SearchStore.MessageRow(
              id,
              row.conversationId(),
              row.customer(),
              row.senderId(),
              kind,
              SearchableText.hasFile(content),
              row.saidAt(),
              words));
    }
  }

  private void name(Tx tx, Set<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    List<Contact> there = contacts.find(tx, ids);
    SearchStore.putNames(
        tx.sql(),
        tx.tenant(),
        "contact",
        there.stream()
            .map(
                contact ->
                    new SearchStore.NameRow(
                        contact.id(),
                        contact.name() == null ? "" : Words.name(contact.name()),
                        keys(contact.identities().stream().map(Identity::value).toList())))
            .toList());
    forget(tx, "contact", ids, there.stream().map(Contact::id).collect(Collectors.toSet()));
  }

  private static void nameUsers(Tx tx, Set<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    List<User> there =
        Users.find(tx, ids).stream().filter(user -> user.state() == User.State.ACTIVE).toList();
    SearchStore.putNames(
        tx.sql(),
        tx.tenant(),
        "user",
        there.stream()
            .map(
                user ->
                    new SearchStore.NameRow(
                        user.id(), Words.name(user.name()), keys(List.of(user.email()))))
            .toList());
    forget(tx, "user", ids, there.stream().map(User::id).collect(Collectors.toSet()));
  }

  private static void forget(Tx tx, String kind, Set<UUID> wanted, Set<UUID> there) {
    var gone = new HashSet<>(wanted);
    gone.removeAll(there);
    if (!gone.isEmpty()) {
      SearchStore.removeNames(tx.sql(), tx.tenant(), kind, gone);
    }
  }

  private static String keys(Collection<String> values) {
    return values.stream().map(Words::plain).collect(Collectors.joining(" "));
  }

  private static Content content(JsonNode content) {
    try {
      return Json.MAPPER.treeToValue(content, Content.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UUID id(JsonNode data, String field) {
    return UUID.fromString(data.path(field).asText());
  }
}
