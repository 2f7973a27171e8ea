package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a program may take, tried with shell scripts in its place.
class ChildTest extends RenditionsFixture {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private Child child(Duration time, String script) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path program = Files.writeString(bin.resolve("ffmpeg"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new Child(Programs.in(bin.toString()), new Child.Limits(time, 512L << 20, 1 << 20), 1);
  }

  private Child.Printed<String> run(Child child, String... arguments)
      throws IOException, Unrenderable {
    try (Scratch scratch = Scratch.in(work())) {
      return child.run(
          Program.FFMPEG,
          List.of(arguments),
          scratch,
          output -> new String(output.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void itIsGivenItsArgumentsAndNothingElse() throws Exception {
    Child child =
        child(
            Duration.ofSeconds(20),
            "echo \"$#|$1|$2\"; cat; env | cut -d= -f1 | sort | tr '\\n' ' '; pwd");
    Child.Printed<String> printed = run(child, "a b; $(id)", "-x");
    assertThat(printed.ended().code()).isZero();
    assertThat(printed.value())
        .startsWith("2|a b; $(id)|-x\n")
        .contains("HOME LC_ALL")
        .contains(work().toRealPath().toString())
        .doesNotContain("JAVA_HOME");
  }

  @Test
  void oneThatHangsIsKilledWithItsChildren() throws Exception {
    Path pid = folder.resolve("pid");
    Child child = child(SHORT, "sleep 1000 &\necho $! > " + pid + "\nwait");
    assertThatThrownBy(() -> run(child))
        .isInstanceOf(Unrenderable.class)
        .hasMessage("ffmpeg did not end within 1 s");
    long sleeper = Long.parseLong(Files.readString(pid).strip());
    Await.until(
        "the child's child is gone",
        () -> ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void oneThatBurnsTheProcessorIsStopped() throws Exception {
    Child child = child(SHORT, "while :; do :; done");
    assertThatThrownBy(() -> run(child))
        .isInstanceOf(Unrenderable.class)
        .hasMessage("ffmpeg did not end within 1 s");
  }

  @Test
  void oneThatTakesTooMuchMemoryFails() throws Exception {
    Child child =
        child(Duration.ofSeconds(20), "exec head -c 1000000000 /dev/zero | tail -c 900000000");
    assertThat(run(child).ended().code()).isNotZero();
  }

  @Test
  void oneThatPrintsOrWritesTooMuchIsStopped() throws Exception {
    assertThatThrownBy(() -> run(child(Duration.ofSeconds(20), "cat /dev/zero")))
        .isInstanceOf(Unrenderable.class)
        .hasMessageContaining("more output than is allowed");
    Child writer =
        child(Duration.ofSeconds(20), "cat /dev/zero > file; ls -l file >&2; ls -l file | wc -c");
    assertThat(run(writer).ended().complaint()).doesNotContain("2000000");
    Child complainer = child(Duration.ofSeconds(20), "exec cat /dev/zero >&2");
    assertThat(run(complainer).ended().code()).isNotZero();
  }

  @Test
  void whatItComplainsOfTellsNoPath() throws Exception {
    Child child = child(SHORT, "echo \"file:/srv/x/secret-1.mp4: broken\" >&2; exit 3");
    Child.Ended ended = run(child).ended();
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.complaint()).isEqualTo("file: broken");
  }

  @Test
  void aReaderThatHasEnoughEndsTheProgram() throws Exception {
    Child child = child(Duration.ofSeconds(20), "exec cat /dev/zero");
    try (Scratch scratch = Scratch.in(work())) {
      Child.Printed<Integer> printed =
          child.run(Program.FFMPEG, List.of(), scratch, InputStream::read);
      assertThat(printed.value()).isZero();
    }
  }

  @Test
  void whatKilledProcessesLeaveIsSwept() throws Exception {
    Scratch left = Scratch.in(work());
    Files.createDirectories(left.file("in/it"));
    Files.writeString(left.file("in/it/a"), "a");
    Scratch.sweep(work(), Instant.now().minusSeconds(60));
    assertThat(left.folder()).exists();
    Scratch.sweep(work(), Instant.now().plusSeconds(60));
    assertThat(left.folder()).doesNotExist();
  }
}
