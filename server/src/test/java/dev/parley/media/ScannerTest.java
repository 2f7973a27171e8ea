package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.events.StoredEvent;
import dev.parley.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scanning, against a double of the daemon that speaks its protocol.
@Timeout(60)
class ScannerTest {
  private static final byte[] VIRUS = "not really evil".getBytes(StandardCharsets.US_ASCII);

  private static Scanner.Verdict scan(Clamd clamd, int size) throws IOException {
    return scanner(clamd).scan(new ByteArrayInputStream(new byte[size]));
  }

  private static Scanner scanner(Clamd clamd) {
    return Scanner.at("127.0.0.1:" + clamd.port(), Duration.ofMillis(500));
  }

  @Test
  void everyAnswerIsUnderstood() throws IOException {
    try (var clamd = Clamd.start()) {
      assertThat(scanner(clamd).answers()).isTrue();
      assertThat(scan(clamd, 200_000)).isEqualTo(new Scanner.Verdict.Clean());
      assertThat(clamd.bytes()).isEqualTo(200_000);
      assertThat(scanner(clamd).scan(new ByteArrayInputStream(VIRUS)))
          .isEqualTo(new Scanner.Verdict.Infected("Not.Really-1"));
      clamd.behave(Clamd.Behaviour.LIMIT);
      assertThat(scan(clamd, 2 << 20)).isEqualTo(new Scanner.Verdict.TooLarge());
      clamd.behave(Clamd.Behaviour.ERROR);
      assertThat(scan(clamd, 10)).isInstanceOf(Scanner.Verdict.Unable.class);
      clamd.behave(Clamd.Behaviour.HANG_UP);
      assertThat(scan(clamd, 10)).isInstanceOf(Scanner.Verdict.Unable.class);
      clamd.behave(Clamd.Behaviour.SILENT);
      assertThat(scan(clamd, 10)).isInstanceOf(Scanner.Verdict.Unable.class);
      assertThat(scanner(clamd).answers()).isFalse();
    }
  }

  @Test
  void nobodyThereIsNoVerdict() throws IOException {
    Clamd gone = Clamd.start();
    gone.close();

    assertThat(scan(gone, 10)).isInstanceOf(Scanner.Verdict.Unable.class);
    assertThat(scanner(gone).answers()).isFalse();
  }

  private static FileState state(MediaFixture media, StoredFile file) {
    return media.files.find(media.acme, file.id()).orElseThrow().state();
  }

  private static List<String> events(MediaFixture media, UUID file) {
    long[] from = new long[64];
    return media.events.readAll(media.acme, from, 500).values().stream()
        .flatMap(List::stream)
        .filter(event -> event.data().contains(file.toString()))
        .map(StoredEvent::type)
        .toList();
  }

  @Test
  void nothingIsServedBeforeItIsClean() {
    try (var clamd = Clamd.start();
        var media = MediaFixture.with(scanner(clamd), 1 << 20, false)) {
      clamd.behave(Clamd.Behaviour.SILENT);
      StoredFile file = media.text(media.inAcme, "clean");
      assertThat(file.state()).isEqualTo(FileState.SCANNING);
      assertThat(media.files.open(media.acme, file.id(), null)).isInstanceOf(Opened.Withheld.class);
      clamd.behave(Clamd.Behaviour.WORK);
      Await.until(
          "it is clean",
          Duration.ofSeconds(20),
          () -> {
            media.clock.pass(Duration.ofMinutes(10));
            media.scans.run(media.acme);
            return state(media, file) == FileState.READY;
          });

      assertThat(media.files.open(media.acme, file.id(), null)).isInstanceOf(Opened.Bytes.class);
      assertThat(events(media, file.id())).containsExactly("file.uploaded", "file.ready");
      assertThat(media.text(media.inAcme, "clean").state()).isEqualTo(FileState.READY);
    }
  }

  @Test
  void whatIsInfectedStaysOutOfReach() {
    try (var clamd = Clamd.start();
        var media = MediaFixture.with(scanner(clamd), 1 << 20, false)) {
      StoredFile file = media.store(media.inAcme, NewFile.from("test"), VIRUS);
      Await.until("it is found", () -> state(media, file) == FileState.INFECTED);

      assertThat(media.files.open(media.acme, file.id(), null)).isInstanceOf(Opened.Withheld.class);
      assertThat(events(media, file.id())).containsExactly("file.uploaded", "file.infected");
      assertThat(media.files.find(media.acme, file.id()).orElseThrow().reason())
          .isEqualTo("Not.Really-1");
      assertThat(media.number("SELECT count(*) FROM audit WHERE action = 'file.infected'"))
          .isEqualTo(1);
      StoredFile again = media.store(media.inAcme, NewFile.from("test"), VIRUS);
      assertThat(again.state()).isEqualTo(FileState.INFECTED);
      assertThat(media.store(media.inGlobex, NewFile.from("test"), VIRUS).state())
          .isEqualTo(FileState.SCANNING);
    }
  }

  @Test
  void byThatPolicyFilesAreServedWhileTheScannerIsAwayAndTakenBackLater() {
    try (var clamd = Clamd.start();
        var media = MediaFixture.with(scanner(clamd), 1 << 20, true)) {
      clamd.behave(Clamd.Behaviour.ERROR);
      StoredFile file = media.store(media.inAcme, NewFile.from("test"), VIRUS);
      Await.until("it is served", () -> state(media, file) == FileState.READY);
      clamd.behave(Clamd.Behaviour.WORK);
      Await.until(
          "it is found",
          () -> {
            media.clock.pass(Duration.ofMinutes(10));
            media.scans.run(media.acme);
            return state(media, file) == FileState.INFECTED;
          });

      assertThat(events(media, file.id()))
          .containsExactly("file.uploaded", "file.ready", "file.infected");
    }
  }

  @Test
  void whatTheScannerDoesNotTakeGoesByThePolicy() {
    for (boolean serve : new boolean[] {true, false}) {
      try (var clamd = Clamd.start();
          var media = MediaFixture.with(scanner(clamd), 10, serve)) {
        StoredFile file = media.text(media.inAcme, "more than ten bytes");
        FileState wanted = serve ? FileState.READY : FileState.FAILED;
        Await.until("by policy", () -> state(media, file) == wanted);
        assertThat(clamd.bytes()).isZero();
      }
    }
  }
}
