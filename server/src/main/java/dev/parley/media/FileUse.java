package dev.parley.media;

import java.util.UUID;

/// Who uses a file.
///
/// @param kind `message`, `avatar`, …; at most 40 characters
/// @param id the message, user, …
public record FileUse(String kind, UUID id) {
  /// A message that shows the file.
  public static FileUse message(UUID id) {
    return new FileUse("message", id);
  }
}
