package dev.parley.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files on WhatsApp's side, the oldest forgotten when there are too many.
final class MediaStore {
  private static final long MAX_BYTES = 1L << 30;
  private static final Duration LIFE_OF_UPLOADED = Duration.ofDays(30);
  private static final Duration LIFE_OF_RECEIVED = Duration.ofDays(7);

  /// One file.
  ///
  /// @param ownerId the phone number id it belongs to
  /// @param since when it came
  /// @param life how long its id is known
  record Media(
      String id, String ownerId, String mimeType, Bytes bytes, Instant since, Duration life) {

    /// Whether the id is known no more; `seconds` other than 0 stands in place of its own life.
    boolean expired(Instant now, long seconds) {
      Duration lives = seconds == 0 ? life : Duration.ofSeconds(seconds);
      return !now.isBefore(since.plus(lives));
    }
  }

  private final Map<String, Media> files = new LinkedHashMap<>();
  private final AtomicLong nextId =
      new AtomicLong(
          ThreadLocalRandom.current().nextLong(1_000_000_000_000_000L, 2_000_000_000_000_000L));
  private long held;

  /// A file of the business.
  Media uploaded(String ownerId, String mimeType, Bytes bytes) {
    return add(ownerId, mimeType, bytes, LIFE_OF_UPLOADED);
  }

  /// A file of a customer.
  Media received(String ownerId, String mimeType, Bytes bytes) {
    return add(ownerId, mimeType, bytes, LIFE_OF_RECEIVED);
  }

  private synchronized Media add(String ownerId, String mimeType, Bytes bytes, Duration life) {
    String id = Long.toString(nextId.incrementAndGet());
    Media media = new Media(id, ownerId, mimeType, bytes, Instant.now(), life);
    files.put(media.id(), media);
    held += bytes.length();
    while (held > MAX_BYTES && files.size() > 1) {
      remove(files.keySet().iterator().next());
    }
    return media;
  }

  synchronized @Nullable Media get(String id) {
    return files.get(id);
  }

  synchronized void remove(String id) {
    Media gone = files.remove(id);
    if (gone != null) {
      held -= gone.bytes().length();
    }
  }

  synchronized void clear() {
    files.clear();
    held = 0;
  }
}
