package dev.parley.media.renditions;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/// Pictures, sounds and videos for tests, made on the spot.
final class Samples {
  private Samples() {}

  /// A picture whose four quarters are red, green, blue and white, in the order of reading.
  static BufferedImage quarters(int width, int height, int type) {
    var image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
    for (int i = 0; i < 4; i++) {
      graphics.setColor(colours[i]);
      graphics.fillRect(
          i % 2 * (width / 2), i / 2 * (height / 2), (width + 1) / 2, (height + 1) / 2);
    }
    graphics.dispose();
    return image;
  }

  static byte[] encoded(BufferedImage image, String format) {
    var out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer of " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] jpeg(int width, int height) {
    return encoded(quarters(width, height, BufferedImage.TYPE_INT_RGB), "jpeg");
  }

  /// The JPEG with these segments after its first two bytes.
  static byte[] with(byte[] jpeg, byte[]... segments) {
    var out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    for (byte[] segment : segments) {
      out.writeBytes(segment);
    }
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  static byte[] segment(int marker, byte[] body) {
    return ByteBuffer.allocate(body.length + 4)
        .putShort((short) (0xff00 | marker))
        .putShort((short) (body.length + 2))
        .put(body)
        .array();
  }

  static byte[] segment(int marker, String body) {
    return segment(marker, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// An EXIF segment with an orientation, in either byte order, and a camera's name behind it.
  static byte[] exif(int orientation, ByteOrder order) {
    byte[] camera = "SecretCam\0".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer tiff = ByteBuffer.allocate(38 + camera.length).order(order);
    tiff.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949));
    tiff.putShort((short) 42).putInt(8).putShort((short) 2);
    tiff.putShort((short) 0x0110).putShort((short) 2).putInt(camera.length).putInt(38);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
    tiff.put(camera);
    var out = new ByteArrayOutputStream();
    out.writeBytes("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(tiff.array());
    return segment(0xE1, out.toByteArray());
  }

  /// A PNG of one colour whose header claims these measures, with rows for as many lines as it says
  /// or fewer.
  static byte[] flatPng(int width, int height, int rows) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
    head.put(new byte[] {8, 0, 0, 0, 0});
    chunk(out, "IHDR", head.array());
    var packed = new ByteArrayOutputStream();
    try (OutputStream deflated = new DeflaterOutputStream(packed)) {
      byte[] row = new byte[rows == 0 ? 0 : width + 1];
      for (int i = 0; i < rows; i++) {
        deflated.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    chunk(out, "IDAT", packed.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  static void chunk(ByteArrayOutputStream out, String type, byte[] body) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    var crc = new CRC32();
    crc.update(name);
    crc.update(body);
    try (var file = new DataOutputStream(out)) {
      file.writeInt(body.length);
      file.write(name);
      file.write(body);
      file.writeInt((int) crc.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The PNG with a chunk after its header.
  static byte[] withChunk(byte[] png, String type, String body) {
    var out = new ByteArrayOutputStream();
    int header = 8 + 8 + 13 + 4;
    out.write(png, 0, header);
    chunk(out, type, body.getBytes(StandardCharsets.ISO_8859_1));
    out.write(png, header, png.length - header);
    return out.toByteArray();
  }

  /// A GIF with that many frames of four pixels on a screen of 40 × 30.
  static byte[] gif(int frames) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("GIF89a".getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(new byte[] {40, 0, 30, 0, (byte) 0x80, 0, 0});
    out.writeBytes(new byte[] {(byte) 255, 0, 0, 0, 0, (byte) 255});
    byte[] frame = {0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 0x02, 0x05, 0};
    for (int i = 0; i < frames; i++) {
      out.writeBytes(frame);
    }
    out.write(0x3b);
    return out.toByteArray();
  }

  /// A JPEG in print colours, as Adobe writes them: inverted.
  static byte[] cmyk(int width, int height) {
    var raster =
        java.awt.image.Raster.createInterleavedRaster(
            java.awt.image.DataBuffer.TYPE_BYTE, width, height, 4, null);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // Cyan, without ink in the others.
        raster.setPixel(x, y, new int[] {0, 255, 255, 255});
      }
    }
    var out = new ByteArrayOutputStream();
    javax.imageio.ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(new javax.imageio.IIOImage(raster, null, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return with(
        out.toByteArray(),
        segment(0xEE, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}));
  }

  /// 16 bits of grey at half of the brightness.
  static BufferedImage wideGrey(int width, int height) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
    int[] row = new int[width];
    java.util.Arrays.fill(row, 0x8000);
    for (int y = 0; y < height; y++) {
      image.getRaster().setPixels(0, y, width, 1, row);
    }
    return image;
  }

  /// A profile that is not sRGB: the JDK's linear one.
  static byte[] linearProfile() {
    byte[] icc = java.awt.color.ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    var out = new ByteArrayOutputStream();
    out.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(new byte[] {1, 1});
    out.writeBytes(icc);
    return segment(0xE2, out.toByteArray());
  }

  /// A decoded picture.
  static BufferedImage decoded(Path file) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (image == null) {
      throw new IOException(file + " is no picture");
    }
    return image;
  }

  static boolean installed(Program program) {
    return Programs.ofSystem().has(program);
  }

  static boolean installed(String program) {
    return java.util.Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// Makes a file with a program of the system.
  static Path made(Path file, String... command) throws IOException {
    var words = new ArrayList<>(List.of(command));
    words.add(file.toString());
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(words + ": " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return file;
  }

  /// A tone made by ffmpeg, with these options of the output.
  static Path tone(Path file, double seconds, String... options) throws IOException {
    var words =
        new ArrayList<>(
            List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:duration=" + seconds));
    words.addAll(List.of(options));
    return made(file, words.toArray(String[]::new));
  }

  /// A test picture that moves, with a tone, made by ffmpeg.
  static Path video(Path file, double seconds, String size, String... options) throws IOException {
    var words =
        new ArrayList<>(
            List.of(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=" + size + ":rate=25:duration=" + seconds,
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:duration=" + seconds,
                "-pix_fmt",
                "yuv420p"));
    words.addAll(List.of(options));
    return made(file, words.toArray(String[]::new));
  }
}
