package dev.parley.realtime.engineio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One session, whatever carries it. Usable from any thread.
///
/// Messages that one thread sends arrive in that order, also across a change of transport. What waits for a client is
/// bounded in bytes: beyond the bound the session ends with [CloseReason#TOO_SLOW].
public final class EngineSocket {
  private static final Logger LOG = Logger.getLogger(EngineSocket.class);

  private enum State {
    OPEN,
    /// Takes nothing more; closes when everything is written.
    ENDING,
    CLOSED
  }

  private final EngineServer server;
  private final EngineLoop home;
  private final String id;
  private final Handshake handshake;
  private volatile EngineListener listener = EngineServer.NOBODY;

  // Guarded by this.
  private State state = State.OPEN;
  private @Nullable Line line;
  private @Nullable ArrayDeque<Outgoing> queue;
  private int queued;
  private boolean woken;
  private boolean overflown;
  private boolean upgrading;
  private @Nullable Runnable drained;

  // Of the inbound side, one thread at a time.
  private int second;
  private int inSecond;

  private volatile int due;
  private volatile boolean pinged;
  private volatile boolean putOff;

  EngineSocket(EngineServer server, EngineLoop home, String id, Handshake handshake) {
    this.server = server;
    this.home = home;
    this.id = id;
    this.handshake = handshake;
    this.due = home.wheel().nextPing();
  }

  /// On its event loop: begins with that transport and that packet.
  void greet(Line first, Outgoing greeting) {
    synchronized (this) {
      line = first;
    }
    send(greeting);
    home.wheel().add(this);
    listener = server.opened(this);
  }

  /// The session's id, which also lets polls in: a secret of the client.
  public String id() {
    return id;
  }

  /// What the first request told.
  public Handshake handshake() {
    return handshake;
  }

  /// Whether it takes messages.
  public synchronized boolean isOpen() {
    return state == State.OPEN;
  }

  /// The transport's name: `polling` or `websocket`.
  public synchronized String transport() {
    return line instanceof WebSocketLine ? "websocket" : "polling";
  }

  /// Bytes that wait for the client here, beside what the system's buffers hold.
  public synchronized int queuedBytes() {
    return queued;
  }

  /// Sends packets, next to each other and after everything sent before. Answers false, and does nothing, when the
  /// session is over.
  public boolean send(Outgoing... packets) {
    EngineLoop loop;
    synchronized (this) {
      if (state != State.OPEN || overflown) {
        return false;
      }
      int size = 0;
      for (Outgoing packet : packets) {
        size += packet.size();
      }
      if (queued + size > server.settings().maxQueued() && queued > 0) {
        overflown = true;
        queue = null;
        loop = home;
      } else {
        ArrayDeque<Outgoing> waiting = queue;
        if (waiting == null) {
          waiting = new ArrayDeque<>(2);
          queue = waiting;
        }
        for (Outgoing packet : packets) {
          waiting.add(packet);
        }
        queued += size;
        loop = toWake();
        if (loop == null) {
          return true;
        }
      }
    }
    loop.wake(this);
    return true;
  }

  /// The loop on which to flush; null when that is under way or the transport takes nothing.
  private @Nullable EngineLoop toWake() {
    if (woken || line == null) {
      return null;
    }
    EngineLoop loop = line.writable();
    woken = loop != null;
    return loop;
  }

  /// The transport can write again.
  void ready() {
    EngineLoop loop;
    synchronized (this) {
      if (state == State.CLOSED || (queue == null && state == State.OPEN)) {
        return;
      }
      loop = toWake();
    }
    if (loop != null) {
      loop.wake(this);
    }
  }

  /// On an event loop: writes what can be written there.
  void flush(EngineLoop loop) {
    Runnable after = null;
    EngineLoop other = null;
    boolean ended = false;
    boolean slow;
    synchronized (this) {
      woken = false;
      slow = overflown;
      if (state == State.CLOSED || line == null) {
        return;
      }
      EngineLoop writable = line.writable();
      if (!slow && writable != null) {
        if (writable != loop) {
          woken = true;
          other = writable;
        } else if (queue != null || state == State.ENDING) {
          ArrayDeque<Outgoing> waiting = queue == null ? new ArrayDeque<>(1) : queue;
          int before = waiting.size();
          after = line.write(waiting, state == State.ENDING);
          server.sent(before - waiting.size());
          queued = waiting.isEmpty() ? 0 : sizeOf(waiting);
          queue = waiting.isEmpty() ? null : waiting;
          ended = state == State.ENDING && waiting.isEmpty();
          if (waiting.isEmpty() && drained != null) {
            home.execute(drained);
            drained = null;
          }
        }
      }
    }
    if (slow) {
      close(CloseReason.TOO_SLOW);
    } else if (other != null) {
      other.wake(this);
    } else if (after != null) {
      after.run();
      if (ended) {
        close(CloseReason.FORCED_CLOSE);
      }
    }
  }

  private static int sizeOf(ArrayDeque<Outgoing> packets) {
    int size = 0;
    for (Outgoing packet : packets) {
      size += packet.size();
    }
    return size;
  }

  /// Closes the session when what was sent before is written. The listener hears of it then, or when the client is
  /// found to be gone.
  public void end() {
    synchronized (this) {
      if (state != State.OPEN) {
        return;
      }
      state = State.ENDING;
    }
    ready();
  }

  /// Closes the session now, dropping what waits for the client. The listener hears of it on an event loop.
  public void close(CloseReason reason) {
    Line last;
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      last = line;
      line = null;
      queue = null;
      queued = 0;
      if (drained != null) {
        home.execute(drained);
        drained = null;
      }
    }
    server.closed(this, reason);
    if (last != null) {
      last.shut(reason);
    }
    home.execute(
        () -> {
          EngineListener hears = listener;
          listener = EngineServer.NOBODY;
          synchronized (hears) {
            try {
              hears.closed(reason);
            } catch (RuntimeException e) {
              LOG.errorf(e, "engine.io: a listener failed");
            }
          }
        });
  }

  /// The session's event loop, which is the same for all of its life.
  public ScheduledExecutorService loop() {
    return home.executor();
  }

  /// Runs `action` once on that event loop: when everything that was sent has been given to the network, or the session
  /// is over.
  public void whenDrained(Runnable action) {
    synchronized (this) {
      if (state != State.CLOSED && queue != null) {
        Runnable before = drained;
        drained =
            before == null
                ? action
                : () -> {
                  before.run();
                  action.run();
                };
        return;
      }
    }
    home.execute(action);
  }

  /// Runs a task on the session's event loop. Tasks of one thread run in their order.
  public void execute(Runnable task) {
    home.execute(task);
  }

  /// Runs a task on that event loop after the delay, unless the answer is cancelled before.
  public Future<?> schedule(Duration delay, Runnable task) {
    return home.schedule(delay, task);
  }

  // Heartbeats.

  int due() {
    return due;
  }

  /// Called when it is due; answers whether it goes on.
  boolean heartbeat() {
    synchronized (this) {
      if (state == State.CLOSED) {
        return false;
      }
    }
    if (pinged) {
      close(CloseReason.PING_TIMEOUT);
      return false;
    }
    pinged = true;
    putOff = false;
    due = home.wheel().pongDue();
    if (!send(Outgoing.PING)) {
      // It is ending, and its last packets have as long as a pong would.
      return isUnderWay();
    }
    return true;
  }

  private synchronized boolean isUnderWay() {
    return state != State.CLOSED;
  }

  // What comes in.

  /// A packet in its text form; answers whether the session goes on.
  boolean receive(String packet) {
    EngineListener hears = listener;
    synchronized (hears) {
      if (!admitted()) {
        return false;
      }
      if (packet.isEmpty()) {
        close(CloseReason.PARSE_ERROR);
        return false;
      }
      switch (packet.charAt(0)) {
        case '4' -> hand(hears, packet.substring(1), null);
        case 'b' -> {
          byte[] bytes;
          try {
            bytes = Base64.getDecoder().decode(packet.substring(1));
          } catch (IllegalArgumentException e) {
            close(CloseReason.PARSE_ERROR);
            return false;
          }
          hand(hears, null, bytes);
        }
        case '3' -> {
          pinged = false;
          due = home.wheel().nextPing();
        }
        case '1' -> close(CloseReason.TRANSPORT_CLOSE);
        // Only servers ping.
        case '2' -> close(CloseReason.TRANSPORT_ERROR);
        case '0', '5', '6' -> {
          // Valid packets that mean nothing here.
        }
        default -> close(CloseReason.PARSE_ERROR);
      }
    }
    return isOpen();
  }

  /// A binary message; answers whether the session goes on.
  boolean receive(byte[] message) {
    EngineListener hears = listener;
    synchronized (hears) {
      if (!admitted()) {
        return false;
      }
      hand(hears, null, message);
    }
    return isOpen();
  }

  private void hand(EngineListener hears, @Nullable String text, byte @Nullable [] binary) {
    try {
      if (text != null) {
        hears.text(text);
      } else if (binary != null) {
        hears.binary(binary);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "engine.io: a listener failed");
      close(CloseReason.FORCED_CLOSE);
    }
  }

  private boolean admitted() {
    if (!isOpen()) {
      return false;
    }
    server.received();
    if (pinged && !putOff) {
      // It is there, if busy; a pong may take a little longer, once.
      putOff = true;
      due = home.wheel().pongDue();
    }
    int now = (int) (System.nanoTime() >> 30);
    if (now != second) {
      second = now;
      inSecond = 0;
    }
    if (++inSecond > server.settings().maxPerSecond()) {
      close(CloseReason.TOO_MANY);
      return false;
    }
    return true;
  }

  // Changes of transport.

  /// The transport if it is polling.
  synchronized @Nullable PollingLine polling() {
    return line instanceof PollingLine polling ? polling : null;
  }

  /// Begins a change to WebSocket; answers false when one is under way or done.
  synchronized boolean beginUpgrade() {
    if (upgrading || !(line instanceof PollingLine) || state == State.CLOSED) {
      return false;
    }
    upgrading = true;
    return true;
  }

  synchronized boolean isUpgrading() {
    return upgrading;
  }

  /// The change did not come to its end; polling goes on.
  synchronized void abandonUpgrade() {
    upgrading = false;
  }

  /// Changes over; what waits goes out on the new transport. Answers false when the session is over.
  boolean finishUpgrade(WebSocketLine next) {
    PollingLine polling;
    synchronized (this) {
      upgrading = false;
      if (state == State.CLOSED || !(line instanceof PollingLine old)) {
        return false;
      }
      polling = old;
      line = next;
      woken = false;
    }
    polling.leave();
    ready();
    return true;
  }
}
