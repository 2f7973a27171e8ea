package dev.parley.app;

import dev.parley.admin.Queues;
import dev.parley.admin.RetentionSweep;
import dev.parley.channels.ChannelSetup;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.TemplateSync;
import dev.parley.conversations.Conversations;
import dev.parley.genesys.Endings;
import dev.parley.genesys.GenesysBridge;
import dev.parley.genesys.GenesysSetup;
import dev.parley.genesys.WidgetSessions;
import dev.parley.identity.AccountMails;
import dev.parley.identity.Invitations;
import dev.parley.identity.LockOut;
import dev.parley.identity.SignInRegister;
import dev.parley.identity.Tickets;
import dev.parley.media.Scans;
import dev.parley.media.Sweep;
import dev.parley.media.Verification;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.http.IdempotentRequests;
import dev.parley.platform.queue.QueueDepths;
import dev.parley.platform.timers.Timers;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.TenantRemoval;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/// Jobs that run again and again in one process at a time: tidying up, tenant by tenant, and measuring the queues.
@Singleton
final class Housekeeping {
  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration RECEIPTS_KEPT = Duration.ofDays(8);
  private static final int PAGE = 200;
  private static final Duration REQUESTS_KEPT = Duration.ofDays(1);
  private static final Duration BRIDGE_KEPT = Duration.ofDays(90);
  private static final Duration INVITATIONS_KEPT = Duration.ofDays(90);
  // The operator's own rows stand under the nil UUID.
  private static final TenantId OPERATORS = TenantId.NONE;

  private final Tenants tenants;
  private final Conversations conversations;
  private final ProviderFiles providerFiles;
  private final Subscriptions subscriptions;
  private final QueueDepths depths;
  private final SignInRegister signIns;
  private final LockOut lockOut;
  private final AccountMails accountMails;
  private final Invitations invitations;
  private final Tickets tickets;
  private final IdempotentRequests requests;
  private final TenantRemoval removal;
  private final Sweep sweep;
  private final Scans scans;
  private final Verification verification;
  private final RetentionSweep kept;
  private final TemplateSync templates;
  private final ChannelSetup setup;
  private final GenesysBridge genesys;
  private final GenesysSetup genesysSetup;
  private final Endings endings;
  private final WidgetSessions widgets;
  private final MeterRegistry metrics;
  private final Config config;
  private final InstantSource clock;
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  Housekeeping(
      Tenants tenants,
      Conversations conversations,
      ProviderFiles providerFiles,
      Subscriptions subscriptions,
      QueueDepths depths,
      SignInRegister signIns,
      LockOut lockOut,
      AccountMails accountMails,
      Invitations invitations,
      Tickets tickets,
      IdempotentRequests requests,
      TenantRemoval removal,
      Sweep sweep,
      Scans scans,
      Verification verification,
      RetentionSweep kept,
      TemplateSync templates,
      ChannelSetup setup,
      GenesysBridge genesys,
      GenesysSetup genesysSetup,
      Endings endings,
      WidgetSessions widgets,
      MeterRegistry metrics,
      Config config,
      InstantSource clock) {
    this.tenants = tenants;
    this.conversations = conversations;
    this.providerFiles = providerFiles;
    this.subscriptions = subscriptions;
    this.depths = depths;
    this.signIns = signIns;
    this.lockOut = lockOut;
    this.accountMails = accountMails;
    this.invitations = invitations;
    this.tickets = tickets;
    this.requests = requests;
    this.removal = removal;
    this.sweep = sweep;
    this.scans = scans;
    this.verification = verification;
    this.kept = kept;
    this.templates = templates;
    this.setup = setup;
    this.genesys = genesys;
    this.genesysSetup = genesysSetup;
    this.endings = endings;
    this.widgets = widgets;
    this.metrics = metrics;
    this.config = config;
    this.clock = clock;
  }

  void register(Timers timers) {
    timers.every(
        "settle-receipts",
        Duration.ofSeconds(30),
        () -> eachTenant("settle-receipts", this::settle));
    timers.every(
        "retention",
        Duration.ofHours(1),
        () -> {
          forget(OPERATORS);
          kept.run(OPERATORS);
          eachTenant("retention", this::retain);
        });
    timers.every("files", config.get(Keys.MEDIA_SWEEP), () -> eachTenant("files", sweep::run));
    timers.every("file-scans", Duration.ofSeconds(5), () -> eachTenant("file-scans", scans::run));
    timers.every(
        "templates", Duration.ofHours(1), () -> eachTenant("templates", templates::syncAll));
    timers.every(
        "channel-checks",
        Duration.ofHours(6),
        () -> eachTenant("channel-checks", setup::lookAtAll));
    timers.every(
        "genesys-endings",
        Duration.ofMinutes(1),
        () -> eachTenant("genesys-endings", endings::look));
    timers.every(
        "genesys-checks",
        Duration.ofHours(6),
        () -> eachTenant("genesys-checks", genesysSetup::lookAtAll));
    timers.every("lost-objects", Duration.ofDays(1), this::verify);
    timers.every("tenant-removal", Duration.ofMinutes(1), removal::runAll);
    timers.every("measure", Duration.ofSeconds(10), this::measure);
  }

  private interface Job {
    void run(TenantId tenant);
  }

  private void eachTenant(String name, Job job) {
    List<Tenant> page = tenants.page(null, null, PAGE);
    while (!page.isEmpty()) {
      for (Tenant tenant : page) {
        try {
          job.run(tenant.id());
        } catch (RuntimeException e) {
          LOG.warnf("%s of tenant %s: %s", name, tenant.id(), e.getMessage());
        }
      }
      page = page.size() < PAGE ? List.of() : tenants.page(null, page.getLast().id().value(), PAGE);
    }
  }

  /// What only a look at the whole storage finds: objects whose rows are gone, with their tenant for example. What is
  /// missing in it is for people to see; it is not marked here, lest a storage that is not mounted marks everything.
  private void verify() {
    eachTenant(
        "lost-objects",
        tenant -> {
          Verification.Found found =
              verification.run(tenant, new Verification.Manner(false, false));
          if (found.missing() > 0) {
            LOG.errorf("%d objects of tenant %s are not in the storage", found.missing(), tenant);
          }
          if (found.missing() == 0 && found.orphans() > 0) {
            verification.run(tenant, new Verification.Manner(true, false));
          }
        });
    verification.ofNobody(true);
  }

  private void settle(TenantId tenant) {
    conversations.settlePending(tenant, clock.instant().minus(RECEIPTS_KEPT));
  }

  private void retain(TenantId tenant) {
    Instant now = clock.instant();
    kept.run(tenant);
    forget(tenant);
    accountMails.deleteBefore(tenant, now);
    invitations.deleteBefore(tenant, now.minus(INVITATIONS_KEPT));
    providerFiles.deleteExpired(tenant);
    genesys.deleteBefore(tenant, now.minus(BRIDGE_KEPT));
    widgets.deleteExpired(tenant);
  }

  private void forget(TenantId realm) {
    Instant now = clock.instant();
    requests.deleteBefore(realm, now.minus(REQUESTS_KEPT));
    signIns.deleteBefore(realm, now);
    lockOut.deleteBefore(realm, now.minus(Duration.ofDays(2)));
    tickets.deleteBefore(realm, now);
  }

  private void measure() {
    gauges.values().forEach(value -> value.set(0.0));
    // An empty queue is a figure too: without it nobody could tell it from a queue that is not
    // looked at.
    for (String queue : Queues.ALL) {
      gauge("parley.queue.depth", "queue", queue);
      gauge("parley.queue.oldest.seconds", "queue", queue);
    }
    depths
        .read()
        .forEach(
            depth -> {
              gauge("parley.queue.depth", "queue", depth.queue()).set((double) depth.items());
              gauge("parley.queue.oldest.seconds", "queue", depth.queue())
                  .set(depth.oldestSeconds());
            });
    subscriptions
        .lags()
        .forEach(
            (name, lag) ->
                gauge("parley.subscription.lag", "subscription", name).set((double) lag));
  }

  private AtomicReference<Double> gauge(String name, String tag, String value) {
    return gauges.computeIfAbsent(
        name + value,
        _ -> {
          var holder = new AtomicReference<>(0.0);
          Gauge.builder(name, holder, AtomicReference::get).tag(tag, value).register(metrics);
          return holder;
        });
  }
}
