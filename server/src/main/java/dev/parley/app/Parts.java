package dev.parley.app;

import dev.parley.channels.ChannelCalls;
import dev.parley.channels.ChannelDelivery;
import dev.parley.channels.MediaDownloads;
import dev.parley.channels.whatsapp.WhatsAppInbound;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.Departures;
import dev.parley.conversations.MessageMedia;
import dev.parley.conversations.SearchIndex;
import dev.parley.genesys.GenesysBridge;
import dev.parley.inbox.Unassignment;
import dev.parley.media.renditions.RenderFiles;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.events.Hints;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.events.Tail;
import dev.parley.platform.health.Nodes;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.mail.Mails;
import dev.parley.platform.queue.GroupCommit;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.roles.Part;
import dev.parley.platform.roles.Role;
import dev.parley.platform.timers.Timers;
import dev.parley.realtime.Realtime;
import dev.parley.realtime.SocketIoDoor;
import dev.parley.realtime.presence.Presence;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// How each part of the [PartList] starts and stops, and which of them this process has started.
@Singleton
final class Parts {
  private static final Logger LOG = Logger.getLogger(Parts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  // Mails under way at a time: what a mail server takes from one client without slowing it down.
  private static final int MAILS = 4;

  private final List<Part> all;
  private volatile boolean ready;

  Parts(
      Config config,
      RedisClient redis,
      Hints hints,
      Leases leases,
      Tail tail,
      Timers timers,
      GroupCommit intake,
      PostgresWorkQueue queue,
      WhatsAppInbound inbound,
      ChannelDelivery delivery,
      Subscriptions subscriptions,
      SearchIndex search,
      Departures departures,
      Unassignment unassignment,
      Mails mails,
      Presence presence,
      Realtime realtime,
      SocketIoDoor socketIo,
      MediaDownloads downloads,
      ChannelCalls calls,
      CallLog log,
      Nodes nodes,
      RenderFiles rendering,
      GenesysBridge genesys,
      Housekeeping housekeeping) {
    this.all =
        List.of(
            PartList.REDIS.with(of(redis::start, _ -> redis.close())),
            PartList.CALLS.with(of(log::start, log::stop)),
            PartList.HINTS.with(of(hints::start, hints::stop)),
            PartList.LEASES.with(of(leases::start, _ -> leases.stop())),
            PartList.TAIL.with(of(tail::start, _ -> tail.stop())),
            PartList.TIMERS.with(
                of(
                    () -> {
                      housekeeping.register(timers);
                      timers.start();
                    },
                    _ -> timers.stop())),
            PartList.INBOUND_MESSAGES.with(of(queue.consume("inbound-messages", inbound))),
            PartList.OUTBOUND_MESSAGES.with(
                of(
                    queue.consume(
                        Conversations.OUTBOUND,
                        config.get(Keys.SENDS),
                        config.get(Keys.SENDS_EACH),
                        delivery::handle))),
            PartList.SEARCH.with(
                of(subscriptions.subscribe(SearchIndex.NAME, SearchIndex.TYPES, search))),
            PartList.DEPARTURES.with(
                of(subscriptions.subscribe(Departures.NAME, Departures.TYPES, departures))),
            PartList.UNASSIGNMENT.with(
                of(subscriptions.subscribe(Unassignment.NAME, Unassignment.TYPES, unassignment))),
            PartList.MAILS.with(of(queue.consume(Mails.QUEUE, MAILS, mails::handle))),
            PartList.MEDIA_DOWNLOADS.with(
                of(
                    queue.consume(
                        MessageMedia.QUEUE,
                        config.get(Keys.MEDIA_FETCHES),
                        config.get(Keys.MEDIA_FETCHES_EACH),
                        downloads::handle))),
            PartList.RENDITIONS.with(of(rendering.consume(subscriptions))),
            PartList.GENESYS.with(of(genesys.consume())),
            PartList.CHANNEL_CALLS.with(of(calls::start, calls::stop)),
            PartList.INTAKE.with(of(intake::start, intake::stop)),
            PartList.PRESENCE.with(
                of(
                    () -> {
                      presence.start(realtime.broadcasts());
                      realtime.attend(presence);
                    },
                    presence::stop)),
            PartList.REALTIME.with(
                of(
                    realtime::start,
                    patience -> {
                      socketIo.refuseNew();
                      realtime.stop(patience);
                      socketIo.stop();
                    })),
            PartList.NODE_STATE.with(of(nodes::start, nodes::stop)));
  }

  private static Part.Body of(WorkQueue.Consumption consumption) {
    return of(consumption::start, consumption::stop);
  }

  private interface Stopping {
    void stop(Duration patience);
  }

  private static Part.Body of(Runnable start, Stopping stop) {
    return new Part.Body() {
      @Override
      public void start() {
        start.run();
      }

      @Override
      public void stop(Duration patience) {
        stop.stop(patience);
      }
    };
  }

  /// Every part there is, in the order of starting.
  List<Part> all() {
    return all.stream().sorted(Comparator.comparingInt(Part::order)).toList();
  }

  void start(Set<Role> roles) {
    for (Part part : all()) {
      if (part.isFor(roles)) {
        LOG.debugf("starting %s", part.name());
        part.body().start();
      }
    }
    ready = true;
  }

  void stop(Set<Role> roles) {
    ready = false;
    for (Part part : all().reversed()) {
      if (part.isFor(roles)) {
        try {
          part.body().stop(PATIENCE);
        } catch (RuntimeException e) {
          LOG.warnf("stopping %s: %s", part.name(), e.getMessage());
        }
      }
    }
  }

  /// Whether all parts of the process have started and none is stopping.
  boolean ready() {
    return ready;
  }
}
