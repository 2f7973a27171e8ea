package dev.parley.app;

import dev.parley.platform.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `config`: what the configuration comes to.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Shows the configuration as this process would use it, without its secrets.")
final class ConfigCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Override
  public Integer call() {
    settings.load().entries().forEach(entry -> Console.line(line(entry)));
    return 0;
  }

  private static String line(Config.Entry entry) {
    String text = entry.text();
    String shown = text == null ? "(not set)" : entry.key().secret() ? "(secret)" : text;
    return "%-26s %-34s %s".formatted(entry.key().name(), shown, entry.origin()).stripTrailing();
  }
}
