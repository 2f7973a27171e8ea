package dev.parley.app;

import dev.parley.conversations.Chats;
import dev.parley.conversations.Conversations;
import dev.parley.conversations.EventFiles;
import dev.parley.conversations.MessageActions;
import dev.parley.conversations.OwnChats;
import dev.parley.identity.Callers;
import dev.parley.identity.Sessions;
import dev.parley.identity.Tickets;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.Recent;
import dev.parley.platform.events.Tail;
import dev.parley.platform.roles.Role;
import dev.parley.realtime.Activity;
import dev.parley.realtime.Bounds;
import dev.parley.realtime.Commands;
import dev.parley.realtime.ConversationOperations;
import dev.parley.realtime.ConversationRights;
import dev.parley.realtime.EventSourceDoor;
import dev.parley.realtime.Realtime;
import dev.parley.realtime.SocketIoDoor;
import dev.parley.realtime.WebSocketDoor;
import dev.parley.realtime.presence.Presence;
import dev.parley.realtime.presence.PresenceEngine;
import dev.parley.tenants.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;

/// Makes the event stream and its doors.
@Singleton
final class LiveWiring {
  @Produces
  @Singleton
  Commands commands(
      Conversations conversations, Chats chats, OwnChats own, MessageActions actions) {
    var commands = new Commands();
    new ConversationOperations(conversations, chats, own, actions).addTo(commands);
    return commands;
  }

  @Produces
  @Singleton
  Presence presence(
      RedisClient redis,
      TenantDb db,
      Tail tail,
      OwnChats chats,
      Config config,
      InstantSource clock,
      MeterRegistry metrics) {
    boolean here = Role.parse(config.get(Keys.ROLES)).contains(Role.REALTIME);
    var presence =
        new Presence(
            new Presence.Place(here, redis, db),
            new Presence.Settings(
                new PresenceEngine.Settings(
                    config.get(Keys.PRESENCE_LIFE), config.get(Keys.PRESENCE_IDLE)),
                Map.of(
                    Activity.TYPING,
                    config.get(Keys.TYPING_LIFE),
                    Activity.VIEWING,
                    config.get(Keys.VIEWING_LIFE)),
                config.get(Keys.LEASE)),
            chats::acquaintances,
            clock,
            metrics);
    tail.listen(presence::happened);
    return presence;
  }

  @Produces
  @Singleton
  Realtime realtime(
      EventLog log,
      Recent recent,
      Conversations conversations,
      Callers callers,
      Sessions sessions,
      Tickets tickets,
      Tenants tenants,
      Commands commands,
      MeterRegistry metrics,
      InstantSource clock,
      EventFiles files,
      Config config) {
    return new Realtime(
        new Realtime.Parts(
            log,
            recent,
            new ConversationRights(conversations),
            callers,
            sessions::current,
            tickets,
            tenants,
            commands,
            metrics,
            clock,
            files::shown,
            config.find(Keys.PUBLIC_URL).orElse(null)),
        Bounds.of(config));
  }

  @Produces
  @Singleton
  WebSocketDoor sockets(Realtime realtime, Commands commands) {
    return new WebSocketDoor(realtime, commands);
  }

  @Produces
  @Singleton
  SocketIoDoor socketIo(Realtime realtime, Commands commands, MeterRegistry metrics) {
    return new SocketIoDoor(realtime, commands, metrics);
  }

  @Produces
  @Singleton
  EventSourceDoor eventSources(Realtime realtime) {
    return new EventSourceDoor(realtime);
  }
}
