package dev.parley.channels;

import dev.parley.conversations.Content;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Whether channels are set up as they must be: each part is looked at for itself, at the provider, and what was found is
/// kept. Nothing secret is shown.
@Singleton
public final class ChannelSetup {
  private static final Logger LOG = Logger.getLogger(ChannelSetup.class);
  private static final int MOST = 2000;
  private static final int CHANNELS = 200;

  private final Channels channels;
  private final TenantDb db;
  private final Audit audit;
  private final Config config;
  private final InstantSource clock;

  /// Looks at `channels`.
  public ChannelSetup(
      Channels channels, TenantDb db, Audit audit, Config config, InstantSource clock) {
    this.channels = channels;
    this.db = db;
    this.audit = audit;
    this.config = config;
    this.clock = clock;
  }

  private ChannelAccount account(TenantId tenant, UUID channel) {
    return channels
        .account(channel)
        .filter(account -> account.tenant().equals(tenant))
        .orElseThrow(() -> Problem.notFound("channel"));
  }

  /// Where the provider has to send its webhooks.
  static String webhook(Config config, ChannelAccount account) {
    return config.publicUrl() + "/webhooks/" + account.kind() + "/" + account.id();
  }

  /// Looks at every part now; blocks until the provider has answered or its time is over. Throws a [Problem] when there
  /// is no such channel.
  List<SetupCheck> look(TenantId tenant, UUID channel) {
    ChannelAccount account = account(tenant, channel);
    List<SetupCheck.Found> found =
        channels.connector(account.kind()).examine(account, webhook(config, account));
    Instant now = clock.instant();
    db.runInTenant(
        tenant,
        tx ->
            found.stream()
                .sorted(Comparator.comparing(SetupCheck.Found::name))
                .forEach(
                    one -> SetupCheckStore.OF_CHANNELS.put(tx.sql(), tenant, channel, one, now)));
    found.stream()
        .filter(one -> one.state() == SetupCheck.State.FAILED)
        .findFirst()
        .ifPresentOrElse(
            one -> channels.noteError(account, one.detail()),
            () -> channels.noteError(account, null));
    List<SetupCheck> kept = last(tenant, channel);
    List<String> order = found.stream().map(SetupCheck.Found::name).toList();
    return kept.stream()
        .sorted(Comparator.comparingInt(check -> order.indexOf(check.name())))
        .toList();
  }

  /// What the last look has found; empty when nobody has looked. Throws a [Problem] when there is no such channel.
  List<SetupCheck> last(TenantId tenant, UUID channel) {
    account(tenant, channel);
    return db.inTenant(
        tenant, tx -> SetupCheckStore.OF_CHANNELS.all(tx.sql(), tenant, channel, MOST));
  }

  /// What was last found about all channels of a tenant.
  public List<SetupCheck> ofTenant(TenantId tenant) {
    return db.inTenant(tenant, tx -> SetupCheckStore.OF_CHANNELS.all(tx.sql(), tenant, null, MOST));
  }

  /// Looks at every active channel of a tenant; one that cannot be looked at is logged and holds up no other.
  public void lookAtAll(TenantId tenant) {
    @Nullable UUID after = null;
    List<Channel> page;
    do {
      page = channels.page(Caller.system(tenant), after, CHANNELS);
      for (Channel channel : page) {
        after = channel.id();
        if (channel.state().equals("active")) {
          try {
            look(tenant, channel.id());
          } catch (RuntimeException e) {
            LOG.infof("set-up of channel %s: %s", channel.id(), e.getMessage());
          }
        }
      }
    } while (page.size() > CHANNELS);
  }

  /// Sends one template message to a number, outside any conversation, and answers how the provider took it.
  ChannelConnector.Delivery send(
      Caller caller, UUID channel, String phone, Content.Template template) {
    ChannelAccount account = account(caller.inTenant(), channel);
    ChannelConnector connector = channels.connector(account.kind());
    List<Problem.FieldError> errors = connector.check(template);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
    audit.record(
        caller.inTenant(),
        caller,
        "channel.test-message",
        "channel",
        channel,
        Map.of("template", template.name()));
    return connector.sendTest(account, phone, template);
  }
}
