package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The peer of the processing: pgbench with what one message needs, in a transaction of its own, on the same tables
/// under the same role and row-level security, in a tenant of its own.
///
/// It is spared what the server does besides: claiming the lane, looking for duplicates before the insert, reading the
/// item, reading contacts by name, and all the JSON.
final class OneByOne {
  private static final int CLIENTS = 16;
  private static final String CONTENT =
      "{\"type\":\"text\",\"body\":\"Good morning, I ordered the blue one last week and it still says that it is being"
          + " packed. Could you look where it is? My order number is 48213 and I would need it before Friday because we"
          + " are moving.\"}";
  private static final String SCRIPT =
      """
      \\set i :i + 1
      \\set new :i <= :customers
      \\set n (:leg * 64 + :client_id) * 10000000 + :i
      \\set who (:leg * 64 + :client_id) * 10000000 + :i % :customers
      \\set r random(1, 1000000000000000000)
      BEGIN;
      SET LOCAL app.tenant_id = '@tenant';
      \\if :new
      INSERT INTO contacts (tenant_id, id, project_id, name, created_at, updated_at)
      VALUES ('@tenant', CAST(lpad(to_hex(CAST(:who AS bigint)), 32, '0') AS uuid), '@project', 'Customer ' || CAST(:who AS text),
        now(), now());
      INSERT INTO contact_identities (tenant_id, kind, scope, value, contact_id, created_at)
      VALUES ('@tenant', 'phone', '', CAST(:who AS text), CAST(lpad(to_hex(CAST(:who AS bigint)), 32, '0') AS uuid), now())
      ON CONFLICT (tenant_id, kind, scope, value) DO NOTHING RETURNING contact_id AS contact \\gset
      INSERT INTO conversations (tenant_id, id, project_id, channel_id, contact_id, lane, last_at, created_at,
        updated_at)
      VALUES ('@tenant', CAST('d' || lpad(to_hex(CAST(:who AS bigint)), 31, '0') AS uuid), '@project', '@channel', :contact,
        :client_id, now(), now(), now())
      ON CONFLICT (tenant_id, channel_id, contact_id) DO NOTHING RETURNING id AS conversation, 1 AS seq \\gset
      INSERT INTO participants (tenant_id, conversation_id, kind, participant_id, role, joined_at)
      VALUES ('@tenant', :conversation, 'contact', :contact, 'member', now()) ON CONFLICT DO NOTHING;
      \\else
      SELECT contact_id AS contact FROM contact_identities
      WHERE tenant_id = '@tenant' AND kind = 'phone' AND scope = '' AND value = CAST(:who AS text) \\gset
      SELECT id AS conversation, last_seq + 1 AS seq FROM conversations
      WHERE tenant_id = '@tenant' AND channel_id = '@channel' AND contact_id = :contact FOR UPDATE \\gset
      \\endif
      INSERT INTO messages (tenant_id, conversation_id, seq, id, channel_id, direction, sender_kind, sender_id,
        sender_name, content, provider_message_id, provider_time, created_at)
      VALUES ('@tenant', :conversation, :seq, CAST('01900000' || lpad(to_hex(CAST(:n AS bigint)), 24, '0') AS uuid),
        '@channel', 'inbound', 'contact', :contact, 'Customer ' || CAST(:who AS text), CAST(:content AS jsonb),
        'wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz' || CAST(:r AS text), now(), now())
      ON CONFLICT DO NOTHING;
      UPDATE conversations SET last_seq = :seq, last_message = CAST(:last AS jsonb), last_at = now(),
        unread = unread + 1, window_until = greatest(window_until, now() + interval '24 hours'),
        last_inbound_provider_id = 'wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz' || CAST(:r AS text), status = 'open', updated_at = now()
      WHERE tenant_id = '@tenant' AND id = :conversation;
      \\set events 1
      \\if :new
      \\set events 3
      \\endif
      INSERT INTO lane_heads AS h (tenant_id, lane, last_seq, touched_at)
      VALUES ('@tenant', :client_id, :events, now())
      ON CONFLICT (tenant_id, lane) DO UPDATE SET last_seq = h.last_seq + EXCLUDED.last_seq, touched_at = now()
      RETURNING last_seq AS head \\gset
      INSERT INTO events (tenant_id, lane, seq, id, type, version, project_id, conversation_id, time, correlation_id,
        data)
      SELECT '@tenant', :client_id, :head - e, CAST(lpad(to_hex(CAST(:n AS bigint)), 32, CAST(e AS text)) AS uuid),
        CASE e WHEN 0 THEN 'message.received' WHEN 1 THEN 'conversation.opened' ELSE 'contact.created' END, 1,
        '@project', :conversation, now(), '01900000-0000-7000-8000-' || CAST(:r AS text),
        CASE e WHEN 0 THEN CAST(:event AS jsonb) ELSE CAST(:opened AS jsonb) END
      FROM generate_series(0, CAST(:events AS int) - 1) e;
      DELETE FROM bench_queue
      WHERE tenant_id = '@tenant' AND queue = 'bench' AND dedup_key = CAST(:leg AS text) || '.' || CAST(:client_id AS text) || '.' || CAST(:i AS text);
      COMMIT;
      """;

  private OneByOne() {}

  /// So many messages, a fifth of them from new customers. No leg may come twice.
  static Leg run(Cluster cluster, String database, Launched.Channel channel, int messages, int leg)
      throws IOException {
    int each = messages / CLIENTS;
    // A table of its own, analysed as it is filled: in the server's, plans would come and go with
    // its backlogs.
    cluster.sql(
        database,
        "CREATE TABLE IF NOT EXISTS bench_queue (LIKE work_items INCLUDING ALL)",
        "GRANT SELECT, DELETE ON bench_queue TO parley_app",
        "TRUNCATE bench_queue",
        """
        INSERT INTO bench_queue (tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id, enqueued_at)
        SELECT '%s', 'bench', c, gen_random_uuid(), 'key', %d || '.' || c || '.' || i, 'message', '%s', 'none', now()
        FROM generate_series(0, %d) c, generate_series(1, %d) i
        """
            .formatted(channel.tenantId(), leg, Unnest.PAYLOAD, CLIENTS - 1, each),
        "VACUUM ANALYZE bench_queue",
        "ANALYZE");
    cluster.settle();
    String last =
        "{\"id\":\"01900000-0000-7000-8000-000000000001\",\"direction\":\"inbound\",\"preview\":\"Good morning, I ordered"
            + " the blue one last week and it still says\",\"at\":\"2026-01-01T00:00:00Z\"}";
    String ids =
        "\"conversationId\":\"%1$s\",\"channelId\":\"%1$s\",\"contactId\":\"%1$s\""
            .formatted(channel.id());
    String event =
        "{%s,\"message\":{\"id\":\"%s\",\"conversationId\":\"%s\",\"seq\":1,\"direction\":\"inbound\",\"sender\":{\"kind\":"
                .formatted(ids, channel.id(), channel.id())
            + "\"contact\",\"id\":\"%s\",\"name\":\"Customer 16501000000001\"},\"content\":%s,\"providerMessageId\":"
                .formatted(channel.id(), CONTENT)
            + "\"wamid.ZjM2NzM4ZmM1YjY4OGE2OToxNzQ5NDE2MzgzOjEyMzQ1\",\"providerTime\":\"2026-01-01T00:00:00Z\","
            + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"attempt\":0,\"reactions\":[]}}";
    Path script = Files.createTempFile("parley-bench-", ".sql");
    try {
      Files.writeString(
          script,
          SCRIPT
              .replace("@tenant", channel.tenantId())
              .replace("@project", channel.tenantId())
              .replace("@channel", channel.id()));
      double cpu = Cpu.seconds(List.of(cluster.pid()));
      double rate =
          cluster.pgbench(
              database,
              "parley_app",
              CLIENTS,
              List.of("-t", Integer.toString(each)),
              script,
              Map.of(
                  "i",
                  "0",
                  "leg",
                  Integer.toString(leg),
                  "customers",
                  Integer.toString(each / 5),
                  "content",
                  CONTENT,
                  "last",
                  last,
                  "event",
                  event,
                  "opened",
                  "{" + ids + "}"));
      cpu = Cpu.seconds(List.of(cluster.pid())) - cpu;
      return new Leg(rate, cpu * 1e6 / (each * CLIENTS));
    } finally {
      Files.delete(script);
    }
  }
}
