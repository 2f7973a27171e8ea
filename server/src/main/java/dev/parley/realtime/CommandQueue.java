package dev.parley.realtime;

import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session's commands: so many a second, one after the other, and only so many that wait. Of its event loop.
final class CommandQueue {
  private static final int WAITING = 64;

  private final int perSecond;
  private final Session session;
  private final SessionCommands commands;

  // Most sessions send none for most of their time.
  private @Nullable ArrayDeque<Waiting> waiting;
  private boolean working;
  private double allowance;
  private long allowedAt = System.nanoTime();

  private record Waiting(Command command, Consumer<Ack> answer) {}

  CommandQueue(int perSecond, Session session, SessionCommands commands) {
    this.perSecond = perSecond;
    this.session = session;
    this.commands = commands;
    this.allowance = 3.0 * perSecond;
  }

  /// How long the client should have waited with one more; zero when it may.
  Duration take() {
    long now = System.nanoTime();
    allowance = Math.min(3.0 * perSecond, allowance + (now - allowedAt) * perSecond / 1e9);
    allowedAt = now;
    if (allowance >= 1) {
      allowance--;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - allowance) / perSecond * 1e9));
  }

  static Ack tooMany(Duration wait) {
    return new Ack.Refused(
        Problem.later(Problem.Code.TOO_MANY, "Too many commands a second.", wait));
  }

  /// Answers false when too many wait.
  boolean add(Command command, Consumer<Ack> answer) {
    ArrayDeque<Waiting> queue = waiting == null ? new ArrayDeque<>(2) : waiting;
    waiting = queue;
    if (queue.size() >= WAITING) {
      return false;
    }
    queue.add(new Waiting(command, answer));
    next();
    return true;
  }

  /// Begins what can begin; to be called when the session is no longer held.
  void next() {
    while (!working && !session.isOver() && !session.isHeld()) {
      ArrayDeque<Waiting> queue = waiting;
      Waiting first = queue == null ? null : queue.poll();
      if (first == null) {
        waiting = null;
        return;
      }
      working = true;
      commands.run(
          first.command(),
          ack -> {
            working = false;
            first.answer().accept(ack);
            next();
          });
    }
  }

  void clear() {
    waiting = null;
  }
}
