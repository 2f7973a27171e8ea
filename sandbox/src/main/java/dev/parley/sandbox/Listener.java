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
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/// What every emulator listens with: the JDK's HTTP server with a virtual thread for each call.
public final class Listener implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Listener.class.getName());
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
  private final URI url;

  private Listener(HttpServer server, String host, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
    String name = server.getAddress().getAddress().isAnyLocalAddress() ? "localhost" : host;
    this.url =
        URI.create(
            "http://"
                + (name.contains(":") ? "[" + name + "]" : name)
                + ":"
                + server.getAddress().getPort());
  }

  /// Takes the port; nothing is answered before [#serve].
  ///
  /// @param name what its threads are called
  /// @param host the address to listen on, e.g. `127.0.0.1`, or `0.0.0.0` for all
  /// @param port the port; 0 for a free one
  /// @throws UncheckedIOException when the port is taken or the address is not this machine's
  public static Listener bind(String name, String host, int port) {
    try {
      return new Listener(
          HttpServer.create(new InetSocketAddress(host, port), BACKLOG),
          host,
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory()));
    } catch (IOException e) {
      throw new UncheckedIOException("can't listen on " + host + ":" + port, e);
    }
  }

  /// Answers calls from now on.
  ///
  /// @param answers gives the reply to a call
  /// @param fault what is replied when `answers` throws, which is a fault of the emulator itself
  public void serve(Function<Call, Reply> answers, Function<RuntimeException, Reply> fault) {
    server.createContext("/", exchange -> serve(exchange, answers, fault));
    server.setExecutor(threads);
    server.start();
  }

  /// Where it listens, with no slash at the end.
  public URI url() {
    return url;
  }

  /// Starts a thread for each task; is shut down by [#close()].
  public ExecutorService threads() {
    return threads;
  }

  /// Runs a task beside the caller; nothing is run any more once this is closed.
  public void start(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closed) {
      // Nobody is left to see the outcome.
    }
  }

  /// Stops listening and interrupts all that is under way.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void serve(
      HttpExchange exchange,
      Function<Call, Reply> answers,
      Function<RuntimeException, Reply> fault) {
    try {
      answer(Call.read(exchange), answers, fault).send(exchange);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the caller is gone", e);
    } finally {
      exchange.close();
    }
  }

  private static Reply answer(
      Call call, Function<Call, Reply> answers, Function<RuntimeException, Reply> fault) {
    try {
      return answers.apply(call);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR, "a fault of the sandbox itself: " + call.method() + " " + call.path(), e);
      return fault.apply(e);
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
