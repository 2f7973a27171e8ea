package dev.parley.conversations;

import dev.parley.contacts.Contact;
import dev.parley.platform.db.Tx;
import java.util.UUID;

/// What conversations ask of channels, which are above them: may this be said there, and how does one begin.
public interface ChannelGate {

  /// How a conversation begins on a channel.
  ///
  /// @param projectId the channel's project
  /// @param lane of the customer on this channel
  /// @param hasWindow whether free messages need a customer's message within 24 hours
  record Opening(UUID projectId, int lane, boolean hasWindow) {}

  /// Throws a [dev.parley.platform.http.Problem] that names field and limit when the channel cannot send the content,
  /// or when it is not able to send at all.
  void check(Tx tx, UUID channelId, Content content);

  /// How a conversation with the contact begins; throws a [dev.parley.platform.http.Problem] when the channel cannot
  /// reach that contact.
  Opening opening(Tx tx, UUID channelId, Contact contact);
}
