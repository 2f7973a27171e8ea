package dev.parley.app;

import java.io.PrintStream;

/// What commands say to the person in front of them; the log is something else.
final class Console {
  private static final PrintStream OUT = System.out;

  private Console() {}

  static void line(String text) {
    OUT.println(text);
    OUT.flush();
  }
}
