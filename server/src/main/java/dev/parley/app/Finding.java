package dev.parley.app;

import java.util.Locale;

/// What `doctor` found out about one thing.
///
/// @param what the thing
/// @param seen what was seen, in words
/// @param mend what to do about it; empty when nothing
record Finding(Grade grade, String what, String seen, String mend) {
  /// How bad it is.
  enum Grade {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String what, String seen) {
    return new Finding(Grade.OK, what, seen, "");
  }

  static Finding warn(String what, String seen, String mend) {
    return new Finding(Grade.WARN, what, seen, mend);
  }

  static Finding fail(String what, String seen, String mend) {
    return new Finding(Grade.FAIL, what, seen, mend);
  }

  String word() {
    return grade.name().toLowerCase(Locale.ROOT);
  }
}
