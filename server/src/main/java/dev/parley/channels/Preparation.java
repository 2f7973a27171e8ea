package dev.parley.channels;

import dev.parley.conversations.Content;
import dev.parley.conversations.Failure;
import java.time.Duration;

/// Whether a message can be handed over, as far as its files are concerned. Whatever is done for it happens before the
/// message is claimed, so that a file that does not get through never leaves open whether the message was sent.
public sealed interface Preparation {
  /// It can.
  ///
  /// @param content with what the provider knows each file by
  record Ready(Content content) implements Preparation {}

  /// Not yet: a file of ours is not all here, or was not scanned.
  record Wait(Duration pause) implements Preparation {}

  /// The provider does not take the file for now.
  ///
  /// @param everybody whether other messages of the account would meet the same
  record RetryAfter(Duration pause, Failure failure, boolean everybody) implements Preparation {}

  /// A file cannot be sent.
  ///
  /// @param account whether it is the account that is refused rather than this file
  record Refused(Failure failure, boolean account) implements Preparation {}
}
