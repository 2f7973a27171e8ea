package dev.parley.acceptance.driver;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Packets of Engine.IO by long polling.
final class SocketIoPolls implements SocketIo.Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String BETWEEN = "\u001e";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI first;
  private final Consumer<String> heard;
  private final Consumer<String> ended;
  private final URI session;
  private final Thread reader;
  private volatile boolean frozen;
  private volatile boolean dropped;

  SocketIoPolls(URI server, Consumer<String> heard, Consumer<String> ended) {
    this.first = URI.create(server + "/socket.io/?EIO=4&transport=polling");
    this.heard = heard;
    this.ended = ended;
    String open;
    try {
      open = call(HttpRequest.newBuilder(first).GET());
    } catch (IOException e) {
      throw new IllegalStateException("no connection to " + first, e);
    }
    this.session = URI.create(first + "&sid=" + Json.read(open.substring(1)).path("sid").asText());
    this.reader = Thread.ofVirtual().name("polls").unstarted(() -> read(open));
  }

  @Override
  public void begin() {
    reader.start();
  }

  private void read(String open) {
    try {
      heard.accept(open);
      while (!dropped) {
        if (frozen) {
          LockSupport.parkNanos(20_000_000);
          continue;
        }
        for (String packet : call(HttpRequest.newBuilder(session).GET()).split(BETWEEN)) {
          heard.accept(packet);
        }
      }
    } catch (IOException | IllegalStateException e) {
      ended.accept(String.valueOf(e.getMessage()));
    }
  }

  private static String call(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          CLIENT.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("it answered " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("dropped", e);
    }
  }

  @Override
  public synchronized void send(String packet) {
    try {
      call(
          HttpRequest.newBuilder(session)
              .header("Content-Type", "text/plain;charset=UTF-8")
              .POST(HttpRequest.BodyPublishers.ofString(packet)));
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  public void frozen(boolean on) {
    frozen = on;
  }

  @Override
  public void drop() {
    dropped = true;
    reader.interrupt();
  }
}
