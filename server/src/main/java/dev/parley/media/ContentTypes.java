package dev.parley.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.ParseContext;
import org.jspecify.annotations.Nullable;

/// Finds out of what type bytes are, by the bytes. What the sender says is only believed between types that cannot be
/// told apart at the beginning of a file: a Word and an Excel file are both a ZIP of XML, and an MP4 with sound alone is
/// an MP4. Nothing is unpacked.
final class ContentTypes {
  /// How much of a file's beginning is looked at, in bytes.
  static final int HEAD = 64 << 10;

  /// Nothing is known about these bytes.
  static final String UNKNOWN = "application/octet-stream";

  private static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();
  private static final MediaTypeRegistry REGISTRY = TYPES.getMediaTypeRegistry();

  /// Names for the same thing, and codecs where the container is what others ask for.
  private static final Map<String, String> USUAL =
      Map.ofEntries(
          Map.entry("image/jpg", "image/jpeg"),
          Map.entry("image/pjpeg", "image/jpeg"),
          Map.entry("image/x-png", "image/png"),
          Map.entry("image/x-ms-bmp", "image/bmp"),
          Map.entry("audio/mp3", "audio/mpeg"),
          Map.entry("audio/x-mp3", "audio/mpeg"),
          Map.entry("audio/opus", "audio/ogg"),
          Map.entry("audio/vorbis", "audio/ogg"),
          Map.entry("audio/speex", "audio/ogg"),
          Map.entry("audio/x-oggflac", "audio/ogg"),
          Map.entry("audio/x-oggpcm", "audio/ogg"),
          Map.entry("application/ogg", "audio/ogg"),
          Map.entry("audio/x-aac", "audio/aac"),
          Map.entry("audio/x-m4a", "audio/mp4"),
          Map.entry("audio/m4a", "audio/mp4"),
          Map.entry("audio/wav", "audio/vnd.wave"),
          Map.entry("audio/x-wav", "audio/vnd.wave"),
          Map.entry("audio/wave", "audio/vnd.wave"),
          Map.entry("application/mp4", "video/mp4"),
          Map.entry("video/x-m4v", "video/mp4"),
          Map.entry("application/x-matroska", "video/x-matroska"),
          Map.entry("application/x-pdf", "application/pdf"),
          Map.entry("application/x-zip-compressed", "application/zip"));

  /// Types whose files begin alike, so that what is said decides.
  private static final List<Set<String>> ALIKE =
      List.of(
          Set.of(
              "video/mp4",
              "audio/mp4",
              "video/quicktime",
              "video/3gpp",
              "audio/3gpp",
              "video/3gpp2",
              "audio/3gpp2"),
          Set.of("video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"),
          Set.of("audio/ogg", "video/ogg"));

  /// Containers whose contents decide, which are not looked at: what is said is believed when it is one of their kind.
  private static final Set<String> CONTAINERS =
      Set.of("application/x-tika-ooxml", "application/x-tika-msoffice", "application/zip");

  private static final byte[] OFFICE = "[Content_Types].xml".getBytes(StandardCharsets.US_ASCII);

  private ContentTypes() {}

  /// What the bytes are, or that they are not what was said.
  sealed interface Finding {
    /// They are of this type.
    record Of(String type) implements Finding {}

    /// They were said to be of one type and are of another.
    record Otherwise(String said, String found) implements Finding {}
  }

  /// Judges the first [#HEAD] bytes, or all when there are fewer. `said` is a content type as it came, `name` a file's
  /// name.
  static Finding judge(byte[] head, @Nullable String said, @Nullable String name) {
    String raw = detect(head);
    String found = usual(raw);
    String byName = name == null ? null : ofName(name);
    Optional<String> claim = claim(said);
    if (claim.isEmpty()) {
      boolean more = byName != null && isMoreExact(usual(byName), found);
      return new Finding.Of(more && byName != null ? usual(byName) : plain(found));
    }
    String told = usual(claim.get());
    if (told.equals(found) || isAlike(told, found) || isMoreExact(told, found)) {
      return new Finding.Of(told);
    }
    boolean general = isA(raw, told) || (told.equals("text/plain") && isText(found));
    if (general) {
      boolean more = byName != null && isMoreExact(usual(byName), found);
      return new Finding.Of(more && byName != null ? usual(byName) : plain(found));
    }
    // Nothing speaks against a type that has no signature, unless it is one of those that have.
    if (found.equals(UNKNOWN) && !told.matches("(image|audio|video)/.*|application/(pdf|zip)")) {
      return new Finding.Of(UNKNOWN);
    }
    return new Finding.Otherwise(told, plain(found));
  }

  /// The kind that a sender says or that the said type is of.
  static FileKind kind(NewFile file) {
    FileKind said = file.kind();
    return said == null
        ? claim(file.type()).map(type -> FileKind.ofType(usual(type))).orElse(FileKind.DOCUMENT)
        : said;
  }

  private static String detect(byte[] head) {
    try (TikaInputStream stream = TikaInputStream.get(head)) {
      MediaType type = TYPES.detect(stream, new Metadata(), new ParseContext());
      String found = type.getBaseType().toString();
      return found.equals("application/zip") && holds(head, OFFICE)
          ? "application/x-tika-ooxml"
          : found;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /// Some writers of Office files put the part that gives them away further back.
  private static boolean holds(byte[] bytes, byte[] wanted) {
    outer:
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      for (int j = 0; j < wanted.length; j++) {
        if (bytes[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return true;
    }
    return false;
  }

  private static @Nullable String ofName(String name) {
    var metadata = new Metadata();
    metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
    try (TikaInputStream nothing = TikaInputStream.get(new byte[0])) {
      String type = TYPES.detect(nothing, metadata, new ParseContext()).getBaseType().toString();
      return type.equals(UNKNOWN) ? null : type;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static Optional<String> claim(@Nullable String said) {
    MediaType parsed = said == null ? null : MediaType.parse(said.toLowerCase(Locale.ROOT));
    if (parsed == null) {
      return Optional.empty();
    }
    String type = parsed.getBaseType().toString();
    return type.equals(UNKNOWN)
            || type.equals("binary/octet-stream")
            || type.startsWith("multipart/")
        ? Optional.empty()
        : Optional.of(type);
  }

  private static String usual(String type) {
    String direct = USUAL.get(type);
    if (direct != null) {
      return direct;
    }
    MediaType parsed = MediaType.parse(type);
    String normal = parsed == null ? type : REGISTRY.normalize(parsed).toString();
    return USUAL.getOrDefault(normal, normal);
  }

  /// A type that the world knows, in place of one that only the library does.
  private static String plain(String type) {
    return switch (type) {
      case "application/x-tika-ooxml" -> "application/zip";
      case "application/x-tika-msoffice" -> "application/x-ole-storage";
      default -> type;
    };
  }

  private static boolean isAlike(String one, String other) {
    return ALIKE.stream().anyMatch(set -> set.contains(one) && set.contains(other));
  }

  /// Whether `told` says more than the bytes' own beginning could.
  private static boolean isMoreExact(String told, String found) {
    if (CONTAINERS.contains(found)) {
      return isA(told, found);
    }
    // Text has no signature; markup that browsers run has one, so it is not believed of text.
    return found.equals("text/plain")
        && (told.startsWith("text/") || told.equals("application/json"))
        && !told.equals("text/html");
  }

  private static boolean isText(String type) {
    return isA(type, "text/plain");
  }

  private static boolean isA(String type, String ancestor) {
    MediaType one = MediaType.parse(type);
    MediaType other = MediaType.parse(ancestor);
    return one != null && other != null && REGISTRY.isInstanceOf(one, other);
  }
}
