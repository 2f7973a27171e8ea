package dev.parley.realtime.engineio;

import java.time.Duration;
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
  private final Outbox outbox = new Outbox();
  private boolean woken;
  private boolean overflown;
  private boolean upgrading;
  private @Nullable Runnable drained;
  private boolean forced;

  private final Inlet inlet = new Inlet(this);
  private final Pulse pulse;

  EngineSocket(EngineServer server, EngineLoop home, String id, Handshake handshake) {
    this.server = server;
    this.home = home;
    this.id = id;
    this.handshake = handshake;
    this.pulse = new Pulse(home.wheel());
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

  /// Bytes that wait for the client here, beside what the system's buffers hold.
  public synchronized int queuedBytes() {
    return outbox.bytes();
  }

  /// Sends packets, next to each other and after everything sent before. Answers false, and does nothing, when the
  /// session is over.
  public boolean send(Outgoing... packets) {
    EngineLoop loop;
    synchronized (this) {
      if (state != State.OPEN || overflown) {
        return false;
      }
      if (outbox.wouldExceed(server.settings().maxQueued(), packets)) {
        overflown = true;
        outbox.clear();
        loop = home;
      } else {
        outbox.add(packets);
        server.sent(packets.length);
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
      if (state == State.CLOSED || (outbox.isEmpty() && state == State.OPEN)) {
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
        } else if (!outbox.isEmpty() || state == State.ENDING) {
          boolean last = state == State.ENDING;
          // A poll that takes the last packets comes back for the goodbye.
          ended = last && (outbox.isEmpty() || line instanceof WebSocketLine);
          after = outbox.write(line, ended);
          ended &= outbox.isEmpty();
          if (outbox.isEmpty() && drained != null) {
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
      forced = reason == CloseReason.FORCED_CLOSE;
      last = line;
      line = null;
      outbox.clear();
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
      if (state != State.CLOSED && !outbox.isEmpty()) {
        drained = drained == null ? action : both(drained, action);
        return;
      }
    }
    home.execute(action);
  }

  private static Runnable both(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
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

  /// The tick of the wheel at which something is to be done.
  int due() {
    return pulse.due();
  }

  /// Called when it is due; answers whether it goes on.
  boolean heartbeat() {
    if (isClosed()) {
      return false;
    }
    if (!pulse.beat()) {
      close(CloseReason.PING_TIMEOUT);
      return false;
    }
    // One that is ending takes no ping; its last packets have as long as a pong would.
    send(Outgoing.PING);
    return true;
  }

  /// Whether we have ended it ourselves, with a goodbye that the client has or is about to get.
  synchronized boolean isSentAway() {
    return state == State.ENDING || forced;
  }

  synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  /// A packet in its text form; answers whether the session goes on.
  boolean receive(String packet) {
    EngineListener hears = listener;
    synchronized (hears) {
      if (isOpen() && admit()) {
        inlet.take(packet, hears);
      }
    }
    return isOpen();
  }

  /// A binary message; answers whether the session goes on.
  boolean receive(byte[] message) {
    EngineListener hears = listener;
    synchronized (hears) {
      if (isOpen() && admit()) {
        inlet.take(message, hears);
      }
    }
    return isOpen();
  }

  private boolean admit() {
    server.received();
    pulse.heard();
    return inlet.admit(server.settings().maxPerSecond());
  }

  /// The client has answered a ping.
  void pong() {
    pulse.pong();
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
