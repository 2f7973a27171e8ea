package dev.parley.genesys;

import org.jspecify.annotations.Nullable;

/// One message of Open Messaging that a customer's message becomes.
sealed interface Part {
  /// A text of at most 4000 characters.
  ///
  /// @param placeholder whether it stands for a file that may still come
  record Text(String text, boolean placeholder) implements Part {
    Text(String text) {
      this(text, false);
    }
  }

  /// A file, which Genesys fetches from its address.
  ///
  /// @param mediaType `Image`, `Video`, `Audio` or `File`
  /// @param caption null where there is none
  record File(String mediaType, Given given, @Nullable String caption) implements Part {}

  /// What a customer chose of a message with choices.
  ///
  /// @param type `QuickReply` or `Button`
  /// @param originatingMessageId the message of Genesys that it answers
  record Choice(String type, String text, String payload, String originatingMessageId)
      implements Part {}

  /// A file that can be fetched.
  ///
  /// @param url for everybody who has it, for as long as Genesys may need
  /// @param filename null where it has none
  record Given(String url, String mime, @Nullable String filename, long size) {}

  /// What a message of Genesys let the customer choose.
  ///
  /// @param type `QuickReply` or `Button`
  record Option(String type, String text, String payload) {}
}
