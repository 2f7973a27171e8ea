package dev.parley.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  private static Config.Invalid invalid(Map<String, String> environment, Map<String, String> set) {
    return Objects.requireNonNull(
        catchThrowableOfType(Config.Invalid.class, () -> Config.load(environment, null, set)));
  }

  @Test
  void theListHoldsEveryKey() {
    List<Object> declared =
        Arrays.stream(Keys.class.getFields())
            .filter(
                field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Key.class)
            .map(
                field -> {
                  try {
                    return field.get(null);
                  } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();
    assertThat(declared).isNotEmpty();
    assertThat(List.<Object>copyOf(Keys.ALL)).containsExactlyInAnyOrderElementsOf(declared);
    assertThat(Keys.ALL.stream().map(Key::name)).doesNotHaveDuplicates();
    assertThat(Keys.ALL.stream().map(Key::variable)).doesNotHaveDuplicates();
  }

  @Test
  void fallbacksAreValid() {
    Config config = Config.load(Map.of(), null, Map.of());
    for (Key<?> key : Keys.ALL) {
      assertThat(config.find(key).isPresent()).as(key.name()).isEqualTo(key.fallback() != null);
    }
  }

  @Test
  void allProblemsAreToldAtOnceWithTheNearestName() {
    Config.Invalid e =
        invalid(
            Map.of("PARLEY_HTTP_PROT", "1", "HOME", "/", "PARLEY_EMPTY", " "),
            Map.of(
                "http.port", "70000",
                "queue.pol", "1s",
                "log.level", "loud",
                "lease", "5 minutes",
                "database.migrate", "yes",
                "zzzzzzzzzzzzzzzzzzzzzzzz", "1"));
    assertThat(e.problems())
        .hasSize(7)
        .anyMatch(p -> p.contains("PARLEY_HTTP_PROT") && p.contains("PARLEY_HTTP_PORT"))
        .anyMatch(p -> p.contains("queue.pol") && p.contains("did you mean queue.poll"))
        .anyMatch(p -> p.contains("http.port") && p.contains("0 to 65535"))
        .anyMatch(p -> p.contains("log.level") && p.contains("error, warn, info, debug"))
        .anyMatch(p -> p.contains("database.migrate") && p.contains("true or false"))
        .anyMatch(p -> p.contains("zzzz") && !p.contains("did you mean"));
  }

  @Test
  void laterSourcesWin(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("parley.properties");
    Files.writeString(file, "http.port=1\nqueue.batch=11\nlog.level=warn\n");
    Config config =
        Config.load(
            Map.of("PARLEY_HTTP_PORT", "2", "PARLEY_QUEUE_BATCH", "12"),
            file,
            Map.of("http.port", "3"));
    assertThat(config.get(Keys.HTTP_PORT)).isEqualTo(3);
    assertThat(config.get(Keys.QUEUE_BATCH)).isEqualTo(12);
    assertThat(config.get(Keys.LOG_LEVEL)).isEqualTo("warn");
    assertThatThrownBy(() -> config.get(Keys.PUBLIC_URL)).hasMessageContaining("public.url");
  }

  @Test
  void aSecretIsNeverRepeated() {
    var key =
        new Key<String>(
            "k",
            null,
            true,
            "",
            _ -> {
              throw new IllegalArgumentException("no");
            });
    assertThat(key.secret()).isTrue();
    Config config =
        Config.load(Map.of("PARLEY_DATABASE_PASSWORD", "hunter2hunter2"), null, Map.of());
    assertThat(config.find(Keys.DATABASE_PASSWORD).toString()).doesNotContain("hunter2");
  }

  @Test
  void spansOfTime() {
    assertThat(lease("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(lease("3s")).isEqualTo(Duration.ofSeconds(3));
    assertThat(lease("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(lease("24h")).isEqualTo(Duration.ofDays(1));
    assertThat(lease("7d")).isEqualTo(Duration.ofDays(7));
    for (String wrong : List.of("1", "s", "-1s", "1.5s", "1 s", "1w", "9999999999s")) {
      assertThat(invalid(Map.of(), Map.of("lease", wrong)).problems()).as(wrong).hasSize(1);
    }
  }

  private static Duration lease(String text) {
    return Config.load(Map.of(), null, Map.of("lease", text)).get(Keys.LEASE);
  }
}
