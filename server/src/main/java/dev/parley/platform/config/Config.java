package dev.parley.platform.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration of one process, complete and valid: whoever holds it can ask for any key
/// without fear.
///
/// Sources, later ones win: the file, the environment (`PARLEY_…`), command-line settings.
public final class Config {
  private final Map<Key<?>, Object> values;
  private final List<Entry> entries;

  private Config(Map<Key<?>, Object> values, List<Entry> entries) {
    this.values = values;
    this.entries = List.copyOf(entries);
  }

  /// A key and where its value comes from. The text of a secret key must not be shown.
  ///
  /// @param text as it was given; null when the key has no value
  /// @param origin the file, the variable, `command line`, `default`, or empty text
  public record Entry(Key<?> key, @Nullable String text, String origin) {}

  /// Every problem found in the configuration at once: unknown keys with the nearest valid name,
  /// and values that do not parse. Values of secret keys are not repeated.
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> problems;

    Invalid(List<String> problems) {
      super("invalid configuration:\n  " + String.join("\n  ", problems));
      this.problems = List.copyOf(problems);
    }

    /// One line for each problem.
    public List<String> problems() {
      return problems;
    }
  }

  /// Reads all sources and checks them. `file` may be null or absent; `settings` maps key names to
  /// text. Throws [Invalid] with all problems.
  public static Config load(
      Map<String, String> environment, @Nullable Path file, Map<String, String> settings) {
    var texts = new TreeMap<String, String>();
    var origins = new HashMap<String, String>();
    if (file != null && Files.exists(file)) {
      properties(file)
          .forEach(
              (name, text) -> {
                texts.put(name, text);
                origins.put(name, file.toString());
              });
    }
    var problems = new ArrayList<String>();
    environment.forEach(
        (variable, text) -> {
          if (!variable.startsWith("PARLEY_") || text.isBlank()) {
            return;
          }
          Key<?> key =
              Keys.ALL.stream().filter(k -> k.variable().equals(variable)).findFirst().orElse(null);
          if (key == null) {
            String name = variable.substring(7).toLowerCase(Locale.ROOT).replace('_', '.');
            problems.add(
                "unknown variable "
                    + variable
                    + nearest(name).map(k -> "; did you mean " + k.variable() + "?").orElse(""));
          } else {
            texts.put(key.name(), text);
            origins.put(key.name(), variable);
          }
        });
    settings.forEach(
        (name, text) -> {
          texts.put(name, text);
          origins.put(name, "command line");
        });
    var values = new HashMap<Key<?>, Object>();
    var entries = new ArrayList<Entry>();
    texts.forEach(
        (name, text) -> {
          if (Keys.named(name) == null) {
            problems.add(
                "unknown key "
                    + name
                    + " ("
                    + origins.get(name)
                    + ")"
                    + nearest(name).map(k -> "; did you mean " + k.name() + "?").orElse(""));
          }
        });
    for (Key<?> key : Keys.ALL) {
      String text = texts.getOrDefault(key.name(), key.fallback());
      String origin = origins.getOrDefault(key.name(), text == null ? "" : "default");
      entries.add(new Entry(key, text, origin));
      if (text == null) {
        continue;
      }
      try {
        values.put(key, key.parse().apply(text.strip()));
      } catch (IllegalArgumentException e) {
        String shown = key.secret() ? "its value" : "'" + text + "'";
        problems.add(
            key.name() + ": " + shown + " (" + origins.get(key.name()) + "): " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new Invalid(problems);
    }
    return new Config(values, entries);
  }

  /// The value of a key that has a fallback or is set; throws `IllegalStateException` naming the
  /// key otherwise.
  public <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " is not set"));
  }

  /// The value of a key, empty when it is neither set nor has a fallback.
  @SuppressWarnings("unchecked") // a value was made by the parser of its own key
  public <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }

  /// Every key in the order of the document, with its text and origin.
  public List<Entry> entries() {
    return entries;
  }

  /// Where the outside reaches this installation: what is configured, or this machine's own address.
  public String publicUrl() {
    return find(Keys.PUBLIC_URL).orElseGet(() -> "http://localhost:" + get(Keys.HTTP_PORT));
  }

  /// What links in mails begin with, without a slash at the end.
  public String linksUrl() {
    return find(Keys.MAIL_LINKS).orElseGet(this::publicUrl).replaceFirst("/+$", "");
  }

  private static Map<String, String> properties(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    var map = new TreeMap<String, String>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  private static Optional<Key<?>> nearest(String name) {
    return Keys.ALL.stream()
        .filter(key -> distance(name, key.name()) <= Math.max(3, name.length() / 3))
        .min(Comparator.comparingInt(key -> distance(name, key.name())))
        .map(key -> (Key<?>) key);
  }

  /// Levenshtein's distance with one row.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
