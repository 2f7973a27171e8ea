package dev.parley.conversations;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.parley.media.Rendition;
import dev.parley.media.StoredFile;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What became of a message's file on our side.
///
/// In answers, type, size and hash are those of what `url` gives out: the copy without metadata once there is one. In events
/// they are those of the file as it came.
///
/// @param mimeType as its bytes say; null until they are here
/// @param size in bytes; null until they are here
/// @param sha256 of the bytes, 64 hexadecimal digits; null until they are here
/// @param cause why it is not here, in plain words; null when it is or is on its way
/// @param url where it can be fetched without credentials until `urlUntil`; never in the log, but in answers and in events as
///   they are given out, and only when it is ready
/// @param thumbnails smaller pictures of it; only in answers, empty while there are none
public record MessageFile(
    State state,
    @Nullable String mimeType,
    @Nullable Long size,
    @Nullable String sha256,
    @Nullable String cause,
    @Nullable String url,
    @Nullable Instant urlUntil,
    @Nullable List<Thumbnail> thumbnails) {

  /// How far it has come.
  @Schema(name = "MessageFileState")
  public enum State {
    /// On its way: from the provider, or from the client, or to the scanner.
    PENDING,
    /// Here.
    READY,
    /// It could not be had, or must not be shown; it may be tried again by hand.
    FAILED,
    /// The provider keeps it no longer.
    EXPIRED,
    /// It is larger than may be.
    TOO_LARGE;

    /// As it is written: in lower case, with a hyphen.
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The state of that word; throws `IllegalArgumentException` when there is none.
    @JsonCreator
    public static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /// A smaller picture of a file.
  ///
  /// @param name such as `thumb-small`
  /// @param width in pixels
  /// @param height in pixels
  /// @param url where it can be fetched without credentials, as long as the file's own
  public record Thumbnail(
      String name, @Nullable Integer width, @Nullable Integer height, String url) {}

  /// The same with where it can be fetched.
  MessageFile served(
      String address, Instant until, List<Thumbnail> smaller, @Nullable Rendition clean) {
    return new MessageFile(
        state,
        clean == null ? mimeType : clean.type(),
        clean == null ? size : Long.valueOf(clean.size()),
        clean == null ? sha256 : clean.sha256(),
        cause,
        address,
        until,
        smaller);
  }

  /// What there is to say of a file of ours.
  static MessageFile of(StoredFile file) {
    String reason = file.reason();
    State state =
        switch (file.state()) {
          case READY -> State.READY;
          case UPLOADING, SCANNING -> State.PENDING;
          case INFECTED, MISSING, FAILED -> State.FAILED;
        };
    String cause =
        switch (file.state()) {
          case INFECTED -> "The virus scanner has found something in it.";
          case MISSING -> "It is no longer in the storage.";
          case FAILED -> reason == null ? "It could not be stored." : reason;
          case READY, UPLOADING, SCANNING -> null;
        };
    return new MessageFile(state, file.type(), file.size(), file.sha256(), cause, null, null, null);
  }

  /// It is on its way.
  public static MessageFile pending() {
    return new MessageFile(State.PENDING, null, null, null, null, null, null, null);
  }

  /// It is not here, and why.
  public static MessageFile absent(State state, String cause) {
    return new MessageFile(state, null, null, null, cause, null, null, null);
  }
}
