package dev.parley.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/// The program's entry.
@QuarkusMain
public final class Main {
  private Main() {}

  /// Runs.
  public static void main(String[] args) {
    Quarkus.run(args);
  }
}
