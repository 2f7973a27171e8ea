package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelConnector;
import dev.parley.channels.Fetched;
import dev.parley.channels.Preparation;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.ProviderTemplates;
import dev.parley.channels.SetupCheck;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Attachments;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Failure;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.Files;
import dev.parley.media.renditions.Conversions;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.roles.CrashPoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Speaks to WhatsApp's Cloud API.
///
/// Settings of a channel: `phoneNumberId` and `wabaId` (both required), `portfolioId` (scope of business-scoped user
/// ids), `displayPhoneNumber`, `messagesPerSecond` (80 unless WhatsApp has raised it), `onUnknown` (`fail` or
/// `resend`), `links` (`pass` has WhatsApp fetch linked files, `fetch` has us). Credentials: access token, one or more app secrets, verify token.
public final class WhatsAppConnector implements ChannelConnector {
  /// The kind of channel.
  public static final String KIND = "whatsapp";

  // By Meta's limits: 80 messages a second from a number, 45 at once to one customer, then one in
  // six seconds.
  private static final double PER_SECOND = 80;
  private static final double BURST_PER_CUSTOMER = 45;
  private static final double PER_SECOND_PER_CUSTOMER = 1.0 / 6;

  // After this time a file that WhatsApp says it does not know is not one that it has not got ready
  // yet.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private final WhatsAppClient client;
  private final ProviderFiles uploads;
  private final WhatsAppFetch fetch;
  private final WhatsAppUpload upload;
  private final WhatsAppTemplates templates;
  private final WhatsAppSetup setup;
  private final InstantSource clock;

  /// Calls through `client`; sends `files`, converted where WhatsApp does not take them as they are, and remembers in
  /// `uploads` which of them it has.
  public WhatsAppConnector(
      WhatsAppClient client,
      Files files,
      ProviderFiles uploads,
      Conversions conversions,
      MessageMedia media,
      InstantSource clock) {
    this.client = client;
    this.uploads = uploads;
    this.fetch = new WhatsAppFetch(client, clock);
    this.upload = new WhatsAppUpload(client, files, uploads, conversions, media, clock);
    this.templates = new WhatsAppTemplates(client);
    this.setup = new WhatsAppSetup(client, clock);
    this.clock = clock;
  }

  @Override
  public Optional<ProviderTemplates> templates() {
    return Optional.of(templates);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean hasWindow() {
    return true;
  }

  @Override
  public List<Problem.FieldError> checkSettings(
      JsonNode settings, ChannelAccount.Credentials credentials) {
    var errors = new ArrayList<Problem.FieldError>();
    for (String name : List.of("phoneNumberId", "wabaId")) {
      if (!settings.path(name).asText("").matches("[0-9]{1,40}")) {
        errors.add(
            new Problem.FieldError(
                "settings." + name, "must be the digits of the id in WhatsApp Manager"));
      }
    }
    double rate = settings.path("messagesPerSecond").asDouble(PER_SECOND);
    if (rate <= 0 || rate > 10_000) {
      errors.add(
          new Problem.FieldError(
              "settings.messagesPerSecond", "must be above 0 and at most 10000"));
    }
    if (!List.of("fail", "resend").contains(settings.path("onUnknown").asText("fail"))) {
      errors.add(new Problem.FieldError("settings.onUnknown", "must be fail or resend"));
    }
    if (!List.of("pass", "fetch").contains(settings.path("links").asText("pass"))) {
      errors.add(new Problem.FieldError("settings.links", "must be pass or fetch"));
    }
    Secret token = credentials.accessToken();
    if (token == null || token.reveal().isBlank()) {
      errors.add(new Problem.FieldError("credentials.accessToken", "is required"));
    }
    if (credentials.appSecrets().isEmpty()
        || credentials.appSecrets().stream().anyMatch(s -> s.reveal().length() < 8)) {
      errors.add(
          new Problem.FieldError(
              "credentials.appSecrets", "must hold one to five secrets of at least 8 characters"));
    }
    Secret verify = credentials.verifyToken();
    if (verify == null || verify.reveal().length() < 8) {
      errors.add(
          new Problem.FieldError("credentials.verifyToken", "must have at least 8 characters"));
    }
    return errors;
  }

  @Override
  public List<Problem.FieldError> check(Content content) {
    return WhatsAppLimits.check(content);
  }

  @Override
  public Optional<String> address(ChannelAccount account, Contact contact) {
    // The same choice as for what comes in, so that both ways share a lane.
    return first(contact, Identity.Kind.WHATSAPP_USER)
        .or(() -> first(contact, Identity.Kind.PHONE));
  }

  private static Optional<String> first(Contact contact, Identity.Kind kind) {
    return contact.identities().stream()
        .filter(i -> i.kind() == kind)
        .map(Identity::value)
        .findFirst();
  }

  @Override
  public Limits limits(ChannelAccount account) {
    return new Limits(
        account.settings().path("messagesPerSecond").asDouble(PER_SECOND),
        BURST_PER_CUSTOMER,
        PER_SECOND_PER_CUSTOMER);
  }

  @Override
  public Preparation prepare(ChannelAccount account, Deliveries.Outgoing outgoing) {
    return upload.prepare(account, outgoing);
  }

  @Override
  public Fetched fetch(
      ChannelAccount account, MessageMedia.Wanted wanted, long maxBytes, Fetched.Sink sink) {
    return fetch.fetch(account, wanted, maxBytes, sink);
  }

  @Override
  public Delivery send(ChannelAccount account, Deliveries.Outgoing outgoing) {
    ObjectNode body = WhatsAppOutgoing.write(outgoing.content());
    body.put("messaging_product", "whatsapp");
    body.put("recipient_type", "individual");
    Optional<String> phone = first(outgoing.contact(), Identity.Kind.PHONE);
    Optional<String> user =
        outgoing.contact().identities().stream()
            .filter(i -> i.equals(WhatsAppInbound.user(account, i.value())))
            .map(Identity::value)
            .findFirst();
    if (phone.isPresent()) {
      body.put("to", "+" + phone.get());
    } else if (user.isPresent()) {
      body.put("recipient", user.get());
    } else {
      return new Delivery.Refused(
          new Failure(
              "no-address",
              "The contact has no identity on WhatsApp.",
              "Add the contact's phone number.",
              null,
              null,
              false),
          false);
    }
    if (outgoing.replyToProviderId() != null) {
      body.putObject("context").put("message_id", outgoing.replyToProviderId());
    }
    // Comes back in every status, so that a lost answer can still be told apart from a lost
    // request.
    body.put("biz_opaque_callback_data", outgoing.messageId() + ":" + outgoing.attempt());
    try {
      OutboundHttp.Reply reply = client.post(account, "messages", body);
      CrashPoint.SEND_POSTED.reached();
      return forgotten(account, outgoing.content(), delivery(reply, phone.orElse(null)));
    } catch (OutboundHttp.NotMade e) {
      return new Delivery.RetryAfter(
          Duration.ofSeconds(e.forbidden() ? 60 : 2),
          new Failure(
              "unreachable",
              "WhatsApp cannot be reached.",
              "Nothing; it is sent as soon as WhatsApp answers.",
              null,
              e.getMessage(),
              true),
          true);
    } catch (OutboundHttp.Unanswered e) {
      return new Delivery.Unknown(
          new Failure(
              "no-answer",
              "WhatsApp gave no answer.",
              "Wait for a receipt.",
              null,
              e.getMessage(),
              false));
    }
  }

  /// Where WhatsApp refuses a message whose file we thought it had, the file is uploaded anew for the next try. A refusal
  /// says for certain that nothing was sent.
  private Delivery forgotten(ChannelAccount account, Content content, Delivery delivery) {
    if (!(delivery instanceof Delivery.Refused(Failure failure, boolean ofAccount))
        || ofAccount
        || !List.of("invalid", WhatsAppErrors.MEDIA_NOT_SENT, "media-not-received")
            .contains(failure.code())) {
      return delivery;
    }
    boolean some = false;
    for (Content.Attachment attachment : Attachments.of(content)) {
      String id = attachment.providerId();
      some |=
          id != null
              && uploads.forget(account.tenant(), account.id(), id, clock.instant().minus(SETTLED));
    }
    return some ? new Delivery.RetryAfter(Duration.ofMillis(1), failure, false) : delivery;
  }

  private static Delivery delivery(OutboundHttp.Reply reply, @Nullable String phone) {
    JsonNode answer = WhatsAppClient.json(reply);
    JsonNode error = answer.path("error");
    String id = answer.path("messages").path(0).path("id").asText("");
    if (reply.status() / 100 == 2 && error.isMissingNode()) {
      if (id.isEmpty()) {
        return new Delivery.Unknown(
            new Failure(
                "no-answer",
                "WhatsApp's answer cannot be read.",
                "Wait for a receipt.",
                null,
                null,
                false));
      }
      // Some countries' numbers are rewritten; the customer's messages will come under the
      // rewritten one.
      String written = answer.path("contacts").path(0).path("wa_id").asText("");
      boolean other = phone != null && !written.isEmpty() && !written.equals(phone);
      return new Delivery.Delivered(id, other ? Identity.phone(written) : null);
    }
    Failure failure = WhatsAppErrors.of(error);
    return switch (WhatsAppErrors.retry(error, reply.status())) {
      case NO -> new Delivery.Refused(failure, false);
      case ACCOUNT -> new Delivery.Refused(failure, true);
      case LATER -> new Delivery.RetryAfter(pause(reply, Duration.ofSeconds(1)), failure, true);
      case LATER_PAIR ->
          new Delivery.RetryAfter(pause(reply, Duration.ofSeconds(6)), failure, false);
      case CAREFULLY -> new Delivery.Unknown(carefully(failure));
    };
  }

  private static Failure carefully(Failure failure) {
    return new Failure(
        failure.code(),
        failure.cause(),
        failure.wayOut(),
        failure.providerCode(),
        failure.providerMessage(),
        true);
  }

  private static Duration pause(OutboundHttp.Reply reply, Duration otherwise) {
    try {
      long seconds = Long.parseLong(reply.headers().getOrDefault("retry-after", ""));
      return Duration.ofSeconds(Math.clamp(seconds, 1, 3600));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  @Override
  public Optional<String> markRead(
      ChannelAccount account, String providerMessageId, boolean typing) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("messaging_product", "whatsapp");
    body.put("status", "read");
    body.put("message_id", providerMessageId);
    if (typing) {
      body.putObject("typing_indicator").put("type", "text");
    }
    try {
      OutboundHttp.Reply reply = client.post(account, "messages", body);
      JsonNode error = WhatsAppClient.json(reply).path("error");
      return error.isMissingNode()
          ? Optional.empty()
          : Optional.of(WhatsAppErrors.of(error).cause());
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<SetupCheck.Found> examine(ChannelAccount account, String webhook) {
    return setup.examine(account, webhook);
  }

  @Override
  public Delivery sendTest(ChannelAccount account, String phone, Content.Template template) {
    ObjectNode body = WhatsAppOutgoing.write(template);
    body.put("messaging_product", "whatsapp");
    body.put("recipient_type", "individual");
    body.put("to", "+" + phone);
    try {
      return delivery(client.post(account, "messages", body), phone);
    } catch (OutboundHttp.NotMade e) {
      return new Delivery.Refused(noAnswer("WhatsApp cannot be reached.", e), true);
    } catch (OutboundHttp.Unanswered e) {
      return new Delivery.Unknown(noAnswer("WhatsApp gave no answer.", e));
    }
  }

  private static Failure noAnswer(String cause, Exception e) {
    return new Failure("no-answer", cause, "Try again in a moment.", null, e.getMessage(), true);
  }

  @Override
  public Health test(ChannelAccount account) {
    try {
      OutboundHttp.Reply reply =
          client.get(
              account,
              account.setting("phoneNumberId")
                  + "?fields=id,display_phone_number,verified_name,quality_rating,status,name_status,throughput");
      JsonNode answer = WhatsAppClient.json(reply);
      JsonNode error = answer.path("error");
      if (reply.status() == 200 && error.isMissingNode()) {
        return new Health(true, "WhatsApp knows the number and accepts the token.", answer);
      }
      Failure failure = WhatsAppErrors.of(error);
      return new Health(false, failure.cause() + " " + failure.wayOut(), error);
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      return new Health(false, "WhatsApp cannot be reached: " + e.getMessage(), null);
    }
  }
}
