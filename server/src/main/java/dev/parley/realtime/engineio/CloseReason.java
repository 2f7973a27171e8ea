package dev.parley.realtime.engineio;

/// Why a session ended.
public enum CloseReason {
  /// The client said goodbye or its connection went away.
  TRANSPORT_CLOSE("transport close", 1000),
  /// The client broke the rules of the transport: two polls at a time, too large a payload.
  TRANSPORT_ERROR("transport error", 1009),
  /// No pong came in time.
  PING_TIMEOUT("ping timeout", 1001),
  /// A packet could not be read.
  PARSE_ERROR("parse error", 1002),
  /// The server closed it.
  FORCED_CLOSE("forced close", 1000),
  /// The client did not read what was sent to it; it may come back and resume.
  TOO_SLOW("too slow", 1013),
  /// The client sent more packets a second than it may.
  TOO_MANY("too many packets", 1008),
  /// This process stops; the client may go on with another.
  SHUTTING_DOWN("server shutting down", 1012);

  private final String text;
  private final short code;

  CloseReason(String text, int code) {
    this.text = text;
    this.code = (short) code;
  }

  /// As handlers and logs show it.
  public String text() {
    return text;
  }

  /// The status code of the WebSocket's close frame.
  short code() {
    return code;
  }

  /// Whether the client may still answer.
  boolean reachable() {
    return this != PING_TIMEOUT;
  }
}
