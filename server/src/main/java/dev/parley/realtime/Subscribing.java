package dev.parley.realtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.events.Place;
import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a session begins and ceases to follow. Rights are asked of the database, and meanwhile the stream goes on: a
/// conversation whose participants change in between is asked about again, so that no answer of before is believed.
final class Subscribing {
  private static final int ROUNDS = 5;

  private final Session session;
  private final TenantStream stream;
  private final Streams streams;
  private final CatchUp catchUp;

  /// Conversations that have changed for this user since the question was asked; null while there is none.
  private @Nullable Set<UUID> changed;

  private boolean catchingUp;

  /// One whose answer came while the session was held.
  private @Nullable Request postponed;

  Subscribing(Session session, TenantStream stream, Streams streams, CatchUp catchUp) {
    this.session = session;
    this.stream = stream;
    this.streams = streams;
    this.catchUp = catchUp;
  }

  void changed(UUID conversation) {
    if (changed != null) {
      changed.add(conversation);
    }
  }

  /// After the ack is written: what was missed may follow it now.
  void answered() {
    if (catchingUp) {
      catchingUp = false;
      catchUp.step();
    }
  }

  /// A subscription under way.
  private static final class Request {
    final Set<UUID> named = new HashSet<>();
    final Set<UUID> visible = new HashSet<>();
    final Set<UUID> own = new HashSet<>();
    final List<Topic> topics;
    final @Nullable Place after;
    final Consumer<Ack> done;
    final Command.Subscribe command;
    final Caller caller;
    boolean mine;
    boolean inbox;
    boolean log;
    boolean strange;
    int rounds;

    Request(Command.Subscribe command, Caller caller, @Nullable Place after, Consumer<Ack> done) {
      this.command = command;
      this.caller = caller;
      this.topics = command.topics();
      this.after = after;
      this.done = done;
      for (Topic topic : topics) {
        switch (topic) {
          case Topic.Conversation(UUID id) -> named.add(id);
          case Topic.Mine() -> mine = true;
          case Topic.Inbox() -> inbox = true;
          case Topic.Log() -> log = true;
        }
      }
    }
  }

  void subscribe(Command.Subscribe command, Consumer<Ack> done) {
    Request request;
    try {
      request = check(command, done);
    } catch (Problem problem) {
      done.accept(new Ack.Refused(problem));
      return;
    }
    changed = new HashSet<>();
    Caller caller = session.caller();
    ask(
        request,
        () -> {
          if (!request.named.isEmpty()) {
            request.visible.addAll(streams.rights().visible(caller, request.named));
          }
          if (request.mine) {
            request.own.addAll(streams.rights().own(caller));
          }
          request.strange = isStrange(request.after);
        });
  }

  private Request check(Command.Subscribe command, Consumer<Ack> done) {
    Caller caller = session.caller();
    Place after = null;
    String cursor = command.after();
    if (cursor != null) {
      if (!session.follows().isEmpty()) {
        throw new Problem(
            Problem.Code.WRONG_STATE,
            "Go on after a cursor with the first subscription; this connection follows something.");
      }
      try {
        after = Place.parse(session.tenant(), cursor);
      } catch (IllegalArgumentException e) {
        throw Problem.invalid("after", "must be a cursor of this tenant");
      }
    }
    var request = new Request(command, caller, after, done);
    if (request.inbox) {
      Commands.require(caller, Permission.CONVERSATIONS_READ);
    }
    if (request.log) {
      Commands.require(caller, Permission.EVENTS_READ);
    }
    if (request.mine && caller.kind() != Caller.Kind.USER) {
      throw new Problem(Problem.Code.FORBIDDEN, "Only users take part in conversations.");
    }
    int most = streams.bounds().topics();
    if (session.follows().named() + request.named.size() > most) {
      throw new Problem(
          Problem.Code.TOO_MANY, "A connection follows at most " + most + " topics by name.");
    }
    return request;
  }

  /// A cursor that is further than the log is of another database, such as one before a restore.
  private boolean isStrange(@Nullable Place after) {
    if (after == null || streams.recent().now(session.tenant()).place().reaches(after)) {
      return false;
    }
    var heads = streams.log().heads(session.tenant());
    for (int lane = 0; lane < after.seqs().length; lane++) {
      if (after.seq(lane) > heads.getOrDefault(lane, 0L)) {
        return true;
      }
    }
    return false;
  }

  private void ask(Request request, Runnable question) {
    streams
        .work()
        .run(
            session.loop(),
            () -> {
              question.run();
              return request;
            },
            this::found,
            problem -> {
              changed = null;
              request.done.accept(new Ack.Refused(problem));
            });
  }

  private void found(Request request) {
    Set<UUID> again = changed;
    if (session.isOver() || again == null) {
      return;
    }
    if (session.isHeld()) {
      changed = null;
      postponed = request;
      return;
    }
    if (!request.caller.permissions().equals(session.caller().permissions())) {
      // They have changed, and are known again: the answer is of before.
      changed = null;
      subscribe(request.command, request.done);
      return;
    }
    if (again.isEmpty()) {
      changed = null;
      apply(request);
      return;
    }
    if (++request.rounds > ROUNDS) {
      changed = null;
      request.done.accept(
          new Ack.Refused(
              Problem.later(
                  Problem.Code.UNAVAILABLE,
                  "The conversations change too fast; try again.",
                  java.time.Duration.ofSeconds(1))));
      return;
    }
    changed = new HashSet<>();
    Caller caller = session.caller();
    ask(
        request,
        () -> {
          Set<UUID> visible = streams.rights().visible(caller, again);
          for (UUID conversation : again) {
            keep(request.visible, conversation, visible, request.named.contains(conversation));
            keep(request.own, conversation, visible, request.mine);
          }
        });
  }

  /// The session is no longer held: what was asked while it was is asked again.
  void resumed() {
    Request request = postponed;
    postponed = null;
    if (request != null) {
      subscribe(request.command, request.done);
    }
  }

  private static void keep(Set<UUID> all, UUID one, Set<UUID> visible, boolean wanted) {
    if (wanted && visible.contains(one)) {
      all.add(one);
    } else {
      all.remove(one);
    }
  }

  private void apply(Request request) {
    if (request.visible.isEmpty()
        && !request.named.isEmpty()
        && request.topics.size() == request.named.size()) {
      request.done.accept(new Ack.Refused(Problem.notFound("conversation")));
      return;
    }
    boolean snapshot = begin(request);
    Follows follows = session.follows();
    for (UUID conversation : request.visible) {
      if (follows.addNamed(conversation)) {
        stream.follow(conversation, session);
      }
    }
    for (UUID conversation : request.own) {
      if (follows.addOwn(conversation)) {
        stream.follow(conversation, session);
      }
    }
    if (request.mine) {
      follows.mine(true);
    }
    if (request.inbox) {
      follows.inbox(true);
    }
    if (request.log) {
      follows.log(true);
    }
    stream.watch(session, follows.watches());
    catchingUp = catchUp.isBehind();
    request.done.accept(new Ack.Done(answer(request, snapshot)));
  }

  /// Answers whether the client needs a snapshot, because the place that it names is too far back.
  private boolean begin(Request request) {
    Place after = request.after;
    if (after == null) {
      return false;
    }
    if (request.strange || after.distanceTo(stream.place()) > streams.bounds().resume()) {
      streams.measures().resumedFrom("snapshot");
      return true;
    }
    if (after.equals(stream.place())) {
      streams.measures().resumedFrom("nothing");
    } else {
      catchUp.begin(after);
    }
    return false;
  }

  private ObjectNode answer(Request request, boolean snapshot) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("cursor", catchUp.place().cursor(session.tenant()));
    if (snapshot) {
      answer.put("snapshotRequired", true);
    }
    var refused = new ArrayList<UUID>(request.named);
    refused.removeAll(request.visible);
    if (!refused.isEmpty()) {
      ArrayNode names = answer.putArray("refused");
      refused.forEach(id -> names.add(new Topic.Conversation(id).toString()));
    }
    return answer;
  }

  Ack unsubscribe(Command.Unsubscribe command) {
    Follows follows = session.follows();
    for (Topic topic : command.topics()) {
      switch (topic) {
        case Topic.Conversation(UUID id) -> {
          if (follows.dropNamed(id)) {
            stream.unfollow(id, session);
          }
        }
        case Topic.Mine() -> {
          follows.mine(false);
          for (UUID id : follows.conversations()) {
            if (follows.dropOwn(id)) {
              stream.unfollow(id, session);
            }
          }
        }
        case Topic.Inbox() -> follows.inbox(false);
        case Topic.Log() -> follows.log(false);
      }
    }
    stream.watch(session, follows.watches());
    return Ack.done();
  }
}
