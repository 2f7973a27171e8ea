package dev.parley.realtime.presence;

import dev.parley.platform.access.TenantId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What nodes write to each other about a user: 42 bytes.
///
/// @param code a standing's, or one of the constants here
record PresenceRecord(TenantId tenant, UUID user, int code, Instant at, boolean team) {
  /// The user wants to be shown as away.
  static final int CHOOSE_AWAY = 16;

  /// The user no longer wants to be shown as away.
  static final int CHOOSE_BACK = 17;

  /// Redis has lost what was there: every node writes its users anew. Tenant and user mean nothing.
  static final int REWRITE = 18;

  private static final int SIZE = 42;

  /// The name under which Redis knows a user.
  static byte[] field(TenantId tenant, UUID user) {
    return name(ByteBuffer.allocate(32), tenant, user).array();
  }

  byte[] bytes() {
    return name(ByteBuffer.allocate(SIZE), tenant, user)
        .put((byte) code)
        .putLong(at.toEpochMilli())
        .put((byte) (team ? 1 : 0))
        .array();
  }

  /// The records of a message; what is left over at its end is left out.
  static List<PresenceRecord> parse(byte[] message) {
    var records = new ArrayList<PresenceRecord>(message.length / SIZE);
    ByteBuffer bytes = ByteBuffer.wrap(message);
    while (bytes.remaining() >= SIZE) {
      records.add(
          new PresenceRecord(
              new TenantId(new UUID(bytes.getLong(), bytes.getLong())),
              new UUID(bytes.getLong(), bytes.getLong()),
              bytes.get(),
              Instant.ofEpochMilli(bytes.getLong()),
              bytes.get() == 1));
    }
    return records;
  }

  private static ByteBuffer name(ByteBuffer into, TenantId tenant, UUID user) {
    return into.putLong(tenant.value().getMostSignificantBits())
        .putLong(tenant.value().getLeastSignificantBits())
        .putLong(user.getMostSignificantBits())
        .putLong(user.getLeastSignificantBits());
  }
}
