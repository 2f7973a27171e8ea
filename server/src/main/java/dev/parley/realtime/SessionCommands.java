package dev.parley.realtime;

import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.http.Problem;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Carries out what one session's client asks for. Of its event loop.
final class SessionCommands {
  private final Session session;
  private final Streams streams;
  private final Subscribing subscribing;

  SessionCommands(Session session, Streams streams, Subscribing subscribing) {
    this.session = session;
    this.streams = streams;
    this.subscribing = subscribing;
  }

  void run(Command command, Consumer<Ack> done) {
    switch (command) {
      case Command.Ping() -> done.accept(Ack.done());
      case Command.Subscribe subscribe -> subscribing.subscribe(subscribe, done);
      case Command.Unsubscribe unsubscribe -> done.accept(subscribing.unsubscribe(unsubscribe));
      case Command.Present(String now) -> {
        session.state(now);
        if (isUser()) {
          streams.attendance().stayed(session.visit(), now);
        }
        done.accept(Ack.done());
      }
      case Command.Act act -> act(act, done);
      case Command.Authenticate(Callers.Shown shown) ->
          work(
              () -> streams.admit(shown),
              pass -> done.accept(pass.map(this::renewed).orElseGet(SessionCommands::nobody)),
              done);
      case Command.Call call -> {
        if (isUser()) {
          streams.attendance().acted(session.visit());
        }
        Caller caller = session.caller();
        work(() -> streams.commands().run(caller, call), done, done);
      }
    }
  }

  private boolean isUser() {
    return session.caller().kind() == Caller.Kind.USER;
  }

  private <T> void work(Supplier<T> task, Consumer<T> then, Consumer<Ack> failed) {
    streams
        .work()
        .run(session.loop(), task, then, problem -> failed.accept(new Ack.Refused(problem)));
  }

  private void act(Command.Act act, Consumer<Ack> done) {
    UUID conversation = act.conversationId();
    boolean writes = act.activity() == Activity.TYPING;
    Caller caller = session.caller();
    work(
        () ->
            streams
                .rights()
                .standing(caller, conversation)
                .filter(standing -> standing.writes() || !writes)
                .map(standing -> new Activity.Spot(conversation, standing.customers()))
                .orElseThrow(() -> Problem.notFound("conversation")),
        spot -> {
          Set<UUID> others =
              streams.attendance().active(session.visit(), act.activity(), spot, act.on());
          done.accept(act.on() && !writes ? Ack.done("viewers", others) : Ack.done());
        },
        done);
  }

  private Ack renewed(Callers.Pass pass) {
    Caller fresh = pass.caller();
    if (!fresh.id().equals(session.caller().id()) || !session.tenant().equals(fresh.tenant())) {
      return new Ack.Refused(
          new Problem(
              Problem.Code.FORBIDDEN, "The token is somebody else's; open another connection."));
    }
    session.renew(pass);
    return pass.expiresAt() == null ? Ack.done() : Ack.done("expiresAt", pass.expiresAt());
  }

  private static Ack nobody() {
    return new Ack.Refused(
        new Problem(Problem.Code.UNAUTHENTICATED, "Show a token or an API key."));
  }
}
