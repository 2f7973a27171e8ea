package dev.parley.media.renditions;

/// A program of the system that makes more renditions possible. None of them has to be there.
public enum Program {
  /// Decodes, encodes and cuts sound and video.
  FFMPEG("ffmpeg", "ffmpeg", "no posters of videos, no waveforms, no conversion of sound"),
  /// Tells what is in a sound or a video.
  FFPROBE(
      "ffprobe", "ffmpeg", "length of sound and video is known for ogg, wav and a few others only"),
  /// Decodes JPEG at a reduced size, faster than the JDK does.
  DJPEG("djpeg", "libjpeg-turbo-progs", "thumbnails of JPEG cost about twice the processor time"),
  /// Decodes HEIC and AVIF.
  HEIF_CONVERT("heif-convert", "libheif-examples", "no thumbnails of HEIC");

  private final String word;
  private final String debian;
  private final String without;

  Program(String word, String debian, String without) {
    this.word = word;
    this.debian = debian;
    this.without = without;
  }

  /// The name of its file.
  public String word() {
    return word;
  }

  /// The package that brings it on Debian and Ubuntu.
  public String debian() {
    return debian;
  }

  /// What is missing where it is missing.
  public String without() {
    return without;
  }
}
