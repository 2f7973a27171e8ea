package dev.parley.acceptance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/// Sends prepared requests over keep-alive connections, all from the calling thread.
///
/// Closed: every connection sends its next request when it has its answer, which finds the peak. Open: requests are due
/// at a fixed rate whatever the answers do, and a latency counts from the time at which the request was due.
final class Load {
  private static final long GRACE = Duration.ofSeconds(10).toNanos();

  /// What came of it.
  ///
  /// @param ok answers with 200
  /// @param failed other answers, and requests that were due but had none when the patience ended
  /// @param nanos from the first request to the last answer
  /// @param latency of all answers, in microseconds
  record Outcome(long ok, long failed, long nanos, Histogram latency) {
    double perSecond() {
      return ok * 1e9 / nanos;
    }

    double millis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1000.0;
    }
  }

  private final InetSocketAddress to;
  private final int connections;
  private final Requests requests;
  private final Histogram latency = new Histogram(60_000_000L, 3);
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private int underWay;
  private long ok;
  private long failed;
  private long lastAnswer;

  private Load(int port, int connections, Requests requests) {
    this.to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.connections = connections;
    this.requests = requests;
  }

  /// As much as it takes, for that long or until the requests are used up.
  static Outcome closed(int port, int connections, Requests requests, Duration time) {
    return open(port, connections, requests, 0, time, _ -> {});
  }

  /// `perSecond` requests a second, or with 0 as [#closed]. `due` is told the time (of `System.nanoTime()`) at which each request was due, in
  /// the order of the requests.
  static Outcome open(
      int port,
      int connections,
      Requests requests,
      double perSecond,
      Duration time,
      LongConsumer due) {
    return new Load(port, connections, requests).run(perSecond, time, due);
  }

  private final class Connection {
    final SocketChannel channel;
    final ByteBuffer answer = ByteBuffer.allocateDirect(16 << 10);
    long since;

    Connection(Selector selector) throws IOException {
      channel = SocketChannel.open(to);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(byte[] request, long since) throws IOException {
      this.since = since;
      var bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      underWay++;
    }

    void read() throws IOException {
      if (channel.read(answer) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (!complete(answer)) {
        return;
      }
      lastAnswer = System.nanoTime();
      if (answer.get(9) == '2') {
        ok++;
      } else {
        failed++;
      }
      latency.recordValue(Math.min(60_000_000L, (lastAnswer - since) / 1000));
      answer.clear();
      underWay--;
      idle.add(this);
    }
  }

  /// Whether the buffer holds a whole answer: its head, and as much body as `Content-Length` says.
  private static boolean complete(ByteBuffer answer) {
    int end = answer.position();
    if (end < 4) {
      return false;
    }
    // Nearly every answer is a head and nothing else.
    for (int i = 3; i < end; i++) {
      if (answer.get(i) == '\n' && answer.get(i - 2) == '\n') {
        return end - (i + 1) >= contentLength(answer, i);
      }
    }
    return false;
  }

  private static int contentLength(ByteBuffer answer, int headEnd) {
    for (int i = 17; i < headEnd; i++) {
      if (answer.get(i) == '\n' && (answer.get(i + 1) | 0x20) == 'c') {
        var bytes = new byte[Math.min(40, headEnd - i - 1)];
        answer.get(i + 1, bytes);
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
          int stop = line.indexOf('\r');
          return Integer.parseInt(line.substring(15, stop < 0 ? line.length() : stop).strip());
        }
      }
    }
    return 0;
  }

  private Outcome run(double perSecond, Duration time, LongConsumer due) {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        idle.add(new Connection(selector));
      }
      try {
        return drive(selector, perSecond, time.toNanos(), due);
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome drive(Selector selector, double perSecond, long time, LongConsumer due)
      throws IOException {
    boolean open = perSecond > 0;
    double gap = open ? 1e9 / perSecond : 0;
    long start = System.nanoTime();
    long end = start + time;
    var waiting = new ArrayDeque<Long>();
    long made = 0;
    boolean more = true;
    while (true) {
      long now = System.nanoTime();
      if (open) {
        for (long at = start + (long) (made * gap);
            at <= now && at < end;
            at = start + (long) (++made * gap)) {
          waiting.add(at);
        }
      }
      while (more && !idle.isEmpty() && (open ? !waiting.isEmpty() : now < end)) {
        byte[] request = requests.next();
        if (request == null) {
          more = false;
          break;
        }
        long since = open ? waiting.remove() : System.nanoTime();
        due.accept(since);
        idle.remove().send(request, since);
      }
      boolean done = !more || (now >= end && waiting.isEmpty());
      if ((done && underWay == 0) || now > end + GRACE) {
        break;
      }
      wait(selector, open && !done);
    }
    failed += underWay + (more ? waiting.size() : 0);
    return new Outcome(ok, failed, Math.max(1, lastAnswer - start), latency);
  }

  private static void wait(Selector selector, boolean open) throws IOException {
    // Between two requests of an open load there is less than a millisecond, the least that
    // select() can wait.
    int ready = open ? selector.selectNow() : selector.select(100);
    if (ready > 0) {
      for (SelectionKey key : selector.selectedKeys()) {
        ((Connection) key.attachment()).read();
      }
      selector.selectedKeys().clear();
    } else if (open) {
      LockSupport.parkNanos(20_000);
    }
  }
}
