package dev.parley.realtime.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A session's WebSocket. Frames are written to the channel as they were encoded: the same bytes for every receiver.
final class WebSocketLine implements Line {
  /// How long a client has to answer a close frame before its connection is cut.
  private static final Duration GOODBYE = Duration.ofSeconds(3);

  private final EngineLoop loop;
  private final ServerWebSocket socket;
  private final ChannelHandlerContext channel;
  private final EngineSocket session;
  private final int maxPayload;
  private @Nullable Buffer parts;
  private boolean partsAreText;
  private @Nullable Probe probe;
  private boolean current;

  /// Takes a socket over, on its event loop.
  WebSocketLine(
      EngineLoop loop,
      HttpConnection connection,
      ServerWebSocket socket,
      EngineSocket session,
      int maxPayload) {
    this.loop = loop;
    this.socket = socket;
    this.channel = ((ConnectionBase) connection).channelHandlerContext();
    // Heartbeats do what the timer of idle connections is for.
    if (channel.pipeline().get(IdleStateHandler.class) != null) {
      channel.pipeline().remove(IdleStateHandler.class);
    }
    this.session = session;
    this.maxPayload = maxPayload;
  }

  /// Hears the client from now on: as the session's transport, or until `probing` is over.
  void listen(@Nullable Probe probing) {
    probe = probing;
    current = probing == null;
    socket.frameHandler(this::frame);
    socket.closeHandler(_ -> gone());
    socket.exceptionHandler(_ -> gone());
    socket.drainHandler(_ -> session.ready());
  }

  private void gone() {
    Probe probing = probe;
    if (current) {
      session.close(CloseReason.TRANSPORT_CLOSE);
    } else if (probing != null) {
      probe = null;
      probing.abandon();
    }
  }

  private void frame(WebSocketFrame frame) {
    if (frame.isText() || frame.isBinary()) {
      if (frame.isFinal() && frame.binaryData().length() <= maxPayload) {
        parts = null;
        message(frame.isText(), frame.binaryData());
        return;
      }
      parts = Buffer.buffer();
      partsAreText = frame.isText();
    } else if (!frame.isContinuation()) {
      return;
    }
    Buffer so = parts;
    if (so == null) {
      return;
    }
    if (so.length() + frame.binaryData().length() > maxPayload) {
      parts = null;
      refuse(CloseReason.TRANSPORT_ERROR);
      return;
    }
    so.appendBuffer(frame.binaryData());
    if (frame.isFinal()) {
      parts = null;
      message(partsAreText, so);
    }
  }

  private void message(boolean text, Buffer bytes) {
    Probe probing = probe;
    if (probing != null) {
      String packet = text ? bytes.toString(StandardCharsets.UTF_8) : "";
      switch (probing.packet(packet)) {
        case GO_ON -> {}
        case DONE -> {
          probe = null;
          current = true;
        }
        case FAILED -> {
          probe = null;
          var _ = socket.close();
        }
      }
    } else if (!current) {
      // It was refused, and is closing.
      return;
    } else if (text) {
      session.receive(bytes.toString(StandardCharsets.UTF_8));
    } else {
      session.receive(bytes.getBytes());
    }
  }

  private void refuse(CloseReason reason) {
    Probe probing = probe;
    if (current) {
      session.close(reason);
    } else if (probing != null) {
      probe = null;
      probing.abandon();
      var _ = socket.close(reason.code());
    }
  }

  /// Writes one packet at once, past the session's queue. On the event loop.
  void writeNow(Outgoing packet) {
    var _ = channel.write(loop.frame(packet, channel.alloc()), channel.voidPromise());
    channel.flush();
  }

  @Override
  public @Nullable EngineLoop writable() {
    // While the channel's buffer is full, packets wait in the session's queue, whose bytes are
    // counted.
    return channel.channel().isWritable() ? loop : null;
  }

  @Override
  public Runnable write(Queue<Outgoing> queue, boolean last) {
    for (Outgoing packet = queue.peek();
        packet != null && channel.channel().isWritable();
        packet = queue.peek()) {
      queue.remove();
      ByteBuf frame = loop.frame(packet, channel.alloc());
      var _ = channel.write(frame, channel.voidPromise());
    }
    return channel::flush;
  }

  @Override
  public void shut(CloseReason reason) {
    if (!loop.isCurrent()) {
      loop.execute(() -> shut(reason));
      return;
    }
    if (!channel.channel().isActive()) {
      return;
    }
    if (!reason.reachable()) {
      var _ = channel.close();
      return;
    }
    if (!socket.isClosed()) {
      var _ = socket.close(reason.code(), reason.text());
    }
    // A client that does not read will not answer either.
    var cut = loop.schedule(GOODBYE, this::cut);
    var _ = channel.channel().closeFuture().addListener(_ -> cut.cancel(false));
  }

  private void cut() {
    var _ = channel.close();
  }
}
