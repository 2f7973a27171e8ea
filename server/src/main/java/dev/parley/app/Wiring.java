package dev.parley.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channels.ChannelCalls;
import dev.parley.channels.ChannelConnector;
import dev.parley.channels.ChannelDelivery;
import dev.parley.channels.Channels;
import dev.parley.channels.MediaDownloads;
import dev.parley.channels.ProviderFiles;
import dev.parley.channels.Templates;
import dev.parley.channels.whatsapp.WhatsAppClient;
import dev.parley.channels.whatsapp.WhatsAppConnector;
import dev.parley.channels.whatsapp.WhatsAppInbound;
import dev.parley.channels.whatsapp.WhatsAppWebhook;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.MessageMedia;
import dev.parley.identity.AccountMails;
import dev.parley.media.Files;
import dev.parley.media.renditions.Conversions;
import dev.parley.media.renditions.Programs;
import dev.parley.media.renditions.RenderFiles;
import dev.parley.media.renditions.Renditions;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.Hints;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.events.Tail;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.http.RequestLimits;
import dev.parley.platform.http.WebhookCalls;
import dev.parley.platform.http.WebhookIntake;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.limits.LocalLimits;
import dev.parley.platform.limits.RateLimits;
import dev.parley.platform.limits.SharedLimits;
import dev.parley.platform.mail.Mails;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.GroupCommit;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.timers.Timers;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.mailer.Mailer;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;

/// Makes what has settings or more than one form. Everything else is a `@Singleton` that says in its constructor what
/// it needs. All of it exists in every role; what differs is which [Parts] start.
@Singleton
final class Wiring {
  private static final int RECENT_OF_A_TENANT = 4096;

  private final Boot boot = Boot.current();
  private final Config config = boot.config();
  private final DataSource systemPool = boot.database().system();

  @Produces
  @Singleton
  Config config() {
    return config;
  }

  @Produces
  @Singleton
  RedisClient redis(Vertx vertx) {
    return config
        .find(Keys.REDIS_URL)
        .map(
            url ->
                RedisClient.to(
                    vertx,
                    new RedisClient.Settings(
                        url,
                        config.find(Keys.REDIS_PASSWORD).orElse(null),
                        config.get(Keys.REDIS_TIMEOUT))))
        .orElseGet(RedisClient::none);
  }

  // Made on first use: filters of requests hold it, and they are made before Vert.x is there.
  @Produces
  @ApplicationScoped
  RateLimits limits(RedisClient redis) {
    var local = new LocalLimits();
    return redis.configured() ? new SharedLimits(redis, local) : local;
  }

  @Produces
  @Singleton
  Hints hints(RedisClient redis, EventLog log, Tail tail) {
    return new Hints(redis, log, tail);
  }

  @Produces
  @Singleton
  FieldCipher cipher() {
    return boot.cipher();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    // As fine as the database keeps times, so that what is answered is what is read later.
    return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
  }

  @Produces
  @Singleton
  ObjectMapperCustomizer json() {
    return (ObjectMapper mapper) -> Json.configure(mapper);
  }

  @Produces
  @Singleton
  TenantDb tenantDb() {
    return new TenantDb(boot.database().app());
  }

  @Produces
  @Singleton
  SystemDb systemDb() {
    return new SystemDb(systemPool);
  }

  @Produces
  @Singleton
  EventLog events(TenantDb db, InstantSource clock) {
    return new EventLog(db, clock);
  }

  @Produces
  @Singleton
  Recent recent(EventLog log) {
    return new Recent(log, (long) config.get(Keys.EVENTS_MEMORY) << 20, RECENT_OF_A_TENANT);
  }

  @Produces
  @Singleton
  Tail tail(EventLog log, SystemDb db, Recent recent) {
    var tail = new Tail(log, db, config.get(Keys.QUEUE_POLL));
    tail.listen(recent);
    return tail;
  }

  @Produces
  @Singleton
  Leases leases(SystemDb db) {
    return new Leases(db, boot.node(), config.get(Keys.LEASE));
  }

  @Produces
  @Singleton
  PostgresWorkQueue queue(TenantDb db, SystemDb system, Leases leases) {
    return new PostgresWorkQueue(
        db,
        system,
        leases,
        new PostgresWorkQueue.Settings(
            config.get(Keys.QUEUE_BATCH),
            config.get(Keys.QUEUE_TRIES),
            config.get(Keys.WORKERS),
            config.get(Keys.QUEUE_POLL),
            Duration.ofSeconds(1)));
  }

  @Produces
  @Singleton
  Subscriptions subscriptions(
      EventLog log, TenantDb db, SystemDb system, Leases leases, PostgresWorkQueue queue) {
    return new Subscriptions(log, db, system, leases, queue, config.get(Keys.QUEUE_POLL));
  }

  @Produces
  @Singleton
  DeadLetters deadLetters(TenantDb db) {
    return new DeadLetters(db);
  }

  @Produces
  @Singleton
  Timers timers() {
    return new Timers(systemPool, Duration.ofSeconds(1));
  }

  @Produces
  @Singleton
  GroupCommit intake(PostgresWorkQueue queue) {
    int writers = config.get(Keys.INTAKE_WRITERS);
    return new GroupCommit(
        boot.database().intake(writers), writers, config.get(Keys.INTAKE_QUEUE), queue::hint);
  }

  @Produces
  @Singleton
  Mails mails(
      PostgresWorkQueue queue,
      Mailer mailer,
      AccountMails accountMails,
      MeterRegistry metrics,
      InstantSource clock) {
    return new Mails(
        queue, MailSettings.post(config, mailer), List.of(accountMails), metrics, clock);
  }

  @Produces
  @Singleton
  OutboundHttp http(CallLog calls, InstantSource clock) {
    var http = new OutboundHttp(config.get(Keys.HTTP_ALLOW));
    http.tell(new OutgoingCalls(calls, clock));
    return http;
  }

  @Produces
  @Singleton
  Programs programs() {
    return Programs.ofSystem();
  }

  @Produces
  @Singleton
  Renditions renditions(Programs programs) {
    return RenderCommand.renditions(programs, config);
  }

  @Produces
  @Singleton
  RenderFiles renderFiles(
      Files files,
      Renditions renditions,
      TenantDb db,
      PostgresWorkQueue queue,
      EventLog events,
      MeterRegistry metrics,
      InstantSource clock) {
    return new RenderFiles(
        files, renditions, db, queue, events, metrics, clock, config.get(Keys.RENDITIONS_PARALLEL));
  }

  @Produces
  @Singleton
  Conversions conversions(Renditions renditions) {
    return renditions.conversions();
  }

  @Produces
  @Singleton
  List<ChannelConnector> connectors(
      OutboundHttp http,
      Files files,
      ProviderFiles uploads,
      Conversions conversions,
      MessageMedia media,
      InstantSource clock) {
    var client =
        new WhatsAppClient(
            http,
            config.get(Keys.GRAPH_URL),
            config.get(Keys.GRAPH_VERSION),
            new WhatsAppClient.Times(
                config.get(Keys.GRAPH_TIMEOUT),
                config.get(Keys.MEDIA_FETCH_TIMEOUT),
                config.get(Keys.MEDIA_FETCH_SILENCE)));
    return List.of(new WhatsAppConnector(client, files, uploads, conversions, media, clock));
  }

  @Produces
  @Singleton
  MediaDownloads mediaDownloads(
      Tenants tenants,
      Channels channels,
      MessageMedia media,
      Files files,
      MeterRegistry metrics,
      InstantSource clock) {
    return new MediaDownloads(
        tenants,
        channels,
        media,
        files,
        metrics,
        clock,
        new MediaDownloads.Settings(
            config.get(Keys.MEDIA_FETCH_EXPIRY),
            config.get(Keys.QUEUE_TRIES),
            config.get(Keys.MEDIA_MAX_MB) * 1024L * 1024));
  }

  @Produces
  @Singleton
  ChannelDelivery delivery(
      Tenants tenants,
      Channels channels,
      Deliveries deliveries,
      RateLimits buckets,
      MeterRegistry metrics,
      InstantSource clock) {
    return new ChannelDelivery(
        tenants,
        channels,
        deliveries,
        buckets,
        metrics,
        clock,
        new ChannelDelivery.Settings(
            config.get(Keys.UNKNOWN_HOLD),
            config.get(Keys.SEND_EXPIRY),
            config.get(Keys.QUEUE_TRIES),
            5));
  }

  @Produces
  @Singleton
  WhatsAppInbound whatsAppInbound(
      Channels channels,
      Conversations conversations,
      MessageMedia media,
      ProviderFiles uploads,
      Templates templates) {
    return new WhatsAppInbound(channels, conversations, media, uploads, templates);
  }

  @Produces
  @Singleton
  WebhookIntake.Doors webhooks(
      GroupCommit intake,
      RequestLimits limits,
      WebhookCalls log,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry metrics) {
    return new WebhookIntake.Doors(intake, limits, log, vertx, clock, metrics);
  }

  @Produces
  @Singleton
  WhatsAppWebhook whatsAppWebhook(
      Channels channels, ChannelCalls calls, WebhookIntake.Doors doors) {
    return new WhatsAppWebhook(channels, calls, doors);
  }
}
