package dev.parley.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `parts`: the table of parts; starts nothing.
@Command(
    name = "parts",
    mixinStandardHelpOptions = true,
    description = "Shows what each role starts.")
final class PartsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Console.line("%-18s %-14s %5s  %s".formatted("PART", "ROLES", "ORDER", "WHAT IT DOES"));
    PartList.table().forEach(Console::line);
    return 0;
  }
}
