package dev.parley.inbox;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Variables in texts: `{{contact.name}}`, or `{{contact.name|there}}` with what stands in its place when there is no
/// value.
final class Variables {
  /// All there are.
  static final List<String> NAMES =
      List.of("contact.name", "contact.firstName", "contact.phone", "agent.name", "channel.name");

  private static final Pattern VARIABLE =
      Pattern.compile("\\{\\{\\s*([^{}|]*?)\\s*(?:\\|([^{}]*))?}}");

  private Variables() {}

  /// The first that is none of those there are, or null.
  static @Nullable String unknown(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !NAMES.contains(name))
        .findFirst()
        .orElse(null);
  }

  /// The text with values. What is put in is not looked at again.
  static String fill(String text, Map<String, String> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found, values)));
  }

  private static String value(MatchResult found, Map<String, String> values) {
    String value = values.get(found.group(1));
    String otherwise = found.group(2);
    return value != null ? value : otherwise == null ? "" : otherwise.strip();
  }
}
