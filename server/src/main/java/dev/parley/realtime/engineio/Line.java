package dev.parley.realtime.engineio;

import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One transport of one session. Its methods but `shut` are called with the session's monitor held.
sealed interface Line permits PollingLine, WebSocketLine {
  /// The event loop that can write now; null while the transport takes nothing, in which case the session is flushed
  /// when that changes.
  @Nullable EngineLoop writable();

  /// Takes packets out of the queue and writes them, as far as it goes; with `last` a goodbye follows where the transport
  /// has one. On the event loop that [#writable] has named. What it answers is run after the monitor is given back.
  Runnable write(Queue<Outgoing> queue, boolean last);

  /// Ends the transport; any thread, no monitor held.
  void shut(CloseReason reason);
}
