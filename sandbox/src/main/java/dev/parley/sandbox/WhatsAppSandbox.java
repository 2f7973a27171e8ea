package dev.parley.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An emulator of Meta's WhatsApp Cloud API.
///
/// It answers the Graph API under `/{version}/...` for numbers that were registered through its
/// control API, sends signed webhooks as the original does, and can be told to misbehave. The
/// control API lies under `/sandbox/...`:
///
/// | Call | Does |
/// |---|---|
/// | `PUT /sandbox/numbers/{id}` | registers or changes a number; with `webhookUrl` does the handshake |
/// | `GET`, `DELETE /sandbox/numbers/{id}` | shows, removes it |
/// | `POST /sandbox/numbers/{id}/customers/{waId}/messages` | a customer writes; `?wait=true` until it is delivered |
/// | `POST /sandbox/numbers/{id}/webhooks` | delivers any payload; `?signature=wrong`, `?wait=true`, `?tries=3` |
/// | `GET /sandbox/numbers/{id}/messages` | every POST to `/messages`, `?after=` a number, `?limit=` |
/// | `GET /sandbox/numbers/{id}/deliveries` | every attempt to deliver a webhook, paged alike |
/// | `GET /sandbox/numbers/{id}/counts` | exact counts, double sends among them |
/// | `GET`, `PUT /sandbox/numbers/{id}/behaviour` | statuses, batches, duplicates, limits, retries |
/// | `GET`, `PUT /sandbox/numbers/{id}/faults` | errors, latency, hangs, cut connections |
/// | `PUT /sandbox/accounts/{wabaId}/templates/{id}` | gives a template a status and announces it |
/// | `POST /sandbox/reset` | forgets everything |
///
/// All state is in memory and gone after [#close()]. Instances are independent of each other and
/// may be used by any number of callers at the same time.
public final class WhatsAppSandbox implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WhatsAppSandbox.class.getName());
  private static final int BACKLOG = 4096;

  static {
    // Read once, when the JDK's server is first used. Without the first every answer on a kept
    // connection waits 40 ms; the others keep the server from closing the connections of a busy
    // client.
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    setUnlessGiven("sun.net.httpserver.maxIdleConnections", "10000");
    setUnlessGiven("sun.net.httpserver.idleInterval", "300");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final World world;
  private final MediaEndpoint media;
  private final Graph graph;
  private final Control control;
  private final URI url;

  private WhatsAppSandbox(HttpServer server, String host) {
    this.server = server;
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("whatsapp-sandbox-", 0).factory());
    this.world = new World(threads);
    this.media = new MediaEndpoint(world);
    this.graph = new Graph(world, media);
    this.control = new Control(world, media);
    String name = server.getAddress().getAddress().isAnyLocalAddress() ? "localhost" : host;
    this.url =
        URI.create(
            "http://"
                + (name.contains(":") ? "[" + name + "]" : name)
                + ":"
                + server.getAddress().getPort());
  }

  /// Starts a sandbox with no numbers in it.
  ///
  /// @param host the address to listen on, e.g. `127.0.0.1`, or `0.0.0.0` for all
  /// @param port the port; 0 for a free one
  /// @throws UncheckedIOException when the port is taken or the address is not this machine's
  public static WhatsAppSandbox start(String host, int port) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("can't listen on " + host + ":" + port, e);
    }
    WhatsAppSandbox sandbox = new WhatsAppSandbox(server, host);
    sandbox.world.reachableAt(sandbox.url.toString());
    server.createContext("/", sandbox::serve);
    server.setExecutor(sandbox.threads);
    server.start();
    return sandbox;
  }

  /// Where it listens: the base of the Graph API and of the control API, with no slash at the end.
  public URI url() {
    return url;
  }

  /// Stops listening and drops all that is under way, webhooks included.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    world.webhooks().close();
  }

  private void serve(HttpExchange exchange) {
    try {
      answer(Call.read(exchange)).send(exchange);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    } finally {
      exchange.close();
    }
  }

  private Reply answer(Call call) {
    try {
      String first = call.segments().isEmpty() ? "" : call.segments().getFirst();
      if (first.equals("sandbox")) {
        return control.answer(call);
      }
      return call.path().equals(MediaEndpoint.DOWNLOAD_PATH)
          ? media.download(call)
          : graph.answer(call);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR, "a fault of the sandbox itself: " + call.method() + " " + call.path(), e);
      return GraphError.of(131000, "The sandbox failed: " + e).reply();
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
