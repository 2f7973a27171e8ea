package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Channels;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.Templates;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.DeliveryState;
import dev.parley.conversations.Failure;
import dev.parley.conversations.Inbound;
import dev.parley.conversations.MessageMedia;
import dev.parley.conversations.Receipt;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.queue.WorkQueue.Unprocessable;
import dev.parley.platform.telemetry.Trace;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Translates what Meta says into what conversations understand, a batch at a time. What is not understood is kept:
/// as an `unsupported` message, as a notice, or, where not even its place is known, as a dead letter.
public final class WhatsAppInbound implements WorkQueue.BatchHandler {
  private final Channels channels;
  private final Conversations conversations;
  private final MessageMedia media;
  private final ProviderFiles uploads;
  private final Templates templates;

  /// Feeds `conversations`, and `templates` with what is told of them.
  public WhatsAppInbound(
      Channels channels,
      Conversations conversations,
      MessageMedia media,
      ProviderFiles uploads,
      Templates templates) {
    this.channels = channels;
    this.templates = templates;
    this.conversations = conversations;
    this.media = media;
    this.uploads = uploads;
  }

  @Override
  public void handle(Tx tx, List<WorkItem> items) {
    var inbound = new ArrayList<Inbound>();
    var receipts = new ArrayList<Receipt>();
    var itemOf = new IdentityHashMap<Inbound, WorkItem>();
    var accounts = new HashMap<String, ChannelAccount>();
    for (WorkItem item : items) {
      if (item.kind().equals("unreadable")) {
        throw new Unprocessable("The body was signed but is not a webhook that Meta documents.");
      }
      JsonNode payload = Json.tree(item.payload());
      UUID channelId = UUID.fromString(payload.path("channelId").asText());
      String number = payload.path("phoneNumberId").asText("");
      ChannelAccount account =
          accounts.computeIfAbsent(channelId + ":" + number, _ -> account(tx, channelId, number));
      try {
        switch (item.kind()) {
          case "message", "echo" -> {
            Inbound told = message(account, item, payload, item.kind().equals("echo"));
            inbound.add(told);
            itemOf.put(told, item);
          }
          case "status" -> {
            JsonNode status = payload.path("status");
            DeliveryState state =
                STATES.get(status.path("status").asText("").toLowerCase(Locale.ROOT));
            if (state == null) {
              // A word that Meta has added since; kept, because nothing that it says is dropped.
              channels.notice(tx, channelId, item.dedupKey(), "statuses", status);
            } else {
              receipts.add(receipt(account, item, status, state));
            }
          }
          case "notice" -> {
            String field = payload.path("field").asText("unknown");
            if (channels.notice(tx, channelId, item.dedupKey(), field, payload.path("data"))) {
              templates.told(tx, WhatsAppConnector.KIND, field, payload.path("data"));
            }
          }
          default ->
              throw new Unprocessable("Updates of the kind " + item.kind() + " are unknown.");
        }
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new Unprocessable("The update cannot be read: " + e.getMessage(), e);
      }
    }
    if (!inbound.isEmpty()) {
      for (Inbound unmatched : conversations.receive(tx, inbound)) {
        // An edit of a message from before this channel was connected, or one that came too soon.
        keep(tx, unmatched, itemOf.get(unmatched));
      }
    }
    if (!receipts.isEmpty()) {
      conversations.receipts(tx, receipts);
      receipts.forEach(receipt -> forgetFiles(tx, receipt));
    }
  }

  /// Some files WhatsApp takes at the upload and refuses only when it delivers them. What it called them is worth
  /// nothing then: the next try uploads them again.
  private void forgetFiles(Tx tx, Receipt receipt) {
    Failure failure = receipt.failure();
    if (failure == null || !failure.code().equals(WhatsAppErrors.MEDIA_NOT_SENT)) {
      return;
    }
    UUID channel = receipt.channelId();
    // Receipts tell whole seconds.
    Instant since = receipt.time().plusSeconds(1);
    media
        .filesOf(tx, channel, receipt.providerMessageId())
        .forEach(file -> uploads.forgetFile(tx, channel, file, since));
  }

  private void keep(Tx tx, Inbound unmatched, @Nullable WorkItem item) {
    if (item != null) {
      channels.notice(
          tx,
          unmatched.origin().channelId(),
          item.dedupKey(),
          "messages",
          Json.tree(item.payload()).path("message"));
    }
  }

  /// The channel that an update is for. Meta sends all numbers of a business account to one address
  /// unless each has its own, so the number in the update decides.
  private ChannelAccount account(Tx tx, UUID id, String phoneNumberId) {
    ChannelAccount account =
        channels
            .account(id)
            .orElseThrow(
                () -> new Unprocessable("The channel was removed before this was handled."));
    if (phoneNumberId.isEmpty() || phoneNumberId.equals(account.setting("phoneNumberId"))) {
      return account;
    }
    return channels
        .withSetting(tx, WhatsAppConnector.KIND, "phoneNumberId", phoneNumberId)
        .orElseThrow(
            () ->
                new Unprocessable(
                    "The update is for phone number "
                        + phoneNumberId
                        + ", which none of the tenant's channels has."));
  }

  private static Inbound message(
      ChannelAccount account, WorkItem item, JsonNode payload, boolean byUs) {
    JsonNode message = payload.path("message");
    String id = message.path("id").asText("");
    if (!message.isObject() || id.isEmpty()) {
      throw new Unprocessable("The message has no id.");
    }
    Instant time = time(message.path("timestamp"));
    Inbound.Origin origin =
        new Inbound.Origin(
            account.id(),
            customer(account, message, payload.path("contact"), byUs),
            item.lane(),
            true,
            new Trace(item.correlationId(), item.traceparent(), null));
    String type = message.path("type").asText("");
    if (type.equals("edit")) {
      JsonNode edit = message.path("edit");
      return new Inbound.Edited(
          origin,
          time,
          required(edit, "original_message_id"),
          WhatsAppContent.read(edit.path("message")));
    }
    if (type.equals("revoke")) {
      return new Inbound.Revoked(
          origin, time, required(message.path("revoke"), "original_message_id"));
    }
    Content content = WhatsAppContent.read(message);
    var written =
        new Inbound.Written(
            origin,
            time,
            id,
            content,
            text(message.path("context"), "id"),
            message.get("referral"),
            byUs);
    Identity renamed = type.equals("system") ? renamed(account, message.path("system")) : null;
    return renamed == null ? written : new Inbound.Renamed(origin, time, renamed, written);
  }

  /// Who it is from, or in an echo to: the phone number is the stronger name, because it is what people know and what
  /// earlier conversations were under; the business-scoped id is what stays when there is no number.
  private static Contacts.Sighting customer(
      ChannelAccount account, JsonNode message, JsonNode contact, boolean byUs) {
    var identities = new ArrayList<Identity>();
    String phone = text(message, byUs ? "to" : "from");
    if (phone == null) {
      phone = text(contact, "wa_id");
    }
    String user = text(message, byUs ? "to_user_id" : "from_user_id");
    if (user == null) {
      user = text(contact, "user_id");
    }
    if (phone != null) {
      identities.add(Identity.phone(digits(phone)));
    }
    if (user != null) {
      identities.add(user(account, user));
    }
    JsonNode system = message.path("system");
    if (identities.isEmpty() && text(system, "previous_user_id") != null) {
      // A new business-scoped id comes without a number and is told under the old one.
      identities.add(user(account, required(system, "previous_user_id")));
    } else if (identities.isEmpty() && text(system, "user_id") != null) {
      identities.add(user(account, required(system, "user_id")));
    }
    if (identities.isEmpty()) {
      throw new Unprocessable("The message names no customer.");
    }
    return new Contacts.Sighting(
        identities, cut(text(contact.path("profile"), "name")), account.projectId());
  }

  /// A business-scoped user id is unique within the business portfolio, which the account's settings may name.
  static Identity user(ChannelAccount account, String userId) {
    String portfolio = account.settings().path("portfolioId").asText("");
    String scope = portfolio.isEmpty() ? account.setting("wabaId") : portfolio;
    return new Identity(Identity.Kind.WHATSAPP_USER, scope, userId);
  }

  private static @Nullable Identity renamed(ChannelAccount account, JsonNode system) {
    return switch (system.path("type").asText("")) {
      case "user_changed_number", "customer_changed_number" -> {
        String number = text(system, "wa_id");
        yield number == null ? null : Identity.phone(digits(number));
      }
      case "user_changed_user_id" -> {
        String user = text(system, "user_id");
        yield user == null ? null : user(account, user);
      }
      default -> null;
    };
  }

  private static Receipt receipt(
      ChannelAccount account, WorkItem item, JsonNode status, DeliveryState state) {
    UUID messageId = null;
    int attempt = 0;
    // What we sent along: our id and which try it was.
    String[] ours = status.path("biz_opaque_callback_data").asText("").split(":", 2);
    if (ours.length == 2 && ours[0].length() == 36) {
      try {
        messageId = UUID.fromString(ours[0]);
        attempt = Integer.parseInt(ours[1]);
      } catch (IllegalArgumentException e) {
        // Another application of the same business account may send along what it likes.
        messageId = null;
      }
    }
    return new Receipt(
        account.id(),
        required(status, "id"),
        messageId,
        attempt,
        state,
        time(status.path("timestamp")),
        state == DeliveryState.FAILED ? WhatsAppErrors.ofStatus(status) : null,
        status.get("pricing"),
        new Trace(item.correlationId(), item.traceparent(), null));
  }

  private static final Map<String, DeliveryState> STATES =
      Map.of(
          "sent", DeliveryState.SENT,
          "delivered", DeliveryState.DELIVERED,
          "read", DeliveryState.READ,
          "played", DeliveryState.PLAYED,
          "failed", DeliveryState.FAILED);

  /// Epoch seconds, as a string or a number.
  private static Instant time(JsonNode node) {
    try {
      return Instant.ofEpochSecond(Long.parseLong(node.asText("")));
    } catch (NumberFormatException e) {
      throw new Unprocessable("The update has no timestamp.", e);
    }
  }

  private static String digits(String phone) {
    return phone.startsWith("+") ? phone.substring(1) : phone;
  }

  private static String required(JsonNode node, String field) {
    String text = text(node, field);
    if (text == null) {
      throw new Unprocessable("The update has no " + field + ".");
    }
    return text;
  }

  private static @Nullable String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isEmpty() ? null : text;
  }

  private static @Nullable String cut(@Nullable String name) {
    return name == null || name.length() <= 200 ? name : name.substring(0, 200);
  }
}
