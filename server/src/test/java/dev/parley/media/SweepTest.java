package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What is deleted, what is not, and what is found to be wrong.
class SweepTest {
  private static final Duration LONG = Duration.ofDays(30);

  private static void use(MediaFixture media, StoredFile file, FileUse use) {
    media.db.tenants().runInTenant(media.acme, tx -> media.files.use(tx, file.id(), use));
  }

  private static boolean there(MediaFixture media, StoredFile file) {
    return media.files.open(media.acme, file.id(), null) instanceof Opened.Bytes;
  }

  private static void assertAgrees(MediaFixture media) {
    for (TenantId tenant : List.of(media.acme, media.globex)) {
      Verification.Found found =
          media.verification.run(tenant, new Verification.Manner(false, true));
      assertThat(found.agrees()).as("%s", found).isTrue();
      assertThat(found.objects()).isEqualTo(found.stored());
    }
  }

  @Test
  void whatIsUsedStaysAndWhatIsNotGoesAfterATime() {
    try (var media = MediaFixture.create()) {
      StoredFile used = media.text(media.inAcme, "used");
      StoredFile unused = media.text(media.inAcme, "unused");
      StoredFile shared = media.text(media.inAcme, "used");
      FileUse one = FileUse.message(UUID.randomUUID());
      FileUse two = FileUse.message(UUID.randomUUID());
      use(media, used, one);
      use(media, used, one);
      use(media, used, two);
      media.sweep.run(media.acme);
      assertThat(there(media, unused)).isTrue();

      media.clock.pass(LONG);
      media.sweep.run(media.globex);
      assertThat(there(media, unused)).isTrue();
      media.sweep.run(media.acme);

      assertThat(media.files.find(media.acme, unused.id())).isEmpty();
      assertThat(media.files.find(media.acme, shared.id())).isEmpty();
      assertThat(there(media, used)).isTrue();
      media.db.tenants().runInTenant(media.acme, tx -> media.files.release(tx, one));
      media.clock.pass(LONG);
      media.sweep.run(media.acme);
      assertThat(there(media, used)).isTrue();
      media.db.tenants().runInTenant(media.acme, tx -> media.files.release(tx, two));
      media.sweep.run(media.acme);
      assertThat(there(media, used)).isTrue();
      media.clock.pass(LONG);
      media.sweep.run(media.acme);
      assertThat(media.files.find(media.acme, used.id())).isEmpty();
      assertThat(media.objects(media.acme)).isZero();
      assertAgrees(media);
    }
  }

  @Test
  void storingUsingDeletingAndSweepingAtOnceNeverPartsAFileFromItsBytes() throws Exception {
    try (var media = MediaFixture.create()) {
      var all = new ArrayList<Future<?>>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 120; i++) {
          int n = i;
          all.add(
              threads.submit(
                  () -> {
                    StoredFile file = media.text(media.inAcme, "content " + n % 3);
                    if (n % 2 == 0) {
                      media.files.delete(media.inAcme, file.id());
                    }
                    if (n % 10 == 0) {
                      media.sweep.run(media.acme);
                    }
                    return n;
                  }));
        }
      }
      for (Future<?> one : all) {
        one.get();
      }
      media.sweep.run(media.acme);

      assertThat(media.number("SELECT count(*) FROM files")).isEqualTo(60);
      assertThat(media.objects(media.acme)).isLessThanOrEqualTo(3);
      assertAgrees(media);
    }
  }

  @Test
  void aWriterThatDiedIsGivenUpAndOneThatLivesIsNot() throws IOException {
    try (var media = MediaFixture.create()) {
      UUID dead = media.storing.begin(media.acme);
      media.storage.put(media.acme, dead, new ByteArrayInputStream(new byte[10]));
      media.clock.pass(Duration.ofMinutes(9));
      UUID living = media.storing.begin(media.acme);
      media.sweep.run(media.acme);
      assertThat(media.objects(media.acme)).isEqualTo(1);
      media.clock.pass(Duration.ofMinutes(2));
      media.sweep.run(media.acme);

      assertThat(media.objects(media.acme)).isZero();
      assertThat(media.storing.touch(media.acme, dead)).isFalse();
      assertThat(media.storing.touch(media.acme, living)).isTrue();
    }
  }

  @Test
  void whatIsLostIsToldMarkedAndComesBack() throws IOException {
    try (var media = MediaFixture.create()) {
      StoredFile file = media.text(media.inAcme, "will be lost");
      UUID blob =
          Objects.requireNonNull(
              media
                  .db
                  .tenants()
                  .inTenant(media.acme, tx -> FileStore.find(tx.sql(), media.acme, file.id()))
                  .orElseThrow()
                  .blob());
      media.storage.delete(media.acme, blob);
      media.storage.put(media.acme, UUID.randomUUID(), new ByteArrayInputStream(new byte[3]));

      Verification.Found told =
          media.verification.run(media.acme, new Verification.Manner(false, false));
      assertThat(told).isEqualTo(new Verification.Found(1, 1, 1, 0, 1, false));
      assertThat(media.files.find(media.acme, file.id()).orElseThrow().state())
          .isEqualTo(FileState.READY);
      media.verification.run(media.acme, new Verification.Manner(true, false));
      assertThat(media.files.find(media.acme, file.id()).orElseThrow().state())
          .isEqualTo(FileState.MISSING);
      assertThat(media.objects(media.acme)).isZero();

      StoredFile again = media.text(media.inAcme, "will be lost");
      assertThat(there(media, again)).isTrue();
      assertThat(there(media, file)).isTrue();
      media.sweep.run(media.acme);
      assertAgrees(media);
    }
  }

  @Test
  void objectsOfTenantsThatAreGoneGo() throws IOException {
    try (var media = MediaFixture.create()) {
      var nobody = new TenantId(UUID.randomUUID());
      media.storage.put(nobody, UUID.randomUUID(), new ByteArrayInputStream(new byte[3]));
      media.text(media.inAcme, "stays");

      assertThat(media.verification.ofNobody(false)).isEqualTo(1);
      assertThat(media.verification.ofNobody(true)).isEqualTo(1);
      assertThat(media.verification.ofNobody(false)).isZero();
      assertThat(media.objects(media.acme)).isEqualTo(1);
    }
  }
}
