package dev.parley.channels.whatsapp;

import dev.parley.channels.whatsapp.WhatsAppFormats.Format;
import dev.parley.media.Opened;
import dev.parley.media.renditions.Conversions;
import dev.parley.media.renditions.Converted;
import dev.parley.media.renditions.Scratch;
import dev.parley.media.renditions.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/// Makes of a file what WhatsApp takes, where it does not take it as it is.
final class WhatsAppConversion {
  private static final int LONGEST_EDGE = 4096;

  private final Conversions conversions;

  WhatsAppConversion(Conversions conversions) {
    this.conversions = conversions;
  }

  /// Does something with a file.
  interface Use<T> {
    T of(String type, long size, InputStream bytes) throws IOException;
  }

  /// Hands the file, or what was made of it, to `use`; or the cause why it cannot be sent to `refused`. An `IOException`
  /// says that this machine failed.
  <T> T with(Format format, Opened.Bytes file, Use<T> use, Function<String, T> refused)
      throws IOException {
    String objection = format.objection(file.type(), file.size());
    if (objection != null) {
      return refused.apply("The file " + objection + ".");
    }
    if (!format.mayNeedConversion(file.type(), file.size())) {
      return use.of(file.type(), file.size(), file.stream());
    }
    try (Scratch scratch = conversions.scratch()) {
      Path original = scratch.file("original");
      Files.copy(file.stream(), original);
      return switch (convert(format, original, file.type(), scratch.file("converted"))) {
        case Converted.NotNeeded _ ->
            fitting(format, original, file.type(), file.size(), use, refused);
        case Converted.Done(Path made, String type, long size) ->
            fitting(format, made, type, size, use, refused);
        case Converted.NotPossible(String cause) ->
            refused.apply("The file cannot be made into what WhatsApp takes: " + cause + ".");
      };
    }
  }

  private Converted convert(Format format, Path file, String type, Path into) throws IOException {
    return switch (format.conversion()) {
      case NONE -> new Converted.NotNeeded();
      case PICTURE ->
          conversions.picture(
              file,
              new Conversions.Pictures(Set.copyOf(format.types()), format.maxBytes(), LONGEST_EDGE),
              into);
      case SOUND ->
          conversions.sound(
              file, type, type.equals("audio/ogg") ? Sound.OGG_OPUS : Sound.MP3, into);
      case VOICE -> conversions.sound(file, type, Sound.OGG_OPUS, into);
    };
  }

  private static <T> T fitting(
      Format format, Path file, String type, long size, Use<T> use, Function<String, T> refused)
      throws IOException {
    String tooLarge = format.tooLarge(size);
    if (tooLarge != null) {
      return refused.apply("The file " + tooLarge + ".");
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      return use.of(type, size, bytes);
    }
  }
}
