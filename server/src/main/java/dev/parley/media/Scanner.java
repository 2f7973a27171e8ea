package dev.parley.media;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Speaks to ClamAV's daemon: `zINSTREAM` with chunks of a four-byte length each, ended by an empty one, and `zPING`
/// (clamd(8)). A connection for each call; nothing is left to it when the daemon is silent for longer than the time-out.
public final class Scanner {
  private static final int CHUNK = 64 << 10;
  private static final int MOST_ANSWER = 4096;
  private static final Duration SOON = Duration.ofSeconds(3);

  private final SocketAddress address;
  private final Duration patience;

  /// What the scanner says.
  public sealed interface Verdict {
    /// It has found nothing.
    record Clean() implements Verdict {}

    /// It has found something of that name.
    record Infected(String threat) implements Verdict {}

    /// It does not take so many bytes.
    record TooLarge() implements Verdict {}

    /// It does not answer, or cannot scan now.
    record Unable(String why) implements Verdict {}
  }

  private Scanner(SocketAddress address, Duration patience) {
    this.address = address;
    this.patience = patience;
  }

  /// A scanner at `host:port`, or at the path of a socket. Throws `IllegalArgumentException` when it is neither.
  public static Scanner at(String place, Duration patience) {
    if (place.startsWith("/")) {
      return new Scanner(UnixDomainSocketAddress.of(place), patience);
    }
    int colon = place.lastIndexOf(':');
    if (colon < 1 || !place.substring(colon + 1).matches("\\d{1,5}")) {
      throw new IllegalArgumentException("media.clamd must be host:port or the path of a socket");
    }
    return new Scanner(
        InetSocketAddress.createUnresolved(
            place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))),
        patience);
  }

  /// Scans a stream to its end. What the stream throws comes out as `IOException`; what the scanner does wrong is
  /// [Verdict.Unable].
  public Verdict scan(InputStream bytes) throws IOException {
    try (Connection connection = Connection.open(address(), patience)) {
      var out = new DataOutputStream(new BufferedOutputStream(connection.output(), CHUNK + 4));
      byte[] buffer = new byte[CHUNK];
      String answer;
      try {
        out.write("zINSTREAM\0".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        return new Verdict.Unable(String.valueOf(e.getMessage()));
      }
      for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
        if (n > 0 && !sent(out, buffer, n)) {
          // It hangs up in the middle when it has had enough, and says so before.
          return verdict(connection.answerIfAny());
        }
      }
      try {
        out.writeInt(0);
        out.flush();
        answer = connection.answer();
      } catch (IOException e) {
        return verdict(connection.answerIfAny());
      }
      return verdict(answer);
    } catch (Connection.Unreachable e) {
      return new Verdict.Unable(String.valueOf(e.getMessage()));
    }
  }

  private static boolean sent(DataOutputStream out, byte[] buffer, int length) {
    try {
      out.writeInt(length);
      out.write(buffer, 0, length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether it answers within three seconds.
  public boolean answers() {
    Duration most = patience.compareTo(SOON) < 0 ? patience : SOON;
    try (Connection connection = Connection.open(address(), most)) {
      connection.output().write("zPING\0".getBytes(StandardCharsets.US_ASCII));
      return connection.answer().equals("PONG");
    } catch (IOException e) {
      return false;
    }
  }

  private SocketAddress address() {
    return address instanceof InetSocketAddress inet
        ? new InetSocketAddress(inet.getHostString(), inet.getPort())
        : address;
  }

  private static Verdict verdict(String answer) {
    String text = answer.startsWith("stream: ") ? answer.substring(8) : answer;
    if (text.equals("OK")) {
      return new Verdict.Clean();
    }
    if (text.endsWith(" FOUND")) {
      return new Verdict.Infected(text.substring(0, text.length() - 6));
    }
    if (text.contains("size limit exceeded")) {
      return new Verdict.TooLarge();
    }
    return new Verdict.Unable(text.isEmpty() ? "the scanner hung up" : "it says: " + text);
  }

  /// One conversation with the daemon, each step of which has the time-out.
  private static final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final Duration patience;

    /// Nobody is there.
    private static final class Unreachable extends IOException {
      private static final long serialVersionUID = 1L;

      Unreachable(String message, Throwable cause) {
        super(message, cause);
      }
    }

    private Connection(SocketChannel channel, Selector selector, Duration patience) {
      this.channel = channel;
      this.selector = selector;
      this.patience = patience;
    }

    static Connection open(SocketAddress address, Duration patience) throws Unreachable {
      try {
        boolean unix = address instanceof UnixDomainSocketAddress;
        SocketChannel channel =
            unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        Selector selector = null;
        try {
          selector = Selector.open();
          channel.configureBlocking(false);
          var connection = new Connection(channel, selector, patience);
          if (!channel.connect(address)) {
            connection.await(SelectionKey.OP_CONNECT);
            channel.finishConnect();
          }
          return connection;
        } catch (IOException | RuntimeException e) {
          channel.close();
          if (selector != null) {
            selector.close();
          }
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        throw new Unreachable("the scanner cannot be reached: " + e, e);
      }
    }

    private void await(int operation) throws IOException {
      channel.register(selector, operation);
      selector.selectedKeys().clear();
      if (selector.select(patience.toMillis()) == 0) {
        throw new IOException("the scanner is silent");
      }
    }

    OutputStream output() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
          while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
              await(SelectionKey.OP_WRITE);
            }
          }
        }
      };
    }

    /// Up to the zero byte that ends it, or the end of the connection.
    String answer() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(MOST_ANSWER);
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer);
        if (n == 0) {
          await(SelectionKey.OP_READ);
        }
        if (n < 0 || (buffer.position() > 0 && buffer.get(buffer.position() - 1) == 0)) {
          break;
        }
      }
      buffer.flip();
      return StandardCharsets.UTF_8.decode(buffer).toString().replace("\0", "").strip();
    }

    String answerIfAny() {
      try {
        return answer();
      } catch (IOException e) {
        return "";
      }
    }

    @Override
    public void close() throws IOException {
      selector.close();
      channel.close();
    }
  }
}
