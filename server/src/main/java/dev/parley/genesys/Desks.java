package dev.parley.genesys;

import dev.parley.channels.Channels;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.DeskStates;
import dev.parley.inbox.Tags;
import dev.parley.platform.access.Caller;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where conversations are answered: in Parley's inbox or in Genesys Cloud.
///
/// A channel says where its conversations go; when a customer writes in one of which nothing is decided, that is decided
/// and stays: until somebody hands it over or resolves it, or the customer is silent for three days, which is when
/// Genesys too begins a new conversation.
@Singleton
public final class Desks {
  static final Duration SILENCE = Duration.ofDays(3);
  // When a customer last wrote need not be known more exactly, and then need not be written with
  // each message.
  private static final Duration EXACTNESS = Duration.ofMinutes(1);

  private final TenantDb db;
  private final EventLog events;
  private final ToGenesysQueue queue;
  private final Audit audit;
  private final InstantSource clock;

  Desks(TenantDb db, EventLog events, ToGenesysQueue queue, Audit audit, InstantSource clock) {
    this.db = db;
    this.events = events;
    this.queue = queue;
    this.audit = audit;
    this.clock = clock;
  }

  /// Where a channel's conversations go. Throws a [Problem] when there is no such channel.
  ChannelDesk ofChannel(Caller caller, UUID channel) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          require(tx, channel);
          return DeskChoiceStore.ofChannels(tx.sql(), tx.tenant(), List.of(channel))
              .getOrDefault(channel, ChannelDesk.INBOX);
        });
  }

  /// Says where a channel's conversations go from now on; those that are decided stay. Throws a [Problem] when there is
  /// no such channel or integration.
  ChannelDesk choose(Caller caller, UUID channel, ChannelDesk desk) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          require(tx, channel);
          UUID integration = desk.integrationId();
          if (integration != null) {
            requireIntegration(tx, integration);
          }
          DeskChoiceStore.put(tx.sql(), tx.tenant(), channel, desk, clock.instant());
          audit.record(tx, caller, "channel.desk", "channel", channel, Map.of("desk", desk.desk()));
          return desk;
        });
  }

  private static void require(Tx tx, UUID channel) {
    if (Channels.find(tx, List.of(channel)).isEmpty()) {
      throw Problem.notFound("channel");
    }
  }

  private static void requireIntegration(Tx tx, UUID integration) {
    if (IntegrationStore.find(tx.sql(), tx.tenant(), integration).isEmpty()) {
      throw Problem.invalid("integrationId", "is no connection with Genesys");
    }
  }

  /// Where a conversation is answered, and Genesys' own id of it where it has one.
  record Seen(ConversationDesk desk, @Nullable String genesysConversationId) {}

  /// Where a conversation is answered. Throws a [Problem] when there is none of that id.
  Seen ofConversation(Caller caller, UUID id) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation conversation =
              DeskStates.find(tx, id).orElseThrow(() -> Problem.notFound("conversation"));
          return seen(tx, decided(tx, List.of(id)).getOrDefault(id, undecided(conversation)));
        });
  }

  private static Seen seen(Tx tx, ConversationDesk desk) {
    return new Seen(
        desk,
        BridgeStore.genesysConversation(tx.sql(), tx.tenant(), desk.conversationId()).orElse(null));
  }

  private static ConversationDesk undecided(Conversation conversation) {
    return new ConversationDesk(
        conversation.id(),
        ConversationDesk.Place.INBOX,
        null,
        "channel",
        conversation.createdAt(),
        0);
  }

  /// What is decided and still holds of conversations, by their ids.
  Map<UUID, ConversationDesk> decided(Tx tx, Collection<UUID> conversations) {
    return known(tx, conversations).values().stream()
        .map(DeskChoiceStore.Decided::desk)
        .collect(Collectors.toMap(ConversationDesk::conversationId, Function.identity()));
  }

  private Map<UUID, DeskChoiceStore.Decided> known(Tx tx, Collection<UUID> conversations) {
    return DeskChoiceStore.ofConversations(
        tx.sql(), tx.tenant(), conversations, clock.instant().minus(SILENCE));
  }

  /// A conversation in which a customer writes.
  record Writing(UUID conversation, UUID channel, int lane) {}

  /// Decides what is not decided, and notes that customers have written. Answers where each of these conversations and
  /// of `others` is answered, as far as that is decided.
  Map<UUID, ConversationDesk> decide(Tx tx, List<Writing> writings, Collection<UUID> others) {
    Map<UUID, Writing> byId = new HashMap<>();
    writings.forEach(writing -> byId.putIfAbsent(writing.conversation(), writing));
    var all = new HashSet<UUID>(others);
    all.addAll(byId.keySet());
    Instant now = clock.instant();
    var desks = new HashMap<UUID, ConversationDesk>();
    var heard = new ArrayList<UUID>();
    known(tx, all)
        .forEach(
            (id, decided) -> {
              desks.put(id, decided.desk());
              if (byId.containsKey(id) && decided.lastAt().isBefore(now.minus(EXACTNESS))) {
                heard.add(id);
              }
            });
    if (!heard.isEmpty()) {
      DeskChoiceStore.heard(tx.sql(), tx.tenant(), heard, now);
    }
    List<Writing> open =
        byId.values().stream().filter(w -> !desks.containsKey(w.conversation())).toList();
    if (open.isEmpty()) {
      return desks;
    }
    Map<UUID, ChannelDesk> channels =
        DeskChoiceStore.ofChannels(
            tx.sql(), tx.tenant(), open.stream().map(Writing::channel).distinct().toList());
    Map<UUID, Set<UUID>> tags =
        Tags.ofConversations(tx, open.stream().map(Writing::conversation).toList());
    for (Writing writing : open) {
      ChannelDesk channel = channels.get(writing.channel());
      if (channel != null) {
        ConversationDesk desk =
            decide(channel, writing, tags.getOrDefault(writing.conversation(), Set.of()), now);
        DeskChoiceStore.put(tx.sql(), tx.tenant(), desk, now);
        desks.put(writing.conversation(), desk);
        if (desk.desk() == ConversationDesk.Place.GENESYS) {
          tell(tx, writing.lane(), desk, ConversationDesk.Place.INBOX, null);
        }
      }
    }
    return desks;
  }

  private static ConversationDesk decide(
      ChannelDesk channel, Writing writing, Set<UUID> tags, Instant now) {
    DeskRule rule = channel.rule();
    boolean genesys =
        switch (channel.desk()) {
          case INBOX -> false;
          case GENESYS -> true;
          case RULE -> rule != null && rule.holds(now, tags);
        };
    return new ConversationDesk(
        writing.conversation(),
        genesys ? ConversationDesk.Place.GENESYS : ConversationDesk.Place.INBOX,
        genesys ? channel.integrationId() : null,
        channel.desk() == ChannelDesk.Choice.RULE ? "rule" : "channel",
        now,
        0);
  }

  /// Hands a conversation over by hand. Genesys' agents get what was said so far as one text; when they lose it they
  /// are told so. What is so already changes nothing. Throws a [Problem] when there is no such conversation or
  /// integration, or its channel has none and none is named.
  Seen handOver(
      Caller caller,
      UUID id,
      ConversationDesk.Place to,
      @Nullable UUID wanted,
      @Nullable String note) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Conversation conversation = DeskStates.lock(tx, id);
          ConversationDesk before =
              decided(tx, List.of(id)).getOrDefault(id, undecided(conversation));
          UUID integration =
              to == ConversationDesk.Place.GENESYS ? integration(tx, conversation, wanted) : null;
          if (before.desk() == to
              && (integration == null || integration.equals(before.integrationId()))) {
            return seen(tx, before);
          }
          Instant now = clock.instant();
          var desk = new ConversationDesk(id, to, integration, "hand", now, conversation.lastSeq());
          DeskChoiceStore.put(tx.sql(), tx.tenant(), desk, now);
          UUID lost = before.integrationId();
          if (lost != null) {
            queue.left(tx, lost, conversation, caller.name());
          }
          if (integration != null) {
            queue.handedOver(tx, integration, conversation, caller.name(), note);
          }
          tell(tx, conversation.lane(), desk, before.desk(), caller);
          audit.record(tx, caller, "conversation.desk", "conversation", id, Map.of("desk", to));
          return seen(tx, desk);
        });
  }

  private static UUID integration(Tx tx, Conversation conversation, @Nullable UUID wanted) {
    UUID integration = wanted;
    if (integration == null) {
      UUID channel = conversation.channelId();
      integration =
          DeskChoiceStore.ofChannels(tx.sql(), tx.tenant(), List.of(channel))
              .getOrDefault(channel, ChannelDesk.INBOX)
              .integrationId();
    }
    if (integration == null) {
      throw Problem.invalid("integrationId", "is required: the channel has no desk at Genesys");
    }
    requireIntegration(tx, integration);
    return integration;
  }

  private void tell(
      Tx tx,
      int lane,
      ConversationDesk desk,
      ConversationDesk.Place from,
      @Nullable Caller caller) {
    events.publish(
        tx,
        lane,
        new GenesysEvent.DeskChanged(
            desk.conversationId(),
            from,
            desk.desk(),
            desk.integrationId(),
            desk.cause(),
            caller == null ? null : DeskStates.by(caller)));
  }
}
