package dev.parley.platform.db;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.UUID;

/// Makes ids: UUIDv7, so that they sort by the time they were made; within this process strictly.
public final class Ids {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();
  // One of its own: another time would break the other's order.
  private static final TimeBasedEpochGenerator ANY_TIME = Generators.timeBasedEpochGenerator();

  private Ids() {}

  /// A fresh id, greater than every one this process made before.
  public static UUID next() {
    return GENERATOR.generate();
  }

  /// A fresh id as if it had been made at that moment: it sorts among those of others by their times.
  public static UUID at(Instant time) {
    return ANY_TIME.construct(time.toEpochMilli());
  }
}
