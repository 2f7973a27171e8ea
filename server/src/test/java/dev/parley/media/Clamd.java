package dev.parley.media;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Speaks what ClamAV's daemon speaks, and does what tests tell it. Whatever holds "evil" is infected.
final class Clamd implements AutoCloseable {
  /// What it does.
  enum Behaviour {
    /// Scans.
    WORK,
    /// Has enough after a megabyte.
    LIMIT,
    /// Says that it cannot.
    ERROR,
    /// Ends the connection.
    HANG_UP,
    /// Says nothing.
    SILENT
  }

  private static final int LIMIT = 1 << 20;

  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Behaviour behaviour = Behaviour.WORK;
  private volatile long bytes;

  private Clamd(ServerSocket socket) {
    this.socket = socket;
  }

  static Clamd start() {
    try {
      var clamd = new Clamd(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().start(clamd::accept);
      return clamd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  void behave(Behaviour other) {
    behaviour = other;
  }

  /// How many bytes the last stream had.
  long bytes() {
    return bytes;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new DataInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      var command = new StringBuilder();
      for (int c = in.read(); c > 0; c = in.read()) {
        command.append((char) c);
      }
      if (behaviour == Behaviour.SILENT) {
        in.readAllBytes();
      } else if (behaviour == Behaviour.HANG_UP) {
        return;
      } else if (command.toString().equals("zPING")) {
        answer(out, "PONG");
      } else if (command.toString().equals("zINSTREAM")) {
        stream(in, out);
      } else {
        answer(out, "UNKNOWN COMMAND");
      }
    } catch (IOException e) {
      // The other side has hung up.
      return;
    } finally {
      open.remove(connection);
    }
  }

  private void stream(DataInputStream in, OutputStream out) throws IOException {
    var text = new StringBuilder();
    long count = 0;
    for (int size = in.readInt(); size > 0; size = in.readInt()) {
      count += size;
      text.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
      if (behaviour == Behaviour.LIMIT && count > LIMIT) {
        answer(out, "INSTREAM size limit exceeded. ERROR");
        return;
      }
    }
    bytes = count;
    if (behaviour == Behaviour.ERROR) {
      answer(out, "stream: Can't allocate memory ERROR");
    } else if (text.indexOf("evil") >= 0) {
      answer(out, "stream: Not.Really-1 FOUND");
    } else {
      answer(out, "stream: OK");
    }
  }

  private static void answer(OutputStream out, String text) throws IOException {
    out.write((text + "\0").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
