package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes renditions of files, and tells what the files are. Works on files of this machine alone
/// and knows nothing of tenants; what to make, and where it is kept, is its caller's business.
///
/// What a program that is not installed would have made is left out, and said.
public final class Renditions {
  /// Long edge of the small thumbnail, in pixels.
  public static final int SMALL = 320;

  /// Long edge of the large thumbnail and of a poster, in pixels.
  public static final int LARGE = 1280;

  private static final float QUALITY = 0.8f;
  private static final long MOST_PRINTED = 256L << 20;
  private static final Set<String> HEIC = Set.of("image/heic", "image/heif");
  // Browsers on telephones and computers play these in whatever container they come.
  private static final Set<String> PLAYABLE = Set.of("mp3", "aac", "pcm_s16le", "flac");

  /// How this machine may be used.
  ///
  /// @param work folder for work under way; made when it is missing
  /// @param time most time for one program
  /// @param memory most bytes of memory for one program
  /// @param parallel programs at a time
  public record Settings(Path work, Duration time, long memory, int parallel) {}

  /// What became of a file.
  ///
  /// @param facts what it is
  /// @param made what there is now, at most one of a kind
  /// @param causes why something is missing that there could be, in words for people; empty when
  ///   nothing is
  public record Made(Facts facts, List<Rendered> made, List<String> causes) {
    /// The one of that kind.
    public Optional<Rendered> of(Rendered.Kind kind) {
      return made.stream().filter(rendition -> rendition.kind() == kind).findFirst();
    }
  }

  private final Settings settings;
  private final Child child;
  private final PictureReader pictures;
  private final Film film;

  /// Uses those of `programs` that are there.
  public Renditions(Programs programs, Settings settings) {
    this.settings = settings;
    this.child =
        new Child(
            programs,
            new Child.Limits(settings.time(), settings.memory(), MOST_PRINTED),
            settings.parallel());
    this.pictures = new PictureReader(child);
    this.film = new Film(child);
  }

  /// Whether anything is made of files of this content type.
  public static boolean concern(String contentType) {
    return Film.bare(contentType).startsWith("image/") || Film.knows(contentType);
  }

  /// Removes what processes that were killed before `before` have left in the folder for work.
  public void sweep(Instant before) throws IOException {
    Scratch.sweep(settings.work(), before);
  }

  /// A folder for one piece of work.
  Scratch scratch() throws IOException {
    return Scratch.in(settings.work());
  }

  /// Conversion of files for those who do not take them as they are.
  public Conversions conversions() {
    return new Conversions(settings.work(), child, pictures, film);
  }

  /// Makes all that can be made of `file` and puts it into the folder `into`, which the caller
  /// removes. Takes seconds of processor time at most for a picture, and up to the set time of
  /// several programs for sound and video.
  ///
  /// @param contentType what the file is, as its content says
  /// @throws IOException when this machine failed, and not the file: another try may succeed
  public Made make(Path file, String contentType, Path into) throws IOException {
    var work = new Work(file, Film.bare(contentType), into);
    try (Scratch scratch = Scratch.in(settings.work())) {
      if (work.contentType.startsWith("image/")) {
        work.picture(scratch);
      } else if (Film.knows(contentType)) {
        work.film(scratch);
      }
    }
    return new Made(work.facts, List.copyOf(work.made), List.copyOf(work.causes));
  }

  /// One file's way. Each part may fail without the others.
  private final class Work {
    private final Path file;
    private final String contentType;
    private final Path into;
    private final List<Rendered> made = new ArrayList<>();
    private final List<String> causes = new ArrayList<>();
    private Facts facts = Facts.NONE;

    Work(Path file, String contentType, Path into) {
      this.file = file;
      this.contentType = contentType;
      this.into = into;
    }

    void picture(Scratch scratch) throws IOException {
      part(
          () -> {
            PictureReader.Read read = pictures.read(file, LARGE, scratch);
            PictureReader.Facts seen = read.facts();
            facts = new Facts(seen.width(), seen.height(), null, null, seen.animated());
            thumbnails(read.image(), Rendered.Kind.THUMB_LARGE);
          });
      part(() -> clean(scratch));
    }

    private void clean(Scratch scratch) throws IOException, Unrenderable {
      Path clean = into.resolve(Rendered.Kind.CLEAN.word());
      PictureFormat format = PictureFormat.of(file).orElse(PictureFormat.BMP);
      boolean made;
      if (HEIC.contains(contentType)) {
        // Without the converter there are no thumbnails either, which says why.
        made = child.has(Program.HEIF_CONVERT);
        if (made) {
          JpegFile.withoutMetadata(pictures.converted(file, scratch), clean, true);
          format = PictureFormat.JPEG;
        }
      } else {
        made = Metadata.canStrip(format) && Metadata.strip(format, file, clean);
      }
      if (made) {
        String type = format.contentType();
        long size = Files.size(clean);
        this.made.add(
            new Rendered(Rendered.Kind.CLEAN, clean, type, size, facts.width(), facts.height()));
      } else {
        Files.deleteIfExists(clean);
      }
    }

    void film(Scratch scratch) throws IOException {
      OggFile ogg = OggFile.read(file).orElse(null);
      if (ogg != null) {
        facts = new Facts(0, 0, ogg.duration(), null, false);
      }
      if (!child.has(Program.FFPROBE) || !child.has(Program.FFMPEG)) {
        causes.add(Program.FFMPEG.word() + " is not installed");
        return;
      }
      part(
          () -> {
            Film.Streams streams = film.probe(file, contentType, scratch);
            Duration duration = ogg == null ? streams.duration() : ogg.duration();
            facts = new Facts(streams.width(), streams.height(), duration, null, false);
            if (streams.moves()) {
              part(
                  () ->
                      thumbnails(
                          film.poster(file, contentType, streams, LARGE, scratch),
                          Rendered.Kind.POSTER));
            } else {
              part(() -> waveform(duration, scratch));
              part(() -> playable(streams.sound(), scratch));
            }
          });
    }

    private void waveform(@Nullable Duration told, Scratch scratch)
        throws IOException, Unrenderable {
      Film.Heard heard = film.listen(file, contentType, scratch);
      // What formats without a table of contents tell is an estimate; what was heard is exact, but
      // may have been cut.
      boolean whole = told == null || told.compareTo(Film.LONGEST_WAVEFORM) < 0;
      Duration duration = whole ? heard.duration() : told;
      facts = new Facts(0, 0, duration, heard.peaks(), false);
    }

    private void playable(@Nullable String codec, Scratch scratch)
        throws IOException, Unrenderable {
      if (codec == null || PLAYABLE.contains(codec)) {
        return;
      }
      Path playable = into.resolve(Rendered.Kind.PLAYABLE.word());
      film.convert(file, contentType, Sound.M4A, playable, scratch);
      made.add(
          new Rendered(
              Rendered.Kind.PLAYABLE,
              playable,
              Sound.M4A.contentType(),
              Files.size(playable),
              0,
              0));
    }

    private void thumbnails(BufferedImage image, Rendered.Kind largeKind) throws IOException {
      BufferedImage large = Scaling.within(image, LARGE);
      add(largeKind, large);
      add(Rendered.Kind.THUMB_SMALL, Scaling.within(large, SMALL));
    }

    private void add(Rendered.Kind kind, BufferedImage image) throws IOException {
      PictureWriter.Written written =
          PictureWriter.write(image, QUALITY, into.resolve(kind.word()));
      made.add(
          new Rendered(
              kind,
              written.file(),
              written.contentType(),
              written.size(),
              written.width(),
              written.height()));
    }

    private void part(Part part) throws IOException {
      try {
        part.run();
      } catch (Unrenderable e) {
        String cause = String.valueOf(e.getMessage());
        if (!causes.contains(cause)) {
          causes.add(cause);
        }
      }
    }
  }

  private interface Part {
    void run() throws IOException, Unrenderable;
  }
}
