package dev.parley.platform.health;

import java.util.List;
import java.util.function.Supplier;

/// Something that can be asked how it is.
///
/// @param key names it in this process; a tenant's own check has the tenant in it
/// @param name what stands in its place when it gives no answer
/// @param kind of what it looks at, see [Reading#kind]
/// @param mend what to do when it gives no answer
/// @param read may block and throw
public record Check(
    String key, String name, String kind, String mend, Supplier<List<Reading>> read) {

  /// A check of one thing, called by its name.
  public static Check one(String name, String kind, String mend, Supplier<Reading> read) {
    return new Check(name, name, kind, mend, () -> List.of(read.get()));
  }
}
