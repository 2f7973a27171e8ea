package dev.parley.platform.cache;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Redis has answered to one command.
///
/// @param value a `Long`, bytes, a list of these, or null
public record RedisReply(@Nullable Object value) {
  /// The number; 0 when it is none.
  public long number() {
    return switch (value) {
      case Long number -> number;
      case byte[] bytes -> parsed(new String(bytes, StandardCharsets.US_ASCII));
      case null, default -> 0;
    };
  }

  private static long parsed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The bytes; none when it has none.
  public byte[] bytes() {
    return value instanceof byte[] bytes ? bytes : new byte[0];
  }

  /// The bytes as text.
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /// The parts of a list; none when it is no list.
  public List<RedisReply> parts() {
    return value instanceof List<?> list
        ? list.stream().map(part -> (RedisReply) part).toList()
        : List.of();
  }
}
