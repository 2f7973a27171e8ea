package dev.parley.acceptance.bench;

import java.util.List;

/// What one leg of one side came to.
///
/// @param perSecond rate by the clock
/// @param cpuMicros processor time of the server and of PostgreSQL for each message, in microseconds
record Leg(double perSecond, double cpuMicros) {
  static double rate(List<Leg> legs) {
    return Figures.median(legs.stream().map(Leg::perSecond).toList());
  }

  static double cpu(List<Leg> legs) {
    return Figures.median(legs.stream().map(Leg::cpuMicros).toList());
  }

  @Override
  public String toString() {
    return "%,.0f/s (%.0f µs)".formatted(perSecond, cpuMicros);
  }
}
