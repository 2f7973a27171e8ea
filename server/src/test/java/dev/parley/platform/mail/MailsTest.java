package dev.parley.platform.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.testing.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What becomes of a mail that is not taken. That mails arrive is shown with a mail server.
class MailsTest {
  private final TestClock clock = new TestClock();
  private final WorkItem item =
      new WorkItem(
          UUID.randomUUID(),
          new TenantId(UUID.randomUUID()),
          Mails.QUEUE,
          "key",
          "kind:key",
          "kind",
          "{}",
          "correlation",
          null,
          clock.instant(),
          0);

  private static final class NoQueue implements WorkQueue {
    @Override
    public void publish(Tx tx, List<WorkItem> items) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumption consume(String queue, BatchHandler handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumption consume(String queue, int parallel, int each, ItemHandler handler) {
      throw new UnsupportedOperationException();
    }
  }

  private Mails mails(@Nullable Post post, Optional<Mail> written) {
    return new Mails(
        new NoQueue(),
        post,
        List.of(
            new MailWriter() {
              @Override
              public Set<String> kinds() {
                return Set.of("kind");
              }

              @Override
              public Optional<Mail> write(WorkItem asked) {
                return written;
              }
            }),
        new SimpleMeterRegistry(),
        clock);
  }

  private static final Optional<Mail> A_MAIL =
      Optional.of(new Mail("a@b.example", "subject", "text", "<p>text</p>"));

  @Test
  void aServerThatIsAwayIsAskedAgainForHalfADayWithGrowingPauses() {
    Mails mails =
        mails(
            _ -> {
              throw new Post.Unreachable("away", new RuntimeException());
            },
            A_MAIL);
    Duration pause = Duration.ZERO;
    int tries = 0;
    while (true) {
      WorkQueue.Outcome outcome;
      try {
        outcome = mails.handle(item);
      } catch (WorkQueue.Unprocessable over) {
        assertThat(over).hasMessage("away");
        break;
      }
      assertThat(outcome).isInstanceOf(WorkQueue.Outcome.Later.class);
      Duration next = ((WorkQueue.Outcome.Later) outcome).pause();
      assertThat(next).isGreaterThanOrEqualTo(pause).isLessThanOrEqualTo(Duration.ofMinutes(5));
      pause = next;
      clock.pass(next);
      tries++;
    }
    assertThat(tries).isBetween(100, 200);
  }

  @Test
  void aMailThatIsRefusedForGoodIsADeadLetterAtOnce() {
    Mails mails =
        mails(
            _ -> {
              throw new Post.Refused("no such mailbox", new RuntimeException());
            },
            A_MAIL);
    assertThat(catchThrowableOfType(WorkQueue.Unprocessable.class, () -> mails.handle(item)))
        .hasMessage("no such mailbox");
  }

  @Test
  void nothingIsSentWhereThereIsNothingToSay() {
    Mails mails =
        mails(
            _ -> {
              throw new AssertionError("sent");
            },
            Optional.empty());
    assertThat(mails.handle(item)).isInstanceOf(WorkQueue.Outcome.Done.class);
  }

  @Test
  void withoutAMailServerTheBeginningIsRefused() {
    Mails mails = mails(null, A_MAIL);
    assertThat(mails.able()).isFalse();
    assertThat(catchThrowableOfType(Problem.class, mails::requireAble).code())
        .isEqualTo(Problem.Code.MAIL_OFF);
  }
}
