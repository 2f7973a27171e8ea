package dev.parley.acceptance.driver;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Packets of Engine.IO as frames of a WebSocket.
final class SocketIoFrames implements SocketIo.Carrier, WebSocket.Listener {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  private final Consumer<String> heard;
  private final Consumer<String> ended;
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
  private volatile boolean frozen;

  SocketIoFrames(URI server, Consumer<String> heard, Consumer<String> ended) {
    this.heard = heard;
    this.ended = ended;
    String address = "ws://" + server.getAuthority() + "/socket.io/?EIO=4&transport=websocket";
    try {
      CLIENT
          .newWebSocketBuilder()
          .connectTimeout(Duration.ofSeconds(20))
          .buildAsync(URI.create(address), this)
          .join();
    } catch (CompletionException e) {
      throw new IllegalStateException("no connection to " + address, e);
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket.complete(opened);
  }

  @Override
  public void begin() {
    socket.join().request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      String packet = text.toString();
      text.setLength(0);
      heard.accept(packet);
    }
    if (!frozen) {
      from.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended.accept(code + " " + reason);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended.accept(String.valueOf(error));
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    from.request(1);
    return null;
  }

  @Override
  public synchronized void send(String packet) {
    socket.join().sendText(packet, true).join();
  }

  @Override
  public void frozen(boolean on) {
    frozen = on;
    if (!on) {
      socket.join().request(1);
    }
  }

  @Override
  public void drop() {
    socket.join().abort();
  }
}
