package dev.parley.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.platform.telemetry.Trace;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that a channel tells about a conversation.
///
/// Every inbound thing names its channel, the customer and the provider's time.
public sealed interface Inbound {
  /// Where it came in.
  Origin origin();

  /// The provider's time, to the second.
  Instant time();

  /// Where something came in, and from whom.
  ///
  /// @param lane of the channel's customer; the lane that a conversation made now will have
  /// @param hasWindow whether the channel closes for free messages 24 hours after the customer's last
  record Origin(
      UUID channelId, Contacts.Sighting customer, int lane, boolean hasWindow, Trace trace) {}

  /// A message: the customer's, or with `byUs` one that the business wrote on the phone.
  ///
  /// @param referral the advertisement that brought the customer, as the provider tells it
  record Written(
      Origin origin,
      Instant time,
      String providerMessageId,
      Content content,
      @Nullable String replyToProviderId,
      @Nullable JsonNode referral,
      boolean byUs)
      implements Inbound {}

  /// A message was changed.
  record Edited(Origin origin, Instant time, String originalProviderId, Content content)
      implements Inbound {}

  /// A message was taken back.
  record Revoked(Origin origin, Instant time, String originalProviderId) implements Inbound {}

  /// The customer has another identity from now on.
  record Renamed(Origin origin, Instant time, Identity identity, Written notice)
      implements Inbound {}
}
