package dev.parley.media.renditions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A kind of picture that can be read, known by its first bytes and never by a name.
enum PictureFormat {
  JPEG("image/jpeg"),
  PNG("image/png"),
  GIF("image/gif"),
  WEBP("image/webp"),
  BMP("image/bmp"),
  HEIF("image/heic");

  // Brands of still pictures, ISO/IEC 23008-12; avif is the AV1 group's.
  private static final Set<String> HEIF_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "mif1", "avif");
  private static final int ENOUGH = 16;

  private final String contentType;

  PictureFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /// What the file is, or nothing when it is none of these.
  static Optional<PictureFormat> of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(ENOUGH));
    }
  }

  private static Optional<PictureFormat> of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
      return Optional.of(GIF);
    }
    if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    }
    if (text.startsWith("BM")) {
      return Optional.of(BMP);
    }
    if (text.startsWith("ftyp", 4)
        && text.length() >= 12
        && HEIF_BRANDS.contains(text.substring(8, 12))) {
      return Optional.of(HEIF);
    }
    return Optional.empty();
  }
}
