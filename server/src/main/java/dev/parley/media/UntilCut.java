package dev.parley.media;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A stream that ends where its source breaks, so that what came before can be kept.
final class UntilCut extends InputStream {
  private final InputStream bytes;
  private final @Nullable Checksum checksum;
  private @Nullable IOException failure;

  UntilCut(InputStream bytes, @Nullable Checksum checksum) {
    this.bytes = bytes;
    this.checksum = checksum;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n;
    try {
      n = bytes.read(into, offset, length);
    } catch (IOException e) {
      failure = e;
      return -1;
    }
    if (n > 0 && checksum != null) {
      checksum.add(into, offset, n);
    }
    return n;
  }

  /// Whether it came to its own end.
  boolean isWhole() {
    return failure == null;
  }

  /// Throws what has broken the source, if anything has.
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
