package dev.parley.platform.config;

import dev.parley.platform.crypto.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One configuration key: its name, how its text becomes a value, what it is without being set, and
/// what it means.
///
/// @param name dotted lower-case name; in the environment `PARLEY_` and upper case with underscores
/// @param fallback the text used when nobody sets it; null when the value is then absent
/// @param secret whether its value must never be printed
/// @param doc one sentence for `docs/config.md`
/// @param parse turns text into a value; throws `IllegalArgumentException` saying what is expected
public record Key<T>(
    String name, @Nullable String fallback, boolean secret, String doc, Function<String, T> parse) {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  /// Text as it stands.
  public static Key<String> text(String name, @Nullable String fallback, String doc) {
    return new Key<>(name, fallback, false, doc, text -> text);
  }

  /// Text that is never printed.
  public static Key<Secret> secret(String name, String doc) {
    return new Key<>(name, null, true, doc, Secret::new);
  }

  /// A whole number between two bounds, both included.
  public static Key<Integer> number(String name, int fallback, int least, int most, String doc) {
    return new Key<>(
        name,
        Integer.toString(fallback),
        false,
        doc + " (" + least + " to " + most + ")",
        text -> {
          int value;
          try {
            value = Integer.parseInt(text);
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a whole number", e);
          }
          if (value < least || value > most) {
            throw new IllegalArgumentException("expected " + least + " to " + most);
          }
          return value;
        });
  }

  /// `true` or `false`.
  public static Key<Boolean> flag(String name, boolean fallback, String doc) {
    return new Key<>(
        name,
        Boolean.toString(fallback),
        false,
        doc,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("expected true or false");
            });
  }

  /// A span of time such as `250ms`, `30s`, `15m`, `24h`, `7d`.
  public static Key<Duration> duration(String name, String fallback, String doc) {
    return new Key<>(name, fallback, false, doc, Key::parseDuration);
  }

  /// A comma-separated list, possibly empty.
  public static Key<List<String>> list(String name, String fallback, String doc) {
    return new Key<>(
        name,
        fallback,
        false,
        doc,
        text ->
            Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList());
  }

  /// One of a few words.
  public static Key<String> choice(String name, String fallback, String doc, String... words) {
    return new Key<>(
        name,
        fallback,
        false,
        doc + ": " + String.join(", ", words),
        text -> {
          if (!List.of(words).contains(text)) {
            throw new IllegalArgumentException("expected one of " + String.join(", ", words));
          }
          return text;
        });
  }

  /// The name of the environment variable that sets it.
  public String variable() {
    return "PARLEY_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Duration parseDuration(String text) {
    var matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a span such as 250ms, 30s, 15m, 24h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
