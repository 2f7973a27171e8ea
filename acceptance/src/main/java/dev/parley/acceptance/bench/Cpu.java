package dev.parley.acceptance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Processor time of process trees. Unlike a rate it hardly changes when others use the machine.
final class Cpu {
  // Linux counts in hundredths of a second for its users, whatever the kernel's own clock.
  private static final double TICKS = 100;

  private Cpu() {}

  /// Seconds that these processes and their children, living and ended, have used so far.
  static double seconds(List<Long> roots) {
    // A process that has just ended counts nowhere until its parent has looked after it.
    LockSupport.parkNanos(500_000_000);
    return roots.stream()
            .flatMap(
                root ->
                    Stream.concat(
                        Stream.of(root),
                        ProcessHandle.of(root).stream()
                            .flatMap(ProcessHandle::descendants)
                            .map(ProcessHandle::pid)))
            .distinct()
            .mapToLong(Cpu::ticks)
            .sum()
        / TICKS;
  }

  /// Seconds that one process and those of its children that have ended have used so far, as the system has it now.
  static double now(long pid) {
    return ticks(pid) / TICKS;
  }

  /// Own time, and that of children who have ended.
  private static long ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The program's name in parentheses may hold blanks.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long sum = 0;
      for (int i = 11; i <= 14; i++) {
        sum += Long.parseLong(fields[i]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }
}
