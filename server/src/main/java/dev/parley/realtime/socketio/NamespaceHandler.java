package dev.parley.realtime.socketio;

/// What a namespace is for. The calls for one connection come one at a time, on an event loop: they must not block.
public interface NamespaceHandler {
  /// A client wants to join: call [ConnectRequest#accept] or [ConnectRequest#refuse] once, now or later.
  void connecting(ConnectRequest request);

  /// A client that was accepted has sent an event.
  void event(IoSocket socket, IoEvent event);

  /// A client that was accepted has left. The socket is in no room any more.
  ///
  /// @param reason such as `transport close`, `ping timeout`, `client namespace disconnect`
  void disconnected(IoSocket socket, String reason);
}
