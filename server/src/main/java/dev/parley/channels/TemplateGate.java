package dev.parley.channels;

import dev.parley.conversations.Content;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Whether a template may be sent as it is, by what is known of it here. One that is not known is left to the provider.
final class TemplateGate {
  // A template of which only the quality is bad is sent all the same.
  private static final Set<String> SENDABLE =
      Set.of(MessageTemplate.APPROVED, "flagged", "reinstated", "in_appeal");

  private TemplateGate() {}

  /// Throws a [Problem] that says what is wrong.
  static void check(Tx tx, ChannelConnector connector, UUID channel, Content.Template sent) {
    Optional<ProviderTemplates> provider = connector.templates();
    if (provider.isEmpty()) {
      return;
    }
    Optional<MessageTemplate> known =
        TemplateStore.named(tx.sql(), tx.tenant(), channel, sent.name(), sent.language());
    if (known.isEmpty()) {
      return;
    }
    MessageTemplate template = known.get();
    if (!SENDABLE.contains(template.status())) {
      throw new Problem(
          Problem.Code.CHANNEL_UNABLE,
          "The template %s is %s and cannot be sent; choose another, or sync the templates if that has changed."
              .formatted(template.name(), template.status()));
    }
    List<Problem.FieldError> errors = provider.get().check(template, sent);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }
}
