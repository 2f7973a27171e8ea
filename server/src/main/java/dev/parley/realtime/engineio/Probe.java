package dev.parley.realtime.engineio;

import java.util.concurrent.Future;

/// A WebSocket that wants to take over from polling: `2probe`, `3probe`, and after polling has paused `5`. On the
/// event loop of the WebSocket.
final class Probe {
  /// What the packet came to.
  enum Step {
    GO_ON,
    DONE,
    FAILED
  }

  private final EngineSocket session;
  private final Future<?> timeout;
  private final WebSocketLine line;
  private boolean over;

  Probe(EngineSocket session, EngineLoop loop, WebSocketLine line, EngineSettings settings) {
    this.session = session;
    this.line = line;
    this.timeout = loop.schedule(settings.upgradeTimeout(), this::tooLate);
  }

  private void tooLate() {
    abandon();
    line.shut(CloseReason.FORCED_CLOSE);
  }

  Step packet(String packet) {
    return switch (packet) {
      case "2probe" -> {
        line.writeNow(Outgoing.PROBE);
        // The client changes over when its poll has come back.
        PollingLine polling = session.polling();
        if (polling != null) {
          polling.hurry();
        }
        yield Step.GO_ON;
      }
      case "5" -> {
        over = true;
        timeout.cancel(false);
        yield session.finishUpgrade(line) ? Step.DONE : Step.FAILED;
      }
      default -> {
        abandon();
        yield Step.FAILED;
      }
    };
  }

  void abandon() {
    if (!over) {
      over = true;
      timeout.cancel(false);
      session.abandonUpgrade();
    }
  }
}
