package dev.parley.conversations;

import dev.parley.contacts.Contacts;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.platform.telemetry.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What channels tell, stored: contact, conversation, participant, message and events in one transaction, with a
/// number of statements that does not grow with the batch.
final class ReceiveMessages {
  private static final Duration WINDOW = Duration.ofHours(24);

  private final Contacts contacts;
  private final EventLog events;
  private final MessageMedia media;
  private final DeskHistory history;
  private final InstantSource clock;

  ReceiveMessages(Contacts contacts, EventLog events, MessageMedia media, InstantSource clock) {
    this.contacts = contacts;
    this.events = events;
    this.media = media;
    this.history = new DeskHistory(events, clock);
    this.clock = clock;
  }

  private record Pair(UUID channel, UUID contact) {}

  /// A conversation while the batch is being numbered.
  private static final class Growing {
    private final Conversation conversation;
    private long seq;
    private int unread;
    private boolean asked;
    private @Nullable Instant waitingSince;
    private Conversation.@Nullable LastMessage last;
    private @Nullable Instant window;
    private @Nullable String lastInboundId;

    Growing(Conversation conversation) {
      this.conversation = conversation;
      this.seq = conversation.lastSeq();
      this.waitingSince = conversation.waitingSince();
    }

    boolean reopens() {
      return asked && conversation.status() != ConversationStatus.OPEN;
    }

    ConversationStore.Progress progress() {
      return new ConversationStore.Progress(
          conversation.id(), seq, last, unread, window, lastInboundId, asked, waitingSince);
    }
  }

  /// Stores those of the messages that are not stored yet, in the provider's order as far as its seconds tell and
  /// otherwise as they came. Answers how many were new.
  int receive(Tx tx, List<Inbound.Written> arrived) {
    List<Inbound.Written> fresh = withoutDuplicates(tx, arrived);
    if (fresh.isEmpty()) {
      return 0;
    }
    List<UUID> people =
        contacts.resolve(
            tx,
            fresh.stream().map(m -> m.origin().lane()).toList(),
            fresh.stream().map(m -> m.origin().customer()).toList());
    Map<Pair, Growing> conversations = conversations(tx, fresh, people);
    Map<String, MessageStore.Place> targets = targets(tx, fresh);
    var rows = new ArrayList<MessageStore.Row>();
    var owners = new ArrayList<Growing>();
    for (int i = 0; i < fresh.size(); i++) {
      Inbound.Written written = fresh.get(i);
      Growing growing = conversations.get(new Pair(written.origin().channelId(), people.get(i)));
      if (growing == null) {
        throw new IllegalStateException("no conversation for a message");
      }
      rows.add(grow(growing, written, targets));
      owners.add(growing);
    }
    int inserted = MessageStore.insert(tx.sql(), tx.tenant(), rows);
    if (inserted != rows.size()) {
      // Somebody stored the same message since we looked; the whole batch is tried again and then
      // finds it.
      throw new Overtaken();
    }
    CrashPoint.MESSAGES_INSERTED.reached();
    ConversationStore.advance(
        tx.sql(), tx.tenant(), conversations.values().stream().map(Growing::progress).toList());
    for (int i = 0; i < rows.size(); i++) {
      publish(tx, owners.get(i).conversation, fresh.get(i), rows.get(i).message());
    }
    for (Growing growing : conversations.values()) {
      if (growing.reopens()) {
        history.reopened(tx, growing.conversation, trace(fresh, owners, growing));
      }
    }
    fetchFiles(tx, fresh, rows);
    return rows.size();
  }

  private static Trace trace(
      List<Inbound.Written> messages, List<Growing> owners, Growing conversation) {
    return messages.get(owners.indexOf(conversation)).origin().trace();
  }

  private void fetchFiles(Tx tx, List<Inbound.Written> fresh, List<MessageStore.Row> rows) {
    var arrived = new ArrayList<MessageMedia.Arrived>();
    for (int i = 0; i < rows.size(); i++) {
      Message message = rows.get(i).message();
      arrived.add(
          new MessageMedia.Arrived(message.id(), message.content(), fresh.get(i).origin().trace()));
    }
    media.fetch(tx, arrived);
  }

  /// Thrown when another transaction has stored one of the messages meanwhile.
  static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overtaken() {
      super("a message was stored by another transaction meanwhile");
    }
  }

  private static List<Inbound.Written> withoutDuplicates(Tx tx, List<Inbound.Written> arrived) {
    var known =
        MessageStore.known(
            tx.sql(),
            tx.tenant(),
            arrived.stream().map(m -> m.origin().channelId()).toList(),
            arrived.stream().map(Inbound.Written::providerMessageId).toList());
    var seen = new HashSet<MessageStore.ProviderId>();
    var fresh = new ArrayList<Inbound.Written>();
    for (Inbound.Written message : arrived) {
      var id =
          new MessageStore.ProviderId(message.origin().channelId(), message.providerMessageId());
      if (!known.contains(id) && seen.add(id)) {
        fresh.add(message);
      }
    }
    fresh.sort(Comparator.comparing(Inbound.Written::time));
    return fresh;
  }

  private Map<Pair, Growing> conversations(
      Tx tx, List<Inbound.Written> messages, List<UUID> people) {
    var wanted = new LinkedHashMap<Pair, Conversation>();
    for (int i = 0; i < messages.size(); i++) {
      Inbound.Origin origin = messages.get(i).origin();
      UUID person = people.get(i);
      wanted.computeIfAbsent(
          new Pair(origin.channelId(), person),
          pair -> blank(pair, origin.customer().projectId(), origin.lane(), origin.hasWindow()));
    }
    List<UUID> channels = wanted.keySet().stream().map(Pair::channel).toList();
    List<UUID> contactIds = wanted.keySet().stream().map(Pair::contact).toList();
    var result = new LinkedHashMap<Pair, Growing>();
    for (Conversation there : ConversationStore.lock(tx.sql(), tx.tenant(), channels, contactIds)) {
      result.put(new Pair(there.channelId(), there.contactId()), new Growing(there));
    }
    wanted.keySet().removeAll(result.keySet());
    if (!wanted.isEmpty()) {
      for (Conversation opened : open(tx, List.copyOf(wanted.values()))) {
        result.put(new Pair(opened.channelId(), opened.contactId()), new Growing(opened));
      }
    }
    return result;
  }

  /// Opens conversations, or finds those that another transaction has opened meanwhile.
  List<Conversation> open(Tx tx, List<Conversation> wanted) {
    List<Conversation> opened = ConversationStore.open(tx.sql(), tx.tenant(), wanted);
    if (!opened.isEmpty()) {
      ConversationStore.addContacts(tx.sql(), tx.tenant(), opened);
    }
    for (Conversation conversation : opened) {
      events.publish(
          tx,
          conversation.lane(),
          new ConversationEvent.Opened(
              conversation.id(),
              conversation.projectId(),
              conversation.channelId(),
              conversation.contactId()));
    }
    if (opened.size() == wanted.size()) {
      return opened;
    }
    return ConversationStore.lock(
        tx.sql(),
        tx.tenant(),
        wanted.stream().map(Conversation::channelId).toList(),
        wanted.stream().map(Conversation::contactId).toList());
  }

  private Conversation blank(Pair pair, UUID project, int lane, boolean hasWindow) {
    return Conversation.begun(
        Ids.next(),
        new Conversation.Beginning(project, pair.channel(), pair.contact(), lane, hasWindow),
        clock.instant());
  }

  /// Messages that the new ones answer or react to, as far as we have them.
  private static Map<String, MessageStore.Place> targets(Tx tx, List<Inbound.Written> messages) {
    var wanted = new HashMap<UUID, HashSet<String>>();
    for (Inbound.Written message : messages) {
      String target =
          message.content() instanceof Content.Reaction reaction
              ? reaction.providerMessageId()
              : message.replyToProviderId();
      if (target != null) {
        wanted.computeIfAbsent(message.origin().channelId(), _ -> new HashSet<>()).add(target);
      }
    }
    var places = new HashMap<String, MessageStore.Place>();
    wanted.forEach(
        (channel, ids) ->
            MessageStore.places(tx.sql(), tx.tenant(), channel, ids)
                .forEach(place -> places.put(place.providerId(), place)));
    return places;
  }

  private MessageStore.Row grow(
      Growing growing, Inbound.Written written, Map<String, MessageStore.Place> targets) {
    Conversation conversation = growing.conversation;
    growing.seq++;
    boolean byUs = written.byUs();
    Message.Direction direction = byUs ? Message.Direction.OUTBOUND : Message.Direction.INBOUND;
    UUID id = Ids.next();
    Instant now = clock.instant();
    growing.last =
        new Conversation.LastMessage(id, direction, written.content().preview(), written.time());
    if (byUs) {
      growing.waitingSince = null;
    } else {
      growing.unread++;
      if (asks(written.content())) {
        growing.asked = true;
        growing.waitingSince = growing.waitingSince == null ? now : growing.waitingSince;
      }
      growing.lastInboundId = written.providerMessageId();
      if (written.origin().hasWindow()) {
        // A provider's clock may be ahead of ours, but nobody writes in the future.
        Instant at = written.time().isAfter(now) ? now : written.time();
        Instant until = at.plus(WINDOW);
        growing.window =
            growing.window == null || until.isAfter(growing.window) ? until : growing.window;
      }
    }
    MessageStore.Place reply =
        written.replyToProviderId() == null ? null : targets.get(written.replyToProviderId());
    Message message =
        new Message(
            id,
            conversation.id(),
            growing.seq,
            direction,
            byUs
                ? new Message.Sender("phone-app", null, null)
                : new Message.Sender(
                    "contact", conversation.contactId(), written.origin().customer().name()),
            content(written.content(), targets),
            reply == null ? null : reply.id(),
            written.replyToProviderId(),
            byUs ? DeliveryState.SENT : null,
            null,
            written.providerMessageId(),
            written.time(),
            now,
            null,
            null,
            null,
            null,
            null,
            null,
            0,
            List.of());
    return new MessageStore.Row(message, conversation.channelId(), null);
  }

  /// A reaction and a provider's notice want no answer.
  private static boolean asks(Content content) {
    return !(content instanceof Content.Reaction || content instanceof Content.Notice);
  }

  private static Content content(Content content, Map<String, MessageStore.Place> targets) {
    if (content instanceof Content.Reaction(_, String providerId, String emoji)
        && providerId != null
        && targets.containsKey(providerId)) {
      return new Content.Reaction(targets.get(providerId).id(), providerId, emoji);
    }
    return MessageMedia.arrived(content);
  }

  private void publish(Tx tx, Conversation conversation, Inbound.Written written, Message message) {
    UUID id = conversation.id();
    if (message.content() instanceof Content.Reaction reaction && reaction.messageId() != null) {
      react(tx, conversation, written, reaction, reaction.messageId());
    }
    events.publish(
        tx,
        conversation.lane(),
        written.byUs()
            ? new ConversationEvent.Echoed(
                id, conversation.channelId(), conversation.contactId(), message)
            : new ConversationEvent.Received(
                id,
                conversation.channelId(),
                conversation.contactId(),
                message,
                written.referral()),
        written.origin().trace());
  }

  private void react(
      Tx tx,
      Conversation conversation,
      Inbound.Written written,
      Content.Reaction reaction,
      UUID target) {
    String kind = written.byUs() ? "phone-app" : "contact";
    UUID actor = written.byUs() ? new UUID(0, 0) : conversation.contactId();
    String emoji = reaction.emoji() == null || reaction.emoji().isEmpty() ? null : reaction.emoji();
    boolean changed =
        emoji == null
            ? ChannelEditStore.unreact(tx.sql(), tx.tenant(), target, kind, actor, written.time())
            : ChannelEditStore.react(
                tx.sql(), tx.tenant(), target, kind, actor, emoji, written.time());
    if (changed) {
      events.publish(
          tx,
          conversation.lane(),
          new ConversationEvent.Reacted(conversation.id(), target, kind, emoji),
          written.origin().trace());
    }
  }

  /// Puts a new content in the place of a stored one; false when the message is not known.
  boolean edit(Tx tx, Inbound.Edited edited) {
    Optional<MessageStore.Place> place =
        place(tx, edited.origin().channelId(), edited.originalProviderId());
    Content content = MessageMedia.arrived(edited.content());
    place
        .filter(at -> ChannelEditStore.edit(tx.sql(), tx.tenant(), at.id(), content, edited.time()))
        .ifPresent(
            at -> {
              Trace trace = edited.origin().trace();
              events.publish(
                  tx,
                  at.lane(),
                  new ConversationEvent.Edited(
                      at.conversationId(), at.id(), content, edited.time()),
                  trace);
              media.fetch(tx, List.of(new MessageMedia.Arrived(at.id(), content, trace)));
            });
    return place.isPresent();
  }

  /// Marks a message as taken back; false when it is not known.
  boolean revoke(Tx tx, Inbound.Revoked revoked) {
    Optional<MessageStore.Place> place =
        place(tx, revoked.origin().channelId(), revoked.originalProviderId());
    place
        .filter(at -> ChannelEditStore.delete(tx.sql(), tx.tenant(), at.id(), revoked.time()))
        .ifPresent(
            at ->
                events.publish(
                    tx,
                    at.lane(),
                    new ConversationEvent.Deleted(at.conversationId(), at.id(), revoked.time()),
                    revoked.origin().trace()));
    return place.isPresent();
  }

  private static Optional<MessageStore.Place> place(Tx tx, UUID channel, String providerId) {
    return MessageStore.places(tx.sql(), tx.tenant(), channel, List.of(providerId)).stream()
        .findFirst();
  }
}
