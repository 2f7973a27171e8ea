package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Content;
import dev.parley.platform.http.Problem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a kind of channel knows about message templates. Calls throw a [Problem] that says what to do when the provider
/// refuses or does not answer.
public interface ProviderTemplates {
  /// Some templates of an account, and where to go on; null at the end.
  record Listed(List<MessageTemplate.Told> templates, @Nullable String next) {}

  /// Templates of the account after a cursor, or from the beginning.
  Listed list(ChannelAccount account, @Nullable String after);

  /// What the provider would refuse about a draft; empty when nothing.
  List<Problem.FieldError> check(MessageTemplate.Draft draft);

  /// Hands a draft in; answers it as the provider took it.
  MessageTemplate.Told create(ChannelAccount account, MessageTemplate.Draft draft);

  /// Changes category and components.
  void edit(ChannelAccount account, MessageTemplate template, MessageTemplate.Draft draft);

  /// Deletes it in its one language.
  void delete(ChannelAccount account, MessageTemplate template);

  /// What a notice says about a template; empty when it is about something else.
  Optional<News> news(String field, JsonNode data);

  /// What is wrong with the values for a template's variables; empty when nothing.
  List<Problem.FieldError> check(MessageTemplate template, Content.Template sent);

  /// What the customer will see; values that are missing show as they stand in the template.
  Shown show(MessageTemplate template, Content.Template sent);

  /// A change of one template.
  ///
  /// @param status the new one, `deleted` when it is gone, null when that stays
  /// @param category the new one, null when it stays
  /// @param quality the new one, null when it stays
  /// @param reason belongs to the status
  record News(
      String providerId,
      @Nullable String status,
      @Nullable String category,
      @Nullable String quality,
      @Nullable String reason) {}

  /// A template with its values in place.
  ///
  /// @param header text, or what kind of file stands there
  record Shown(
      @Nullable String header, String body, @Nullable String footer, List<String> buttons) {}
}
