package dev.parley.platform.timers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.parley.platform.access.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Durable timers and recurring jobs, kept in the database: each fires once however many processes there are, and one
/// that was due while nothing ran fires at the next start. A handler may run twice when its process dies, so it is
/// idempotent like every other effect.
public final class Timers {
  private static final int SLOTS = 4;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final int MISSED = 4;

  private final DataSource database;
  private final Duration poll;
  private final List<RecurringTask<?>> recurring = new ArrayList<>();
  private final Map<String, OneTimeTask<Void>> kinds = new ConcurrentHashMap<>();
  private @Nullable Scheduler scheduler;

  /// What a timer does when it fires.
  public interface Handler {
    /// `id` is the one that the timer was set with.
    void fire(TenantId tenant, String id);
  }

  /// Keeps timers in `database`; looks for due ones every `poll`.
  public Timers(DataSource database, Duration poll) {
    this.database = database;
    this.poll = poll;
  }

  /// Runs `job` again and again with a pause in between, in one process at a time. To be called before [#start].
  public void every(String name, Duration pause, Runnable job) {
    recurring.add(Tasks.recurring(name, FixedDelay.of(pause)).execute((_, _) -> job.run()));
  }

  /// Makes a kind of timer known. To be called before [#start] in every process, also in those that only set timers.
  public void kind(String name, Handler handler) {
    kinds.put(
        name,
        Tasks.oneTime(TaskDescriptor.of(name))
            .execute(
                (instance, _) -> {
                  String[] parts = instance.getId().split("/", 3);
                  handler.fire(TenantId.parse(parts[0]), parts[2]);
                }));
  }

  /// Sets a timer. Setting it again moves it, also after it has fired; while its handler runs, and from the handler
  /// itself, it sets the next time.
  public void set(String kind, TenantId tenant, String id, Instant due) {
    OneTimeTask<Void> task = kinds.get(kind);
    if (task == null) {
      throw new IllegalArgumentException("no kind of timer " + kind);
    }
    // An instance whose handler runs cannot be moved, so others stand ready to take its place. At
    // most one of them waits: those before the one that is set are running, those after it are
    // cancelled.
    int slot = 0;
    while (!schedule(task, instance(tenant, slot, id), due)) {
      if (++slot == SLOTS) {
        throw new IllegalStateException(SLOTS + " handlers of the timer " + kind + " are running");
      }
    }
    for (int other = slot + 1; other < SLOTS; other++) {
      cancel(task, instance(tenant, other, id));
    }
  }

  private static String instance(TenantId tenant, int slot, String id) {
    return tenant + "/" + slot + "/" + id;
  }

  /// False when the handler of this instance is running.
  private boolean schedule(OneTimeTask<Void> task, String instance, Instant due) {
    while (true) {
      try {
        if (client()
            .schedule(
                task.instanceBuilder(instance).scheduledTo(due),
                SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE)) {
          return true;
        }
        // It was there to be moved, and has fired or been moved before it could be: look again.
      } catch (TaskInstanceCurrentlyExecutingException e) {
        return false;
      } catch (TaskInstanceNotFoundException e) {
        // The same, seen one statement later.
      }
    }
  }

  private void cancel(OneTimeTask<Void> task, String instance) {
    var id = task.instance(instance);
    if (client().getScheduledExecution(id).isEmpty()) {
      return;
    }
    try {
      client().cancel(id);
    } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException e) {
      // It has fired meanwhile, as it was set to.
    }
  }

  private SchedulerClient client() {
    return SchedulerClient.Builder.create(database).build();
  }

  /// Begins to fire.
  public void start() {
    Scheduler made =
        Scheduler.create(database, List.copyOf(kinds.values()))
            .startTasks(recurring)
            .pollingInterval(poll)
            // A handler whose process has died is taken over after half a minute; by default the
            // library waits far
            // longer, and a recurring job with it.
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED)
            .threads(2)
            .build();
    made.start();
    scheduler = made;
  }

  /// Fires no more and waits for handlers under way.
  public void stop() {
    if (scheduler != null) {
      scheduler.stop();
    }
  }
}
