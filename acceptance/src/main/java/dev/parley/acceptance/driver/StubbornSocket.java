package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client of the plain WebSocket that reads only when it is told to, and whose receive buffer is as small as the
/// system lets it be: what a frozen browser looks like to the server. Not for several threads.
public final class StubbornSocket implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  /// What was read.
  ///
  /// @param messages in order
  /// @param code with which the server closed; 1006 when it went without a word
  public record Read(List<JsonNode> messages, int code) {}

  private StubbornSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /// Connects as a caller, sends one command and reads nothing.
  public static StubbornSocket open(URI server, Api caller, JsonNode command) {
    try {
      var socket = new Socket();
      socket.setReceiveBufferSize(2048);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5000);
      socket.setSoTimeout(20_000);
      var request =
          new StringBuilder("GET /ws HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n");
      request.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
      request.append("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
      caller.headers().forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      var opened = new StubbornSocket(socket);
      opened.readHead();
      // The first frame is the greeting: without it nothing may be asked.
      opened.frame();
      opened.send(Json.write(command));
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readHead() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("no upgrade: " + head);
    }
  }

  private void send(String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    // Masked, as clients must, with zeros, which change nothing.
    frame.put((byte) 0x81);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(0).put(payload);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  private record Frame(int kind, byte[] payload) {}

  private Frame frame() throws IOException {
    int kind = in.readUnsignedByte() & 0x0f;
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(kind, payload);
  }

  /// Reads everything until the server closes, and lets the connection go.
  public Read readToTheEnd() {
    var messages = new ArrayList<JsonNode>();
    try {
      while (true) {
        Frame frame = frame();
        if (frame.kind() == 1) {
          messages.add(Json.read(new String(frame.payload(), StandardCharsets.UTF_8)));
        } else if (frame.kind() == 8) {
          return new Read(messages, ByteBuffer.wrap(frame.payload()).getShort());
        }
      }
    } catch (EOFException e) {
      return new Read(messages, 1006);
    } catch (IOException e) {
      if (e instanceof java.net.SocketTimeoutException) {
        throw new UncheckedIOException("the server goes on", e);
      }
      return new Read(messages, 1006);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
