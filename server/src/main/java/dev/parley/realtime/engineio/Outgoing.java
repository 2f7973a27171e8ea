package dev.parley.realtime.engineio;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// A packet for any number of clients, encoded once. Immutable.
///
/// It is kept as the WebSocket frame that goes out; polling takes the payload out of it.
public final class Outgoing {
  static final Outgoing PING = packet("2");
  static final Outgoing NOOP = packet("6");
  static final Outgoing CLOSE = packet("1");
  static final Outgoing PROBE = packet("3probe");

  private static final int FINAL_TEXT = 0x81;
  private static final int FINAL_BINARY = 0x82;

  private final byte[] frame;
  private final boolean binary;

  private Outgoing(byte[] frame, boolean binary) {
    this.frame = frame;
    this.binary = binary;
  }

  /// A text message.
  public static Outgoing text(String message) {
    return text(message.getBytes(StandardCharsets.UTF_8));
  }

  /// A text message that is UTF-8 already.
  public static Outgoing text(byte[] utf8) {
    byte[] frame = framed(FINAL_TEXT, utf8.length + 1);
    int at = frame.length - utf8.length;
    frame[at - 1] = '4';
    System.arraycopy(utf8, 0, frame, at, utf8.length);
    return new Outgoing(frame, false);
  }

  /// A binary message.
  public static Outgoing binary(byte[] bytes) {
    byte[] frame = framed(FINAL_BINARY, bytes.length);
    System.arraycopy(bytes, 0, frame, frame.length - bytes.length, bytes.length);
    return new Outgoing(frame, true);
  }

  /// A packet as it stands.
  static Outgoing packet(String packet) {
    byte[] utf8 = packet.getBytes(StandardCharsets.UTF_8);
    byte[] frame = framed(FINAL_TEXT, utf8.length);
    System.arraycopy(utf8, 0, frame, frame.length - utf8.length, utf8.length);
    return new Outgoing(frame, false);
  }

  /// Room for a frame with its header filled in (RFC 6455, 5.2; what a server sends is not masked).
  private static byte[] framed(int first, int length) {
    int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    var frame = new byte[header + length];
    frame[0] = (byte) first;
    switch (header) {
      case 2 -> frame[1] = (byte) length;
      case 4 -> {
        frame[1] = 126;
        frame[2] = (byte) (length >>> 8);
        frame[3] = (byte) length;
      }
      default -> {
        frame[1] = 127;
        frame[6] = (byte) (length >>> 24);
        frame[7] = (byte) (length >>> 16);
        frame[8] = (byte) (length >>> 8);
        frame[9] = (byte) length;
      }
    }
    return frame;
  }

  /// Bytes on the wire of a WebSocket.
  public int size() {
    return frame.length;
  }

  byte[] frame() {
    return frame;
  }

  /// Adds it to the body of an answer to a poll.
  void appendTo(Buffer body) {
    int header = frame[1] == 126 ? 4 : frame[1] == 127 ? 10 : 2;
    if (binary) {
      body.appendByte((byte) 'b');
      body.appendBytes(Base64.getEncoder().encode(Arrays.copyOfRange(frame, header, frame.length)));
    } else {
      body.appendBytes(frame, header, frame.length - header);
    }
  }
}
