package dev.parley.acceptance.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Inserts 200 rows per statement and commit over two connections: what PostgreSQL takes when nobody has to be answered.
final class Unnest {
  /// What a work item of a text message carries.
  static final String PAYLOAD =
      "{\"channelId\":\"01900000-0000-7000-8000-000000000001\",\"phoneNumberId\":\"106540352242922\",\"contact\":"
          + "{\"profile\":{\"name\":\"Customer 16501000000001\"},\"wa_id\":\"16501000000001\"},\"message\":{\"from\":"
          + "\"16501000000001\",\"id\":\"wamid.ZjM2NzM4ZmM1YjY4OGE2OToxNzQ5NDE2MzgzOjEyMzQ1\",\"timestamp\":\"1749416383\","
          + "\"text\":{\"body\":\"Good morning, I ordered the blue one last week and it still says that it is being packed."
          + " Could you look where it is? My order number is 48213 and I would need it before Friday because we are"
          + " moving.\"},\"type\":\"text\"}}";

  private static final int ROWS = 200;
  private static final int CONNECTIONS = 2;

  private Unnest() {}

  static double rowsPerSecond(String url, Duration time) {
    var rows = new AtomicLong();
    var failures = new ArrayList<SQLException>();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CONNECTIONS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      insert(url, end, rows);
                    } catch (SQLException e) {
                      synchronized (failures) {
                        failures.add(e);
                      }
                    }
                  }));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.getFirst());
    }
    return rows.get() * 1e9 / (System.nanoTime() - start);
  }

  private static void insert(String url, long end, AtomicLong rows) throws SQLException {
    UUID tenant = UUID.randomUUID();
    try (Connection connection = DriverManager.getConnection(url + "&prepareThreshold=1");
        PreparedStatement statement =
            connection.prepareStatement(
                """
                INSERT INTO bench_items (tenant_id, queue, lane, id, key, dedup_key, kind, payload, correlation_id,
                  traceparent, enqueued_at)
                SELECT * FROM unnest(?::uuid[], ?::text[], ?::int[], ?::uuid[], ?::text[], ?::text[], ?::text[],
                  ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                ON CONFLICT DO NOTHING
                """)) {
      while (System.nanoTime() < end) {
        String now = Instant.now().toString();
        long ms = System.currentTimeMillis();
        array(statement, 1, "uuid", _ -> tenant);
        array(statement, 2, "text", _ -> "inbound-messages");
        array(statement, 3, "int4", i -> i % 16);
        array(statement, 4, "uuid", i -> new UUID(ms << 16 | 0x7000, random()));
        array(statement, 5, "text", i -> tenant + ":1650100" + i);
        array(
            statement, 6, "text", _ -> tenant + ":m:wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz" + random());
        array(statement, 7, "text", _ -> "message");
        array(statement, 8, "text", _ -> PAYLOAD);
        array(statement, 9, "text", i -> "01900000-0000-7000-8000-0000000" + i);
        array(statement, 10, "text", _ -> null);
        array(statement, 11, "text", _ -> now);
        rows.addAndGet(statement.executeUpdate());
      }
    }
  }

  private static long random() {
    return ThreadLocalRandom.current().nextLong();
  }

  private static void array(
      PreparedStatement statement, int index, String type, IntFunction<@Nullable Object> value)
      throws SQLException {
    var values = new Object[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = value.apply(i);
    }
    statement.setArray(index, statement.getConnection().createArrayOf(type, values));
  }
}
