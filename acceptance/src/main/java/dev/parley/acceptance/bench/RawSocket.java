package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One WebSocket of a [Crowd], by raw frames.
final class RawSocket {
  /// Hears of one socket after the other.
  interface Hearing {
    /// The server has let it in.
    void upgraded(RawSocket socket) throws IOException;

    /// A text message, whose bytes stand in the buffer until this returns.
    void text(RawSocket socket, ByteBuffer buffer, int from, int length) throws IOException;
  }

  final SocketChannel channel;

  /// Which of the crowd it is, from 0.
  final int number;

  /// Whether it counts among those who were let in.
  boolean in;

  private byte @Nullable [] rest;
  private boolean upgraded;

  RawSocket(SocketChannel channel, int number) {
    this.channel = channel;
    this.number = number;
  }

  void send(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
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

  /// Reads all that is there, by way of a buffer that sockets share.
  void read(ByteBuffer buffer, Hearing hearing) throws IOException {
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
    if (!upgraded && !upgrade(buffer, hearing)) {
      keep(buffer);
      return;
    }
    while (frame(buffer, hearing)) {
      // the next
    }
    keep(buffer);
  }

  private void keep(ByteBuffer buffer) {
    if (buffer.hasRemaining()) {
      byte[] left = new byte[buffer.remaining()];
      buffer.get(left);
      rest = left;
    }
  }

  private boolean upgrade(ByteBuffer buffer, Hearing hearing) throws IOException {
    for (int i = buffer.position() + 3; i < buffer.limit(); i++) {
      if (buffer.get(i) == '\n' && buffer.get(i - 2) == '\n') {
        if (buffer.get(9) != '1') {
          throw new IOException("not let in");
        }
        buffer.position(i + 1);
        upgraded = true;
        hearing.upgraded(this);
        return true;
      }
    }
    return false;
  }

  private boolean frame(ByteBuffer buffer, Hearing hearing) throws IOException {
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
    if (type == 9) {
      write(ByteBuffer.wrap(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0}));
    } else if (type == 8) {
      throw new IOException("closed");
    } else {
      hearing.text(this, buffer, at + header, length);
    }
    buffer.position(at + header + length);
    return true;
  }
}
