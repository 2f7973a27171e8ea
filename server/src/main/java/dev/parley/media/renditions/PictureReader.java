package dev.parley.media.renditions;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/// Reads pictures that nobody has vouched for. The format is told by the first bytes and chooses
/// the reader; the size is read before anything is decoded, and what is too large is refused; what
/// is large is decoded at a fraction of its size, so that memory depends on the size that is
/// wanted.
///
/// Turned as EXIF says, in sRGB, with one of two pixel layouts: `TYPE_INT_RGB`, or `TYPE_INT_ARGB`
/// where something shines through.
final class PictureReader {
  /// Most pixels of a picture that is decoded in a child process at a fraction of its size.
  private static final long MOST_SCALED = 250_000_000;

  /// Most pixels of a picture that is decoded here; its rows are read one by one.
  private static final long MOST_BY_ROWS = 120_000_000;

  /// Most pixels of one that has to be decoded whole.
  private static final long MOST_WHOLE = 40_000_000;

  private static final int LONGEST_EDGE = 100_000;
  private static final String JDK = "com.sun.imageio.";
  private static final String TWELVE_MONKEYS = "com.twelvemonkeys.";

  private final Child child;

  PictureReader(Child child) {
    this.child = child;
  }

  /// What a picture is.
  ///
  /// @param width as it is shown, after turning
  /// @param height as it is shown
  /// @param animated whether it has more than one frame
  /// @param plain whether it has 8 bits of grey or RGB, which everybody takes, and not 16, or print
  ///   colours
  record Facts(PictureFormat format, int width, int height, boolean animated, boolean plain) {}

  /// A picture and what it is. Its long edge is at least the wanted one, or as long as the file has
  /// it.
  record Read(Facts facts, BufferedImage image) {}

  /// Reads the first frame, for a copy whose long edge has `edge` pixels.
  ///
  /// @throws Unrenderable when it is damaged, too large, or of a kind that cannot be read here
  Read read(Path file, int edge, Scratch scratch) throws IOException, Unrenderable {
    PictureFormat format =
        PictureFormat.of(file).orElseThrow(() -> new Unrenderable("not a picture of a known kind"));
    try {
      return switch (format) {
        case JPEG -> jpeg(file, edge, scratch, false);
        case HEIF -> heif(file, edge, scratch);
        case PNG, GIF, WEBP, BMP -> other(format, file, edge);
      };
    } catch (RuntimeException | StackOverflowError e) {
      // Readers meet damage with whatever comes first.
      throw new Unrenderable("damaged", e);
    } catch (OutOfMemoryError e) {
      // What it had taken is free again, and the next time there may be enough.
      throw new IOException("not enough memory", e);
    }
  }

  private Read jpeg(Path file, int edge, Scratch scratch, boolean upright)
      throws IOException, Unrenderable {
    JpegFile.Header header = JpegFile.read(file);
    boolean simple = header.components() == 1 || header.components() == 3;
    boolean inChild = simple && child.has(Program.DJPEG);
    long most = inChild ? MOST_SCALED : header.progressive() ? MOST_WHOLE : MOST_BY_ROWS;
    check(header.width(), header.height(), most);
    BufferedImage image;
    if (inChild) {
      image = Djpeg.read(child, file, header, edge, scratch);
    } else {
      image = here(PictureFormat.JPEG, file, reader -> frame(reader, edge));
    }
    BufferedImage small = Scaling.within(image, edge);
    if (inChild && header.components() == 3 && header.profile() != null) {
      small = Colours.toSrgb(small, header.profile());
    }
    int orientation = upright ? 1 : header.orientation();
    boolean turned = orientation > 4;
    return new Read(
        new Facts(
            PictureFormat.JPEG,
            turned ? header.height() : header.width(),
            turned ? header.width() : header.height(),
            false,
            simple),
        Scaling.upright(small, orientation));
  }

  /// By way of a JPEG, which the converter has turned already.
  private Read heif(Path file, int edge, Scratch scratch) throws IOException, Unrenderable {
    Read read = jpeg(converted(file, scratch), edge, scratch, true);
    Facts facts = read.facts();
    return new Read(
        new Facts(PictureFormat.HEIF, facts.width(), facts.height(), false, false), read.image());
  }

  /// A HEIF file as a JPEG, upright, made once in a scratch folder.
  Path converted(Path file, Scratch scratch) throws IOException, Unrenderable {
    Path known = scratch.file("heif.jpg");
    if (Files.exists(known)) {
      return known;
    }
    if (!child.has(Program.HEIF_CONVERT)) {
      throw new Unrenderable(Program.HEIF_CONVERT.word() + " is not installed");
    }
    Child.Ended ended =
        child.run(
            Program.HEIF_CONVERT,
            List.of("-q", "92", file.toAbsolutePath().toString(), known.toString()),
            scratch);
    // Of a file with several pictures each becomes a file with a number.
    Path first = Files.exists(known) ? known : scratch.file("heif-1.jpg");
    if (ended.code() != 0 || !Files.exists(first)) {
      throw new Unrenderable("cannot be decoded: " + ended.complaint());
    }
    return first.equals(known) ? known : Files.move(first, known);
  }

  private Read other(PictureFormat format, Path file, int edge) throws IOException, Unrenderable {
    return here(
        format,
        file,
        reader -> {
          check(
              reader.getWidth(0),
              reader.getHeight(0),
              format == PictureFormat.WEBP ? MOST_WHOLE : MOST_BY_ROWS);
          Frames frames = Frames.of(format, file, reader);
          check(frames.width(), frames.height(), Long.MAX_VALUE);
          BufferedImage image = frame(reader, edge);
          boolean plain = image.getRaster().getTransferType() != DataBuffer.TYPE_USHORT;
          return new Read(
              new Facts(format, frames.width(), frames.height(), frames.more(), plain),
              Scaling.within(image, edge));
        });
  }

  private interface Decoding<T> {
    T decode(ImageReader reader) throws IOException, Unrenderable;
  }

  /// Decodes in this process.
  private static <T> T here(PictureFormat format, Path file, Decoding<T> decoding)
      throws IOException, Unrenderable {
    try (var in = new FileImageInputStream(file.toFile())) {
      ImageReader reader = reader(format);
      try {
        // Without metadata, the texts and profiles in it are not unpacked either.
        reader.setInput(in, false, true);
        return decoding.decode(reader);
      } catch (IOException e) {
        // The file could be opened: what is wrong now is in it.
        throw new Unrenderable("damaged", e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageReader reader(PictureFormat format) {
    return switch (format) {
      case JPEG -> reader("jpeg", TWELVE_MONKEYS);
      case WEBP -> reader("webp", TWELVE_MONKEYS);
      case PNG -> reader("png", JDK);
      case GIF -> reader("gif", JDK);
      case BMP -> reader("bmp", JDK);
      case HEIF -> throw new IllegalArgumentException("no reader of HEIF");
    };
  }

  /// The reader of that family, whatever other plug-ins there are.
  private static ImageReader reader(String format, String family) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith(family)) {
        return reader;
      }
    }
    throw new IllegalStateException("no reader of " + format);
  }

  private static BufferedImage frame(ImageReader reader, int edge) throws IOException {
    ImageReadParam param = reader.getDefaultReadParam();
    int longest = Math.max(reader.getWidth(0), reader.getHeight(0));
    int step = Math.max(1, 2 * longest / (3 * edge));
    // A picture that is a line keeps its width.
    param.setSourceSubsampling(
        Math.min(step, reader.getWidth(0)), Math.min(step, reader.getHeight(0)), 0, 0);
    return reader.read(0, param);
  }

  private static void check(int width, int height, long most) throws Unrenderable {
    if (width <= 0 || height <= 0) {
      throw new Unrenderable("has no size");
    }
    if (width > LONGEST_EDGE || height > LONGEST_EDGE || (long) width * height > most) {
      throw new Unrenderable("%d × %d pixels are too many".formatted(width, height));
    }
  }
}
