package dev.parley.identity;

import dev.parley.platform.db.Tx;
import dev.parley.platform.mail.Mail;
import dev.parley.platform.mail.Mails;
import dev.parley.platform.mail.Post;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import java.util.ArrayList;
import java.util.List;

/// A mail server and a queue in memory, for what must be looked at between a request and the worker. That both work
/// with the real ones is shown by the tests through HTTP.
public final class TestMails implements Post {
  private final List<WorkItem> waiting = new ArrayList<>();
  private final List<Mail> sent = new ArrayList<>();

  @Override
  public void send(Mail mail) {
    sent.add(mail);
  }

  /// Items that were queued in transactions that committed.
  WorkQueue queue() {
    return new WorkQueue() {
      @Override
      public void publish(Tx tx, List<WorkItem> items) {
        tx.afterCommit(() -> waiting.addAll(items));
      }

      @Override
      public Consumption consume(String queue, BatchHandler handler) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Consumption consume(String queue, int parallel, int each, ItemHandler handler) {
        throw new UnsupportedOperationException();
      }
    };
  }

  /// How many wait.
  int waiting() {
    return waiting.size();
  }

  /// Handles all that wait and answers the mails that came of it.
  List<Mail> deliver(Mails mails) {
    List<WorkItem> items = List.copyOf(waiting);
    waiting.clear();
    sent.clear();
    items.forEach(mails::handle);
    return List.copyOf(sent);
  }
}
