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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Many WebSocket clients on one thread, by raw frames. They keep nothing but counts.
final class Crowd implements AutoCloseable {
  /// Addresses of the loopback network that the clients call, so that no pair of addresses runs out of ports.
  private static final int ADDRESSES = 4;

  private static final int AT_A_TIME = 200;
  private static final byte[] NUMBER = "\"n\":".getBytes(StandardCharsets.US_ASCII);

  private final Speech speech;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private final List<Client> clients = new ArrayList<>();
  private final byte[] event;
  private final byte[] welcome;
  private final byte[] joined;

  private int welcomed;
  private int joins;
  private int lost;
  private int again;
  private long delivered;
  private long[] sentAt = new long[1 << 16];
  private final Histogram latency = new Histogram(60_000_000L, 3);

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

  private Crowd(Speech speech) throws IOException {
    this.speech = speech;
    this.selector = Selector.open();
    this.event = ascii(speech.event());
    this.welcome = ascii(speech.welcome());
    this.joined = ascii(speech.joined());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private final class Client {
    final SocketChannel channel;
    byte @Nullable [] rest;
    boolean upgraded;

    Client(SocketChannel channel) {
      this.channel = channel;
    }

    void send(String text) throws IOException {
      byte[] payload = ascii(text);
      ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
      frame.put((byte) 0x81);
      if (payload.length < 126) {
        frame.put((byte) (0x80 | payload.length));
      } else {
        frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
      }
      // A mask of zeros leaves the payload as it is.
      frame.putInt(0).put(payload).flip();
      write(frame);
    }

    void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    /// Reads all that is there.
    void read() throws IOException {
      buffer.clear();
      byte[] before = rest;
      if (before != null) {
        buffer.put(before);
        rest = null;
      }
      if (channel.read(buffer) < 0) {
        throw new IOException("closed");
      }
      buffer.flip();
      if (!upgraded && !upgrade()) {
        keep();
        return;
      }
      while (frame()) {
        // the next
      }
      keep();
    }

    private void keep() {
      if (buffer.hasRemaining()) {
        byte[] left = new byte[buffer.remaining()];
        buffer.get(left);
        rest = left;
      }
    }

    private boolean upgrade() throws IOException {
      for (int i = buffer.position() + 3; i < buffer.limit(); i++) {
        if (buffer.get(i) == '\n' && buffer.get(i - 2) == '\n') {
          if (buffer.get(9) != '1') {
            throw new IOException("not let in");
          }
          buffer.position(i + 1);
          upgraded = true;
          if (speech.hello().isEmpty()) {
            welcomed++;
          } else {
            send(speech.hello());
          }
          return true;
        }
      }
      return false;
    }

    private boolean frame() throws IOException {
      int at = buffer.position();
      int there = buffer.remaining();
      if (there < 2) {
        return false;
      }
      int length = buffer.get(at + 1) & 0x7f;
      int header = 2;
      if (length == 126) {
        if (there < 4) {
          return false;
        }
        length = buffer.getShort(at + 2) & 0xffff;
        header = 4;
      } else if (length == 127) {
        if (there < 10) {
          return false;
        }
        length = (int) buffer.getLong(at + 2);
        header = 10;
      }
      if (there < header + length) {
        return false;
      }
      int type = buffer.get(at) & 0x0f;
      payload(type, at + header, length);
      buffer.position(at + header + length);
      return true;
    }

    private void payload(int type, int from, int length) throws IOException {
      if (type == 9) {
        write(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
      } else if (type == 8) {
        throw new IOException("closed");
      } else if (length == 1 && buffer.get(from) == '2') {
        send(speech.pong());
      } else if (begins(event, from, length)) {
        delivered++;
        noteLatency(from, length);
      } else if (welcome.length > 0 && begins(welcome, from, length)) {
        welcomed++;
      } else if (begins(joined, from, length)) {
        joins++;
      }
    }
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
    var crowd = new Crowd(speech);
    long deadline = System.nanoTime() + within.toNanos();
    for (int i = 0; i < size; i++) {
      crowd.open(port, i);
      while (i + 1 - crowd.welcomed - crowd.lost >= AT_A_TIME) {
        crowd.step(deadline);
      }
    }
    while (crowd.welcomed < size) {
      crowd.step(deadline);
      for (; crowd.lost > 0; crowd.lost--) {
        crowd.again++;
        crowd.open(port, size + crowd.again);
      }
    }
    return crowd;
  }

  private void open(int port, int n) throws IOException {
    String host = "127.0.0." + (1 + n % ADDRESSES);
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var client = new Client(channel);
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
          "%d of %d clients were let in, %d were lost".formatted(welcomed, clients.size(), lost));
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
        ((Client) key.attachment()).read();
      } catch (IOException e) {
        lost++;
        clients.remove((Client) key.attachment());
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
    if (delivered != said * perRoom || lost > 0) {
      throw new IOException(
          "%d of %d deliveries came, %d connections were lost"
              .formatted(delivered, said * perRoom, lost));
    }
    return new Outcome(delivered, System.nanoTime() - start, latency.copy());
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }
}
