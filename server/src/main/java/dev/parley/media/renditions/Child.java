package dev.parley.media.renditions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs the optional programs, each in a process of its own that cannot take more than it is given:
/// time by the clock (then it is killed with its children), processor time, memory, size of what it
/// writes, and how many run at a time. It reads nothing from its input, inherits no environment,
/// runs at low priority, and its only folder to write to is the [Scratch] it is started in. The
/// limits are the shell's `ulimit`, which every POSIX system has.
final class Child {
  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();
  private static final int COMPLAINT = 4000;
  // Processor time is up: 128 and SIGXCPU, which is 24 on Linux and macOS.
  private static final int OUT_OF_TIME = 128 + 24;
  // ulimit counts files in blocks of 512 bytes and memory in KiB.
  private static final int BLOCK = 512;
  // The soft limit of processor time ends it by a signal that nothing else sends.
  private static final String LIMITED =
      "ulimit -c 0; ulimit -S -t \"$1\"; ulimit -H -t $(($1 + 1)); "
          + "ulimit -v \"$2\"; ulimit -f \"$3\"; shift 3; exec nice -n 10 \"$@\"";

  /// What one process may take.
  ///
  /// @param time by the clock; of the processor it may take as many seconds
  /// @param memory bytes of address space
  /// @param output most bytes of any file, and of what it prints
  record Limits(Duration time, long memory, long output) {}

  /// How it ended.
  ///
  /// @param code its exit code
  /// @param complaint the last of what it printed as errors
  record Ended(int code, String complaint) {}

  /// Reads what a program prints. It need not read all of it.
  interface Reader<T> {
    T read(InputStream output) throws IOException, Unrenderable;
  }

  private final Programs programs;
  private final Limits limits;
  private final Semaphore places;

  /// Runs at most `parallel` of `programs` at a time.
  Child(Programs programs, Limits limits, int parallel) {
    this.programs = programs;
    this.limits = limits;
    this.places = new Semaphore(parallel, true);
  }

  boolean has(Program program) {
    return programs.has(program);
  }

  /// Runs a program that writes into files of `scratch`.
  Ended run(Program program, List<String> arguments, Scratch scratch)
      throws IOException, Unrenderable {
    return run(program, arguments, scratch, output -> output.transferTo(NOWHERE)).ended();
  }

  /// What a program printed, as `reader` understood it, and how it ended.
  record Printed<T>(T value, Ended ended) {}

  /// Runs a program and reads what it prints.
  ///
  /// @throws Unrenderable when it exceeds a limit
  /// @throws IOException when it cannot be started, which may be otherwise the next time
  <T> Printed<T> run(Program program, List<String> arguments, Scratch scratch, Reader<T> reader)
      throws IOException, Unrenderable {
    places.acquireUninterruptibly();
    try {
      return started(program, arguments, scratch, reader);
    } finally {
      places.release();
    }
  }

  private <T> Printed<T> started(
      Program program, List<String> arguments, Scratch scratch, Reader<T> reader)
      throws IOException, Unrenderable {
    Path complaints = scratch.file("complaints");
    var builder =
        new ProcessBuilder(command(program, arguments))
            .directory(scratch.folder().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(complaints.toFile());
    environment(builder.environment(), scratch);
    Process process = builder.start();
    var late = new AtomicBoolean();
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              kill(process);
            },
            CompletableFuture.delayedExecutor(limits.time().toMillis(), TimeUnit.MILLISECONDS));
    try {
      T value = value(process, program, complaints, reader, late);
      int code = process.waitFor();
      if (late.get() || code == OUT_OF_TIME) {
        throw tooLong(program);
      }
      return new Printed<>(value, new Ended(code, complaint(complaints)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      alarm.cancel(false);
      kill(process);
    }
  }

  private <T> T value(
      Process process, Program program, Path complaints, Reader<T> reader, AtomicBoolean late)
      throws IOException, Unrenderable {
    try (InputStream output = new Capped(process.getInputStream(), limits.output())) {
      return reader.read(output);
    } catch (IOException e) {
      if (late.get()) {
        throw tooLong(program);
      }
      // It may have said why nothing, or not enough, came.
      String said = complaint(complaints);
      throw new Unrenderable(
          program.word() + ": " + (said.isEmpty() ? String.valueOf(e.getMessage()) : said), e);
    }
  }

  private Unrenderable tooLong(Program program) {
    return new Unrenderable(
        "%s did not end within %d s".formatted(program.word(), limits.time().toSeconds()));
  }

  private List<String> command(Program program, List<String> arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                LIMITED,
                "sh",
                Long.toString(Math.max(1, limits.time().toSeconds())),
                Long.toString(limits.memory() / 1024),
                Long.toString(limits.output() / BLOCK),
                programs.file(program).toString()));
    command.addAll(arguments);
    return command;
  }

  private static void environment(Map<String, String> environment, Scratch scratch) {
    environment.clear();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("LC_ALL", "C");
    environment.put("HOME", scratch.folder().toString());
    environment.put("TMPDIR", scratch.folder().toString());
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// One line, without the paths of this machine.
  private static String complaint(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      in.skipNBytes(Math.max(0, size - COMPLAINT));
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String last = text.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
      String plain = last.strip().replaceAll("(file:)?(/[^\\s:/]+)+/?", "file");
      return plain.length() > 300 ? plain.substring(0, 300) : plain;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
