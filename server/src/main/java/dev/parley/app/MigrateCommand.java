package dev.parley.app;

import dev.parley.platform.config.Config;
import dev.parley.platform.db.Database;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `migrate`: brings the schema forward, for installations whose servers may not.
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = "Brings the database's schema to this program's version.")
final class MigrateCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Override
  public Integer call() {
    Config config = settings.load();
    try (Database database = Database.open(config)) {
      database.migrate();
      Console.line("the schema is at version " + database.schemaVersion());
    }
    return 0;
  }
}
