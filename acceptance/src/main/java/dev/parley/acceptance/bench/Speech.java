package dev.parley.acceptance.bench;

/// What a client of the [Crowd] says, and how it knows what it hears. All texts are ASCII.
///
/// @param path of the WebSocket
/// @param hello what it sends first, and what every frame that lets it in begins with; empty when it is in at once
/// @param pong what it answers to the text `2`; empty where pings are frames of the WebSocket
/// @param event what every delivery begins with
record Speech(String path, String hello, String welcome, String pong, String event) {
  /// Socket.IO, in the rooms of a server that has the events `join` and `fan`.
  static final Speech SOCKET_IO =
      new Speech(
          "/socket.io/?EIO=4&transport=websocket",
          "40{\"token\":\"x\",\"quiet\":true}",
          "40{",
          "3",
          "42[\"fan\"");

  /// The peer on bare `ws`.
  static final Speech PLAIN = new Speech("/", "", "", "", "{\"event\":\"fan\"");

  /// Socket.IO of Parley, let in by an access token, following a topic.
  static Speech parley(String token, String topic, String after) {
    return new Speech(
        "/socket.io/?EIO=4&transport=websocket",
        "40{\"token\":\"%s\",\"topics\":[\"%s\"]%s}".formatted(token, topic, after),
        "42[\"hello\"",
        "3",
        "42[\"message.posted\"");
  }

  String join(String room) {
    return this.equals(PLAIN)
        ? "{\"op\":\"join\",\"room\":\"%s\"}".formatted(room)
        : "420[\"join\",\"%s\"]".formatted(room);
  }

  String joined() {
    return this.equals(PLAIN) ? "{\"joined\"" : "430";
  }

  /// Something to be told to all in the room; about as long as a short message in JSON.
  String fan(String room, long number) {
    String what =
        "{\"id\":\"0190f3c2-7a55-7c3e-9f0a-5b1d2c3e4f50\",\"n\":%d,\"text\":\"%s\"}"
            .formatted(number, "a short message of a person");
    return this.equals(PLAIN)
        ? "{\"op\":\"fan\",\"room\":\"%s\",\"data\":%s}".formatted(room, what)
        : "42[\"fan\",\"%s\",%s]".formatted(room, what);
  }
}
