package dev.parley.realtime.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One packet. Binary parts stand in `data` as `BinaryNode`s.
///
/// @param id the number by which an acknowledgement finds its event; null when none is wanted
/// @param data an object, an array, or nothing
/// @param attachments how many binary parts follow; zero when the packet is whole
record Packet(
    Type type, String namespace, @Nullable Long id, @Nullable JsonNode data, int attachments) {

  /// The types, with their digits on the wire.
  enum Type {
    CONNECT('0'),
    DISCONNECT('1'),
    EVENT('2'),
    ACK('3'),
    CONNECT_ERROR('4'),
    BINARY_EVENT('5'),
    BINARY_ACK('6');

    private final char digit;

    Type(char digit) {
      this.digit = digit;
    }

    char digit() {
      return digit;
    }

    static @Nullable Type of(char digit) {
      for (Type type : values()) {
        if (type.digit == digit) {
          return type;
        }
      }
      return null;
    }

    boolean isBinary() {
      return this == BINARY_EVENT || this == BINARY_ACK;
    }
  }

  Packet whole(JsonNode withAttachments) {
    return new Packet(
        type == Type.BINARY_ACK ? Type.ACK : Type.EVENT, namespace, id, withAttachments, 0);
  }
}
