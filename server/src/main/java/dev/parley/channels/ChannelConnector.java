package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Failure;
import dev.parley.conversations.MessageMedia;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Speaks to one kind of provider. A new kind of channel is one implementation of this and one webhook.
public interface ChannelConnector {
  /// The kind that it speaks for, as it stands in `channels.kind`.
  String kind();

  /// Whether free messages need a customer's message within the last 24 hours.
  boolean hasWindow();

  /// What is wrong with a channel's settings; empty when nothing is.
  List<Problem.FieldError> checkSettings(JsonNode settings, ChannelAccount.Credentials credentials);

  /// What the provider would refuse about a content, before anything is accepted; empty when nothing.
  List<Problem.FieldError> check(Content content);

  /// Which of a contact's identities the channel can reach, as the key that keeps a customer's order; empty when none.
  Optional<String> address(ChannelAccount account, Contact contact);

  /// Does for a message's files what the provider needs before it is told of the message, such as uploading them.
  /// Nothing of the message is sent by it.
  Preparation prepare(ChannelAccount account, Deliveries.Outgoing outgoing);

  /// Asks the provider for a customer's file and gives its bytes, at most `maxBytes`, to `sink`. Blocks until there is a
  /// result; throws nothing but what `sink` throws of its own.
  Fetched fetch(
      ChannelAccount account, MessageMedia.Wanted wanted, long maxBytes, Fetched.Sink sink);

  /// Hands a message to the provider. Its content is what [#prepare] made of it. Blocks until there is a result; throws nothing that is expected.
  Delivery send(ChannelAccount account, Deliveries.Outgoing outgoing);

  /// Tells the provider that a customer's message was read, with `typing` also that somebody writes. Answers why it
  /// could not, or nothing; nobody waits for it.
  Optional<String> markRead(ChannelAccount account, String providerMessageId, boolean typing);

  /// Asks the provider whether the account works, without sending anything to a customer.
  Health test(ChannelAccount account);

  /// Looks at each part of the account's set-up, in the order of setting up; `webhook` is where the provider's webhooks
  /// have to go. Blocks until the provider has answered.
  List<SetupCheck.Found> examine(ChannelAccount account, String webhook);

  /// Sends a template to a phone number (digits of E.164) that belongs to no conversation. Blocks until there is a result.
  Delivery sendTest(ChannelAccount account, String phone, Content.Template template);

  /// What it knows of message templates; empty where the provider has none.
  default Optional<ProviderTemplates> templates() {
    return Optional.empty();
  }

  /// Most messages a second from one account, and how a customer may be written to.
  Limits limits(ChannelAccount account);

  /// How an attempt to send ended.
  sealed interface Delivery {
    /// The provider has taken it.
    ///
    /// @param alias another name of the customer that the provider told, or null
    record Delivered(String providerMessageId, @Nullable Identity alias) implements Delivery {}

    /// Certainly not sent; it may be after a pause.
    ///
    /// @param everybody whether other messages of the account would meet the same
    record RetryAfter(Duration pause, Failure failure, boolean everybody) implements Delivery {}

    /// Not sent, and trying again as it is will not help.
    ///
    /// @param account whether it is the account that is refused rather than this message
    record Refused(Failure failure, boolean account) implements Delivery {}

    /// It may or may not have been sent. A `retryable` failure says that the provider answered with a fault of its own,
    /// so that sending again, after waiting for a receipt, is what the provider itself advises.
    record Unknown(Failure failure) implements Delivery {}
  }

  /// What a test found.
  ///
  /// @param ok whether messages can be sent
  /// @param detail in plain words, with what to do when it is not ok
  record Health(boolean ok, String detail, @Nullable JsonNode facts) {}

  /// Limits of an account.
  ///
  /// @param perSecond messages a second
  /// @param burstPerCustomer messages at once to one customer
  /// @param perSecondPerCustomer and then so many a second
  record Limits(double perSecond, double burstPerCustomer, double perSecondPerCustomer) {}
}
