package dev.parley.genesys;

import dev.parley.conversations.Content;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message to the customer that a message of Genesys becomes.
sealed interface Step {
  /// What can be sent as it is.
  ///
  /// @param options what the customer may choose, by the id that the answer carries, or by number
  /// @param numbered whether the customer answers with a number
  record Say(Content content, Map<String, Part.Option> options, boolean numbered) implements Step {
    static Say plain(Content content) {
      return new Say(content, Map.of(), false);
    }

    static Say text(String text) {
      return plain(new Content.Text(text, null));
    }
  }

  /// A file to be fetched from Genesys first: its address does not live long.
  ///
  /// @param mediaType `Image`, `Video`, `Audio` or anything else, which is a document
  record Fetch(
      String url,
      String mediaType,
      @Nullable String mime,
      @Nullable String filename,
      @Nullable String caption)
      implements Step {}
}
