package dev.parley.app;

import dev.parley.platform.config.Config;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command line.
@QuarkusMain
public final class Main {
  private Main() {}

  /// Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage or configuration.
  public static void main(String[] args) {
    Logs.quiet();
    var commands =
        new CommandLine(new Root())
            .setExecutionExceptionHandler(Main::explain)
            .setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(commands.execute(args));
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof Config.Invalid || failure instanceof IllegalArgumentException) {
      command.getErr().println("parley: " + failure.getMessage());
      return 2;
    }
    command.getErr().println("parley: " + failure.getMessage());
    if (!(failure instanceof IllegalStateException) || failure.getCause() != null) {
      failure.printStackTrace(command.getErr());
    }
    return 1;
  }

  /// What every command understands.
  static final class Settings {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "Properties file with configuration keys (default: parley.properties if there)")
    @Nullable Path file;

    @Option(
        names = {"--set", "-s"},
        paramLabel = "KEY=VALUE",
        description = "Sets a configuration key")
    Map<String, String> keys = new LinkedHashMap<>();

    Config load() {
      return load(Map.of());
    }

    Config load(Map<String, String> more) {
      var all = new LinkedHashMap<>(more);
      all.putAll(keys);
      return Config.load(System.getenv(), file == null ? Path.of("parley.properties") : file, all);
    }
  }

  @Command(
      name = "parley",
      mixinStandardHelpOptions = true,
      version = "parley 0.1.0",
      description = "The conversation platform. Without a command: serve.",
      subcommands = {Serve.class, PartsCommand.class})
  static final class Root implements Callable<Integer> {
    @CommandLine.Mixin Settings settings = new Settings();

    @Override
    public Integer call() {
      return Serving.run(settings.load());
    }
  }

  @Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the server.")
  static final class Serve implements Callable<Integer> {
    @CommandLine.Mixin Settings settings = new Settings();

    @Option(names = "--roles", description = "all, or some of api,ingress,realtime,worker")
    @Nullable String roles;

    @Override
    public Integer call() {
      return Serving.run(settings.load(roles == null ? Map.of() : Map.of("roles", roles)));
    }
  }

  @Command(
      name = "parts",
      mixinStandardHelpOptions = true,
      description = "Shows what each role starts.")
  static final class PartsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
      return 0;
    }
  }
}
