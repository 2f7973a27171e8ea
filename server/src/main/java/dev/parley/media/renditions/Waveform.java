package dev.parley.media.renditions;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The loudness of a sound over its time, for a picture of it. Takes samples of any number in
/// constant memory: when its slots are full, pairs become one.
final class Waveform {
  /// Peaks of a finished waveform.
  static final int PEAKS = 64;

  private static final int SLOTS = 64 * PEAKS;
  // Below a hundredth of full scale there is nothing to hear, and it must not be drawn as if there
  // was.
  private static final int SILENCE = 328;

  private final int[] slots = new int[SLOTS];
  private long perSlot = 1;
  private long samples;

  /// Takes 16-bit little-endian samples of one channel up to the end of the stream.
  static Waveform of(InputStream pcm) throws IOException {
    var waveform = new Waveform();
    byte[] buffer = new byte[1 << 14];
    int length = pcm.readNBytes(buffer, 0, buffer.length);
    while (length > 1) {
      for (int i = 0; i + 1 < length; i += 2) {
        waveform.add((short) ((buffer[i] & 0xff) | buffer[i + 1] << 8));
      }
      length = pcm.readNBytes(buffer, 0, buffer.length);
    }
    return waveform;
  }

  void add(int sample) {
    int slot = (int) (samples / perSlot);
    if (slot == SLOTS) {
      for (int i = 0; i < SLOTS / 2; i++) {
        slots[i] = Math.max(slots[2 * i], slots[2 * i + 1]);
      }
      Arrays.fill(slots, SLOTS / 2, SLOTS, 0);
      perSlot *= 2;
      slot = SLOTS / 2;
    }
    slots[slot] = Math.max(slots[slot], Math.abs(sample));
    samples++;
  }

  long samples() {
    return samples;
  }

  /// [#PEAKS] values from 0 to 255, in equal parts of the time, the loudest being 255; all 0 for
  /// silence.
  byte[] peaks() {
    byte[] peaks = new byte[PEAKS];
    int used = (int) Math.min(SLOTS, (samples + perSlot - 1) / perSlot);
    int loudest = Arrays.stream(slots).max().orElse(0);
    if (used == 0 || loudest < SILENCE) {
      return peaks;
    }
    for (int i = 0; i < PEAKS; i++) {
      int from = (int) ((long) i * used / PEAKS);
      int to = Math.max(from + 1, (int) ((long) (i + 1) * used / PEAKS));
      int peak = 0;
      for (int slot = from; slot < to && slot < used; slot++) {
        peak = Math.max(peak, slots[slot]);
      }
      peaks[i] = (byte) (peak * 255 / loudest);
    }
    return peaks;
  }
}
