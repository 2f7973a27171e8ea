package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes of a file what somebody takes who does not take it as it is. Content types are those that
/// the content says. Each call puts its result at `into`, or leaves nothing there.
///
/// An `IOException` says that this machine failed: the same call may succeed later.
public final class Conversions {
  private static final float[] QUALITIES = {0.85f, 0.7f, 0.55f};
  private static final int SMALLEST_EDGE = 200;
  private static final double STEP = 0.7;

  /// What pictures somebody takes.
  ///
  /// @param contentTypes of `image/jpeg`, `image/png`, `image/gif` and `image/webp`; the first two
  ///   can also be made
  /// @param maxBytes of a file
  /// @param maxEdge pixels of the longer side
  public record Pictures(Set<String> contentTypes, long maxBytes, int maxEdge) {
    /// Copies the set; an edge is between 200 and 4096 pixels, so that what is decoded has a bound.
    public Pictures {
      contentTypes = Set.copyOf(contentTypes);
      if (maxEdge < SMALLEST_EDGE || maxEdge > 4096 || maxBytes < 1024) {
        throw new IllegalArgumentException("bounds that no picture can keep");
      }
      if (!contentTypes.contains("image/jpeg") && !contentTypes.contains("image/png")) {
        throw new IllegalArgumentException("neither JPEG nor PNG");
      }
    }
  }

  private final Path work;
  private final Child child;
  private final PictureReader reader;
  private final Film film;

  Conversions(Path work, Child child, PictureReader reader, Film film) {
    this.work = work;
    this.child = child;
    this.reader = reader;
    this.film = film;
  }

  /// A folder for the files of one conversion, which the caller closes.
  public Scratch scratch() throws IOException {
    return Scratch.in(work);
  }

  /// Sound in another form. Of a video its sound.
  public Converted sound(Path file, String contentType, Sound target, Path into)
      throws IOException {
    if (!Film.knows(contentType)) {
      return new Converted.NotPossible(contentType + " is no sound that can be converted");
    }
    // Opus in Ogg needs no program to be known.
    if (target == Sound.OGG_OPUS
        && OggFile.read(file).filter(ogg -> ogg.opus() && ogg.channels() == 1).isPresent()) {
      return new Converted.NotNeeded();
    }
    if (!child.has(Program.FFMPEG) || !child.has(Program.FFPROBE)) {
      return new Converted.NotPossible(Program.FFMPEG.word() + " is not installed");
    }
    try (Scratch scratch = Scratch.in(work)) {
      Film.Streams streams = film.probe(file, contentType, scratch);
      if (streams.sound() == null) {
        return new Converted.NotPossible("there is no sound in it");
      }
      if (target != Sound.OGG_OPUS
          && target.codec().equals(streams.sound())
          && target.contentType().equals(Film.bare(contentType))
          && !streams.moves()) {
        return new Converted.NotNeeded();
      }
      film.convert(file, contentType, target, into, scratch);
      return new Converted.Done(into, target.contentType(), Files.size(into));
    } catch (Unrenderable e) {
      return new Converted.NotPossible(String.valueOf(e.getMessage()));
    }
  }

  /// A picture within bounds and without its metadata. One that is within them already is only
  /// freed of its metadata, and keeps its every pixel; of one that moves the first frame is taken
  /// when it has to be made anew. It becomes smaller step by step until it is small enough.
  public Converted picture(Path file, Pictures target, Path into) throws IOException {
    try (Scratch scratch = Scratch.in(work)) {
      PictureFormat format = PictureFormat.of(file).orElse(null);
      if (format == null) {
        return new Converted.NotPossible("not a picture of a known kind");
      }
      PictureReader.Read read = reader.read(file, target.maxEdge(), scratch);
      int longest = Math.max(read.facts().width(), read.facts().height());
      if (target.contentTypes().contains(format.contentType())
          && longest <= target.maxEdge()
          && read.facts().plain()) {
        Converted cleaned = cleaned(file, format, target, scratch, into);
        if (cleaned != null) {
          return cleaned;
        }
      }
      return smaller(read.image(), target, scratch.file("picture"), into);
    } catch (Unrenderable e) {
      return new Converted.NotPossible(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Converted cleaned(
      Path file, PictureFormat format, Pictures target, Scratch scratch, Path into)
      throws IOException, Unrenderable {
    Path clean = scratch.file("clean");
    boolean changed = Metadata.canStrip(format) && Metadata.strip(format, file, clean);
    long size = Files.size(changed ? clean : file);
    if (size > target.maxBytes()) {
      return null;
    }
    if (!changed) {
      return new Converted.NotNeeded();
    }
    Files.move(clean, into, StandardCopyOption.REPLACE_EXISTING);
    return new Converted.Done(into, format.contentType(), size);
  }

  private static Converted smaller(BufferedImage image, Pictures target, Path made, Path into)
      throws IOException {
    boolean png =
        !target.contentTypes().contains("image/jpeg")
            || (image.getColorModel().hasAlpha() && target.contentTypes().contains("image/png"));
    int edge = Math.min(target.maxEdge(), Math.max(image.getWidth(), image.getHeight()));
    do {
      BufferedImage scaled = Scaling.within(image, edge);
      for (float quality : QUALITIES) {
        PictureWriter.Written written =
            png ? PictureWriter.png(scaled, made) : PictureWriter.jpeg(scaled, quality, made);
        if (written.size() <= target.maxBytes()) {
          Files.move(made, into, StandardCopyOption.REPLACE_EXISTING);
          return new Converted.Done(into, written.contentType(), written.size());
        }
        if (png) {
          break;
        }
      }
      edge = (int) (edge * STEP);
    } while (edge >= SMALLEST_EDGE);
    return new Converted.NotPossible("it does not become small enough");
  }
}
