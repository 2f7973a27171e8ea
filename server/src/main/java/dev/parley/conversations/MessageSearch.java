package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.identity.User;
import dev.parley.identity.Users;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Finds messages by their words, and contacts and users by names that need not be spelt right. Nobody finds what they
/// may not see, and what is found is what the event log's reader has got to.
@Singleton
public final class MessageSearch {
  // Shorter ones have no trigram.
  private static final int SHORTEST_KEY = 3;

  private final TenantDb db;
  private final Contacts contacts;

  /// Reads through `db`; contacts come from `contacts`.
  public MessageSearch(TenantDb db, Contacts contacts) {
    this.db = db;
    this.contacts = contacts;
  }

  /// What messages are narrowed to; null means any.
  ///
  /// @param kind the `type` of the content
  /// @param from the first moment
  /// @param to the moment after the last
  public record Filter(
      @Nullable UUID conversationId,
      @Nullable UUID senderId,
      @Nullable String kind,
      @Nullable Boolean hasFile,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /// A place in a text, in UTF-16 units as JavaScript and Java count: from `start`, up to before `end`.
  public record Mark(int start, int end) {}

  /// The piece of a message's text around what was found. Plain text, no markup.
  ///
  /// @param marks where in it the words are that were looked for
  public record Highlight(String text, List<Mark> marks) {}

  /// A message that was found.
  @Schema(name = "FoundMessage")
  public record Found(Message message, Highlight highlight) {}

  /// A contact that was found.
  ///
  /// @param score from 0 to 1, how much like what was looked for
  public record FoundContact(Contact contact, double score) {}

  /// A user who was found.
  ///
  /// @param score from 0 to 1, how much like what was looked for
  public record FoundUser(UUID id, String name, String email, double score) {}

  /// Messages with all these words that the caller may see, the newest first. Throws a [Problem] when there is no word
  /// to look for.
  public Page<Found> messages(
      Caller caller, String text, Filter filter, @Nullable String after, int limit) {
    SearchQuery query = SearchQuery.parse(text);
    SearchStore.Hit before = hit(after);
    // In a transaction of its own, which a distributed database asks of functions like this.
    List<SearchStore.Hit> hits =
        db.inTenant(
            caller.inTenant(),
            tx ->
                SearchStore.messages(
                    tx.sql(),
                    query.text(),
                    caller.kind() == Caller.Kind.USER ? caller.id() : ChatStore.EVERYBODY,
                    caller.allows(Permission.CONVERSATIONS_READ),
                    filter,
                    before,
                    limit + 1));
    Page<SearchStore.Hit> page = Page.of(hits, limit, hit -> hit.saidAt() + " " + hit.messageId());
    if (hits.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    Map<UUID, Message> messages = new HashMap<>();
    db.inTenant(
            caller.inTenant(),
            tx ->
                MessageStore.find(
                    tx.sql(),
                    tx.tenant(),
                    page.items().stream().map(SearchStore.Hit::messageId).toList()))
        .forEach(message -> messages.put(message.id(), message));
    return new Page<>(
        page.items().stream()
            .map(hit -> messages.get(hit.messageId()))
            .filter(Objects::nonNull)
            // Taken away since the index was filled.
            .filter(message -> message.deletedAt() == null)
            .map(
                message ->
                    new Found(message, query.highlight(SearchableText.of(message.content()))))
            .toList(),
        page.next());
  }

  private static SearchStore.@Nullable Hit hit(@Nullable String after) {
    String place = Page.decode(after);
    if (place == null) {
      return null;
    }
    try {
      String[] parts = place.split(" ", 2);
      return new SearchStore.Hit(UUID.fromString(parts[1]), Instant.parse(parts[0]));
    } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw Page.badCursor();
    }
  }

  /// Contacts whose name is like this, or who have a phone number, address or id with this in it; the best first.
  public Page<FoundContact> contacts(
      Caller caller, String text, @Nullable String after, int limit) {
    Page<SearchStore.NameHit> page = names(caller, "contact", text, after, limit);
    Map<UUID, Contact> there =
        db.inTenant(caller.inTenant(), tx -> contacts.find(tx, ids(page))).stream()
            .collect(Collectors.toMap(Contact::id, contact -> contact));
    return new Page<>(
        page.items().stream()
            .filter(hit -> there.containsKey(hit.id()))
            .map(hit -> new FoundContact(Objects.requireNonNull(there.get(hit.id())), hit.score()))
            .toList(),
        page.next());
  }

  /// Users whose name is like this, or who have an address with this in it; the best first.
  public Page<FoundUser> users(Caller caller, String text, @Nullable String after, int limit) {
    Page<SearchStore.NameHit> page = names(caller, "user", text, after, limit);
    Map<UUID, User> there =
        db.inTenant(caller.inTenant(), tx -> Users.find(tx, ids(page))).stream()
            .collect(Collectors.toMap(User::id, user -> user));
    return new Page<>(
        page.items().stream()
            .filter(hit -> there.containsKey(hit.id()))
            .map(
                hit -> {
                  User user = Objects.requireNonNull(there.get(hit.id()));
                  return new FoundUser(user.id(), user.name(), user.email(), hit.score());
                })
            .toList(),
        page.next());
  }

  private static List<UUID> ids(Page<SearchStore.NameHit> page) {
    return page.items().stream().map(SearchStore.NameHit::id).toList();
  }

  /// The contacts that are most like this.
  static List<UUID> contactIds(Tx tx, String text) {
    return names(tx, "contact", text, null, Page.MOST).stream()
        .map(SearchStore.NameHit::id)
        .toList();
  }

  private Page<SearchStore.NameHit> names(
      Caller caller, String kind, String text, @Nullable String after, int limit) {
    SearchStore.NameHit last = nameHit(after);
    return Page.of(
        db.inTenant(caller.inTenant(), tx -> names(tx, kind, text, last, limit + 1)),
        limit,
        hit -> hit.score() + " " + hit.id());
  }

  private static List<SearchStore.NameHit> names(
      Tx tx, String kind, String text, SearchStore.@Nullable NameHit last, int limit) {
    String name = Words.name(text);
    String key = Words.plain(text).strip().replaceFirst("^\\+", "");
    if (name.isEmpty()) {
      throw Problem.invalid("q", "must have a letter or digit to look for");
    }
    String pattern =
        key.length() < SHORTEST_KEY ? null : "%" + key.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    return SearchStore.names(tx.sql(), kind, name, pattern, last, limit);
  }

  private static SearchStore.@Nullable NameHit nameHit(@Nullable String after) {
    String place = Page.decode(after);
    if (place == null) {
      return null;
    }
    try {
      String[] parts = place.split(" ", 2);
      return new SearchStore.NameHit(UUID.fromString(parts[1]), Float.parseFloat(parts[0]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw Page.badCursor();
    }
  }
}
