package dev.parley.realtime;

import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client that was let in, at whatever door. Of its event loop: every method is called there.
///
/// It is live, and gets each event as it comes, or it is behind at a place of its own and is given what it missed, at
/// the pace at which it reads; see [CatchUp]. Either way the same rights are asked for each event.
public final class Session {
  private static final int WAITING = 64;

  private final UUID id = Ids.next();
  private final Shard shard;
  private final Streams streams;
  private final Connection connection;
  private final TenantId tenant;
  private final TenantStream stream;
  private final Follows follows = new Follows();
  private final Subscribing subscribing;
  private final CatchUp catchUp;
  private final String door;

  private Caller caller;
  private @Nullable Instant expiresAt;
  private Attendance.Visit visit;
  private String state = "online";
  private int slot;
  private long heardAt;
  private boolean written;
  private @Nullable Closing closing;
  private boolean gone;

  private @Nullable ArrayDeque<Waiting> waiting;
  private boolean working;
  private double allowance;
  private long allowedAt;

  private record Waiting(Command command, Consumer<Ack> answer) {}

  Session(Shard shard, String door, Callers.Pass pass, Connection connection, TenantStream stream) {
    this.shard = shard;
    this.streams = shard.streams;
    this.door = door;
    this.connection = connection;
    this.caller = pass.caller();
    this.expiresAt = pass.expiresAt();
    this.tenant = pass.caller().inTenant();
    this.stream = stream;
    this.visit = new Attendance.Visit(id, caller);
    this.catchUp = new CatchUp(this, stream, streams);
    this.subscribing = new Subscribing(this, stream, streams, catchUp);
    this.heardAt = System.nanoTime();
    this.allowedAt = heardAt;
    this.allowance = 3.0 * streams.bounds().commands();
  }

  /// Unique over all processes.
  public UUID id() {
    return id;
  }

  /// Who it is, with the permissions of now.
  public Caller caller() {
    return caller;
  }

  /// Where what concerns it must run.
  public Executor loop() {
    return shard.loop;
  }

  UUID holder() {
    return caller.id();
  }

  TenantId tenant() {
    return tenant;
  }

  Follows follows() {
    return follows;
  }

  Connection connection() {
    return connection;
  }

  String door() {
    return door;
  }

  int slot() {
    return slot;
  }

  void slot(int of) {
    slot = of;
  }

  /// The client has given a sign of life.
  public void heard() {
    heardAt = System.nanoTime();
  }

  /// Whether it is over, or about to be.
  public boolean isOver() {
    return closing != null || gone;
  }

  // What goes out.

  /// An event as it comes; it is left out here when the client is behind and gets it later.
  void live(Frame frame) {
    if (!catchUp.isBehind()) {
      send(frame);
    }
  }

  /// Writes a frame if there is room. What is not durable is left out for a slow client; else it is closed and resumes.
  void send(Frame frame) {
    if (isOver()) {
      return;
    }
    long queued = connection.queued();
    int most = streams.bounds().queuedBytes();
    if (frame.isEphemeral() && queued > most / 2) {
      streams.measures().dropped();
      return;
    }
    if (queued > 0 && queued + frame.size() > most) {
      doom(Closing.SLOW);
      return;
    }
    connection.write(frame);
    streams.measures().sent();
    if (!written) {
      written = true;
      shard.wrote(this);
    }
  }

  void flush() {
    written = false;
    if (!gone) {
      connection.flush();
    }
  }

  void catchUp() {
    catchUp.step();
  }

  /// Sends what was written outside a turn of the loop.
  void settle() {
    shard.settle();
  }

  // Rights that change while it is there.

  void added(UUID conversation) {
    subscribing.changed(conversation);
    if (follows.mine() && follows.addOwn(conversation)) {
      stream.follow(conversation, this);
    }
  }

  void removed(UUID conversation) {
    subscribing.changed(conversation);
    if (follows.dropWholly(conversation)) {
      stream.unfollow(conversation, this);
    }
  }

  /// From the look at all credentials: how the caller stands now, or null when the credential is no longer good.
  void confirmed(@Nullable Caller now) {
    if (isOver()) {
      return;
    }
    if (now == null) {
      close(Closing.REVOKED);
    } else if (!now.permissions().equals(caller.permissions())) {
      // With other rights it comes in anew, so that nothing is left of the old ones.
      close(Closing.REVOKED);
    }
  }

  /// Once in a heartbeat.
  void beat() {
    if (isOver()) {
      return;
    }
    Instant expiry = expiresAt;
    if (expiry != null && !streams.now().isBefore(expiry)) {
      doom(Closing.EXPIRED);
      return;
    }
    boolean answers = connection.ping();
    long silence = System.nanoTime() - heardAt;
    if (answers && silence > streams.bounds().heartbeat().toNanos() * 5 / 2) {
      doom(Closing.IDLE);
      return;
    }
    streams.recheck(this);
    if (caller.kind() == Caller.Kind.USER) {
      streams.attendance().stayed(visit, state);
    }
  }

  void arrived() {
    if (caller.kind() == Caller.Kind.USER) {
      streams.attendance().arrived(visit);
    }
  }

  // What comes in.

  /// Carries a command out, after those that came before; `answer` is called on the event loop.
  public void command(Command command, Consumer<Ack> answer) {
    heard();
    if (isOver()) {
      return;
    }
    Duration wait = take();
    if (wait.isPositive()) {
      streams.measures().refusedCommand();
      answer.accept(
          new Ack.Refused(
              Problem.later(Problem.Code.TOO_MANY, "Too many commands a second.", wait)));
      return;
    }
    ArrayDeque<Waiting> queue = waiting == null ? new ArrayDeque<>(2) : waiting;
    waiting = queue;
    if (queue.size() >= WAITING) {
      close(Closing.COMMANDS);
      return;
    }
    queue.add(new Waiting(command, answer));
    next();
  }

  private Duration take() {
    long now = System.nanoTime();
    int perSecond = streams.bounds().commands();
    allowance = Math.min(3.0 * perSecond, allowance + (now - allowedAt) * perSecond / 1e9);
    allowedAt = now;
    if (allowance >= 1) {
      allowance--;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - allowance) / perSecond * 1e9));
  }

  private void next() {
    while (!working && !isOver()) {
      ArrayDeque<Waiting> queue = waiting;
      Waiting first = queue == null ? null : queue.poll();
      if (first == null) {
        waiting = null;
        return;
      }
      working = true;
      run(
          first.command(),
          ack -> {
            working = false;
            if (!isOver()) {
              first.answer().accept(ack);
              subscribing.answered();
              settle();
              next();
            }
          });
    }
  }

  private void run(Command command, Consumer<Ack> done) {
    switch (command) {
      case Command.Ping() -> done.accept(Ack.done());
      case Command.Subscribe subscribe -> subscribing.subscribe(subscribe, done);
      case Command.Unsubscribe unsubscribe -> done.accept(subscribing.unsubscribe(unsubscribe));
      case Command.Present(String now) -> {
        state = now;
        if (caller.kind() == Caller.Kind.USER) {
          streams.attendance().stayed(visit, now);
        }
        done.accept(Ack.done());
      }
      case Command.Typing(UUID conversation, boolean on) -> typing(conversation, on, done);
      case Command.Authenticate(Callers.Shown shown) -> authenticate(shown, done);
      case Command.Call call -> {
        if (caller.kind() == Caller.Kind.USER) {
          streams.attendance().acted(visit);
        }
        work(() -> streams.commands().run(caller, call), done, done);
      }
    }
  }

  private <T> void work(
      java.util.function.Supplier<T> task, Consumer<T> then, Consumer<Ack> failed) {
    streams.work().run(shard.loop, task, then, problem -> failed.accept(new Ack.Refused(problem)));
  }

  private void typing(UUID conversation, boolean on, Consumer<Ack> done) {
    work(
        () -> streams.rights().mayWrite(caller, conversation),
        may -> {
          if (may) {
            streams.attendance().typing(visit, conversation, on);
            done.accept(Ack.done());
          } else {
            done.accept(new Ack.Refused(Problem.notFound("conversation")));
          }
        },
        done);
  }

  private void authenticate(Callers.Shown shown, Consumer<Ack> done) {
    work(
        () -> streams.admit(shown),
        pass -> done.accept(pass.map(this::renewed).orElseGet(Session::nobody)),
        done);
  }

  private Ack renewed(Callers.Pass pass) {
    Caller fresh = pass.caller();
    if (!fresh.id().equals(caller.id())
        || !tenant.equals(fresh.tenant())
        || !fresh.permissions().equals(caller.permissions())) {
      return new Ack.Refused(
          new Problem(
              Problem.Code.FORBIDDEN,
              "The token is somebody else's or permits other things; open another connection."));
    }
    caller = fresh;
    visit = new Attendance.Visit(id, fresh);
    expiresAt = pass.expiresAt();
    return pass.expiresAt() == null ? Ack.done() : Ack.done("expiresAt", pass.expiresAt());
  }

  private static Ack nobody() {
    return new Ack.Refused(
        new Problem(Problem.Code.UNAUTHENTICATED, "Show a token or an API key."));
  }

  // The end.

  /// Ends it for a reason, after what was written before.
  public void close(Closing reason) {
    doom(reason);
    shard.settle();
  }

  /// [#close] when the loop has finished what it is at.
  void doom(Closing reason) {
    if (!isOver()) {
      closing = reason;
      shard.doom(this);
    }
  }

  void finish() {
    Closing reason = closing;
    if (!gone && reason != null) {
      connection.flush();
      connection.close(reason, streams.retryAfter(reason));
      leave(reason.word());
    }
  }

  /// The connection is gone, whoever ended it.
  public void ended() {
    if (!gone) {
      leave(closing == null ? "client" : closing.word());
    }
  }

  private void leave(String why) {
    gone = true;
    waiting = null;
    stream.leave(this);
    shard.remove(this);
    streams.left(this, why);
    if (caller.kind() == Caller.Kind.USER) {
      streams.attendance().left(visit);
    }
  }
}
