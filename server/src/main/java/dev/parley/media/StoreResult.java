package dev.parley.media;

/// What became of bytes that were to be stored.
public sealed interface StoreResult {
  /// They are kept; the file is ready, or waits for the scanner, or is known to be infected.
  record Stored(StoredFile file) implements StoreResult {}

  /// They are not kept, and nothing is left of them. Sending the same again ends the same way, but for
  /// [Reason#QUOTA] and [Reason#GONE].
  ///
  /// @param detail for people: what is wrong and what to do
  record Refused(Reason reason, String detail) implements StoreResult {}

  /// Why bytes are not taken.
  enum Reason {
    /// There are none.
    EMPTY,
    /// More than the limits of configuration, tenant, kind or channel.
    TOO_LARGE,
    /// The bytes are of another type than was said.
    WRONG_TYPE,
    /// More pixels than may be decoded.
    TOO_MANY_PIXELS,
    /// Not the hash or not the length that was said.
    DAMAGED,
    /// The tenant's storage is full.
    QUOTA,
    /// The file that they were for was deleted, given up or filled meanwhile.
    GONE
  }
}
