package dev.parley.platform.db;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/// Makes ids: UUIDv7, so that they sort by the time they were made; within this process strictly.
public final class Ids {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private Ids() {}

  /// A fresh id, greater than every one this process made before.
  public static UUID next() {
    return GENERATOR.generate();
  }
}
