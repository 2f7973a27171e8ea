package dev.parley.realtime.engineio;

/// Takes new sessions.
@FunctionalInterface
public interface EngineHandler {
  /// A session is open and can be sent to. Answers who hears it. Called on an event loop.
  EngineListener opened(EngineSocket socket);
}
