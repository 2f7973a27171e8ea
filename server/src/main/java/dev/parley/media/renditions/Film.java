package dev.parley.media.renditions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sound and video by way of ffmpeg. What a file is was decided before, by its content; ffmpeg is
/// told so and guesses nothing: among the forms that it would guess are lists which name other
/// files and addresses. It may open files only.
final class Film {
  private static final Map<String, String> DEMUXERS =
      Map.ofEntries(
          Map.entry("audio/ogg", "ogg"),
          Map.entry("audio/opus", "ogg"),
          Map.entry("audio/vorbis", "ogg"),
          Map.entry("application/ogg", "ogg"),
          Map.entry("video/ogg", "ogg"),
          Map.entry("audio/mpeg", "mp3"),
          Map.entry("audio/mp4", "mov"),
          Map.entry("audio/x-m4a", "mov"),
          Map.entry("audio/3gpp", "mov"),
          Map.entry("video/mp4", "mov"),
          Map.entry("video/x-m4v", "mov"),
          Map.entry("application/mp4", "mov"),
          Map.entry("video/3gpp", "mov"),
          Map.entry("video/3gpp2", "mov"),
          Map.entry("video/quicktime", "mov"),
          Map.entry("audio/aac", "aac"),
          Map.entry("audio/x-aac", "aac"),
          Map.entry("audio/amr", "amr"),
          Map.entry("audio/wav", "wav"),
          Map.entry("audio/x-wav", "wav"),
          Map.entry("audio/vnd.wave", "wav"),
          Map.entry("audio/flac", "flac"),
          Map.entry("audio/x-flac", "flac"),
          Map.entry("audio/webm", "matroska"),
          Map.entry("video/webm", "matroska"),
          Map.entry("video/x-matroska", "matroska"),
          Map.entry("audio/x-matroska", "matroska"),
          Map.entry("video/x-msvideo", "avi"));
  private static final int RATE = 8000;
  static final Duration LONGEST_WAVEFORM = Duration.ofHours(2);
  private static final Duration LONGEST = Duration.ofDays(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Child child;

  Film(Child child) {
    this.child = child;
  }

  /// What is in a file.
  ///
  /// @param duration how long it plays, or null when it does not say
  /// @param sound the codec of its sound, or null when it has none
  /// @param channels of its sound
  /// @param width of its moving picture as it is shown; 0 when it has none
  /// @param height of its moving picture as it is shown
  record Streams(
      @Nullable Duration duration, @Nullable String sound, int channels, int width, int height) {
    boolean moves() {
      return width > 0;
    }
  }

  /// What a waveform was made of.
  record Heard(byte[] peaks, Duration duration) {}

  /// Whether files of this content type are sound or video that ffmpeg is let at.
  static boolean knows(String contentType) {
    return DEMUXERS.containsKey(bare(contentType));
  }

  /// The content type without its parameters.
  static String bare(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /// What is in the file.
  ///
  /// @throws Unrenderable when it cannot be read as what its content type says
  Streams probe(Path file, String contentType, Scratch scratch) throws IOException, Unrenderable {
    var arguments =
        new ArrayList<>(
            List.of(
                "-v",
                "error",
                "-of",
                "json",
                "-show_entries",
                "format=duration:stream=codec_type,codec_name,channels,width,height,duration"
                    + ":stream_disposition=attached_pic:stream_tags=rotate"
                    + ":stream_side_data=rotation"));
    arguments.addAll(input(file, contentType));
    Child.Printed<JsonNode> printed =
        child.run(
            Program.FFPROBE,
            arguments,
            scratch,
            output -> JSON.readTree(output.readNBytes(1 << 20)));
    if (printed.ended().code() != 0) {
      throw new Unrenderable("cannot be read: " + printed.ended().complaint());
    }
    return streams(printed.value());
  }

  private static Streams streams(JsonNode probe) throws Unrenderable {
    Duration duration = seconds(probe.path("format").path("duration"));
    String sound = null;
    int channels = 0;
    int width = 0;
    int height = 0;
    for (JsonNode stream : probe.path("streams")) {
      switch (stream.path("codec_type").asText()) {
        case "audio" -> {
          if (sound == null) {
            sound = stream.path("codec_name").asText();
            channels = stream.path("channels").asInt();
          }
        }
        case "video" -> {
          if (width == 0 && stream.path("disposition").path("attached_pic").asInt() == 0) {
            boolean lies = Math.abs(rotation(stream)) % 180 == 90;
            width = stream.path(lies ? "height" : "width").asInt();
            height = stream.path(lies ? "width" : "height").asInt();
          }
        }
        default -> {
          // Subtitles and the like.
        }
      }
    }
    if (sound == null && width == 0) {
      throw new Unrenderable("neither sound nor picture in it");
    }
    return new Streams(duration, sound, channels, width, height);
  }

  private static int rotation(JsonNode stream) {
    for (JsonNode side : stream.path("side_data_list")) {
      if (side.has("rotation")) {
        return side.path("rotation").asInt();
      }
    }
    return stream.path("tags").path("rotate").asInt();
  }

  private static @Nullable Duration seconds(JsonNode node) {
    double seconds = node.asDouble(-1);
    return seconds >= 0 && seconds <= LONGEST.toSeconds()
        ? Duration.ofMillis(Math.round(seconds * 1000))
        : null;
  }

  /// Decodes the sound and measures it; of a very long one the first two hours.
  Heard listen(Path file, String contentType, Scratch scratch) throws IOException, Unrenderable {
    var arguments = beginning(file, contentType);
    arguments.addAll(
        List.of(
            "-map",
            "0:a:0",
            "-t",
            Long.toString(LONGEST_WAVEFORM.toSeconds()),
            "-ac",
            "1",
            "-ar",
            Integer.toString(RATE),
            "-f",
            "s16le",
            "pipe:1"));
    Child.Printed<Waveform> printed = child.run(Program.FFMPEG, arguments, scratch, Waveform::of);
    Waveform waveform = printed.value();
    if (waveform.samples() == 0) {
      throw new Unrenderable("its sound cannot be decoded: " + printed.ended().complaint());
    }
    return new Heard(
        waveform.peaks(), Duration.ofMillis(Math.round(waveform.samples() * 1000.0 / RATE)));
  }

  /// A frame from near the beginning, but not the first, which is often black; at most `edge` long.
  BufferedImage poster(Path file, String contentType, Streams streams, int edge, Scratch scratch)
      throws IOException, Unrenderable {
    Duration duration = streams.duration();
    long at = duration == null ? 0 : Math.min(1000, duration.toMillis() / 3);
    Optional<BufferedImage> frame = frame(file, contentType, at, edge, scratch);
    if (frame.isEmpty() && at > 0) {
      frame = frame(file, contentType, 0, edge, scratch);
    }
    return frame.orElseThrow(() -> new Unrenderable("no frame of it can be decoded"));
  }

  private Optional<BufferedImage> frame(
      Path file, String contentType, long atMillis, int edge, Scratch scratch)
      throws IOException, Unrenderable {
    Path picture = scratch.file("frame.ppm");
    Files.deleteIfExists(picture);
    var arguments = general();
    arguments.addAll(List.of("-ss", "%d.%03d".formatted(atMillis / 1000, atMillis % 1000)));
    arguments.addAll(input(file, contentType));
    arguments.addAll(
        List.of(
            "-map",
            "0:V:0",
            "-frames:v",
            "1",
            "-vf",
            "scale=w='min(%1$d,iw)':h='min(%1$d,ih)':force_original_aspect_ratio=decrease"
                .formatted(edge),
            "-c:v",
            "ppm",
            "-pix_fmt",
            "rgb24",
            "-f",
            "image2",
            "-update",
            "1",
            "file:" + picture));
    child.run(Program.FFMPEG, arguments, scratch);
    if (!Files.exists(picture) || Files.size(picture) == 0) {
      return Optional.empty();
    }
    try (var in = new BufferedInputStream(Files.newInputStream(picture), 1 << 16)) {
      return Optional.of(PortablePixmap.read(in));
    }
  }

  /// Encodes the sound anew, without anything else that is in the file.
  void convert(Path file, String contentType, Sound target, Path into, Scratch scratch)
      throws IOException, Unrenderable {
    Path made = scratch.file("sound." + target.extension());
    var arguments = beginning(file, contentType);
    arguments.addAll(List.of("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1"));
    if (target != Sound.OGG_OPUS) {
      // More than two channels, or rates that MP3 does not know, are for cinemas.
      arguments.addAll(
          List.of("-af", "aformat=sample_rates=44100|48000:channel_layouts=mono|stereo"));
    }
    arguments.addAll(
        switch (target) {
          case OGG_OPUS ->
              List.of("-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", "32k", "-f", "ogg");
          case MP3 -> List.of("-c:a", "libmp3lame", "-b:a", "96k", "-f", "mp3");
          case M4A ->
              List.of("-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", "-f", "ipod");
          case AAC -> List.of("-c:a", "aac", "-b:a", "96k", "-f", "adts");
        });
    arguments.add("file:" + made);
    Child.Ended ended = child.run(Program.FFMPEG, arguments, scratch);
    if (ended.code() != 0 || !Files.exists(made) || Files.size(made) == 0) {
      throw new Unrenderable("its sound cannot be converted: " + ended.complaint());
    }
    Files.move(made, into, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> general() {
    return new ArrayList<>(
        List.of("-nostdin", "-v", "error", "-y", "-threads", "1", "-filter_threads", "1"));
  }

  private static List<String> beginning(Path file, String contentType) {
    var arguments = general();
    arguments.addAll(input(file, contentType));
    return arguments;
  }

  private static List<String> input(Path file, String contentType) {
    String demuxer = DEMUXERS.get(bare(contentType));
    if (demuxer == null) {
      throw new IllegalArgumentException("ffmpeg is not let at " + contentType);
    }
    return List.of(
        "-protocol_whitelist",
        "file",
        "-max_pixels",
        "40000000",
        "-f",
        demuxer,
        "-i",
        "file:" + file.toAbsolutePath());
  }
}
