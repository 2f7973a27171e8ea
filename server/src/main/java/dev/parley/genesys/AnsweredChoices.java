package dev.parley.genesys;

import dev.parley.conversations.Content;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Message;
import dev.parley.platform.db.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds which question of Genesys a customer's message answers, and with what.
final class AnsweredChoices {
  private static final Duration NUMBERS_HOLD = Duration.ofHours(24);
  private static final int LOOKED_AT = 50;

  private final Conversations conversations;

  AnsweredChoices(Conversations conversations) {
    this.conversations = conversations;
  }

  /// @param webhook the message of Genesys that asked
  record Chosen(Part.Option option, String webhook) {}

  /// Empty when it answers none that the integration is known to have asked.
  Optional<Chosen> chosen(Tx tx, UUID integration, Message message) {
    UUID target = message.replyTo();
    boolean pressed = message.content() instanceof Content.Answer;
    boolean typed = message.content() instanceof Content.Text;
    if (!pressed && !typed) {
      return Optional.empty();
    }
    Optional<ReceivedStore.Answer> question =
        target != null
            ? ReceivedStore.answers(tx.sql(), tx.tenant(), List.of(target)).stream().findFirst()
            : ReceivedStore.numbered(tx.sql(), tx.tenant(), message.conversationId());
    return question
        .filter(asked -> asked.integration().equals(integration) && !asked.choices().isEmpty())
        .flatMap(
            asked -> {
              Part.Option option = option(asked, message);
              return option != null && (target != null || isLatest(tx, message, asked))
                  ? Optional.of(new Chosen(option, asked.webhook()))
                  : Optional.empty();
            });
  }

  /// Whether nothing was said to the customer after the numbered choices, and not long ago: later a number may mean
  /// anything.
  private boolean isLatest(Tx tx, Message message, ReceivedStore.Answer answer) {
    Message asked = conversations.message(tx, answer.message()).orElse(null);
    if (asked == null || asked.createdAt().plus(NUMBERS_HOLD).isBefore(message.createdAt())) {
      return false;
    }
    return conversations.before(tx, message.conversationId(), message.seq(), LOOKED_AT).stream()
        .filter(before -> before.direction() == Message.Direction.OUTBOUND)
        .findFirst()
        .filter(last -> last.id().equals(answer.message()))
        .isPresent();
  }

  private static Part.@Nullable Option option(ReceivedStore.Answer answer, Message message) {
    return switch (message.content()) {
      case Content.Answer chosen when chosen.id() != null -> answer.choices().get(chosen.id());
      case Content.Text text when answer.numbered() ->
          Choices.chosen(answer.choices(), text.body());
      default -> null;
    };
  }
}
