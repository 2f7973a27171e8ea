package dev.parley.acceptance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The machine: its cores, its load, and how to run programs on it.
final class Machine {
  private static final double NOISY = 0.5;
  private static final boolean PINS = pins();

  private Machine() {}

  private static boolean pins() {
    return Runtime.getRuntime().availableProcessors() > 1
        && (Files.isExecutable(Path.of("/usr/bin/taskset"))
            || Files.isExecutable(Path.of("/bin/taskset")));
  }

  /// Puts this process, the load generator, on core 1. What it starts afterwards inherits that.
  static void pinLoad() {
    if (PINS) {
      run(List.of("taskset", "-acp", "1", Long.toString(ProcessHandle.current().pid())));
    }
  }

  /// The command on the servers' core.
  static List<String> onServerCore(List<String> command) {
    return PINS ? prefixed(List.of("taskset", "-c", "0"), command) : command;
  }

  /// The command on all cores.
  static List<String> onAllCores(List<String> command) {
    return PINS ? prefixed(List.of("taskset", "-c", "0-1"), command) : command;
  }

  static List<String> prefixed(List<String> prefix, List<String> command) {
    var whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /// Prints the load that is there before a leg, and warns when others use the machine.
  static void say(String leg) {
    double load = loadAverage();
    System.out.printf(
        Locale.ROOT,
        "  %-44s load average %.2f%s%n",
        leg,
        load,
        load > NOISY ? "  (above " + NOISY + ": earlier legs, or others use the machine)" : "");
  }

  static double loadAverage() {
    return Double.parseDouble(read("/proc/loadavg").split(" ")[0]);
  }

  /// Processor, memory and system in a line.
  static String description() {
    String cpu =
        read("/proc/cpuinfo")
            .lines()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse("unknown processor");
    String memory =
        read("/proc/meminfo")
            .lines()
            .filter(line -> line.startsWith("MemTotal"))
            .findFirst()
            .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 / 1024 + " GiB")
            .orElse("?");
    return "%s, %d cores, %s, Linux %s"
        .formatted(cpu, cores(), memory, System.getProperty("os.version"));
  }

  private static long cores() {
    return read("/proc/cpuinfo").lines().filter(line -> line.startsWith("processor")).count();
  }

  /// Resident memory of a process in MB: its own pages, and its share of those it shares with others.
  static double proportionalMegabytes(long pid) {
    try {
      return kilobytes(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")), "Pss:");
    } catch (IOException e) {
      return 0;
    }
  }

  /// What `ps` shows as RSS, in MB.
  static double residentMegabytes(long pid) {
    return kilobytes(read("/proc/" + pid + "/status"), "VmRSS:");
  }

  private static double kilobytes(String text, String field) {
    return text.lines()
        .filter(line -> line.startsWith(field))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end and answers what it printed; throws with that text when it fails.
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(
            command.getFirst() + " failed: " + text.substring(0, Math.min(2000, text.length())));
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
