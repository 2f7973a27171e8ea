package dev.parley.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.contacts.Contact;
import dev.parley.conversations.ChannelGate;
import dev.parley.conversations.Content;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.lanes.Lanes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The connected accounts of all tenants, and what may be said on them.
@Singleton
public final class Channels implements ChannelGate {
  private static final Logger LOG = Logger.getLogger(Channels.class);
  private static final Duration KNOWN = Duration.ofSeconds(5);
  private static final int MOST_KNOWN = 10_000;

  private final TenantDb db;
  private final SystemDb system;
  private final EventLog events;
  private final SealedCredentials credentials;
  private final Audit audit;
  private final InstantSource clock;
  private final Map<String, ChannelConnector> connectors;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();

  private record Known(Optional<ChannelAccount> account, Instant until) {}

  /// With one connector for each kind of channel.
  public Channels(
      TenantDb db,
      SystemDb system,
      EventLog events,
      FieldCipher cipher,
      Audit audit,
      InstantSource clock,
      List<ChannelConnector> connectors) {
    this.db = db;
    this.system = system;
    this.events = events;
    this.credentials = new SealedCredentials(cipher);
    this.audit = audit;
    this.clock = clock;
    this.connectors =
        connectors.stream().collect(Collectors.toMap(ChannelConnector::kind, Function.identity()));
  }

  /// The kinds of channel that there are.
  public List<String> kinds() {
    return connectors.keySet().stream().sorted().toList();
  }

  /// The connector of a kind; throws a [Problem] when there is none.
  public ChannelConnector connector(String kind) {
    ChannelConnector connector = connectors.get(kind);
    if (connector == null) {
      throw Problem.invalid("kind", "must be one of " + String.join(", ", kinds()));
    }
    return connector;
  }

  /// The account if it was looked up within the last seconds; null when somebody has to ask [#account]. Never blocks.
  public @Nullable Optional<ChannelAccount> recent(UUID id) {
    Known entry = known.get(id);
    return entry != null && entry.until().isAfter(clock.instant()) ? entry.account() : null;
  }

  /// The account of any tenant by the channel's id; at most five seconds old. Empty when there is none.
  public Optional<ChannelAccount> account(UUID id) {
    Optional<ChannelAccount> recent = recent(id);
    if (recent != null) {
      return recent;
    }
    Optional<ChannelAccount> account =
        system.query(sql -> ChannelStore.ofAnyTenant(sql, id)).map(this::open);
    if (known.size() >= MOST_KNOWN) {
      // Anybody can ask for channels that do not exist.
      known.clear();
    }
    known.put(id, new Known(account, clock.instant().plus(KNOWN)));
    return account;
  }

  /// The tenant's channel of a kind that has a setting of that value: providers that know one
  /// address for several accounts say in the webhook which one they mean. Empty when there is none.
  public Optional<ChannelAccount> withSetting(Tx tx, String kind, String setting, String value) {
    return ChannelStore.withSetting(tx.sql(), tx.tenant(), kind, setting, value).map(this::open);
  }

  private ChannelAccount open(ChannelStore.Row row) {
    Channel channel = row.channel();
    return new ChannelAccount(
        row.tenant(),
        channel.id(),
        channel.projectId(),
        channel.kind(),
        channel.state(),
        channel.settings(),
        credentials.open(row));
  }

  /// Connects a channel. Throws a [Problem] when settings or credentials are not what the kind needs.
  public Channel create(
      Caller caller,
      UUID projectId,
      String kind,
      String name,
      JsonNode settings,
      ChannelAccount.Credentials credentials) {
    check(kind, settings, credentials);
    Instant now = clock.instant();
    var channel =
        new Channel(
            Ids.next(),
            projectId,
            kind,
            name,
            "active",
            settings,
            null,
            null,
            null,
            null,
            now,
            now);
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          String sealed = this.credentials.seal(tx.tenant(), channel.id(), credentials);
          ChannelStore.insert(tx.sql(), tx.tenant(), channel, sealed);
          events.publish(
              tx, channel.id(), new ChannelEvent.Created(channel.id(), projectId, kind, name));
          audit.record(
              tx,
              caller,
              "channel.create",
              "channel",
              channel.id().toString(),
              Map.of("kind", kind, "name", name));
          return channel;
        });
  }

  /// What somebody changes about a channel; null leaves a part as it is.
  public record Change(
      @Nullable String name,
      @Nullable String state,
      @Nullable JsonNode settings,
      @Nullable Secret accessToken,
      @Nullable List<Secret> appSecrets,
      @Nullable Secret verifyToken) {}

  /// Changes a channel. Throws a [Problem] when there is none of that id or the result is not what the kind needs.
  public Channel update(Caller caller, UUID id, Change change) {
    Channel updated =
        db.inTenant(
            caller.inTenant(),
            tx -> {
              ChannelStore.Row row = require(tx, id);
              Channel before = row.channel();
              ChannelAccount.Credentials old = open(row).credentials();
              List<Secret> secrets = change.appSecrets();
              var credentials =
                  new ChannelAccount.Credentials(
                      or(change.accessToken(), old.accessToken()),
                      secrets == null ? old.appSecrets() : secrets,
                      or(change.verifyToken(), old.verifyToken()));
              JsonNode wanted = change.settings();
              JsonNode settings = wanted == null ? before.settings() : wanted;
              check(before.kind(), settings, credentials);
              String name = change.name() == null ? before.name() : change.name();
              String state = change.state() == null ? before.state() : change.state();
              var after =
                  new Channel(
                      id,
                      before.projectId(),
                      before.kind(),
                      name,
                      state,
                      settings,
                      before.lastError(),
                      before.lastErrorAt(),
                      before.lastInboundAt(),
                      before.lastUnsignedAt(),
                      before.createdAt(),
                      clock.instant());
              ChannelStore.update(
                  tx.sql(),
                  tx.tenant(),
                  after,
                  this.credentials.seal(tx.tenant(), id, credentials));
              events.publish(tx, id, new ChannelEvent.Updated(id, name, state));
              audit.record(
                  tx,
                  caller,
                  "channel.update",
                  "channel",
                  id.toString(),
                  Map.of("name", name, "state", state));
              return after;
            });
    known.remove(id);
    return updated;
  }

  private static @Nullable Secret or(@Nullable Secret wanted, @Nullable Secret old) {
    return wanted == null ? old : wanted;
  }

  private void check(String kind, JsonNode settings, ChannelAccount.Credentials credentials) {
    List<Problem.FieldError> errors = connector(kind).checkSettings(settings, credentials);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /// Removes a channel; its conversations stay readable. Throws a [Problem] when there is none of that id.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!ChannelStore.delete(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("channel");
          }
          TemplateStore.deleteOfChannel(tx.sql(), tx.tenant(), id);
          SetupCheckStore.OF_CHANNELS.delete(tx.sql(), tx.tenant(), id);
          events.publish(tx, id, new ChannelEvent.Deleted(id));
          audit.record(tx, caller, "channel.delete", "channel", id.toString(), Map.of());
        });
    known.remove(id);
  }

  /// One channel.
  public Optional<Channel> find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> ChannelStore.find(tx.sql(), tx.tenant(), id))
        .map(ChannelStore.Row::channel);
  }

  /// Those of the channels that are there, inside a transaction.
  public static List<Channel> find(Tx tx, Collection<UUID> ids) {
    return ChannelStore.find(tx.sql(), tx.tenant(), ids);
  }

  /// Channels by age: `limit` + 1 rows where there are more.
  public List<Channel> page(Caller caller, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(), tx -> ChannelStore.page(tx.sql(), tx.tenant(), after, limit + 1));
  }

  /// What the provider said about the account, newest first: `limit` + 1 rows where there are more.
  List<Notice> notices(
      Caller caller, UUID id, @Nullable String field, @Nullable UUID before, int limit) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          require(tx, id);
          return ChannelStore.notices(tx.sql(), tx.tenant(), id, field, before, limit + 1);
        });
  }

  /// Asks the provider whether the account works, and notes the answer. Throws a [Problem] when there is none of that
  /// id.
  public ChannelConnector.Health test(Caller caller, UUID id) {
    ChannelAccount account = db.inTenant(caller.inTenant(), tx -> open(require(tx, id)));
    ChannelConnector.Health health = connector(account.kind()).test(account);
    noteError(account, health.ok() ? null : health.detail());
    return health;
  }

  /// A channel of any tenant whose provider refuses something.
  public record Troubled(
      TenantId tenant, UUID id, String name, String lastError, Instant lastErrorAt) {}

  /// The channels of all tenants whose provider refuses something, the latest first; at most `limit`.
  public List<Troubled> troubled(int limit) {
    return system.query(sql -> ChannelStore.troubled(sql, limit));
  }

  /// Keeps what the provider last refused, or forgets it.
  public void noteError(ChannelAccount account, @Nullable String error) {
    db.runInTenant(
        account.tenant(), tx -> ChannelStore.noteError(tx.sql(), tx.tenant(), account.id(), error));
  }

  /// Stores something that is no message, once; answers whether it was new.
  public boolean notice(Tx tx, UUID channelId, String dedupKey, String field, JsonNode data) {
    UUID id = Ids.next();
    boolean isNew =
        ChannelStore.insertNotice(tx.sql(), tx.tenant(), id, channelId, dedupKey, field, data);
    if (isNew) {
      events.publish(tx, channelId, new ChannelEvent.NoticeReceived(channelId, id, field, data));
    }
    return isNew;
  }

  /// Encrypts all credentials of a tenant with the active key; answers how many were made with another.
  public int rotateKeys(TenantId tenant) {
    return db.inTenant(
        tenant,
        tx -> {
          int stale = 0;
          for (ChannelStore.Row row : ChannelStore.all(tx.sql(), tenant)) {
            if (credentials.isStale(row)) {
              ChannelStore.update(tx.sql(), tenant, row.channel(), credentials.reseal(row));
              stale++;
            }
          }
          return stale;
        });
  }

  /// How many channels' credentials open with the keys there are, and how many do not.
  public record Sealed(int open, int shut) {}

  /// Tries to open all credentials of a tenant.
  public Sealed sealed(TenantId tenant) {
    List<ChannelStore.Row> rows = db.inTenant(tenant, tx -> ChannelStore.all(tx.sql(), tenant));
    int open = 0;
    for (ChannelStore.Row row : rows) {
      try {
        open(row);
        open++;
      } catch (FieldCipher.Unreadable e) {
        LOG.debugf("channel %s: %s", row.channel().id(), e.getMessage());
      }
    }
    return new Sealed(open, rows.size() - open);
  }

  @Override
  public void check(Tx tx, UUID channelId, Content content) {
    ChannelStore.Row row = require(tx, channelId);
    if (row.channel().state().equals("paused")) {
      throw new Problem(Problem.Code.CHANNEL_UNABLE, "The channel is paused; resume it first.");
    }
    ChannelConnector connector = connector(row.channel().kind());
    List<Problem.FieldError> errors = connector.check(content);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    if (content instanceof Content.Template template) {
      TemplateGate.check(tx, connector, channelId, template);
    }
  }

  @Override
  public Opening opening(Tx tx, UUID channelId, Contact contact) {
    ChannelAccount account = open(require(tx, channelId));
    ChannelConnector connector = connector(account.kind());
    String address =
        connector
            .address(account, contact)
            .orElseThrow(
                () ->
                    new Problem(
                        Problem.Code.CHANNEL_UNABLE,
                        "The contact has no identity that this channel can reach."));
    return new Opening(
        account.projectId(), lane(tx.tenant(), channelId, address), connector.hasWindow());
  }

  /// The lane of a customer on a channel.
  public static int lane(TenantId tenant, UUID channelId, String address) {
    return Lanes.of(tenant, channelId + ":" + address);
  }

  private static ChannelStore.Row require(Tx tx, UUID id) {
    return ChannelStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("channel"));
  }
}
