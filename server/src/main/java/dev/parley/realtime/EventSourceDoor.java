package dev.parley.realtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.http.Problem;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Server-sent events at `GET /api/v1/stream`: `topics` says what to follow, `Last-Event-ID` or `after` where to go on.
/// Each event has its name as `event`, its cursor as `id`, and its envelope as `data`.
public final class EventSourceDoor {
  private static final String PATH = "/api/v1/stream";
  private static final String NAME = "sse";
  private static final Duration LAST_WORD = Duration.ofSeconds(5);
  private static final Buffer BEAT = Buffer.buffer(": \n\n");

  private final Encoding<Buffer> form = new Encoding<>(frame -> event(frame, false));
  private final Encoding<Buffer> legacyForm = new Encoding<>(frame -> event(frame, true));

  private final Realtime realtime;

  /// Lets clients into `realtime`.
  public EventSourceDoor(Realtime realtime) {
    this.realtime = realtime;
  }

  /// Adds the route.
  public void mount(Router router) {
    router.get(PATH).order(-1000).handler(this::open);
  }

  private static Buffer event(Frame frame, boolean legacy) {
    String cursor = frame.cursor();
    return Buffer.buffer(
        "event: "
            + frame.name(legacy)
            + (cursor == null ? "" : "\nid: " + cursor)
            + "\ndata: "
            + frame.payload()
            + "\n\n");
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    EventLoop loop = ((ContextInternal) Vertx.currentContext()).nettyEventLoop();
    List<Topic> topics;
    try {
      topics = topics(request.getParam("topics"));
    } catch (Problem problem) {
      Refusals.answer(context, problem);
      return;
    }
    var shown =
        new Callers.Shown(
            request.getHeader("X-API-Key"),
            Refusals.bearer(request.getHeader("Authorization")),
            request.getHeader("Host"),
            request.getHeader("X-Tenant"));
    var knock =
        new Realtime.Knock(NAME, shown, request.getParam("ticket"), request.getHeader("Origin"));
    // A reader that lost its connection says by itself where it was.
    String last = request.getHeader("Last-Event-ID");
    String after = last == null || last.isEmpty() ? request.getParam("after") : last;
    boolean legacy = "true".equals(request.getParam("legacy"));
    var client = new Client(context, loop, legacy);
    request.resume();
    context.response().closeHandler(_ -> client.gone());
    realtime.admit(
        loop,
        knock,
        admission -> client.enter(admission, topics, after),
        refused -> Refusals.answer(context, Refusals.problem(refused)));
  }

  private static List<Topic> topics(@Nullable String names) {
    var topics = new ArrayList<Topic>();
    if (names != null) {
      for (String name : names.split(",", 501)) {
        topics.add(Topic.parse(name.strip()));
      }
    }
    if (topics.size() > 500) {
      throw Problem.invalid("topics", "must be at most 500");
    }
    return topics;
  }

  /// One reader.
  private final class Client implements Connection {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final EventLoop loop;
    private final boolean legacy;
    private @Nullable Session session;
    private boolean begun;
    private boolean over;

    Client(RoutingContext context, EventLoop loop, boolean legacy) {
      this.context = context;
      this.response = context.response();
      this.loop = loop;
      this.legacy = legacy;
    }

    void enter(Realtime.Admission admission, List<Topic> topics, @Nullable String after) {
      if (over) {
        realtime.turnAway(admission);
        return;
      }
      Session fresh = realtime.enter(loop, admission, this);
      session = fresh;
      List<Topic> wanted = topics.isEmpty() ? usual(fresh.caller()) : topics;
      String cursor = after == null || after.isEmpty() ? null : after;
      fresh.command(new Command.Subscribe(wanted, cursor), this::subscribed);
    }

    private static List<Topic> usual(Caller caller) {
      return List.of(caller.kind() == Caller.Kind.USER ? new Topic.Mine() : new Topic.Inbox());
    }

    private void subscribed(Ack ack) {
      switch (ack) {
        case Ack.Refused(Problem problem) -> {
          over = true;
          Refusals.answer(context, problem);
          if (session != null) {
            session.ended();
          }
        }
        case Ack.Done done -> begin(done);
      }
    }

    private void begin(Ack.Done done) {
      begun = true;
      response.setChunked(true);
      response
          .putHeader("Content-Type", "text/event-stream; charset=utf-8")
          .putHeader("Cache-Control", "no-cache, no-transform")
          .putHeader("X-Accel-Buffering", "no")
          .putHeader("X-Content-Type-Options", "nosniff");
      if (hasConnection()) {
        // It is closed a moment after the end, and must not be used for another request until then.
        response.putHeader("Connection", "close");
      }
      String cursor = done.result().path("cursor").asText();
      boolean snapshot = done.result().path("snapshotRequired").asBoolean();
      var hello = JsonNodeFactory.instance.objectNode().setAll(done.result());
      // With the name and id of an event, so that a reader that is cut off before the first one
      // goes on here.
      write(
          Buffer.buffer(
              "retry: 2000\nevent: "
                  + (snapshot ? "snapshot.required" : "hello")
                  + "\nid: "
                  + cursor
                  + "\ndata: "
                  + hello
                  + "\n\n"));
    }

    void gone() {
      over = true;
      if (session != null) {
        session.ended();
      }
    }

    private void write(Buffer bytes) {
      if (!response.closed() && !response.ended()) {
        response.write(bytes);
      }
    }

    @Override
    public void write(Frame frame) {
      if (begun) {
        write(frame.as(legacy ? legacyForm : form));
      }
    }

    @Override
    public void flush() {
      // What is written leaves by itself.
    }

    @Override
    public long queued() {
      return context.request().connection() instanceof ConnectionBase connection
          ? new Wire(connection.channelHandlerContext()).queued()
          : response.writeQueueFull() ? realtime.bounds().queuedBytes() : 0;
    }

    @Override
    public void whenDrained(Runnable action) {
      response.write(BEAT).onComplete(_ -> action.run());
    }

    @Override
    public boolean ping() {
      if (begun && queued() == 0) {
        write(BEAT);
      }
      return false;
    }

    @Override
    public void close(Closing reason, Duration retryAfter) {
      if (over) {
        return;
      }
      over = true;
      if (begun) {
        String retry = retryAfter.isZero() ? "" : "retry: " + retryAfter.toMillis() + "\n";
        write(
            Buffer.buffer(
                retry + "event: closing\ndata: {\"reason\":\"" + reason.word() + "\"}\n\n"));
      }
      response.end();
      if (hasConnection()) {
        var connection = context.request().connection();
        var _ =
            loop.schedule(() -> connection.close(), LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    /// Whether the connection is this reader's alone, which it is not with HTTP/2.
    private boolean hasConnection() {
      return context.request().version() != HttpVersion.HTTP_2;
    }
  }
}
