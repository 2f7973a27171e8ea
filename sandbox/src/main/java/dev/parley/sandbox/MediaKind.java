package dev.parley.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What WhatsApp takes as media: the types of each kind and how large a file may be.
enum MediaKind {
  AUDIO("Audio", 16 << 20, "audio/aac audio/amr audio/mpeg audio/mp4 audio/ogg"),
  DOCUMENT(
      "Document",
      100 << 20,
      "text/plain"
          + " application/pdf"
          + " application/msword"
          + " application/vnd.openxmlformats-officedocument.wordprocessingml.document"
          + " application/vnd.ms-excel"
          + " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          + " application/vnd.ms-powerpoint"
          + " application/vnd.openxmlformats-officedocument.presentationml.presentation"),
  IMAGE("Image", 5 << 20, "image/jpeg image/png"),
  STICKER("Sticker", 500 << 10, "image/webp"),
  VIDEO("Video", 16 << 20, "video/mp4 video/3gpp");

  private static final int STILL_STICKER = 100 << 10;

  private final String title;
  private final int maxBytes;
  // Apart by spaces: an enum should hold nothing that could be changed.
  private final String types;

  MediaKind(String title, int maxBytes, String types) {
    this.title = title;
    this.maxBytes = maxBytes;
    this.types = types;
  }

  /// The kind that this type is uploaded as; null when WhatsApp doesn't take it.
  static @Nullable MediaKind ofType(String mimeType) {
    String bare = bare(mimeType);
    return Arrays.stream(values())
        .filter(kind -> kind.types().contains(bare))
        .findFirst()
        .orElse(null);
  }

  static MediaKind ofMessageType(String messageType) {
    return valueOf(messageType.toUpperCase(Locale.ROOT));
  }

  static List<String> allTypes() {
    Set<String> all = new TreeSet<>();
    for (MediaKind kind : values()) {
      all.addAll(kind.types());
    }
    return List.copyOf(all);
  }

  /// Why a file of this type can't be sent as this kind, in Meta's words; null when it can.
  /// Everything can be sent as a document.
  @Nullable String objectionTo(String mimeType) {
    if (this == DOCUMENT || types().contains(bare(mimeType))) {
      return null;
    }
    return "Unsupported %s mime type %s. Please use one of %s."
        .formatted(title, bare(mimeType), String.join(", ", new TreeSet<>(types())));
  }

  /// The largest size in bytes of such a file.
  int maxBytes(Bytes content) {
    return this == STICKER && !animated(content) ? STILL_STICKER : maxBytes;
  }

  private List<String> types() {
    return List.of(types.split(" ", -1));
  }

  static String bare(String mimeType) {
    int parameters = mimeType.indexOf(';');
    String bare = parameters < 0 ? mimeType : mimeType.substring(0, parameters);
    return bare.strip().toLowerCase(Locale.ROOT);
  }

  /// Whether a WebP file has the animation flag in its extended header.
  static boolean animated(Bytes content) {
    byte[] webp = content.array();
    return webp.length > 20
        && new String(webp, 12, 4, StandardCharsets.US_ASCII).equals("VP8X")
        && (webp[20] & 2) != 0;
  }
}
