package dev.parley.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/// Bytes on their way into the storage: counted, capped, and with a sign of life now and then.
final class Incoming extends InputStream {
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private final InputStream bytes;
  private final long most;
  private final BooleanSupplier alive;
  private final InstantSource clock;
  private Instant next;
  private long count;

  /// There are more bytes than are taken.
  static final class TooMuch extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Somebody else has given this object up meanwhile.
  static final class GivenUp extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Throws [TooMuch] after `most` bytes, and [GivenUp] when `alive` says that nobody waits for them any more.
  Incoming(InputStream bytes, long most, BooleanSupplier alive, InstantSource clock) {
    this.bytes = bytes;
    this.most = most;
    this.alive = alive;
    this.clock = clock;
    this.next = clock.instant().plus(SIGN_OF_LIFE);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = bytes.read(into, offset, length);
    if (n > 0) {
      came(n);
    }
    return n;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    return bytes.transferTo(
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            came(1);
            out.write(one);
          }

          @Override
          public void write(byte[] from, int offset, int length) throws IOException {
            came(length);
            out.write(from, offset, length);
          }
        });
  }

  private void came(int n) throws IOException {
    count += n;
    if (count > most) {
      throw new TooMuch();
    }
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(SIGN_OF_LIFE);
      if (!alive.getAsBoolean()) {
        throw new GivenUp();
      }
    }
  }
}
