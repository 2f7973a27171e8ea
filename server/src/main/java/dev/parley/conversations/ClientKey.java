package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Idempotency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// By what a client tells a message that it sends again from a new one.
///
/// @param value the same in the same conversation is the same message
/// @param print stands for what was asked; null when that need not be compared
public record ClientKey(String value, @Nullable String print) {

  /// A caller's own key: those of two callers are never the same.
  public static ClientKey of(Caller caller, String key, @Nullable String print) {
    return new ClientKey(caller.id() + ":" + key, print);
  }

  /// What the key sent before. The conversation must be locked, which is what makes looking first safe. Throws a
  /// [dev.parley.platform.http.Problem] when the key came with another request.
  static Optional<SendResult> earlier(Tx tx, UUID conversation, @Nullable ClientKey key) {
    return key == null
        ? Optional.empty()
        : MessageStore.ofClientKeys(
                tx.sql(), tx.tenant(), List.of(conversation), List.of(key.value()))
            .stream()
            .findFirst()
            .map(key::again);
  }

  /// The answer, when the key sent that before. Throws a [dev.parley.platform.http.Problem] when it came with another
  /// request.
  SendResult again(MessageStore.OfClientKey sent) {
    if (sent.print() != null && print != null && !sent.print().equals(print)) {
      throw Idempotency.taken();
    }
    return new SendResult.Duplicate(sent.message());
  }
}
