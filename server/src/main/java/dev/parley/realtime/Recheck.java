package dev.parley.realtime;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Looks at the credentials of sessions again, many with one statement: a key may have expired, and a sign-in may have
/// been ended by something that left no event.
final class Recheck {
  private static final Logger LOG = Logger.getLogger(Recheck.class);
  private static final int MOST = 1000;

  private final Credentials credentials;
  private final Queue<Session> due = new ConcurrentLinkedQueue<>();

  Recheck(Credentials credentials) {
    this.credentials = credentials;
  }

  /// The caller as they stand now; null when what they came in with is no longer good. Blocking.
  @Nullable Caller current(Caller caller) {
    return credentials.current(caller.inTenant(), List.of(caller)).get(Credentials.key(caller));
  }

  void add(Session session) {
    due.add(session);
  }

  /// Looks at all that are due; called every few seconds, by one thread at a time.
  void run() {
    var byTenant = new HashMap<TenantId, List<Session>>();
    for (Session next = due.poll(); next != null; next = due.poll()) {
      List<Session> batch = byTenant.computeIfAbsent(next.tenant(), _ -> new ArrayList<>());
      batch.add(next);
      if (batch.size() == MOST) {
        byTenant.remove(next.tenant());
        look(next.tenant(), batch);
      }
    }
    byTenant.forEach(this::look);
  }

  private void look(TenantId tenant, List<Session> sessions) {
    Map<UUID, Caller> good;
    try {
      good = credentials.current(tenant, sessions.stream().map(Session::caller).toList());
    } catch (RuntimeException e) {
      // The database is away: nobody is cut off because of that, and the next heartbeat asks again.
      LOG.warnf("credentials of tenant %s are not looked at: %s", tenant, e.getMessage());
      return;
    }
    for (Session session : sessions) {
      UUID key = Credentials.key(session.caller());
      session.loop().execute(() -> session.confirmed(good.get(key)));
    }
  }
}
