package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.media.Uploads.Appended;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Resumable uploads.
class UploadsTest {
  private static final byte[] TEXT =
      "A text that comes in pieces.".getBytes(StandardCharsets.UTF_8);

  private final MediaFixture media = MediaFixture.create();

  @AfterEach
  void close() {
    media.close();
  }

  private UUID begin() {
    var going =
        (Uploads.Begun.Going)
            media.uploads.begin(
                media.inAcme,
                NewFile.from("test").named("note.txt").ofType("text/plain"),
                TEXT.length,
                false);
    return going.file().id();
  }

  private Appended append(UUID id, int from, int to) throws IOException {
    return media.uploads.append(
        media.acme, id, from, new ByteArrayInputStream(TEXT, from, to - from), null);
  }

  private long offset(UUID id) {
    return media.uploads.find(media.acme, id).orElseThrow().offset();
  }

  private void assertWhole(Appended last, UUID id) throws IOException {
    assertThat(last)
        .isInstanceOfSatisfying(
            Appended.Done.class,
            done -> assertThat(done.result()).isInstanceOf(StoreResult.Stored.class));
    try (var opened = (Opened.Bytes) media.files.open(media.acme, id, null)) {
      assertThat(opened.stream().readAllBytes()).isEqualTo(TEXT);
    }
    media.sweep.run(media.acme);
    assertThat(media.objects(media.acme)).isEqualTo(1);
    assertThat(media.uploads.find(media.acme, id)).isEmpty();
  }

  @Test
  void piecesBecomeAFile() throws IOException {
    UUID id = begin();

    assertThat(append(id, 0, 5)).isInstanceOf(Appended.Progress.class);
    assertThat(append(id, 3, 9)).isEqualTo(new Appended.WrongOffset(5));
    assertThat(media.uploads.append(media.globex, id, 5, InputStream.nullInputStream(), null))
        .isEqualTo(new Appended.Absent());
    append(id, 5, 20);
    assertWhole(append(id, 20, TEXT.length), id);
  }

  @Test
  void onePieceIsNotCopied() throws IOException {
    UUID id = begin();

    assertWhole(append(id, 0, TEXT.length), id);
  }

  @Test
  void whatCameBeforeACutIsKept() throws IOException {
    UUID id = begin();
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("cut");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return read();
          }
        };
    var half = new SequenceInputStream(new ByteArrayInputStream(TEXT, 0, 7), broken);

    assertThatThrownBy(() -> media.uploads.append(media.acme, id, 0, half, null)).hasMessage("cut");

    assertThat(offset(id)).isEqualTo(7);
    assertWhole(append(id, 7, TEXT.length), id);
  }

  @Test
  void aPieceWithoutItsChecksumIsNotKept() throws IOException {
    UUID id = begin();
    Checksum wrong = Checksum.parse("sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=").orElseThrow();

    assertThat(media.uploads.append(media.acme, id, 0, new ByteArrayInputStream(TEXT, 0, 7), wrong))
        .isEqualTo(new Appended.WrongChecksum());
    assertThat(offset(id)).isZero();
    assertThat(media.objects(media.acme)).isZero();
    assertThat(Checksum.parse("crc32 AAAA")).isEmpty();
    assertThat(Checksum.parse("sha1 ????")).isEmpty();
  }

  @Test
  void moreThanAnnouncedIsNotTaken() throws IOException {
    UUID id = begin();

    assertThat(
            media.uploads.append(
                media.acme, id, 0, new ByteArrayInputStream(new byte[TEXT.length + 1]), null))
        .isEqualTo(new Appended.TooMuch());
    assertThat(offset(id)).isZero();
  }

  @Test
  void oneRequestWritesAtATimeAndADeadOneIsTakenOver() throws Exception {
    UUID id = begin();
    var reading = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    InputStream slow =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("not by single bytes");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            reading.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return -1;
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> media.uploads.append(media.acme, id, 0, slow, null));
      reading.await();
      assertThat(append(id, 0, 5)).isEqualTo(new Appended.Busy());
      media.clock.pass(Uploads.STALE.plusSeconds(1));
      assertThat(append(id, 0, 5)).isInstanceOf(Appended.Progress.class);
      go.countDown();
      first.get();
    }
    assertThat(offset(id)).isEqualTo(5);
    assertWhole(append(id, 5, TEXT.length), id);
  }

  @Test
  void whatIsGivenUpOrExpiresLeavesNothing() throws IOException {
    UUID one = begin();
    append(one, 0, 5);
    assertThat(media.uploads.abort(media.globex, one)).isFalse();
    assertThat(media.uploads.abort(media.acme, one)).isTrue();
    UUID two = begin();
    append(two, 0, 5);
    media.clock.pass(Duration.ofDays(2));
    assertThat(append(two, 5, 9)).isEqualTo(new Appended.Absent());
    media.sweep.run(media.acme);

    assertThat(media.files.find(media.acme, one)).isEmpty();
    assertThat(media.files.find(media.acme, two)).isEmpty();
    assertThat(media.objects(media.acme)).isZero();
    assertThat(media.number("SELECT count(*) FROM blobs")).isZero();
  }

  @Test
  void whatIsRefusedAtItsEndLeavesNothing() throws IOException {
    var going =
        (Uploads.Begun.Going)
            media.uploads.begin(
                media.inAcme, NewFile.from("test").ofType("image/png"), TEXT.length, false);
    UUID id = going.file().id();
    append(id, 0, 5);

    assertThat(append(id, 5, TEXT.length))
        .isInstanceOfSatisfying(
            Appended.Done.class,
            done -> assertThat(done.result()).isInstanceOf(StoreResult.Refused.class));
    assertThat(media.files.find(media.acme, id)).isEmpty();
    media.sweep.run(media.acme);
    assertThat(media.objects(media.acme)).isZero();
  }

  @Test
  void aProcessThatDiesAfterTheLastByteIsFinishedBySomebodyElse() throws IOException {
    UUID id = begin();
    append(id, 0, TEXT.length - 1);
    // As the last piece leaves it when the process dies right after.
    byte[] last = {TEXT[TEXT.length - 1]};
    UUID blob = media.storing.begin(media.acme);
    BlobStorage.Put put = media.storage.put(media.acme, blob, new ByteArrayInputStream(last));
    media
        .db
        .tenants()
        .runInTenant(
            media.acme,
            tx -> {
              UploadStore.insertPart(tx.sql(), media.acme, id, TEXT.length - 1, blob);
              UploadStore.endPart(tx.sql(), media.acme, blob, 1);
              BlobStore.keepPart(tx.sql(), media.acme, blob, put, media.clock.instant());
              UploadStore.advance(
                  tx.sql(), media.acme, id, 1, media.clock.instant().plusSeconds(60));
            });

    media.sweep.run(media.acme);

    assertThat(media.files.find(media.acme, id).orElseThrow().state()).isEqualTo(FileState.READY);
    assertThat(media.objects(media.acme)).isEqualTo(1);
  }
}
