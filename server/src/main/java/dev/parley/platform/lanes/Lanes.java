package dev.parley.platform.lanes;

import dev.parley.platform.access.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Says which lane a key's work runs in. The number of lanes is part of the stored data: changing
/// it needs empty queues and a migration of the event log's cursors.
public final class Lanes {
  /// How many lanes each tenant's work is spread over.
  public static final int COUNT = 16;

  private Lanes() {}

  /// The lane of a key, 0 to `COUNT` - 1; the same in every process and version.
  public static int of(TenantId tenant, String key) {
    var crc = new CRC32C();
    ByteBuffer id = ByteBuffer.allocate(16);
    id.putLong(tenant.value().getMostSignificantBits());
    id.putLong(tenant.value().getLeastSignificantBits());
    crc.update(id.array());
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() % COUNT);
  }
}
