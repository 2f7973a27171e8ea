package dev.parley.media.renditions;

/// A form of sound that can be asked for.
public enum Sound {
  /// Opus in Ogg, one channel at 48 kHz: what WhatsApp takes for a voice note.
  OGG_OPUS("audio/ogg", "ogg", "opus"),
  /// MP3, which everything plays.
  MP3("audio/mpeg", "mp3", "mp3"),
  /// AAC in MP4, which every browser plays.
  M4A("audio/mp4", "m4a", "aac"),
  /// AAC as a plain stream (ADTS).
  AAC("audio/aac", "aac", "aac");

  private final String contentType;
  private final String extension;
  private final String codec;

  Sound(String contentType, String extension, String codec) {
    this.contentType = contentType;
    this.extension = extension;
    this.codec = codec;
  }

  /// The content type of such a file.
  public String contentType() {
    return contentType;
  }

  /// How the name of such a file ends, without the dot.
  public String extension() {
    return extension;
  }

  String codec() {
    return codec;
  }
}
