package dev.parley.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `doctor`: looks at everything that a server needs, and says how to mend what is not right.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Checks everything that the server needs; 1 when something is wrong.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin Settings settings = new Settings();

  @Override
  public Integer call() {
    List<Finding> findings = Doctor.examine(settings.load());
    findings.forEach(
        finding -> {
          Console.line("%-5s %-12s %s".formatted(finding.word(), finding.what(), finding.seen()));
          if (!finding.mend().isEmpty()) {
            Console.line("%-18s %s".formatted("", "-> " + finding.mend()));
          }
        });
    long failed = findings.stream().filter(f -> f.grade() == Finding.Grade.FAIL).count();
    Console.line(failed == 0 ? "nothing is in the way of a start" : failed + " to mend");
    return failed == 0 ? 0 : 1;
  }
}
