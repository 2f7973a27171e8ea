package dev.parley.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is to be told to Genesys, complete: the same whenever it is made again, so that a part that was told is known.
///
/// @param source the message, or the event that is told as a text
/// @param externalId `channel.messageId` of the first part; those of the others end with their number
/// @param time `channel.time` of the first part
/// @param customer who says it
/// @param name the customer's name; null when it is not known
/// @param attributes for Genesys' flows
record Telling(
    UUID source,
    UUID conversation,
    String externalId,
    Instant time,
    BridgeStore.Customer customer,
    @Nullable String name,
    ObjectNode attributes,
    List<Part> parts) {

  /// The name of a part at Genesys.
  String externalId(int part) {
    return part == 0 ? externalId : externalId + ":" + part;
  }

  /// The same with other parts.
  Telling with(List<Part> others) {
    return new Telling(source, conversation, externalId, time, customer, name, attributes, others);
  }

  /// The body of a part for Genesys' inbound endpoints.
  ObjectNode body(int part) {
    return OpenMessage.body(this, part);
  }
}
