package dev.parley.realtime.presence;

import dev.parley.platform.timers.Ticker;
import dev.parley.testing.Await;
import dev.parley.testing.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A node as far as presence goes, and all that it was told.
final class PresenceNode implements AutoCloseable, PresenceBoard.News {
  final PendingChanges pending = new PendingChanges();
  final PresenceEngine engine;
  final List<PresenceUpdate> told = new CopyOnWriteArrayList<>();
  final List<PresenceUpdate> reaped = new CopyOnWriteArrayList<>();
  private @Nullable PresenceBoard board;
  private @Nullable Ticker ticker;

  PresenceNode() {
    engine =
        new PresenceEngine(
            new PresenceEngine.Settings(Duration.ofMinutes(5), Duration.ofMinutes(10)),
            System::nanoTime,
            new TestClock(),
            pending::add);
  }

  PresenceNode with(PresenceBoard made) {
    board = made;
    goOn();
    return this;
  }

  PresenceBoard board() {
    if (board == null) {
      throw new IllegalStateException("it has no board");
    }
    return board;
  }

  /// It does nothing any more, as if it were stopped by a debugger.
  void pause() {
    if (ticker != null) {
      ticker.stop(Duration.ofSeconds(5));
    }
  }

  /// Returns when what has changed so far is told.
  void settle() {
    Await.until("all is taken", () -> pending.size() == 0);
    // The turn that took it is over then.
    pause();
    goOn();
  }

  void goOn() {
    ticker = new Ticker("presence-test", Duration.ofMillis(5), () -> board().turn());
    ticker.start();
  }

  @Override
  public void told(List<PresenceUpdate> updates) {
    told.addAll(updates);
  }

  @Override
  public void reaped(PresenceUpdate update) {
    reaped.add(update);
  }

  @Override
  public void close() {
    pause();
  }
}
