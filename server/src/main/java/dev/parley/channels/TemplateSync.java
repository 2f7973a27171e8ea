package dev.parley.channels;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Takes over the templates that providers have.
@Singleton
public final class TemplateSync {
  private static final Logger LOG = Logger.getLogger(TemplateSync.class);
  private static final int MOST_PAGES = 100;
  private static final int CHANNELS = 200;

  private final Templates templates;
  private final Channels channels;
  private final TenantDb db;
  private final InstantSource clock;
  private final TemplateChanges changes;

  /// Templates of `channels`.
  public TemplateSync(
      Templates templates, Channels channels, TenantDb db, EventLog events, InstantSource clock) {
    this.templates = templates;
    this.channels = channels;
    this.db = db;
    this.clock = clock;
    this.changes = new TemplateChanges(events, clock);
  }

  /// What a comparison with the provider came to.
  public record Synced(int templates, int added, int changed, int removed) {}

  /// Syncs every active channel of a tenant that has templates; one that cannot be synced is logged and holds up no
  /// other.
  public void syncAll(TenantId tenant) {
    UUID after = null;
    List<Channel> page;
    do {
      page = channels.page(Caller.system(tenant), after, CHANNELS);
      for (Channel channel : page) {
        after = channel.id();
        if (channel.state().equals("active")
            && channels.connector(channel.kind()).templates().isPresent()) {
          try {
            sync(tenant, channel.id());
          } catch (RuntimeException e) {
            LOG.infof("templates of channel %s: %s", channel.id(), e.getMessage());
          }
        }
      }
    } while (page.size() > CHANNELS);
  }

  /// Takes over what the provider has. What was changed here meanwhile, by a notice or by hand, is left as it is.
  public Synced sync(TenantId tenant, UUID channel) {
    ChannelAccount account = templates.account(tenant, channel);
    ProviderTemplates provider = templates.provider(account);
    Instant started = clock.instant();
    var told = new ArrayList<MessageTemplate.Told>();
    String after = null;
    int pages = 0;
    do {
      ProviderTemplates.Listed listed = provider.list(account, after);
      told.addAll(listed.templates());
      after = listed.next();
    } while (after != null && ++pages < MOST_PAGES);
    boolean whole = after == null;
    return db.inTenant(tenant, tx -> merge(tx, channel, told, started, whole));
  }

  private Synced merge(
      Tx tx, UUID channel, List<MessageTemplate.Told> all, Instant started, boolean whole) {
    var known = new HashMap<String, MessageTemplate>();
    for (MessageTemplate template : TemplateStore.lock(tx.sql(), tx.tenant(), channel)) {
      known.put(key(template.name(), template.language()), template);
    }
    int added = 0;
    int changed = 0;
    int removed = 0;
    var seen = new HashSet<String>();
    for (MessageTemplate.Told told : all) {
      String key = key(told.name(), told.language());
      MessageTemplate before = known.get(key);
      if (!seen.add(key) || (before != null && !before.updatedAt().isBefore(started))) {
        continue;
      }
      if (before == null) {
        added += changes.insert(tx, changes.template(channel, told)) ? 1 : 0;
      } else if (before.differs(told)) {
        changes.change(tx, before, changes.told(before, told));
        changed++;
      }
    }
    for (Map.Entry<String, MessageTemplate> entry : known.entrySet()) {
      MessageTemplate template = entry.getValue();
      if (whole && !seen.contains(entry.getKey()) && template.updatedAt().isBefore(started)) {
        changes.remove(tx, template);
        removed++;
      }
    }
    TemplateStore.synced(tx.sql(), tx.tenant(), channel, started);
    return new Synced(all.size(), added, changed, removed);
  }

  private static String key(String name, String language) {
    return name + "\n" + language;
  }
}
