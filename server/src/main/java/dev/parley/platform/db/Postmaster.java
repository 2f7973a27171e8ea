package dev.parley.platform.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The server process of one data directory, found by the pid file that it keeps there.
final class Postmaster {
  private static final Duration LOOK = Duration.ofMillis(5);

  /// PostgreSQL's ways to end, from the kindest. A fast shutdown writes what is in memory, so it gets the most time;
  /// after an immediate one, as after a kill, the next start replays the log and nothing committed is lost.
  private enum Ending {
    FAST("INT", Duration.ofSeconds(20)),
    IMMEDIATE("QUIT", Duration.ofSeconds(5)),
    KILL("KILL", Duration.ofSeconds(5));

    private final String signal;
    private final Duration patience;

    Ending(String signal, Duration patience) {
      this.signal = signal;
      this.patience = patience;
    }
  }

  private static final Pattern END_OF_WORD = Pattern.compile("\0");

  private final Path data;
  private final Path pidFile;

  /// Of that data directory, which is a real path.
  Postmaster(Path data) {
    this.data = data;
    this.pidFile = data.resolve("postmaster.pid");
  }

  /// The running server. Empty when the pid file is missing, or is left over and its number now belongs to
  /// another program.
  Optional<ProcessHandle> running() throws IOException {
    return pid().flatMap(ProcessHandle::of).filter(this::serves);
  }

  /// Stops the server if it runs, and removes a pid file that is left over. Returns when its last process is gone.
  ///
  /// @throws IOException when the server cannot be ended
  void stop() throws IOException {
    Optional<ProcessHandle> server = running();
    if (server.isPresent()) {
      end(server.get());
    }
    Files.deleteIfExists(pidFile);
  }

  /// Kills every program at work on this data directory, such as an initialisation that outlived its starter.
  void killLeftovers() {
    List<ProcessHandle> leftovers =
        ProcessHandle.allProcesses()
            .filter(process -> names(process) || serves(process))
            .flatMap(Postmaster::family)
            .distinct()
            .toList();
    leftovers.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(leftovers, Ending.KILL.patience);
  }

  private void end(ProcessHandle server) throws IOException {
    // The backends too: a new server refuses to start while one of them still holds the shared
    // memory.
    List<ProcessHandle> family = family(server).toList();
    for (Ending ending : Ending.values()) {
      List<ProcessHandle> targets = ending == Ending.KILL ? family : List.of(server);
      for (ProcessHandle target : targets) {
        signal(ending.signal, target);
      }
      if (awaitEnd(family, ending.patience)) {
        return;
      }
    }
    throw new IOException(
        "PostgreSQL, process %d on %s, does not end".formatted(server.pid(), data));
  }

  private static Stream<ProcessHandle> family(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants());
  }

  private Optional<Long> pid() throws IOException {
    try (Stream<String> lines = Files.lines(pidFile)) {
      return lines.findFirst().map(String::strip).map(Long::valueOf);
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean serves(ProcessHandle process) {
    List<String> words = words(process);
    boolean postgres =
        !words.isEmpty()
            && words
                .getFirst()
                .substring(words.getFirst().lastIndexOf('/') + 1)
                .startsWith("postgres");
    return postgres && (words.contains(data.toString()) || worksIn(process));
  }

  private boolean worksIn(ProcessHandle process) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), data);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean names(ProcessHandle process) {
    return words(process).contains(data.toString());
  }

  /// The words of its command line, the program first. None for a dead process that nobody has reaped, as happens in
  /// containers. Java tells them of our own user's processes only.
  private static List<String> words(ProcessHandle process) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return END_OF_WORD
          .splitAsStream(new String(line, StandardCharsets.UTF_8))
          .filter(w -> !w.isEmpty())
          .toList();
    } catch (IOException e) {
      var words = new ArrayList<String>(process.info().command().stream().toList());
      words.addAll(List.of(process.info().arguments().orElse(new String[0])));
      return words;
    }
  }

  /// Java's own way ends a process by SIGTERM, upon which PostgreSQL waits for its clients to leave.
  private static void signal(String signal, ProcessHandle process) throws IOException {
    // A failure means that the process is already gone, which the caller looks for anyway.
    new ProcessBuilder(
            "sh", "-c", "kill -s \"$0\" \"$1\" 2>/dev/null", signal, Long.toString(process.pid()))
        .start();
  }

  private static boolean awaitEnd(List<ProcessHandle> processes, Duration patience) {
    long start = System.nanoTime();
    while (processes.stream().anyMatch(Postmaster::isAtWork)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  private static boolean isAtWork(ProcessHandle process) {
    return process.isAlive() && !words(process).isEmpty();
  }
}
