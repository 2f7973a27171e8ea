package dev.parley.platform.mail;

import dev.parley.platform.queue.WorkItem;
import java.util.Optional;
import java.util.Set;

/// Turns what was queued into a mail, at the moment of sending.
public interface MailWriter {
  /// The kinds of items that it writes.
  Set<String> kinds();

  /// The mail; empty when there is nothing to send any more. It may be asked again for the same item when sending
  /// failed, and then may answer another text.
  Optional<Mail> write(WorkItem item);
}
