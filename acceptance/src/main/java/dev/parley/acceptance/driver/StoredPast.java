package dev.parley.acceptance.driver;

import java.util.Locale;

/// Conversations and messages as the server would have stored them over the years, put into the database at once.
public final class StoredPast {
  private static final String IDS = "CAST(lpad(to_hex(n), 32, '0') AS uuid)";

  private final Sql sql;
  private final Tenant tenant;

  /// What will have been of a tenant that has no conversations yet.
  public StoredPast(Sql sql, Tenant tenant) {
    this.sql = sql;
    this.tenant = tenant;
  }

  /// The id of the n-th conversation, from 1 on.
  public static String conversation(int n) {
    return "00000000-0000-0000-0000-" + "%012x".formatted(n);
  }

  /// The id of the message of that number in the first conversation.
  public static String message(int seq) {
    return "10000000-0000-0000-0000-" + "%012x".formatted(seq);
  }

  /// Conversations with `Customer 1` and so on; the first one was spoken to last, each other one a minute before.
  public void conversations(int count) {
    sql.change(
        """
        INSERT INTO contacts (tenant_id, id, project_id, name, created_at, updated_at)
        SELECT '%1$s', %2$s, '%1$s', 'Customer ' || n, now(), now() FROM generate_series(1, %3$d) n
        """
            .formatted(tenant.id(), IDS, count));
    sql.change(
        """
        INSERT INTO contact_identities (tenant_id, kind, scope, value, contact_id, created_at)
        SELECT '%s', 'phone', '', 1650200000000 + n, %s, now() FROM generate_series(1, %d) n
        """
            .formatted(tenant.id(), IDS, count));
    sql.change(
        """
        INSERT INTO conversations (tenant_id, id, project_id, channel_id, contact_id, lane, last_seq, last_message,
          last_at, created_at, updated_at)
        SELECT '%1$s', %2$s, '%1$s', '%3$s', %2$s, n %% 16, 0, '{"preview":"Where is my parcel?"}',
          now() - n * interval '1 minute', now(), now()
        FROM generate_series(1, %4$d) n
        """
            .formatted(tenant.id(), IDS, tenant.channelId(), count));
    sql.change(
        """
        INSERT INTO participants (tenant_id, conversation_id, kind, participant_id, role, joined_at)
        SELECT '%s', %s, 'contact', %s, 'member', now() FROM generate_series(1, %d) n
        """
            .formatted(tenant.id(), IDS, IDS, count));
  }

  /// Messages of the first conversation: `line 00001` and so on, some longer than others.
  public void messages(int count) {
    sql.change(
        """
        INSERT INTO messages (tenant_id, conversation_id, seq, id, channel_id, direction, sender_kind, sender_id,
          sender_name, content, provider_message_id, provider_time, created_at)
        SELECT '%1$s', '%2$s', n, CAST('1' || lpad(to_hex(n), 31, '0') AS uuid), '%3$s', 'inbound', 'contact', '%2$s',
          'Customer 1', jsonb_build_object('type', 'text', 'body', 'line ' || lpad(CAST(n AS text), 5, '0')
          || repeat(' of what was said about the parcel', CAST(n %% 5 AS int))),
          'wamid.past.%1$s.' || n, now() - (%4$d - n) * interval '1 minute', now() - (%4$d - n) * interval '1 minute'
        FROM generate_series(1, %4$d) n
        """
            .formatted(tenant.id(), conversation(1), tenant.channelId(), count));
    sql.change(
        "UPDATE conversations SET last_seq = ? WHERE tenant_id = CAST(? AS uuid) AND id = CAST(? AS uuid)",
        count,
        tenant.id(),
        conversation(1));
    sql.change("ANALYZE conversations, messages, contacts");
  }

  /// How the message of that number begins.
  public static String line(int seq) {
    return String.format(Locale.ROOT, "line %05d", seq);
  }
}
