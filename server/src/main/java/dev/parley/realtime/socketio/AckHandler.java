package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.node.ArrayNode;

/// Hears how a client answered an event. Exactly one of the methods is called, once, on an event loop.
public interface AckHandler {
  /// The client's answer.
  void answered(ArrayNode args);

  /// No answer came in time, or the client left.
  void unanswered();
}
