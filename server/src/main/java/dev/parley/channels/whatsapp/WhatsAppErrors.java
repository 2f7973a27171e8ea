package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.conversations.Failure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Meta's error codes: what each means in plain words, what to do, and whether the message may be sent again.
///
/// From Meta's page on error codes of the Cloud API. Titles and HTTP statuses are not reliable there, so only `code` and
/// `error_data.details` are read.
final class WhatsAppErrors {
  /// The code of a failure for which a file is to blame.
  static final String MEDIA_NOT_SENT = "media-not-sent";

  /// What a code says about sending again.
  enum Retry {
    /// Not as it is.
    NO,
    /// Certainly not sent: later.
    LATER,
    /// Certainly not sent: later, and to this customer only.
    LATER_PAIR,
    /// Meta's own fault; it may have been sent.
    CAREFULLY,
    /// Not as it is, and other messages of the account would meet the same.
    ACCOUNT
  }

  private record Entry(String code, Retry retry, String cause, String wayOut) {}

  private static final String TOKEN = "Give the channel a valid access token of a system user.";
  private static final String SUPPORT = "Look at the account in WhatsApp Manager.";
  private static final String WAIT = "Nothing; it is sent as soon as WhatsApp takes it.";
  private static final String TEMPLATE = "Correct the template or its variables.";

  private static final Map<Integer, Entry> CODES =
      Map.ofEntries(
          entry(
              0,
              "token-invalid",
              Retry.ACCOUNT,
              "WhatsApp does not accept the channel's token.",
              TOKEN),
          entry(190, "token-invalid", Retry.ACCOUNT, "The channel's token has expired.", TOKEN),
          entry(3, "not-permitted", Retry.ACCOUNT, "The token may not send messages.", TOKEN),
          entry(10, "not-permitted", Retry.ACCOUNT, "The token may not send messages.", TOKEN),
          entry(131005, "not-permitted", Retry.ACCOUNT, "The token may not send messages.", TOKEN),
          entry(
              368,
              "account-blocked",
              Retry.ACCOUNT,
              "WhatsApp has blocked the account for a violation of its policies.",
              SUPPORT),
          entry(
              131031, "account-locked", Retry.ACCOUNT, "WhatsApp has locked the account.", SUPPORT),
          entry(
              131042,
              "payment",
              Retry.ACCOUNT,
              "The account's payment method does not work.",
              "Mend the payment method in WhatsApp Manager."),
          entry(
              131045,
              "not-registered",
              Retry.ACCOUNT,
              "The phone number is not registered.",
              "Register the phone number again."),
          entry(
              131037,
              "name-not-approved",
              Retry.ACCOUNT,
              "The display name is not approved yet.",
              SUPPORT),
          entry(
              133010,
              "not-registered",
              Retry.ACCOUNT,
              "The phone number is not registered.",
              "Register the phone number."),
          entry(
              131048,
              "spam-limit",
              Retry.ACCOUNT,
              "Too many customers have blocked or reported the number.",
              "Stop campaigns and look at the number's quality."),
          entry(
              130497,
              "country",
              Retry.NO,
              "The business may not write to customers in this country.",
              SUPPORT),
          entry(4, "rate-limited", Retry.LATER, "WhatsApp takes no more calls for now.", WAIT),
          entry(80007, "rate-limited", Retry.LATER, "WhatsApp takes no more calls for now.", WAIT),
          entry(130429, "rate-limited", Retry.LATER, "The number sends as much as it may.", WAIT),
          entry(
              131056,
              "customer-rate-limited",
              Retry.LATER_PAIR,
              "This customer was written to too often in a short time.",
              WAIT),
          entry(
              131057,
              "maintenance",
              Retry.CAREFULLY,
              "WhatsApp is moving the account; it takes a minute.",
              WAIT),
          entry(1, "provider-fault", Retry.CAREFULLY, "WhatsApp had a fault of its own.", WAIT),
          entry(2, "provider-down", Retry.CAREFULLY, "WhatsApp is overloaded or down.", WAIT),
          entry(
              131000, "provider-fault", Retry.CAREFULLY, "WhatsApp had a fault of its own.", WAIT),
          entry(131016, "provider-down", Retry.CAREFULLY, "WhatsApp is overloaded or down.", WAIT),
          entry(133004, "provider-down", Retry.CAREFULLY, "WhatsApp is overloaded or down.", WAIT),
          entry(
              33,
              "invalid",
              Retry.NO,
              "Something that the message names does not exist.",
              "Correct the message."),
          entry(
              100,
              "invalid",
              Retry.NO,
              "WhatsApp finds the message not valid.",
              "Correct the message."),
          entry(
              131008, "invalid", Retry.NO, "The message lacks something.", "Correct the message."),
          entry(
              131009,
              "invalid",
              Retry.NO,
              "Something in the message has a value that WhatsApp refuses.",
              "Correct the message."),
          entry(
              131021,
              "own-number",
              Retry.NO,
              "The customer's number is the channel's own.",
              "Use another number."),
          entry(
              131026,
              "undeliverable",
              Retry.NO,
              "The customer cannot be reached: not on WhatsApp, an old app, or its terms not accepted.",
              "Reach the customer in another way."),
          entry(
              131047,
              "window-closed",
              Retry.NO,
              "The customer last wrote more than 24 hours ago.",
              "Send a template."),
          entry(
              131049,
              "held-back",
              Retry.NO,
              "WhatsApp chose not to deliver it, to keep customers from too many marketing messages.",
              "Wait at least a day before the next one."),
          entry(
              131050,
              "opted-out",
              Retry.NO,
              "The customer does not want marketing messages.",
              "Do not send marketing messages to this customer."),
          entry(
              130472,
              "experiment",
              Retry.NO,
              "The customer is part of an experiment of WhatsApp's and gets no marketing messages.",
              "Reach the customer in another way."),
          entry(
              131051,
              "unsupported",
              Retry.NO,
              "WhatsApp does not support this kind of message.",
              "Send another kind."),
          entry(
              131052,
              "media-not-received",
              Retry.NO,
              "WhatsApp could not get the customer's file.",
              "Ask the customer to send it again."),
          entry(
              131053,
              MEDIA_NOT_SENT,
              Retry.NO,
              "WhatsApp could not take the file.",
              "Check its type and size."),
          entry(
              131062,
              "needs-phone",
              Retry.NO,
              "This template needs the customer's phone number.",
              "Ask the customer for it."),
          entry(
              132000,
              "template-variables",
              Retry.NO,
              "The number of variables is not the template's.",
              TEMPLATE),
          entry(
              132001,
              "template-missing",
              Retry.NO,
              "There is no such template in this language.",
              TEMPLATE),
          entry(
              132005,
              "template-too-long",
              Retry.NO,
              "The template with its variables is too long.",
              TEMPLATE),
          entry(132007, "template-policy", Retry.NO, "The template violates a policy.", TEMPLATE),
          entry(
              132012,
              "template-format",
              Retry.NO,
              "A variable has not the form that the template needs.",
              TEMPLATE),
          entry(
              132015,
              "template-paused",
              Retry.NO,
              "The template is paused for its low quality.",
              "Use another template."),
          entry(
              132016,
              "template-disabled",
              Retry.NO,
              "The template is disabled for good.",
              "Use another template."),
          entry(132068, "flow-blocked", Retry.NO, "The form is blocked.", "Mend the flow."),
          entry(
              132069,
              "flow-throttled",
              Retry.NO,
              "The form was sent too often in an hour.",
              "Mend the flow."));

  private WhatsAppErrors() {}

  private static Map.Entry<Integer, Entry> entry(
      int providerCode, String code, Retry retry, String cause, String wayOut) {
    return Map.entry(providerCode, new Entry(code, retry, cause, wayOut));
  }

  /// What an error object of a webhook or an answer means.
  static Failure of(JsonNode error) {
    int code = error.path("code").asInt(-1);
    Entry entry = known(code);
    String details = error.path("error_data").path("details").asText("");
    String words =
        details.isEmpty() ? error.path("message").asText(error.path("title").asText("")) : details;
    return new Failure(
        entry.code(),
        entry.cause(),
        entry.wayOut(),
        code < 0 ? null : code,
        words.isEmpty() ? null : words.length() <= 1000 ? words : words.substring(0, 1000),
        entry.retry() != Retry.NO && entry.retry() != Retry.ACCOUNT);
  }

  /// What a status of `failed` means.
  static Failure ofStatus(JsonNode status) {
    JsonNode error = status.path("errors").path(0);
    return of(error);
  }

  /// Whether a message with this error may be sent again.
  static Retry retry(JsonNode error, int httpStatus) {
    int code = error.path("code").asInt(-1);
    Entry entry = CODES.get(code);
    if (entry != null) {
      return entry.retry();
    }
    if (code >= 200 && code <= 299) {
      return Retry.ACCOUNT;
    }
    if (httpStatus == 429) {
      return Retry.LATER;
    }
    if (httpStatus >= 500 || error.path("is_transient").asBoolean()) {
      return Retry.CAREFULLY;
    }
    return Retry.NO;
  }

  private static Entry known(int code) {
    @Nullable Entry entry = CODES.get(code);
    if (entry != null) {
      return entry;
    }
    if (code >= 200 && code <= 299) {
      return new Entry("not-permitted", Retry.ACCOUNT, "The token may not send messages.", TOKEN);
    }
    return new Entry(
        "refused", Retry.NO, "WhatsApp refused it.", "See what WhatsApp says about it.");
  }
}
