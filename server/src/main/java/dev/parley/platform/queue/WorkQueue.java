package dev.parley.platform.queue;

import dev.parley.platform.db.Tx;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// A durable queue of work. What an adapter must hold, whatever stands behind it, is written down
/// as tests in `WorkQueueContract`:
///
/// - what was published and returned is on disk;
/// - items of one key are handled one after the other, in the order of their ids; other keys go on
///   meanwhile;
/// - an item's effect happens once, as far as it is in the transaction given to the handler;
/// - an item that keeps failing holds up its own key only, with growing pauses, and becomes a dead
///   letter after the set number of tries; one that throws [Unprocessable] becomes one at once.
public interface WorkQueue {

  /// Handles a batch of one tenant's items in the transaction that also removes them from the
  /// queue.
  interface BatchHandler {
    /// All effects go through `tx`. What is thrown rolls back, and the items are then handled one
    /// by one.
    void handle(Tx tx, List<WorkItem> items);
  }

  /// Handles one item with an effect on the outside, such as a call to a provider.
  interface ItemHandler {
    /// Answers what became of it. What is thrown counts as a failed try.
    Outcome handle(WorkItem item);
  }

  /// What became of an item. `effect` runs in the transaction that removes, parks or buries the
  /// item.
  sealed interface Outcome {
    /// The effect.
    Consumer<Tx> effect();

    /// It is done.
    record Done(Consumer<Tx> effect) implements Outcome {}

    /// Not yet: again after a pause. It does not count as a failure.
    record Later(Duration pause, Consumer<Tx> effect) implements Outcome {}

    /// A failed try: again after a pause, unless it was the last.
    record Failed(Duration pause, String cause, Consumer<Tx> effect) implements Outcome {}
  }

  /// Thrown by a handler for an item that can never be handled; its message is the cause that
  /// people will read.
  final class Unprocessable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// With the cause in plain words.
    public Unprocessable(String cause) {
      super(cause);
    }

    /// With the cause in plain words and what went wrong.
    public Unprocessable(String cause, Throwable reason) {
      super(cause, reason);
    }
  }

  /// Puts items of the transaction's tenant into the queue; they are there if and only if it
  /// commits.
  void publish(Tx tx, List<WorkItem> items);

  /// Makes `handler` the consumer of `queue` in this process. Work begins when the answer is
  /// started.
  Consumption consume(String queue, BatchHandler handler);

  /// As [#consume(String, BatchHandler)] for effects on the outside; at most `parallel` items are
  /// under way at a time.
  default Consumption consume(String queue, int parallel, ItemHandler handler) {
    return consume(queue, parallel, parallel, handler);
  }

  /// As [#consume(String, int, ItemHandler)]; of the `parallel` items at most `each` are of one
  /// tenant, so that a tenant whose work hangs does not stop the others' work.
  Consumption consume(String queue, int parallel, int each, ItemHandler handler);

  /// A consumer that can be started and stopped.
  interface Consumption {
    /// Begins to work.
    void start();

    /// Takes no new work and waits up to `patience` for what is under way.
    void stop(Duration patience);
  }
}
