package dev.parley.platform.cache;

import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The connection to Redis: one for commands, which all threads share, and one for subscriptions.
///
/// Nothing that must not be lost lies there. A command is answered within its time or throws [Away]; after the first
/// that is not, all others throw at once, without waiting, until Redis has answered again, which is looked at on a
/// thread of its own. Whoever uses it says what to do meanwhile. Where no Redis is configured it is always away.
public final class RedisClient implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RedisClient.class);
  private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();
  private static final int MOST_WAITING = 20_000;

  /// Where it is.
  ///
  /// @param url `redis://` or `rediss://` with host, port and number of the database
  /// @param timeout for an answer, and for connecting
  public record Settings(String url, @Nullable Secret password, Duration timeout) {}

  /// Redis has not answered, in time or at all, or with an error.
  public static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// How it is.
  public enum State {
    /// None is configured.
    OFF,
    /// It answers.
    UP,
    /// It does not answer.
    DOWN
  }

  private final UUID process = Ids.next();
  private final @Nullable Settings settings;
  private final @Nullable Supplier<Redis> clients;
  private final List<RedisScript> scripts = new CopyOnWriteArrayList<>();
  private final Map<String, Consumer<byte[]>> channels = new ConcurrentHashMap<>();
  private final List<Runnable> upListeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable RedisLineClient line;
  private volatile boolean running;
  private volatile String why = "not connected yet";
  private @Nullable Thread thread;

  private RedisClient(@Nullable Settings settings, @Nullable Supplier<Redis> clients) {
    this.settings = settings;
    this.clients = clients;
  }

  /// For a process without Redis.
  public static RedisClient none() {
    return new RedisClient(null, null);
  }

  /// For that Redis; connects when it is started. Throws `IllegalArgumentException` when the address is none.
  public static RedisClient to(Vertx vertx, Settings settings) {
    String url = settings.url();
    if (!url.startsWith("redis://") && !url.startsWith("rediss://")) {
      throw new IllegalArgumentException("redis.url must begin with redis:// or rediss://");
    }
    var options =
        new RedisOptions()
            .setConnectionString(url)
            .setMaxPoolSize(2)
            .setMaxPoolWaiting(4)
            .setMaxWaitingHandlers(MOST_WAITING);
    options
        .getNetClientOptions()
        .setConnectTimeout((int) settings.timeout().toMillis())
        .setTcpKeepAlive(true)
        .setHostnameVerificationAlgorithm("HTTPS");
    Secret password = settings.password();
    if (password != null) {
      options.setPassword(password.reveal());
    }
    // One for each try: its pool would keep connections that came too late, or with subscriptions.
    return new RedisClient(settings, () -> Redis.createClient(vertx, new RedisOptions(options)));
  }

  /// Makes a script known to Redis.
  public void script(RedisScript script) {
    scripts.add(script);
    if (line != null) {
      ask(RedisCommand.of("SCRIPT", "LOAD", script.text()));
    }
  }

  /// The name of this process among those that share the Redis; another one after each start.
  public UUID process() {
    return process;
  }

  /// Gives what is published on `channel` to `listener`, on an event loop: it must not block. What is published while
  /// Redis is away is lost. To be called before [#start].
  public void subscribe(String channel, Consumer<byte[]> listener) {
    channels.put(channel, listener);
  }

  /// Runs `action` each time after Redis has come, or come back; it must not block.
  public void onUp(Runnable action) {
    upListeners.add(action);
  }

  /// Whether one is configured.
  public boolean configured() {
    return clients != null;
  }

  /// How it is now.
  public State state() {
    return clients == null ? State.OFF : line == null ? State.DOWN : State.UP;
  }

  /// Why it is away; of no meaning while it is not.
  public String reason() {
    return why;
  }

  /// Connects on a thread of its own, and looks after the connection. Returns at once.
  public synchronized void start() {
    if (clients != null && !running) {
      running = true;
      thread = Thread.ofPlatform().daemon().name("redis").start(this::lookAfter);
    }
  }

  @Override
  public synchronized void close() {
    running = false;
    if (thread != null) {
      LockSupport.unpark(thread);
      thread = null;
    }
    RedisLineClient current = line;
    line = null;
    if (current != null) {
      current.close();
    }
  }

  /// The answer to a command.
  ///
  /// @throws Away when there is none in time
  public RedisReply call(RedisCommand command) {
    return call(List.of(command)).getFirst();
  }

  /// The answers to commands that go out together, one for each.
  ///
  /// @throws Away when one of them has none in time
  public List<RedisReply> call(List<RedisCommand> commands) {
    RedisLineClient current = line;
    Settings known = settings;
    if (current == null || known == null) {
      throw new Away(why, null);
    }
    return await(current.send(commands), known, current);
  }

  /// [#call(RedisCommand)] without waiting. The stage ends with [Away] like a call would, on any thread.
  public CompletionStage<RedisReply> ask(RedisCommand command) {
    RedisLineClient current = line;
    Settings known = settings;
    if (current == null || known == null) {
      return CompletableFuture.failedFuture(new Away(why, null));
    }
    return current
        .send(List.of(command))
        .orTimeout(known.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (replies, failure) -> {
              if (failure != null) {
                lost(current, reason(failure));
                throw new Away(why, failure);
              }
              return replies.getFirst();
            });
  }

  private <T> T await(CompletableFuture<T> answer, Settings known, @Nullable RedisLineClient from) {
    try {
      return answer.get(known.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      lost(from, reason(e));
      throw new Away(why, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Away("interrupted", e);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return e instanceof TimeoutException || cause instanceof TimeoutException
        ? "no answer in time"
        : String.valueOf(cause.getMessage());
  }

  /// Closing it fails everything that still waits for an answer.
  private void lost(@Nullable RedisLineClient which, String reason) {
    synchronized (this) {
      if (which == null || line != which) {
        return;
      }
      line = null;
      why = reason;
    }
    LOG.warnf("redis is away: %s", reason);
    which.close();
    LockSupport.unpark(thread);
  }

  /// Connects on the caller's thread and lets go again; throws [Away] when it cannot. For finding out whether it could.
  public void tryOnce() {
    Supplier<Redis> make = clients;
    Settings known = settings;
    if (make == null || known == null) {
      throw new Away("none is configured", null);
    }
    Redis client = make.get();
    try {
      RedisConnection connection = await(stage(client.connect()), known, null);
      await(stage(connection.send(Request.cmd(Command.PING))), known, null);
    } finally {
      client.close();
    }
  }

  private void lookAfter() {
    while (running) {
      RedisLineClient current = line;
      try {
        if (current == null) {
          connect();
        } else {
          call(RedisCommand.of("PING"));
        }
      } catch (RuntimeException e) {
        why = String.valueOf(e.getMessage());
        LOG.debugf("redis: %s", why);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void connect() {
    Supplier<Redis> make = clients;
    Settings known = settings;
    if (make == null || known == null) {
      return;
    }
    Redis client = make.get();
    RedisLineClient fresh;
    try {
      fresh = connected(client, known);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
    synchronized (this) {
      if (!running) {
        fresh.close();
        return;
      }
      line = fresh;
    }
    LOG.infof("redis answers");
    upListeners.forEach(Runnable::run);
  }

  private RedisLineClient connected(Redis client, Settings known) {
    RedisConnection commands = await(stage(client.connect()), known, null);
    RedisConnection news = await(stage(client.connect()), known, null);
    var fresh = new RedisLineClient(client, commands);
    for (RedisConnection one : List.of(commands, news)) {
      one.exceptionHandler(e -> lost(fresh, String.valueOf(e.getMessage())));
      one.endHandler(_ -> lost(fresh, "the connection was closed"));
    }
    news.handler(this::heard);
    for (RedisScript script : scripts) {
      RedisCommand load = RedisCommand.of("SCRIPT", "LOAD", script.text());
      await(fresh.send(List.of(load)), known, null);
    }
    if (!channels.isEmpty()) {
      Request subscribe = Request.cmd(Command.SUBSCRIBE);
      channels.keySet().forEach(subscribe::arg);
      await(stage(news.send(subscribe)), known, null);
    }
    return fresh;
  }

  private static <T> CompletableFuture<T> stage(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture();
  }

  private void heard(Response response) {
    if (response.size() < 3 || !"message".equals(response.get(0).toString())) {
      return;
    }
    Consumer<byte[]> listener = channels.get(response.get(1).toString());
    if (listener != null) {
      try {
        listener.accept(response.get(2).toBytes());
      } catch (RuntimeException e) {
        LOG.warnf(e, "a listener of %s failed", response.get(1));
      }
    }
  }
}
