package dev.parley.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files on WhatsApp's side, the oldest forgotten when there are too many.
final class MediaStore {
  private static final long MAX_BYTES = 1L << 30;

  /// One file.
  ///
  /// @param ownerId the phone number id it belongs to
  record Media(String id, String ownerId, String mimeType, Bytes bytes) {}

  private final Map<String, Media> files = new LinkedHashMap<>();
  private final AtomicLong nextId =
      new AtomicLong(
          ThreadLocalRandom.current().nextLong(1_000_000_000_000_000L, 2_000_000_000_000_000L));
  private long held;

  synchronized Media add(String ownerId, String mimeType, Bytes bytes) {
    Media media = new Media(Long.toString(nextId.incrementAndGet()), ownerId, mimeType, bytes);
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
