package dev.parley.media.renditions;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The segments of a JPEG file (ITU-T T.81, annex B): what they say about the picture, and a copy
/// without those that say where, when and by what it was taken. The picture itself is not touched.
final class JpegFile {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int MOST_ICC = 4 << 20;

  private JpegFile() {}

  /// What the segments before the picture say.
  ///
  /// @param components 1 for grey, 3 for colour, 4 for print colours
  /// @param orientation 1 to 8 as in EXIF; 1 when nothing is said
  /// @param profile the ICC profile, or null
  /// @param progressive whether the whole picture has to be held to decode it
  record Header(
      int width,
      int height,
      int components,
      int orientation,
      byte @Nullable [] profile,
      boolean progressive) {}

  /// Reads up to the picture.
  ///
  /// @throws Unrenderable when that is no JPEG header
  static Header read(Path file) throws IOException, Unrenderable {
    try (var in = new Source(Files.newInputStream(file))) {
      expectStart(in);
      int orientation = 1;
      byte[] frame = null;
      int kind = 0;
      var profile = new TreeMap<Integer, byte[]>();
      int profileSize = 0;
      for (int marker = marker(in); marker != SOS && marker != EOI; marker = marker(in)) {
        byte[] body = body(in);
        if (isFrame(marker) && frame == null) {
          frame = body;
          kind = marker;
        } else if (marker == APP1 && startsWith(body, EXIF)) {
          orientation = Exif.orientation(body, EXIF.length);
        } else if (marker == APP2 && startsWith(body, ICC) && body.length > ICC.length + 2) {
          profileSize += body.length;
          if (profileSize <= MOST_ICC) {
            profile.put(
                body[ICC.length] & 0xff, Arrays.copyOfRange(body, ICC.length + 2, body.length));
          }
        }
      }
      if (frame == null || frame.length < 6) {
        throw new Unrenderable("no picture in it");
      }
      return new Header(
          two(frame, 3),
          two(frame, 1),
          frame[5] & 0xff,
          orientation,
          profile.isEmpty() ? null : joined(profile),
          (kind & 3) == 2);
    } catch (EOFException e) {
      throw new Unrenderable("ends before the picture begins", e);
    }
  }

  /// Copies the picture without EXIF (GPS, camera, thumbnail), XMP, IPTC, comments, makers'
  /// segments and whatever follows its end, such as the film of a "live" photo. The colour profile
  /// stays, and so does the orientation, in an EXIF segment that says nothing else.
  ///
  /// @param upright whether the picture is turned already, whatever EXIF says
  /// @return whether anything was left out; when not, the copy says what the file said
  static boolean withoutMetadata(Path from, Path to, boolean upright)
      throws IOException, Unrenderable {
    int orientation = upright ? 1 : read(from).orientation();
    boolean dropped = false;
    try (var in = new Source(Files.newInputStream(from));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16)) {
      expectStart(in);
      out.write(new byte[] {(byte) 0xff, (byte) SOI});
      boolean oriented = orientation == 1;
      int marker = marker(in);
      while (marker != EOI) {
        byte[] body = body(in);
        // JFIF, if any, comes first.
        if (!oriented && marker != APP0) {
          segment(out, APP1, Exif.ofOrientation(orientation));
          oriented = true;
        }
        if (stays(marker, body)) {
          segment(out, marker, body);
        } else {
          dropped |= !isOrientationAlone(marker, body, orientation);
        }
        marker = marker == SOS ? scan(in, out) : marker(in);
        if (marker < 0) {
          return dropped;
        }
      }
      out.write(new byte[] {(byte) 0xff, (byte) EOI});
      return in.read() >= 0 || dropped;
    } catch (EOFException e) {
      throw new Unrenderable("ends within its header", e);
    }
  }

  private static boolean stays(int marker, byte[] body) {
    if (marker < APP0 || marker > APP15) {
      return marker != COM;
    }
    return (marker == APP0 && startsWith(body, JFIF))
        || (marker == APP2 && startsWith(body, ICC))
        || marker == APP14;
  }

  private static boolean isOrientationAlone(int marker, byte[] body, int orientation) {
    return marker == APP1 && Arrays.equals(body, Exif.ofOrientation(orientation));
  }

  /// Copies what follows the header of a scan up to the next marker, and answers it; -1 at the end
  /// of the file.
  private static int scan(Source in, OutputStream out) throws IOException {
    while (in.copyUntilFf(out)) {
      int next = in.read();
      while (next == 0xff) {
        next = in.read();
      }
      if (next < 0) {
        return -1;
      }
      // A stuffed zero and the restart markers belong to the picture.
      if (next != 0 && (next < 0xD0 || next > 0xD7)) {
        return next;
      }
      out.write(0xff);
      out.write(next);
    }
    return -1;
  }

  /// The bytes of a file. Most of them are looked at one by one, so none of them takes a lock.
  private static final class Source extends InputStream {
    private final InputStream file;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;

    Source(InputStream file) {
      this.file = file;
    }

    private boolean fill() throws IOException {
      at = 0;
      end = Math.max(0, file.read(buffer));
      return end > 0;
    }

    @Override
    public int read() throws IOException {
      return at < end || fill() ? buffer[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at == end && !fill()) {
        return -1;
      }
      int read = Math.min(length, end - at);
      System.arraycopy(buffer, at, bytes, offset, read);
      at += read;
      return read;
    }

    /// Copies all up to the next byte 0xFF, and takes that. False at the end of the file.
    boolean copyUntilFf(OutputStream out) throws IOException {
      while (at < end || fill()) {
        int from = at;
        while (at < end && buffer[at] != (byte) 0xff) {
          at++;
        }
        out.write(buffer, from, at - from);
        if (at < end) {
          at++;
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static void segment(OutputStream out, int marker, byte[] body) throws IOException {
    int length = body.length + 2;
    out.write(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length});
    out.write(body);
  }

  private static void expectStart(InputStream in) throws IOException, Unrenderable {
    if (in.read() != 0xff || in.read() != SOI) {
      throw new Unrenderable("not a JPEG file");
    }
  }

  private static int marker(InputStream in) throws IOException, Unrenderable {
    int value = in.read();
    if (value != 0xff) {
      if (value < 0) {
        throw new EOFException();
      }
      throw new Unrenderable("its segments do not fit together");
    }
    while (value == 0xff) {
      value = in.read();
    }
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }

  private static byte[] body(InputStream in) throws IOException, Unrenderable {
    int high = in.read();
    int low = in.read();
    if (low < 0) {
      throw new EOFException();
    }
    int length = (high << 8 | low) - 2;
    if (length < 0) {
      throw new Unrenderable("a segment of a length that cannot be");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    return body;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != JPG && marker != DAC;
  }

  private static byte[] joined(SortedMap<Integer, byte[]> parts) {
    var all = new ByteArrayOutputStream();
    parts.values().forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static boolean startsWith(byte[] body, byte[] start) {
    return body.length >= start.length
        && Arrays.equals(body, 0, start.length, start, 0, start.length);
  }

  private static int two(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
