package dev.parley.app;

import dev.parley.platform.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say where the configuration comes from.
final class Settings {
  private static final Path USUAL = Path.of("parley.properties");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Properties file with configuration keys (default: parley.properties if there)")
  @Nullable Path file;

  @Option(
      names = {"--set", "-s"},
      paramLabel = "KEY=VALUE",
      description = "Sets a configuration key")
  Map<String, String> keys = new LinkedHashMap<>();

  /// The configuration as file, environment and options give it.
  Config load() {
    return load(Map.of());
  }

  /// [#load()] with keys that other options of the command set; `--set` goes before them.
  Config load(Map<String, String> more) {
    var all = new LinkedHashMap<>(more);
    all.putAll(keys);
    Path given = file;
    if (given != null && !Files.exists(given)) {
      throw new IllegalArgumentException("there is no file " + given);
    }
    return Config.load(System.getenv(), given == null ? USUAL : given, all);
  }
}
