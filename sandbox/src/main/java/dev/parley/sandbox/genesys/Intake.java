package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Pause;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What happens to an inbound message after it was accepted: its attachment is fetched, the outcome
/// is told by a receipt, an agent comes in and answers.
final class Intake {
  private static final System.Logger LOG = System.getLogger(Intake.class.getName());
  private static final int MOST_BYTES = 25 * 1024 * 1024;

  private record Reason(String code, String message) {}

  private Intake() {}

  static void begin(
      Organization organization,
      Integration integration,
      StoredMessage message,
      InboundRules.@Nullable Attachment attachment) {
    organization
        .cloud()
        .start(
            () -> {
              if (Pause.millis(organization.behaviour().get(Knob.PROCESS_MS))) {
                run(organization, integration, message, attachment);
              }
            });
  }

  private static void run(
      Organization organization,
      Integration integration,
      StoredMessage message,
      InboundRules.@Nullable Attachment attachment) {
    Reason failure = answersUnknown(organization, message);
    if (failure == null && attachment != null) {
      failure = fetch(organization, integration, message, attachment);
    }
    message.status(failure == null ? "received" : "failed");
    if (organization.behaviour().is(Knob.RECEIPTS)) {
      tell(organization, message, failure);
    }
    if (failure == null) {
      serve(organization, message);
    }
  }

  /// The answer to a structured message has to name one that there is.
  private static @Nullable Reason answersUnknown(Organization organization, StoredMessage message) {
    String asked = Json.text(message.normalized(), "originatingMessageId");
    if (asked == null) {
      return null;
    }
    StoredMessage question = organization.conversations().message(asked);
    return question != null && question.structured()
        ? null
        : new Reason("UnknownMessage", "There is no structured message " + asked);
  }

  private static void tell(
      Organization organization, StoredMessage message, @Nullable Reason failure) {
    ObjectNode receipt = Webhook.receipt(message, failure == null ? "Published" : "Failed");
    if (failure != null) {
      ObjectNode reason = receipt.putArray("reasons").addObject();
      reason.put("code", failure.code()).put("message", failure.message());
    }
    var _ = organization.outbox().send(message.conversation(), Webhook.bytes(receipt));
  }

  private static void serve(Organization organization, StoredMessage message) {
    String state = organization.behaviour().choice(Knob.AGENT);
    var users = organization.settings().users();
    boolean routed = organization.profiles().hasFlow(message.conversation().integration().id());
    if (!state.equals("none") && !users.isEmpty() && routed) {
      message.conversation().assign(users.getFirst(), state);
    }
    try {
      organization.script().answer(organization, message);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the agent's script failed", e);
    }
  }

  private static @Nullable Reason fetch(
      Organization organization,
      Integration integration,
      StoredMessage message,
      InboundRules.Attachment attachment) {
    String mime = plain(attachment.mime());
    if (!organization.profiles().allowsInbound(integration.supportedContent(), mime)) {
      return new Reason("MediaTypeNotAllowed", "The content profile does not allow " + mime);
    }
    if (attachment.mediaType().equals("Link") || !organization.behaviour().is(Knob.FETCH)) {
      return null;
    }
    Duration timeout = Duration.ofMillis(organization.behaviour().get(Knob.FETCH_TIMEOUT_MS));
    Wire.Fetched file = organization.cloud().wire().fetch(attachment.url(), MOST_BYTES, timeout);
    ObjectNode note = Json.object().put("status", file.status());
    note.put("contentType", file.contentType()).put("bytes", file.bytes().length());
    note.put("sha256", HexFormat.of().formatHex(file.bytes().sha256()));
    if (file.failure() != null) {
      note.put("failure", file.failure());
    }
    message.fetched(note);
    if (file.status() != 200) {
      return new Reason(
          "InvalidMediaContentLength",
          "The attachment could not be fetched: "
              + (file.status() == 0 ? "no answer" : "status " + file.status()));
    }
    if (file.bytes().length() == 0 || file.bytes().length() > MOST_BYTES) {
      return new Reason(
          "InvalidMediaContentLength", "The attachment is empty or larger than 25 MB");
    }
    return plain(file.contentType()).equals(mime)
        ? null
        : new Reason(
            "MediaTypeNotAllowed",
            "The attachment is %s and not %s".formatted(file.contentType(), mime));
  }

  /// A MIME type without its parameters.
  private static String plain(String mime) {
    int end = mime.indexOf(';');
    return (end < 0 ? mime : mime.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
