package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The same work on two databases of one cluster, of which one holds ten times as many messages.
final class Growth {
  private static final List<String> DATABASES = List.of("small", "large");
  private static final int MESSAGES_EACH = 20;

  private Growth() {}

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    try (Cluster cluster = Cluster.start()) {
      int leg = options.quick() ? 10_000 : 40_000;
      var backlogs = new ArrayList<Backlog>();
      for (int i = 0; i < 2; i++) {
        String database = DATABASES.get(i);
        long rows = i == 0 ? options.rows() : 10 * options.rows();
        Machine.say("growth: making %,d messages".formatted(rows));
        cluster.sql("postgres", "CREATE DATABASE " + database);
        List<String> settings = Launched.on(cluster, database);
        Path folder = data.resolve(database);
        Launched.Channel channel;
        try (Launched parley = Launched.start(folder, "all", settings)) {
          channel = parley.channels()[0];
          // Time for the readers of the event log to have a place each.
          LockSupport.parkNanos(3_000_000_000L);
        }
        grow(cluster, database, channel, rows);
        var backlog = new Backlog(cluster, database, leg);
        try (Launched parley = Launched.start(folder, "ingress", settings)) {
          backlog.fill(parley.port(), channel, options.rounds() + 1, 500_000_000L);
        }
        backlogs.add(backlog);
      }
      compare(options, figures, cluster, data, backlogs);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString()));
    }
  }

  private static void compare(
      Options options, Figures figures, Cluster cluster, Path data, List<Backlog> backlogs) {
    var rates = List.of(new ArrayList<Leg>(), new ArrayList<Leg>());
    try (Launched small = worker(cluster, data, 0);
        Launched large = worker(cluster, data, 1)) {
      List<Launched> workers = List.of(small, large);
      for (int round = 0; round <= options.rounds(); round++) {
        for (int i = 0; i < 2; i++) {
          Machine.say("growth: " + DATABASES.get(i) + (round == 0 ? ", warm up" : ""));
          Leg leg = backlogs.get(i).drain(workers.get(i), round);
          System.out.println("    " + leg);
          if (round > 0) {
            rates.get(i).add(leg);
          }
        }
      }
    }
    double small = Leg.rate(rates.get(0));
    double large = Leg.rate(rates.get(1));
    double ratio = small / large;
    figures.note(
        "Processor time per message with %,d stored: %.0f µs; with ten times as many: %.0f µs."
            .formatted(options.rows(), Leg.cpu(rates.get(0)), Leg.cpu(rates.get(1))));
    figures.add(
        new Figures.Line(
            "time per message, %,d → %,d stored".formatted(options.rows(), 10 * options.rows()),
            "%.0f µs".formatted(1e6 / large),
            "%.0f µs with the tenth".formatted(1e6 / small),
            "%.2f×".formatted(ratio),
            "≤ 1.2×",
            ratio <= 1.2));
  }

  private static Launched worker(Cluster cluster, Path data, int i) {
    String database = DATABASES.get(i);
    return Launched.start(data.resolve(database), "worker", Launched.on(cluster, database));
  }

  /// Stored messages as the server would have stored them, twenty to a conversation.
  private static void grow(
      Cluster cluster, String database, Launched.Channel channel, long messages) {
    long conversations = Math.max(1, messages / MESSAGES_EACH);
    String ids = "CAST(lpad(to_hex(n), 32, '0') AS uuid)";
    cluster.sql(
        database,
        "SET synchronous_commit = off",
        """
        INSERT INTO contacts (tenant_id, id, project_id, name, created_at, updated_at)
        SELECT '%1$s', %2$s, '%1$s', 'Customer ' || n, now(), now() FROM generate_series(1, %3$d) n
        """
            .formatted(channel.tenantId(), ids, conversations),
        """
        INSERT INTO contact_identities (tenant_id, kind, scope, value, contact_id, created_at)
        SELECT '%s', 'phone', '', 1650100000000 + n, %s, now() FROM generate_series(1, %d) n
        """
            .formatted(channel.tenantId(), ids, conversations),
        """
        INSERT INTO conversations (tenant_id, id, project_id, channel_id, contact_id, lane, last_seq, last_message,
          last_at, last_inbound_provider_id, unread, window_until, created_at, updated_at)
        SELECT '%1$s', %2$s, '%1$s', '%3$s', %2$s, n %% 16, %4$d, '{"preview":"Good morning, I ordered the blue one"}',
          now(), 'wamid.' || n, 3, now(), now(), now()
        FROM generate_series(1, %5$d) n
        """
            .formatted(channel.tenantId(), ids, channel.id(), MESSAGES_EACH, conversations),
        """
        INSERT INTO participants (tenant_id, conversation_id, kind, participant_id, role, joined_at)
        SELECT '%s', %s, 'contact', %s, 'member', now() FROM generate_series(1, %d) n
        """
            .formatted(channel.tenantId(), ids, ids, conversations),
        """
        INSERT INTO messages (tenant_id, conversation_id, seq, id, channel_id, direction, sender_kind, sender_id,
          sender_name, content, provider_message_id, provider_time, created_at)
        SELECT '%1$s', %2$s, s, CAST('1' || lpad(to_hex(s * %4$d + n), 31, '0') AS uuid), '%3$s', 'inbound', 'contact', %2$s,
          'Customer ' || n, jsonb_build_object('type', 'text', 'body', 'Good morning, I ordered the blue one last week'
          || ' and it still says that it is being packed. Could you look where it is? ' || n),
          'wamid.' || md5(CAST(s * %4$d + n AS text)), now(), now()
        FROM generate_series(1, %5$d) s, generate_series(1, %4$d) n
        """
            .formatted(channel.tenantId(), ids, channel.id(), conversations, MESSAGES_EACH),
        """
        INSERT INTO events (tenant_id, lane, seq, id, type, version, project_id, conversation_id, time, correlation_id,
          data)
        SELECT '%1$s', n %% 16, n / 16, %2$s, 'message.received', 1, '%1$s', NULL, now(), 'none',
          '{"message":{"direction":"inbound","content":{"type":"text","body":"Good morning, I ordered the blue one last\
         week and it still says that it is being packed. Could you look where it is?"}}}'
        FROM generate_series(16000, 15999 + %3$d) n
        """
            .formatted(channel.tenantId(), ids, messages),
        """
        INSERT INTO lane_heads (tenant_id, lane, last_seq, touched_at)
        SELECT tenant_id, lane, max(seq), now() - interval '1 day' FROM events GROUP BY tenant_id, lane
        ON CONFLICT (tenant_id, lane) DO UPDATE SET last_seq = EXCLUDED.last_seq
        """,
        // The readers have read all that, too.
        """
        INSERT INTO subscription_cursors (tenant_id, subscription, lane, seq)
        SELECT h.tenant_id, s.subscription, h.lane, h.last_seq
        FROM lane_heads h, (SELECT DISTINCT subscription FROM subscription_cursors) s
        ON CONFLICT (tenant_id, subscription, lane) DO UPDATE SET seq = EXCLUDED.seq
        """,
        "VACUUM ANALYZE");
  }
}
