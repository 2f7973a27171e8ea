package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.http.Problem;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The command line.
@QuarkusMain
public final class Main {
  /// The program's version.
  static final String VERSION = "0.1.0";

  private Main() {}

  /// Runs a command and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage or configuration.
  public static void main(String[] args) {
    Logs.quiet();
    System.exit(commands().execute(args));
  }

  static CommandLine commands() {
    return new CommandLine(new Root())
        .setExecutionExceptionHandler(Main::explain)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println("parley: " + failure.getMessage());
    if (failure instanceof Problem problem) {
      problem
          .errors()
          .forEach(error -> command.getErr().println("  " + error.field() + " " + error.detail()));
      return 1;
    }
    if (failure instanceof Config.Invalid || failure instanceof IllegalArgumentException) {
      return 2;
    }
    if (!(failure instanceof IllegalStateException) || failure.getCause() != null) {
      failure.printStackTrace(command.getErr());
    }
    return 1;
  }

  @Command(
      name = "parley",
      mixinStandardHelpOptions = true,
      version = "parley " + Main.VERSION,
      description = "The conversation platform. Without a command: serve.",
      subcommands = {
        ServeCommand.class,
        DemoCommand.class,
        DoctorCommand.class,
        PartsCommand.class,
        ConfigCommand.class,
        MigrateCommand.class,
        KeysCommand.class,
        TenantCommand.class,
        UserCommand.class,
        OperatorCommand.class,
        DeadLettersCommand.class,
        RenderCommand.class,
        FilesCommand.class,
        SandboxCommand.class,
        WarmupCommand.class,
        DocsCommand.class
      })
  static final class Root implements Callable<Integer> {
    @Mixin Settings settings = new Settings();

    @Override
    public Integer call() {
      var serve = new ServeCommand();
      serve.settings = settings;
      return serve.call();
    }
  }
}
