package dev.parley.platform.mail;

import dev.parley.platform.db.Ids;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Mails on their way: queued in a transaction, then written and sent by a worker, again and again until the mail
/// server takes them or [#GIVEN_UP] has passed. A worker that dies between the server's answer and its own commit
/// sends the mail a second time.
public final class Mails {
  /// The queue's name.
  public static final String QUEUE = "mails";

  /// After so long without a mail server that takes it, a mail becomes a dead letter.
  public static final Duration GIVEN_UP = Duration.ofHours(12);

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final WorkQueue queue;
  private final @Nullable Post post;
  private final Map<String, MailWriter> writers = new HashMap<>();
  private final MeterRegistry metrics;
  private final InstantSource clock;

  /// Sends what `writers` write through `post`; without one nothing can be queued.
  public Mails(
      WorkQueue queue,
      @Nullable Post post,
      List<MailWriter> writers,
      MeterRegistry metrics,
      InstantSource clock) {
    this.queue = queue;
    this.post = post;
    writers.forEach(writer -> writer.kinds().forEach(kind -> this.writers.put(kind, writer)));
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Whether this installation sends mails.
  public boolean able() {
    return post != null;
  }

  /// Throws a [Problem] when this installation sends no mails: for the beginning of what cannot go on without.
  public void requireAble() {
    if (!able()) {
      throw new Problem(
          Problem.Code.MAIL_OFF,
          "This needs a mail, and the installation has no mail server; its operator sets mail.host.");
    }
  }

  /// Queues a mail; it is sent if and only if the transaction commits. While one of the same kind and key waits,
  /// nothing is added.
  ///
  /// @param kind one that a writer writes
  /// @param key what it is about; mails of one key go out in order; at most 200 characters
  /// @param payload what the writer needs, without secrets
  public void queue(Tx tx, String kind, String key, Object payload) {
    Trace trace = Trace.current();
    queue.publish(
        tx,
        List.of(
            new WorkItem(
                Ids.next(),
                tx.tenant(),
                QUEUE,
                key,
                kind + ":" + key,
                kind,
                Json.write(payload),
                trace.correlationId(),
                trace.traceparent(),
                clock.instant(),
                0)));
  }

  /// Writes and sends one.
  public WorkQueue.Outcome handle(WorkItem item) {
    MailWriter writer = writers.get(item.kind());
    Post way = post;
    if (writer == null) {
      throw new WorkQueue.Unprocessable("no mail is of the kind " + item.kind());
    }
    if (way == null) {
      return later(item, "mail.host is not set in this process");
    }
    Optional<Mail> mail = writer.write(item);
    if (mail.isEmpty()) {
      return counted("dropped", new WorkQueue.Outcome.Done(_ -> {}));
    }
    try {
      way.send(mail.get());
      return counted("sent", new WorkQueue.Outcome.Done(_ -> {}));
    } catch (Post.Refused e) {
      counted("refused", new WorkQueue.Outcome.Done(_ -> {}));
      throw new WorkQueue.Unprocessable(String.valueOf(e.getMessage()), e);
    } catch (Post.Unreachable e) {
      return later(item, String.valueOf(e.getMessage()));
    }
  }

  /// Not counted as a try: a mail server that is away for an hour is no fault of the mail.
  private WorkQueue.Outcome later(WorkItem item, String cause) {
    Duration age = Duration.between(item.enqueuedAt(), clock.instant());
    if (age.compareTo(GIVEN_UP) >= 0) {
      throw new WorkQueue.Unprocessable(cause);
    }
    Duration pause = age.dividedBy(2);
    Duration bounded =
        pause.compareTo(SHORTEST_PAUSE) < 0
            ? SHORTEST_PAUSE
            : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    return counted("later", new WorkQueue.Outcome.Later(bounded, _ -> {}));
  }

  private WorkQueue.Outcome counted(String outcome, WorkQueue.Outcome result) {
    metrics.counter("parley.mails", "outcome", outcome).increment();
    return result;
  }
}
