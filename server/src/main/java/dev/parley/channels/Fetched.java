package dev.parley.channels;

import dev.parley.media.StoreResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of asking a provider for a customer's file. The causes are for people.
public sealed interface Fetched {
  /// Its bytes were given to the storage.
  record Came(StoreResult result) implements Fetched {}

  /// The provider keeps it no longer.
  record Expired(String cause) implements Fetched {}

  /// It is larger than is taken.
  record TooLarge(String cause) implements Fetched {}

  /// Asking again ends the same way, until somebody changes something.
  record Refused(String cause) implements Fetched {}

  /// It came cut off or damaged; another try may bring it whole.
  record Broken(String cause) implements Fetched {}

  /// The provider could not be reached or had a fault of its own.
  ///
  /// @param pause before it is asked again, at least
  record Away(Duration pause, String cause) implements Fetched {}

  /// Where the bytes go.
  interface Sink {
    /// Stores a stream to its end; what the stream throws comes out unchanged.
    ///
    /// @param size how many bytes there must be, or null where the provider does not tell
    /// @param sha256 the hash that they must have, 64 hexadecimal digits, or null
    StoreResult store(@Nullable Long size, @Nullable String sha256, InputStream bytes)
        throws IOException;
  }
}
