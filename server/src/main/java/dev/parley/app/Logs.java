package dev.parley.app;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// What is logged before the container has set up logging: warnings.
final class Logs {
  // Held, because a logger that nobody holds forgets its level.
  private static List<Logger> chatty = List.of();

  private Logs() {}

  /// To be called before anything logs.
  static void quiet() {
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    chatty =
        Stream.of("org.flywaydb", "io.zonky", "com.github.kagkarlsson")
            .map(name -> Logger.getLogger(name))
            .toList();
    chatty.forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
