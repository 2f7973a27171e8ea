package dev.parley.acceptance.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Many WebSocket clients on one thread, by raw frames. They keep nothing but counts; who wants to know more reads what
/// they are told.
final class Crowd implements AutoCloseable, RawSocket.Hearing {
  /// Addresses of the loopback network that the clients call, so that no pair of addresses runs out of ports.
  private static final int ADDRESSES = 4;

  private static final int AT_A_TIME = 200;
  private static final byte[] NUMBER = "\"n\":".getBytes(StandardCharsets.US_ASCII);

  private final Speech speech;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private final List<RawSocket> clients = new ArrayList<>();
  private final IntFunction<String> hellos;
  private final @Nullable Reader reader;
  private final byte[] event;
  private final byte[] welcome;
  private final byte[] joined;

  private int opened;
  private int welcomed;
  private int joins;
  private final List<Integer> lost = new ArrayList<>();
  private int again;
  private long delivered;
  private long[] sentAt = new long[1 << 16];
  private final Histogram latency = new Histogram(60_000_000L, 3);

  /// Reads what the clients are told: the event that lets them in, and every delivery.
  interface Reader {
    /// One of them.
    ///
    /// @param client which of the crowd, from 0
    void read(int client, String text);
  }

  /// What a load came to.
  ///
  /// @param deliveries events at clients
  /// @param nanos from the first to the last
  /// @param latency from sending to each delivery, in microseconds
  record Outcome(long deliveries, long nanos, Histogram latency) {
    double perSecond() {
      return deliveries * 1e9 / nanos;
    }

    double millis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1000.0;
    }
  }

  private Crowd(Speech speech, IntFunction<String> hellos, @Nullable Reader reader)
      throws IOException {
    this.speech = speech;
    this.hellos = hellos;
    this.reader = reader;
    this.selector = Selector.open();
    this.event = ascii(speech.event());
    this.welcome = ascii(speech.welcome());
    this.joined = ascii(speech.joined());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void upgraded(RawSocket socket) throws IOException {
    String hello = hellos.apply(socket.number);
    if (hello.isEmpty()) {
      letIn(socket);
    } else {
      socket.send(hello);
    }
  }

  @Override
  public void text(RawSocket socket, ByteBuffer bytes, int from, int length) throws IOException {
    if (length == 1 && bytes.get(from) == '2') {
      socket.send(speech.pong());
    } else if (begins(event, from, length)) {
      delivered++;
      if (reader == null) {
        noteLatency(from, length);
      } else {
        reader.read(socket.number, text(from, length));
      }
    } else if (welcome.length > 0 && begins(welcome, from, length)) {
      letIn(socket);
      if (reader != null) {
        reader.read(socket.number, text(from, length));
      }
    } else if (begins(joined, from, length)) {
      joins++;
    }
  }

  private void letIn(RawSocket socket) {
    socket.in = true;
    welcomed++;
  }

  private String text(int from, int length) {
    byte[] text = new byte[length];
    buffer.get(from, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private boolean begins(byte[] with, int from, int length) {
    if (length < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if (buffer.get(from + i) != with[i]) {
        return false;
      }
    }
    return true;
  }

  private void noteLatency(int from, int length) {
    for (int i = from; i < from + length - NUMBER.length; i++) {
      if (buffer.get(i) == NUMBER[0] && begins(NUMBER, i, length)) {
        long number = 0;
        for (int d = i + NUMBER.length; buffer.get(d) >= '0' && buffer.get(d) <= '9'; d++) {
          number = number * 10 + buffer.get(d) - '0';
        }
        long micros = (System.nanoTime() - sentAt[(int) (number & 0xffff)]) / 1000;
        latency.recordValue(Math.clamp(micros, 1, 60_000_000L));
        return;
      }
    }
  }

  /// So many clients of that server, all let in; one whose connection ends before comes again, as real ones do. Throws
  /// when that does not come to be in the time.
  static Crowd connect(int port, Speech speech, int size, Duration within) throws IOException {
    return connect(port, speech, size, within, _ -> speech.hello(), null);
  }

  /// The same, where each client has a hello of its own, and somebody reads.
  static Crowd connect(
      int port,
      Speech speech,
      int size,
      Duration within,
      IntFunction<String> hellos,
      @Nullable Reader reader)
      throws IOException {
    var crowd = new Crowd(speech, hellos, reader);
    crowd.grow(port, size, within);
    return crowd;
  }

  /// Lets more in, until there are so many.
  void grow(int port, int size, Duration within) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    for (; opened < size; opened++) {
      open(port, opened);
      while (opened + 1 - welcomed - lost.size() >= AT_A_TIME) {
        step(deadline);
      }
    }
    while (welcomed < size) {
      step(deadline);
      while (!lost.isEmpty()) {
        again++;
        open(port, lost.removeLast());
      }
    }
  }

  private void open(int port, int n) throws IOException {
    String host = "127.0.0." + (1 + (n + again) % ADDRESSES);
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var client = new RawSocket(channel, n);
    String request =
        """
        GET %s HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
        \r
        """
            .formatted(speech.path(), port);
    client.write(ByteBuffer.wrap(ascii(request)));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, client);
    clients.add(client);
  }

  private void step(long deadline) throws IOException {
    if (System.nanoTime() > deadline) {
      throw new IOException(
          "%d of %d clients were let in, %d were lost"
              .formatted(welcomed, clients.size(), lost.size()));
    }
    turn(50);
  }

  /// Looks what has come, waiting so long for something.
  void turn(long millis) throws IOException {
    if ((millis == 0 ? selector.selectNow() : selector.select(millis)) == 0) {
      return;
    }
    for (SelectionKey key : selector.selectedKeys()) {
      try {
        ((RawSocket) key.attachment()).read(buffer, this);
      } catch (IOException e) {
        var client = (RawSocket) key.attachment();
        lost.add(client.number);
        welcomed -= client.in ? 1 : 0;
        clients.remove(client);
        key.cancel();
        key.channel().close();
      }
    }
    selector.selectedKeys().clear();
  }

  /// Keeps the clients alive for that time.
  void idle(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      turn(50);
    }
  }

  /// How many had to come again before they were let in.
  int again() {
    return again;
  }

  /// Puts the clients into rooms: one after the other, so many into each.
  void join(int perRoom) throws IOException {
    joins = 0;
    long deadline = System.nanoTime() + 60_000_000_000L;
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).send(speech.join("r" + i / perRoom));
      while (i + 1 - joins >= AT_A_TIME) {
        step(deadline);
      }
    }
    while (joins < clients.size()) {
      step(deadline);
    }
  }

  /// Says something in one room after the other for that time, with at most so many sayings under way.
  Outcome fan(int perRoom, int underWay, Duration time) throws IOException {
    int rooms = clients.size() / perRoom;
    latency.reset();
    delivered = 0;
    sentAt = Arrays.copyOf(sentAt, sentAt.length);
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long said = 0;
    while (System.nanoTime() < end) {
      while (said - delivered / perRoom < underWay) {
        int room = (int) (said % rooms);
        sentAt[(int) (said & 0xffff)] = System.nanoTime();
        clients.get(room * perRoom).send(speech.fan("r" + room, said));
        said++;
      }
      turn(10);
    }
    long patience = System.nanoTime() + 20_000_000_000L;
    while (delivered < said * perRoom && System.nanoTime() < patience) {
      turn(10);
    }
    if (delivered != said * perRoom || !lost.isEmpty()) {
      throw new IOException(
          "%d of %d deliveries came, %d connections were lost"
              .formatted(delivered, said * perRoom, lost.size()));
    }
    return new Outcome(delivered, System.nanoTime() - start, latency.copy());
  }

  @Override
  public void close() throws IOException {
    for (RawSocket client : clients) {
      client.channel.close();
    }
    selector.close();
  }
}
