package dev.parley.channels.whatsapp;

import dev.parley.conversations.Content;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What WhatsApp takes as a file of each kind: types and sizes, from Meta's page on media; and what can be made into it.
final class WhatsAppFormats {
  private static final long KB = 1 << 10;
  private static final long MB = 1 << 20;
  private static final Set<String> PICTURES =
      Set.of("image/webp", "image/gif", "image/bmp", "image/heic", "image/heif");

  /// What is done with files that are not taken as they are.
  enum Conversion {
    /// Nothing.
    NONE,
    /// Made JPEG or PNG, and smaller.
    PICTURE,
    /// Made MP3; Ogg, of which WhatsApp takes Opus alone, made that.
    SOUND,
    /// Made Opus in Ogg.
    VOICE
  }

  /// One kind.
  ///
  /// @param name of the kind, for people
  /// @param types content types without parameters
  /// @param maxBytes of one file
  record Format(String name, List<String> types, long maxBytes, Conversion conversion) {

    /// Why a file cannot be sent as this kind, naming what can; null when it can, if need be converted, or when that is
    /// not known yet.
    @Nullable String objection(@Nullable String type, @Nullable Long size) {
      if (type != null && !types.contains(type) && !converts(type)) {
        return "is %s; WhatsApp takes as %s only %s"
            .formatted(type, name, String.join(", ", types));
      }
      boolean shrinks = conversion == Conversion.PICTURE || (type != null && !types.contains(type));
      return shrinks ? null : tooLarge(size);
    }

    /// Why a file of that size cannot be sent as this kind; null when it can.
    @Nullable String tooLarge(@Nullable Long size) {
      return size != null && size > maxBytes
          ? "has %,d bytes; WhatsApp takes as %s at most %,d".formatted(size, name, maxBytes)
          : null;
    }

    private boolean converts(String type) {
      return switch (conversion) {
        case NONE -> false;
        case PICTURE -> PICTURES.contains(type);
        case SOUND, VOICE -> type.startsWith("audio/");
      };
    }

    /// Whether it has to be looked at before it is uploaded.
    boolean mayNeedConversion(String type, long size) {
      return switch (conversion) {
        case NONE -> false;
        case PICTURE -> !types.contains(type) || size > maxBytes;
        case SOUND -> !types.contains(type) || type.equals("audio/ogg");
        case VOICE -> true;
      };
    }
  }

  static final Format IMAGE =
      new Format("image", List.of("image/jpeg", "image/png"), 5 * MB, Conversion.PICTURE);
  static final Format VIDEO =
      new Format("video", List.of("video/mp4", "video/3gpp"), 16 * MB, Conversion.NONE);
  static final Format AUDIO =
      new Format(
          "audio",
          List.of("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
          16 * MB,
          Conversion.SOUND);
  static final Format VOICE =
      new Format("voice note", List.of("audio/ogg"), 16 * MB, Conversion.VOICE);
  static final Format STICKER =
      new Format("sticker", List.of("image/webp"), 500 * KB, Conversion.NONE);
  static final Format DOCUMENT =
      new Format(
          "document",
          List.of(
              "text/plain",
              "application/pdf",
              "application/msword",
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
              "application/vnd.ms-excel",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "application/vnd.ms-powerpoint",
              "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
          100 * MB,
          Conversion.NONE);

  private WhatsAppFormats() {}

  static Format of(Content.Media content) {
    return switch (content) {
      case Content.Image _ -> IMAGE;
      case Content.Video _ -> VIDEO;
      case Content.Audio _ -> AUDIO;
      case Content.Voice _ -> VOICE;
      case Content.Document _ -> DOCUMENT;
      case Content.Sticker _ -> STICKER;
    };
  }

  /// As what an attachment of the content is sent.
  static Format of(Content content, Content.Attachment attachment) {
    Content.Header header =
        switch (content) {
          case Content.Buttons buttons -> buttons.header();
          case Content.Menu menu -> menu.header();
          case Content.Link link -> link.header();
          default -> null;
        };
    if (header != null) {
      return attachment.equals(header.image())
          ? IMAGE
          : attachment.equals(header.video()) ? VIDEO : DOCUMENT;
    }
    return content instanceof Content.Media media ? of(media) : DOCUMENT;
  }

  /// As a file of this type is uploaded: of Ogg WhatsApp takes Opus alone and wants that said.
  static String uploadType(String type) {
    return type.equals("audio/ogg") ? "audio/ogg; codecs=opus" : type;
  }
}
