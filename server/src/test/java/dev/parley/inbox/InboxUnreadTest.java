package dev.parley.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.conversations.Conversation;
import dev.parley.platform.access.Caller;
import java.util.ArrayList;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The unread count of a customer's conversation, against counting, while many write, read and answer at once.
@org.junit.jupiter.api.Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboxUnreadTest {
  private final InboxFixture all = new InboxFixture();

  @AfterAll
  void close() {
    all.close();
  }

  @Test
  void isWhatCameAfterTheFurthestMark() throws Exception {
    String phone = "15551234567";
    UUID id = all.written(phone);
    long seed = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 6; i++) {
        Caller agent = all.agent();
        var random = new Random(seed + i);
        running.add(
            threads.submit(
                () -> {
                  for (int step = 0; step < 25; step++) {
                    switch (random.nextInt(4)) {
                      case 0 -> all.answer(agent, id);
                      case 1 ->
                          all.conversations.markRead(
                              agent, id, random.nextLong(all.now(id).lastSeq() + 1), false);
                      default -> all.written(phone);
                    }
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    Conversation now = all.now(id);
    assertThat((long) now.unread()).as("seed %d", seed).isEqualTo(counted(id));
  }

  private long counted(UUID id) {
    return all.db.inTenant(
        all.acme,
        tx ->
            tx.sql()
                .createQuery(
                    """
                    SELECT count(*) FROM messages m WHERE m.tenant_id = :tenant AND m.conversation_id = :id
                      AND m.direction = 'inbound' AND m.seq > (SELECT coalesce(max(p.last_seen_seq), 0) FROM participants p
                        WHERE p.tenant_id = :tenant AND p.conversation_id = :id AND p.kind = 'user')
                    """)
                .bind("tenant", all.acme.value())
                .bind("id", id)
                .mapTo(Long.class)
                .one());
  }
}
