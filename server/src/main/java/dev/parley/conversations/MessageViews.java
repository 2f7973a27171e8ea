package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Messages seen from one of them: what stands around it, what hangs on it, who has read it.
@Singleton
public final class MessageViews {
  private static final int WRITERS = 100;

  private final TenantDb db;

  /// Reads through `db`.
  public MessageViews(TenantDb db) {
    this.db = db;
  }

  /// A message and its neighbours.
  ///
  /// @param before the nearest first
  /// @param after the nearest first
  public record Around(List<Message> before, Message message, List<Message> after) {}

  /// What is said in the thread that a message began.
  ///
  /// @param root the message
  /// @param participants who has answered, the first one first; at most a hundred
  /// @param replies one more than asked for where there are more
  public record Answers(Message root, List<UUID> participants, List<Message> replies) {}

  /// That somebody has got or read a message.
  ///
  /// @param kind `user` or `contact`
  /// @param readAt for a user when their reading mark last moved, which is when they read it or later
  public record ReadBy(
      String kind, @Nullable UUID id, @Nullable Instant deliveredAt, @Nullable Instant readAt) {}

  /// A message with up to `limit` messages on each side. Throws a [Problem] when the caller may not see it.
  public Around around(Caller caller, UUID conversation, UUID id, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Message message = message(tx, caller, conversation, id);
          return new Around(
              MessageStore.page(tx.sql(), tx.tenant(), conversation, message.seq(), false, limit),
              message,
              MessageStore.page(tx.sql(), tx.tenant(), conversation, message.seq(), true, limit));
        });
  }

  /// The thread that a message began, its answers in their order. Throws a [Problem] when the caller may not see it.
  public Answers thread(Caller caller, UUID conversation, UUID id, long after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Message root = message(tx, caller, conversation, id);
          return new Answers(
              root,
              ChatMessageStore.writers(tx.sql(), tx.tenant(), id, WRITERS),
              MessageStore.thread(tx.sql(), tx.tenant(), id, after, limit + 1));
        });
  }

  /// Who has read it, without its writer, in the order of their ids: `limit` + 1 rows where there are more. Of a
  /// message to a customer what the customer's receipts say. Throws a [Problem] when the caller may not see it.
  public List<ReadBy> readBy(
      Caller caller, UUID conversation, UUID id, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Message message = message(tx, caller, conversation, id);
          Conversation customers =
              ConversationStore.find(tx.sql(), tx.tenant(), conversation).orElse(null);
          if (customers != null) {
            return message.deliveredAt() == null && message.readAt() == null
                ? List.of()
                : List.of(
                    new ReadBy(
                        "contact", customers.contactId(), message.deliveredAt(), message.readAt()));
          }
          return ParticipantStore.page(
                  tx.sql(), tx.tenant(), conversation, message.seq(), after, limit + 2)
              .stream()
              .filter(reader -> !reader.userId().equals(message.sender().id()))
              .limit(limit + 1L)
              .map(reader -> new ReadBy("user", reader.userId(), null, reader.lastSeenAt()))
              .toList();
        });
  }

  private static Message message(Tx tx, Caller caller, UUID conversation, UUID id) {
    Conversations.require(tx, caller, conversation, Right.READ);
    return MessageStore.find(tx.sql(), tx.tenant(), id)
        .filter(found -> found.conversationId().equals(conversation))
        .orElseThrow(() -> Problem.notFound("message"));
  }
}
