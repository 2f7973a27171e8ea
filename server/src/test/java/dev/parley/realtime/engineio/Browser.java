package dev.parley.realtime.engineio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Requests and WebSockets as the protocol has them, by hand.
public final class Browser {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EioServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /// Of that server.
  public Browser(EioServer server) {
    this.server = server;
  }

  /// The answer to a GET.
  public HttpResponse<String> get(String query, String... headers) {
    return join(getLater(query, headers));
  }

  /// The answer to a GET that may hang.
  public CompletableFuture<HttpResponse<String>> getLater(String query, String... headers) {
    return send(request(query, headers).GET().build());
  }

  /// The answer to a POST.
  public HttpResponse<String> post(String query, String body, String... headers) {
    return join(postLater(query, HttpRequest.BodyPublishers.ofString(body), headers));
  }

  CompletableFuture<HttpResponse<String>> postLater(
      String query, HttpRequest.BodyPublisher body, String... headers) {
    return send(request(query, headers).POST(body).build());
  }

  HttpResponse<String> method(String method, String query, String... headers) {
    return join(
        send(request(query, headers).method(method, HttpRequest.BodyPublishers.noBody()).build()));
  }

  private HttpRequest.Builder request(String query, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(query)).timeout(PATIENCE);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  /// The answer, as soon as it is there.
  public static <T> T join(CompletableFuture<T> answer) {
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// Opens a session by polling; answers its query, with the sid.
  public String open() {
    HttpResponse<String> answer = get("EIO=4&transport=polling");
    if (answer.statusCode() != 200) {
      throw new AssertionError("no handshake: " + answer.statusCode() + " " + answer.body());
    }
    return "EIO=4&transport=polling&sid=" + sid(answer.body());
  }

  /// The sid of an open packet.
  public static String sid(String packet) {
    return openPacket(packet).path("sid").asText();
  }

  static JsonNode openPacket(String packet) {
    if (!packet.startsWith("0{")) {
      throw new AssertionError("not an open packet: " + packet);
    }
    return Json.tree(packet.substring(1));
  }

  /// Opens a WebSocket; throws a `CompletionException` when it is refused.
  public Socket connect(String query, String... headers) {
    var socket = new Socket();
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create(server.uri(query).toString().replaceFirst("http", "ws"));
    socket.ws = join(builder.buildAsync(uri, socket));
    return socket;
  }

  /// Opens a session by WebSocket, and takes its open packet.
  public Socket openSocket() {
    Socket socket = connect("EIO=4&transport=websocket");
    socket.sid = sid(socket.text());
    return socket;
  }

  /// The HTTP status with which a WebSocket is refused.
  int refusal(String query, String... headers) {
    try {
      connect(query, headers);
    } catch (CompletionException e) {
      if (e.getCause() instanceof java.net.http.WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
    throw new AssertionError("not refused");
  }

  /// A WebSocket and what came over it.
  public static final class Socket implements WebSocket.Listener {
    private static final Object CLOSED = new Object();

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket ws;
    private volatile int closeCode = -1;
    private String sid = "";

    /// The session's id.
    public String sid() {
      return sid;
    }

    private WebSocket ws() {
      WebSocket open = ws;
      if (open == null) {
        throw new IllegalStateException("not connected");
      }
      return open;
    }

    /// Sends a text.
    public void send(String packet) {
      join(ws().sendText(packet, true));
    }

    void sendParts(String first, String second) {
      join(ws().sendText(first, false));
      join(ws().sendText(second, true));
    }

    /// Sends bytes.
    public void send(byte[] bytes) {
      join(ws().sendBinary(ByteBuffer.wrap(bytes), true));
    }

    void abort() {
      ws().abort();
    }

    /// Takes no more from the network.
    void freeze() {
      frozen = true;
    }

    private volatile boolean frozen;

    private Object next() {
      try {
        Object message = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
          throw new AssertionError("nothing came");
        }
        return message;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /// The next message, a text; pings of the protocol are answered and left out.
    public String text() {
      while (true) {
        Object message = next();
        if (message.equals("2")) {
          send("3");
        } else if (message instanceof String string) {
          return string;
        } else {
          throw new AssertionError("not a text: " + message);
        }
      }
    }

    String raw() {
      return (String) next();
    }

    /// The next message, bytes.
    public byte[] bytes() {
      return (byte[]) next();
    }

    /// Waits for the end, whatever comes before; answers the close code, 1006 for a cut.
    public int closed() {
      while (!next().equals(CLOSED)) {
        // what came before
      }
      return closeCode;
    }

    /// Whether nothing has come that was not taken.
    public boolean isSilent() {
      return received.stream().allMatch("2"::equals);
    }

    @Override
    public void onOpen(WebSocket socket) {
      socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      if (!frozen) {
        socket.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      var bytes = new byte[part.remaining()];
      part.get(bytes);
      received.add(bytes);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closeCode = code;
      received.add(CLOSED);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closeCode = 1006;
      received.add(CLOSED);
    }
  }
}
