package dev.parley.media.renditions;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// What an Ogg file with Opus or Vorbis in it tells without being decoded (RFC 3533, RFC 7845): how
/// it is encoded, and how long it plays, by the position that its last page names.
///
/// @param opus whether the sound is Opus
/// @param channels 1 for mono
/// @param duration how long it plays
record OggFile(boolean opus, int channels, Duration duration) {
  private static final int PAGE_HEADER = 27;
  // A page is never larger than this, so the last one begins within it.
  private static final int LARGEST_PAGE = PAGE_HEADER + 255 + 255 * 255;
  private static final int OPUS_RATE = 48_000;
  private static final byte[] CAPTURE = ascii("OggS");
  private static final byte[] OPUS = ascii("OpusHead");
  private static final byte[] VORBIS = ascii("\u0001vorbis");
  private static final Duration LONGEST = Duration.ofDays(10);

  /// Nothing when it is no Ogg file, holds something else, or is damaged.
  static Optional<OggFile> read(Path file) throws IOException {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] first = new byte[(int) Math.min(in.length(), PAGE_HEADER + 255 + 30)];
      in.readFully(first);
      if (!at(first, 0, CAPTURE) || first.length < PAGE_HEADER + 1) {
        return Optional.empty();
      }
      int body = PAGE_HEADER + (first[26] & 0xff);
      if (first.length < body + 19) {
        return Optional.empty();
      }
      ByteBuffer head = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
      int serial = head.getInt(14);
      if (at(first, body, OPUS)) {
        int skipped = head.getShort(body + 10) & 0xffff;
        return of(true, first[body + 9] & 0xff, last(in, serial) - skipped, OPUS_RATE);
      }
      if (at(first, body, VORBIS)) {
        return of(false, first[body + 11] & 0xff, last(in, serial), head.getInt(body + 12));
      }
      return Optional.empty();
    }
  }

  private static Optional<OggFile> of(boolean opus, int channels, long samples, int rate) {
    if (rate <= 0 || samples < 0 || samples / rate > LONGEST.toSeconds()) {
      return Optional.empty();
    }
    return Optional.of(new OggFile(opus, channels, Duration.ofMillis(samples * 1000 / rate)));
  }

  /// The position of the last page of that stream; -1 when there is none.
  private static long last(RandomAccessFile in, int serial) throws IOException {
    int length = (int) Math.min(in.length(), LARGEST_PAGE + PAGE_HEADER);
    byte[] tail = new byte[length];
    in.seek(in.length() - length);
    in.readFully(tail);
    ByteBuffer page = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = length - PAGE_HEADER; i >= 0; i--) {
      // -1 stands for a page on which no packet ends.
      if (at(tail, i, CAPTURE)
          && tail[i + 4] == 0
          && page.getInt(i + 14) == serial
          && page.getLong(i + 6) >= 0) {
        return page.getLong(i + 6);
      }
    }
    return -1;
  }

  private static boolean at(byte[] bytes, int at, byte[] wanted) {
    return bytes.length >= at + wanted.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
