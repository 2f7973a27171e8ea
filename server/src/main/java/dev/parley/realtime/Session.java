package dev.parley.realtime;

import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client that was let in, at whatever door. Of its event loop: every method is called there.
///
/// It is live, and gets each event as it comes, or it is behind at a place of its own and is given what it missed, at
/// the pace at which it reads; see [CatchUp]. Either way the same rights are asked for each event.
public final class Session {
  private final UUID id = Ids.next();
  private final Shard shard;
  private final Streams streams;
  private final Connection connection;
  private final TenantId tenant;
  private final TenantStream stream;
  private final Follows follows = new Follows();
  private final Subscribing subscribing;
  private final CatchUp catchUp;
  private final CommandQueue commands;
  private final String door;

  private Caller caller;
  private @Nullable Instant expiresAt;
  private Attendance.Visit visit;
  private String state = "online";

  /// Where the shard's wheel has it.
  int slot;

  private long heardAt;
  private boolean written;
  private @Nullable Reconsidering reconsidering;
  private @Nullable Closing closing;
  private boolean gone;

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
    this.commands =
        new CommandQueue(
            streams.bounds().commands(), this, new SessionCommands(this, streams, subscribing));
    this.heardAt = System.nanoTime();
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
    moved(conversation);
    if (follows.mine() && follows.addOwn(conversation)) {
      stream.follow(conversation, this);
    }
  }

  void removed(UUID conversation) {
    subscribing.changed(conversation);
    moved(conversation);
    unfollow(conversation);
  }

  private void moved(UUID conversation) {
    if (reconsidering != null) {
      reconsidering.moved(conversation);
    }
  }

  void unfollow(UUID conversation) {
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
      reconsider();
    }
  }

  /// What the caller may do may have changed: nothing more is sent until that is known.
  void reconsider() {
    if (isOver()) {
      return;
    }
    Reconsidering known = reconsidering;
    if (known == null) {
      known = new Reconsidering(this, stream, streams, catchUp);
      reconsidering = known;
    }
    known.begin();
  }

  /// The caller as they stand now.
  void become(Caller now) {
    Attendance.Visit before = visit;
    boolean other =
        now.allows(Permission.CONVERSATIONS_READ) != caller.allows(Permission.CONVERSATIONS_READ);
    caller = now;
    visit = new Attendance.Visit(id, now);
    if (other && now.kind() == Caller.Kind.USER) {
      // Who works in the inbox is told of others who do.
      streams.attendance().left(before);
      streams.attendance().arrived(visit);
    }
  }

  /// It is no longer held.
  void resumed() {
    subscribing.resumed();
    commands.next();
    settle();
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

  /// Goes on with a fresh token of the same user.
  void renew(Callers.Pass pass) {
    Caller fresh = pass.caller();
    boolean other = !fresh.permissions().equals(caller.permissions());
    // What it permits counts when that is looked at as a whole.
    caller = fresh.with(caller.permissions());
    visit = new Attendance.Visit(id, caller);
    expiresAt = pass.expiresAt();
    if (other) {
      reconsider();
    }
  }

  /// Whether it is held until its rights are known.
  boolean isHeld() {
    return reconsidering != null && reconsidering.isUnderWay();
  }

  Attendance.Visit visit() {
    return visit;
  }

  /// What the client says of itself, such as `online` or `away`.
  void state(String now) {
    state = now;
  }

  // What comes in.

  /// Carries a command out, after those that came before; `answer` is called on the event loop.
  public void command(Command command, Consumer<Ack> answer) {
    heard();
    if (isOver()) {
      return;
    }
    Duration wait = commands.take();
    if (wait.isPositive()) {
      streams.measures().refusedCommand();
      answer.accept(CommandQueue.tooMany(wait));
      return;
    }
    boolean taken =
        commands.add(
            command,
            ack -> {
              if (!isOver()) {
                answer.accept(ack);
                subscribing.answered();
                settle();
              }
            });
    if (!taken) {
      close(Closing.COMMANDS);
    }
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
    commands.clear();
    stream.leave(this);
    shard.remove(this);
    streams.left(this, why);
    if (caller.kind() == Caller.Kind.USER) {
      streams.attendance().left(visit);
    }
  }
}
