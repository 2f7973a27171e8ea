package dev.parley.media;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a `Range` header asks for (RFC 9110, section 14). Several ranges at once, other units and what does not parse
/// are answered with everything, as that document permits.
sealed interface ByteRange {
  /// All bytes.
  record Whole() implements ByteRange {}

  /// From `first` to `last`, both included.
  record Part(long first, long last) implements ByteRange {}

  /// Nothing of it lies within the file.
  record Beyond() implements ByteRange {}

  Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /// Reads a header, which may be null, for a file of `size` bytes.
  static ByteRange parse(@Nullable String header, long size) {
    Matcher matcher = ONE.matcher(header == null ? "" : header);
    if (!matcher.matches()) {
      return new Whole();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return new Whole();
    }
    if (from.isEmpty()) {
      long last = Long.parseLong(to);
      return last == 0 || size == 0 ? new Beyond() : new Part(Math.max(0, size - last), size - 1);
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return new Whole();
    }
    return first >= size ? new Beyond() : new Part(first, last);
  }
}
