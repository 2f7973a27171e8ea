package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Channels;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Contacts;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Message;
import dev.parley.conversations.MessageFile;
import dev.parley.media.Files;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes of an item of the queue what Genesys is told.
@Singleton
final class Tellings {
  private static final int TRANSCRIPT = 50;

  private final Conversations conversations;
  private final Contacts contacts;
  private final Channels channels;
  private final Files files;
  private final AnsweredChoices choices;
  private final InstantSource clock;
  private final Duration fileLife;
  private final Duration fileWait;

  Tellings(
      Conversations conversations,
      Contacts contacts,
      Channels channels,
      Files files,
      Config config,
      InstantSource clock) {
    this.conversations = conversations;
    this.choices = new AnsweredChoices(conversations);
    this.contacts = contacts;
    this.channels = channels;
    this.files = files;
    this.clock = clock;
    this.fileLife = config.get(Keys.GENESYS_FILE_LIFE);
    this.fileWait = config.get(Keys.GENESYS_FILE_WAIT);
  }

  /// What an item comes to.
  sealed interface Made {
    /// Genesys is to be told this.
    record Ready(Telling telling) implements Made {}

    /// A file is not here yet.
    record Wait(Duration pause) implements Made {}

    /// There is nothing to tell.
    record Nothing() implements Made {}
  }

  /// Everything that a telling of this conversation needs.
  private record Scene(
      Tx tx,
      WorkItem item,
      JsonNode data,
      GenesysAccount account,
      Conversation conversation,
      @Nullable Contact contact) {}

  Made make(Tx tx, WorkItem item, GenesysAccount account, Conversation conversation) {
    var scene =
        new Scene(
            tx,
            item,
            Json.tree(item.payload()),
            account,
            conversation,
            contacts.find(tx, conversation.contactId()).orElse(null));
    return switch (item.kind()) {
      case ToGenesysQueue.MESSAGE -> message(scene, false);
      case ToGenesysQueue.FILE -> message(scene, true);
      case ToGenesysQueue.LINK -> link(scene);
      case ToGenesysQueue.EDITED ->
          found(scene)
              .map(m -> told(scene, "Edited: " + ToGenesys.text(m.content())))
              .orElseGet(Made.Nothing::new);
      case ToGenesysQueue.DELETED ->
          found(scene)
              .map(
                  m -> told(scene, "Customer deleted a message: \"" + m.content().preview() + "\""))
              .orElseGet(Made.Nothing::new);
      case ToGenesysQueue.HANDED_OVER -> told(scene, transcript(scene));
      case ToGenesysQueue.LEFT ->
          told(
              scene,
              "["
                  + scene.data().path("by").asText("Somebody")
                  + " has taken the conversation over."
                  + " The customer is answered elsewhere from now on.]");
      default -> throw new IllegalArgumentException("unknown kind " + item.kind());
    };
  }

  private Optional<Message> found(Scene scene) {
    return conversations.message(
        scene.tx(), UUID.fromString(scene.data().path("messageId").asText()));
  }

  private Made message(Scene scene, boolean late) {
    Message message = found(scene).orElse(null);
    if (message == null || (late && !awaited(scene, message))) {
      return new Made.Nothing();
    }
    Content content = message.content();
    boolean pending =
        content instanceof Content.Media media
            && media.attachment().file() != null
            && media.attachment().file().state() == MessageFile.State.PENDING;
    Instant end = message.createdAt().plus(fileWait);
    if (pending && clock.instant().isBefore(end)) {
      return new Made.Wait(Duration.ofMillis(200));
    }
    AnsweredChoices.Chosen chosen =
        choices.chosen(scene.tx(), scene.account().id(), message).orElse(null);
    var around =
        new ToGenesys.Around(
            quote(scene, message),
            chosen == null ? null : chosen.option(),
            chosen == null ? null : chosen.webhook(),
            content instanceof Content.Media media ? given(scene, media) : null,
            scene.account().integration().settings().tellsReactions());
    String external =
        message.providerMessageId() == null ? message.id().toString() : message.providerMessageId();
    return ready(
        scene,
        late ? derived(message.id(), "file") : message.id(),
        late ? external + ":file" : external,
        message.createdAt(),
        attributes(scene, message),
        ToGenesys.parts(content, around));
  }

  /// Whether a text has said that the file follows.
  private boolean awaited(Scene scene, Message message) {
    BridgeStore.Progress first =
        BridgeStore.progress(scene.tx().sql(), scene.tx().tenant(), message.id()).get(0);
    return first != null && first.placeholder();
  }

  private Made link(Scene scene) {
    return found(scene)
        .filter(message -> message.content() instanceof Content.Media)
        .map(
            message -> {
              Content.Media media = (Content.Media) message.content();
              Part.Given given = given(scene, media);
              return given == null
                  ? new Made.Nothing()
                  : ready(
                      scene,
                      derived(message.id(), "link"),
                      message.id() + ":link",
                      message.createdAt(),
                      attributes(scene, message),
                      ToGenesys.link(media, given));
            })
        .orElseGet(Made.Nothing::new);
  }

  private Made told(Scene scene, String text) {
    UUID event = UUID.fromString(scene.data().path("eventId").asText());
    return ready(
        scene,
        event,
        event.toString(),
        Instant.parse(scene.data().path("time").asText()),
        attributes(scene, null).json(),
        ToGenesys.texts(text));
  }

  private Made ready(
      Scene scene,
      UUID source,
      String external,
      Instant time,
      CustomAttributes attributes,
      List<Part> parts) {
    return ready(scene, source, external, time, attributes.json(), parts);
  }

  private Made ready(
      Scene scene,
      UUID source,
      String external,
      Instant time,
      ObjectNode attributes,
      List<Part> parts) {
    if (parts.isEmpty()) {
      return new Made.Nothing();
    }
    Contact contact = scene.contact();
    return new Made.Ready(
        new Telling(
            source,
            scene.conversation().id(),
            external,
            time,
            customer(scene),
            contact == null ? null : contact.name(),
            attributes,
            parts));
  }

  private BridgeStore.Customer customer(Scene scene) {
    BridgeStore.Customer wanted = name(scene.contact(), scene.conversation());
    return BridgeStore.customer(
        scene.tx().sql(),
        scene.tx().tenant(),
        scene.account().id(),
        scene.conversation().id(),
        wanted,
        clock.instant());
  }

  /// A phone number in E.164, or where there is none whatever the customer is known by.
  static BridgeStore.Customer name(@Nullable Contact contact, Conversation conversation) {
    List<Identity> identities = contact == null ? List.of() : contact.identities();
    return identities.stream()
        .filter(identity -> identity.kind() == Identity.Kind.PHONE)
        .findFirst()
        .map(identity -> new BridgeStore.Customer("+" + identity.value(), "Phone"))
        .or(
            () ->
                identities.stream()
                    .min(Comparator.comparing(Identity::kind))
                    .map(identity -> new BridgeStore.Customer(identity.value(), "Opaque")))
        .orElseGet(() -> new BridgeStore.Customer(conversation.contactId().toString(), "Opaque"));
  }

  private CustomAttributes attributes(Scene scene, @Nullable Message message) {
    Conversation conversation = scene.conversation();
    ChannelAccount channel = channels.account(conversation.channelId()).orElse(null);
    JsonNode referral = scene.data().path("referral");
    return new CustomAttributes()
        .with("conversationId", conversation.id().toString())
        .with("channelId", conversation.channelId().toString())
        .with("contactId", conversation.contactId().toString())
        .with("channel", channel == null ? null : channel.kind())
        .with("phoneNumberId", setting(channel, "phoneNumberId"))
        .with("displayPhoneNumber", setting(channel, "displayPhoneNumber"))
        .with("messageType", message == null ? null : type(message.content()))
        .with("replyTo", message == null ? null : message.replyToProviderId())
        .with("referralClickId", referral.path("ctwa_clid").asText(""))
        .with("referralUrl", referral.path("source_url").asText(""))
        .with("referralHeadline", referral.path("headline").asText(""))
        .with("form", message == null ? null : form(message.content()));
  }

  private static @Nullable String setting(@Nullable ChannelAccount channel, String name) {
    return channel == null ? null : channel.settings().path(name).asText("");
  }

  private static String type(Content content) {
    return Json.MAPPER.valueToTree(content).path("type").asText();
  }

  private static @Nullable String form(Content content) {
    return content instanceof Content.Answer answer && answer.data() != null
        ? answer.data().toString()
        : null;
  }

  private Part.@Nullable Given given(Scene scene, Content.Media media) {
    UUID id = media.attachment().fileId();
    MessageFile file = media.attachment().file();
    if (id == null || file == null || file.state() != MessageFile.State.READY) {
      return null;
    }
    String mime = file.mimeType() == null ? "application/octet-stream" : file.mimeType();
    return new Part.Given(
        files.link(scene.item().tenant(), id, null, fileLife, false).url().toString(),
        mime,
        media.attachment().filename(),
        file.size() == null ? 0 : file.size());
  }

  private @Nullable String quote(Scene scene, Message message) {
    UUID target =
        message.content() instanceof Content.Reaction reaction
            ? reaction.messageId()
            : message.content() instanceof Content.Answer ? null : message.replyTo();
    return target == null
        ? null
        : conversations
            .message(scene.tx(), target)
            .map(quoted -> ToGenesys.text(quoted.content()))
            .orElse(null);
  }

  private String transcript(Scene scene) {
    JsonNode data = scene.data();
    List<Message> last =
        conversations.before(
            scene.tx(), scene.conversation().id(), data.path("upTo").asLong() + 1, TRANSCRIPT);
    return Transcript.of(
        data.path("by").asText("Somebody"), data.path("note").asText(""), last, ToGenesys.TEXT);
  }

  private static UUID derived(UUID message, String what) {
    return UUID.nameUUIDFromBytes((message + ":" + what).getBytes(StandardCharsets.UTF_8));
  }
}
