package dev.parley.platform.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The body of an answer, which ends with an error when it is longer than it may be.
final class CappedStream extends FilterInputStream {
  private final long most;
  private final long told;
  private long read;
  private boolean ended;

  /// `told` is how long the other side says that it is, or -1.
  CappedStream(InputStream in, long most, long told) {
    super(in);
    this.most = most;
    this.told = told;
  }

  @Override
  public int read() throws IOException {
    count(0);
    int value = in.read();
    if (value < 0) {
      ended = true;
    } else {
      count(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    count(0);
    int n = in.read(buffer, offset, length);
    if (n < 0) {
      ended = true;
    } else {
      count(n);
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = in.skip(n);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long n) throws IOException {
    read += n;
    if (read > most || told > most) {
      throw new TooLong(most);
    }
  }

  /// Whether everything was read.
  boolean ended() {
    return ended;
  }

  /// Closing would read the rest, however long it is; whoever made the call cuts the connection instead.
  @Override
  public void close() {}

  /// More came than may.
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(long most) {
      super("the answer is larger than " + most + " bytes");
    }
  }
}
