package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.identity.Callers;
import dev.parley.platform.crypto.RandomText;
import dev.parley.platform.http.Problem;
import dev.parley.realtime.engineio.CloseReason;
import dev.parley.realtime.engineio.EngineSocket;
import dev.parley.realtime.socketio.ConnectRequest;
import dev.parley.realtime.socketio.Encoded;
import dev.parley.realtime.socketio.IoEvent;
import dev.parley.realtime.socketio.IoSocket;
import dev.parley.realtime.socketio.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One client of [SocketIoDoor], before and after it is let in. Of its session's event loop.
final class SocketIoClient implements Connection {
  private static final Pattern PID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int PID_BYTES = 15;

  private final Realtime realtime;
  private final Commands commands;
  private final Namespace namespace;
  private final Encoding<Encoded> form;
  private final EngineSocket transport;
  private final @Nullable String host;
  private final boolean legacy;
  private @Nullable ConnectRequest request;
  private @Nullable Session session;
  private @Nullable IoSocket socket;

  /// What is written before the client is told that it is in.
  private @Nullable List<Frame> early = new ArrayList<>(0);

  private boolean over;

  /// @param form of what it is told
  SocketIoClient(
      ConnectRequest request,
      boolean legacy,
      Realtime realtime,
      Commands commands,
      Namespace namespace,
      Encoding<Encoded> form) {
    this.realtime = realtime;
    this.commands = commands;
    this.namespace = namespace;
    this.form = form;
    this.legacy = legacy;
    this.request = request;
    this.transport = request.engine();
    this.host = request.handshake().host();
  }

  void knock() {
    ConnectRequest asked = request;
    if (asked == null) {
      return;
    }
    ObjectNode auth = asked.auth();
    var shown =
        new Callers.Shown(
            Commands.text(auth, "apiKey"),
            Commands.text(auth, "token"),
            host,
            Commands.text(auth, "tenant"));
    realtime.admit(
        transport.loop(),
        new Realtime.Knock(
            SocketIoDoor.NAME, shown, Commands.text(auth, "ticket"), asked.handshake().origin()),
        this::admitted,
        refused -> refuse(refused.reason(), refused.getMessage()));
  }

  private void refuse(Closing reason, @Nullable String detail) {
    ConnectRequest asked = request;
    request = null;
    over = true;
    if (asked == null) {
      return;
    }
    if (reason.resumable()) {
      // Clients come again by themselves when the connection ends, and not when they are refused.
      transport.close(CloseReason.FORCED_CLOSE);
      return;
    }
    asked.refuse(
        reason.word(),
        JsonNodeFactory.instance.objectNode().put("code", reason.word()).put("detail", detail));
  }

  private void admitted(Realtime.Admission admission) {
    ConnectRequest asked = request;
    if (asked == null || !transport.isOpen()) {
      realtime.turnAway(admission);
      return;
    }
    Session fresh = realtime.enter(transport.loop(), admission, this);
    session = fresh;
    JsonNode topics = asked.auth().path("topics");
    if (topics.isMissingNode()) {
      welcome(null, null);
      return;
    }
    String offset = asked.offset();
    String pid = asked.pid();
    boolean resumes = offset != null && pid != null && PID.matcher(pid).matches();
    follow(topics, resumes ? offset : null, resumes ? pid : null);
  }

  private void follow(JsonNode topics, @Nullable String after, @Nullable String pid) {
    Session entered = session;
    if (entered == null) {
      return;
    }
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.set("topics", topics);
    if (after != null) {
      fields.put("after", after);
    }
    Command subscribe;
    try {
      subscribe = commands.parse("subscribe", fields, host);
    } catch (Problem problem) {
      welcome(new Ack.Refused(problem).json(), null);
      return;
    }
    entered.command(
        subscribe,
        ack -> {
          ObjectNode answer = ack.json();
          if (after != null && ack instanceof Ack.Refused(Problem problem)) {
            if (problem.code() == Problem.Code.UNAVAILABLE) {
              // The cursor may be good: it comes again with it.
              refuse(Closing.UNAVAILABLE, null);
              entered.ended();
            } else {
              // The cursor is no good: begin anew.
              follow(topics, null, null);
            }
          } else {
            welcome(answer, answer.path("snapshotRequired").asBoolean() ? null : pid);
          }
        });
  }

  /// Tells the client that it is in.
  ///
  /// @param followed how following the topics of `auth` went; null when there were none
  /// @param pid the client's own when it misses nothing
  private void welcome(@Nullable ObjectNode followed, @Nullable String pid) {
    ConnectRequest asked = request;
    Session entered = session;
    request = null;
    if (asked == null || entered == null) {
      return;
    }
    boolean in =
        asked.accept(
            pid == null ? RandomText.of(PID_BYTES) : pid,
            this,
            joined -> {
              socket = joined;
              joined.send(hello(entered, followed));
              List<Frame> waiting = early;
              early = null;
              if (waiting != null) {
                waiting.forEach(this::write);
              }
            });
    if (!in) {
      gone();
    }
  }

  /// The first event. It carries an offset like every other event, so that the client forgets one of before.
  private Encoded hello(Session entered, @Nullable ObjectNode followed) {
    ObjectNode hello = JsonNodeFactory.instance.objectNode();
    hello.put("connectionId", entered.id().toString());
    hello.put("userId", entered.caller().id().toString());
    hello.put("tenantId", entered.caller().inTenant().toString());
    if (followed != null) {
      hello.set("subscribed", followed);
    }
    String cursor = followed == null ? "" : followed.path("cursor").asText();
    return namespace.encodeJson("hello", hello.toString(), cursor);
  }

  void command(IoEvent event) {
    Session entered = session;
    if (over || entered == null) {
      return;
    }
    Command command;
    try {
      command = commands.parse(operation(event.name()), event.arg(0), host);
    } catch (Problem problem) {
      event.ack(new Ack.Refused(problem).json());
      return;
    }
    entered.command(command, ack -> event.ack(ack.json()));
  }

  private String operation(String name) {
    return !legacy
        ? name
        : switch (name) {
          case "typing" -> "typing.start";
          case "stop-typing" -> "typing.stop";
          default -> name;
        };
  }

  void gone() {
    over = true;
    early = null;
    if (session != null) {
      session.ended();
    }
  }

  @Override
  public void write(Frame frame) {
    IoSocket joined = socket;
    if (joined != null) {
      joined.send(frame.as(form));
    } else if (early != null && !frame.isEphemeral()) {
      early.add(frame);
    }
  }

  @Override
  public void flush() {
    // What was sent goes out when the event loop is through with what it does now.
  }

  @Override
  public long queued() {
    return transport.queuedBytes() + (early == null ? 0 : early.size() * 512L);
  }

  @Override
  public void whenDrained(Runnable action) {
    transport.whenDrained(action);
  }

  @Override
  public boolean ping() {
    // The transport has heartbeats of its own.
    return false;
  }

  @Override
  public void close(Closing reason, Duration retryAfter) {
    if (over) {
      return;
    }
    over = true;
    if (reason == Closing.SLOW) {
      transport.close(CloseReason.TOO_SLOW);
      return;
    }
    if (request != null) {
      refuse(reason, reason.doc());
      return;
    }
    IoSocket joined = socket;
    if (joined != null) {
      ObjectNode why =
          JsonNodeFactory.instance
              .objectNode()
              .put("code", reason.word())
              .put("resumable", reason.resumable())
              .put("retryAfterMs", retryAfter.toMillis());
      joined.emit("closing", why);
      if (!reason.resumable()) {
        // Clients do not come again by themselves after this.
        joined.disconnect(true);
        return;
      }
    }
    transport.end();
  }
}
