package dev.parley.realtime;

import java.time.Duration;

/// One client's way out, of whatever protocol. A door makes one for each client. It belongs to one event loop: every
/// method is called there, and [Session] must be called there too.
public interface Connection {
  /// Puts a frame in the queue of the socket; it may leave only with [#flush]. Never blocks, and never refuses: the
  /// session has looked at [#queued] before.
  void write(Frame frame);

  /// Sends what was written.
  void flush();

  /// Bytes that were written and that the network has not taken. The session keeps them under its limit.
  long queued();

  /// Calls `action` once, on the event loop, when [#queued] has become small again; at once when it is.
  void whenDrained(Runnable action);

  /// Asks for a sign of life in the protocol's own way. Answers whether the client will be heard of, so that its silence
  /// means that it is gone; false where the protocol looks after that by itself or clients never say anything.
  boolean ping();

  /// Ends the connection, telling the client the reason where the protocol can, after what was written before.
  ///
  /// @param retryAfter when to come again; zero when it does not matter
  void close(Closing reason, Duration retryAfter);
}
