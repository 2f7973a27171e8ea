package dev.parley.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/// Small valid files, for when a customer sends media and the control call brings no file.
public final class SampleMedia {

  /// A file and its type.
  ///
  /// @param mimeType the type as WhatsApp would report it
  public record Sample(String mimeType, Bytes bytes) {}

  private static final Map<String, Sample> BY_MESSAGE_TYPE =
      Map.of(
          "image", load("image/jpeg", "sample.jpg"),
          "audio", load("audio/ogg; codecs=opus", "sample.ogg"),
          "video", load("video/mp4", "sample.mp4"),
          "document", load("application/pdf", "sample.pdf"),
          "sticker", load("image/webp", "sample.webp"));

  private static final Sample PNG = load("image/png", "sample.png");

  private SampleMedia() {}

  /// Whether there is a sample for messages of this type.
  public static boolean hasFile(String messageType) {
    return BY_MESSAGE_TYPE.containsKey(messageType);
  }

  /// A file for a message of this type; of this mime type where there is a choice.
  public static Sample of(String messageType, String mimeType) {
    if (messageType.equals("image") && mimeType.equals("image/png")) {
      return PNG;
    }
    Sample sample = BY_MESSAGE_TYPE.get(messageType);
    if (sample == null) {
      throw new ControlRefusal(400, "no sample for type " + messageType);
    }
    return sample;
  }

  private static Sample load(String mimeType, String resource) {
    try (InputStream in = SampleMedia.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return new Sample(mimeType, Bytes.of(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
