package dev.parley.conversations;

import dev.parley.conversations.PostMessages.Outcome;
import dev.parley.conversations.PostMessages.Post;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Stores what several users of a tenant say at the same time in one transaction: what comes while one is under way goes
/// with the next. Who says something alone waits for nobody.
///
/// The callers do it themselves: one works for all who wait, and then hands over to the first who came meanwhile. No
/// transaction here waits for a conversation that somebody else has locked, so that one does not hold up the others.
final class PostTogether {
  private static final Logger LOG = Logger.getLogger(PostTogether.class);
  private static final int MOST = 64;

  private final TenantDb db;
  private final PostMessages messages;
  // Guarded by itself. A tenant is in it while somebody works for it, with those who wait.
  private final Map<TenantId, ArrayDeque<Waiting>> tenants = new HashMap<>();

  PostTogether(TenantDb db, PostMessages messages) {
    this.db = db;
    this.messages = messages;
  }

  /// What one who waits is told.
  private sealed interface Next {
    /// To work for these, of which it is the first.
    record Turn(List<Waiting> batch) implements Next {}

    /// What became of its message.
    record End(@Nullable Outcome outcome) implements Next {}
  }

  private record Waiting(Post post, CompletableFuture<Next> next) {}

  /// Empty when the message wants a transaction of its own. Throws a [dev.parley.platform.http.Problem] when it is
  /// refused.
  Optional<SendResult> post(Post post) {
    TenantId tenant = post.caller().inTenant();
    var mine = new Waiting(post, new CompletableFuture<>());
    Outcome outcome =
        switch (enter(tenant, mine)) {
          case Next.End(Outcome told) -> told;
          case Next.Turn(List<Waiting> batch) -> work(tenant, batch).get(post);
        };
    return switch (outcome) {
      case null -> Optional.empty();
      case Outcome.Sent(SendResult result) -> Optional.of(result);
      case Outcome.Refused(RuntimeException cause) -> throw cause;
    };
  }

  private Next enter(TenantId tenant, Waiting mine) {
    synchronized (tenants) {
      ArrayDeque<Waiting> queue = tenants.get(tenant);
      if (queue == null) {
        tenants.put(tenant, new ArrayDeque<>());
        return new Next.Turn(List.of(mine));
      }
      queue.add(mine);
    }
    return mine.next.join();
  }

  private Map<Post, Outcome> work(TenantId tenant, List<Waiting> batch) {
    // Whatever happens here, those who wait are told: without an outcome each goes on alone.
    Map<Post, Outcome> outcomes = Map.of();
    try {
      outcomes = store(tenant, batch.stream().map(Waiting::post).toList());
    } finally {
      handOver(tenant);
      for (Waiting waiting : batch) {
        waiting.next.complete(new Next.End(outcomes.get(waiting.post)));
      }
    }
    return outcomes;
  }

  private Map<Post, Outcome> store(TenantId tenant, List<Post> posts) {
    try {
      return db.inTenant(tenant, tx -> messages.post(tx, posts));
    } catch (RuntimeException e) {
      if (!SqlFailure.isUnavailable(e)) {
        LOG.debugf(e, "%d messages of tenant %s are stored one by one", posts.size(), tenant);
        return Map.of();
      }
      var refused = new HashMap<Post, Outcome>();
      posts.forEach(post -> refused.put(post, new Outcome.Refused(e)));
      return refused;
    }
  }

  /// Lets the first who waits work for as many as there are, but for one of each conversation: the next one of a
  /// conversation comes after it.
  private void handOver(TenantId tenant) {
    var batch = new ArrayList<Waiting>();
    synchronized (tenants) {
      ArrayDeque<Waiting> queue = tenants.get(tenant);
      if (queue == null || queue.isEmpty()) {
        tenants.remove(tenant);
        return;
      }
      var conversations = new HashSet<UUID>();
      for (Iterator<Waiting> all = queue.iterator(); all.hasNext() && batch.size() < MOST; ) {
        Waiting waiting = all.next();
        if (conversations.add(waiting.post.conversation())) {
          batch.add(waiting);
          all.remove();
        }
      }
    }
    batch.getFirst().next.complete(new Next.Turn(batch));
  }
}
