package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Files by their public face.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesTest {
  private final MediaFixture media = MediaFixture.create();

  @AfterAll
  void close() {
    media.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] read(StoredFile file) throws IOException {
    try (var opened = (Opened.Bytes) media.files.open(media.acme, file.id(), null)) {
      return opened.stream().readAllBytes();
    }
  }

  @Test
  void whatIsStoredCanBeRead() throws IOException {
    StoredFile file =
        media.store(
            media.inAcme,
            NewFile.from("test").named("../../etc/x\u202egnp.png").ofType("image/png"),
            MediaFixture.PNG);

    assertThat(file.state()).isEqualTo(FileState.READY);
    assertThat(file.kind()).isEqualTo(FileKind.IMAGE);
    assertThat(file.type()).isEqualTo("image/png");
    assertThat(file.name()).isEqualTo("xgnp.png");
    assertThat(file.metadata().path("width").asInt()).isEqualTo(1);
    assertThat(read(file)).isEqualTo(MediaFixture.PNG);
    assertThat(media.files.find(media.acme, file.id())).contains(file);
  }

  @Test
  void anotherTenantSeesNothingOfIt() {
    StoredFile file = media.text(media.inAcme, "acme's own");

    assertThat(media.files.find(media.globex, file.id())).isEmpty();
    assertThat(media.files.open(media.globex, file.id(), null)).isInstanceOf(Opened.Absent.class);
    assertThatThrownBy(() -> media.files.delete(media.inGlobex, file.id()))
        .isInstanceOf(Problem.class);
  }

  @Test
  void theSameContentIsKeptOncePerTenant() {
    int before = media.objects(media.acme);
    int others = media.objects(media.globex);
    StoredFile one = media.text(media.inAcme, "twice");
    StoredFile two = media.text(media.inAcme, "twice");
    media.text(media.inGlobex, "twice");

    assertThat(one.id()).isNotEqualTo(two.id());
    assertThat(media.objects(media.acme)).isEqualTo(before + 1);
    assertThat(media.objects(media.globex)).isEqualTo(others + 1);
    media.files.delete(media.inAcme, one.id());
    assertThat(media.files.open(media.acme, two.id(), null)).isInstanceOf(Opened.Bytes.class);
    media.files.delete(media.inAcme, two.id());
    assertThat(media.objects(media.acme)).isEqualTo(before);
  }

  @Test
  void aStreamThatBreaksLeavesNothing() {
    int before = media.objects(media.acme);
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
    var half = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), broken);

    assertThatThrownBy(() -> media.files.store(media.inAcme, NewFile.from("test"), half))
        .isInstanceOf(IOException.class)
        .hasMessage("cut");

    assertThat(media.objects(media.acme)).isEqualTo(before);
    assertThat(media.number("SELECT count(*) FROM blobs WHERE state = 'storing'")).isZero();
  }

  @Test
  void whatIsNotAsAnnouncedIsRefused() {
    NewFile plain = NewFile.from("test");

    refused(plain, new byte[0], StoreResult.Reason.EMPTY);
    refused(plain.ofSize(4L), bytes("abc"), StoreResult.Reason.DAMAGED);
    refused(plain.withHash("00".repeat(32)), bytes("abc"), StoreResult.Reason.DAMAGED);
    refused(plain.atMost(2), bytes("abc"), StoreResult.Reason.TOO_LARGE);
    refused(plain.ofType("image/jpeg"), MediaFixture.PNG, StoreResult.Reason.WRONG_TYPE);
    refused(plain.ofType("application/pdf"), bytes("plain"), StoreResult.Reason.WRONG_TYPE);
    byte[] bomb = Arrays.copyOf(MediaFixture.PNG, MediaFixture.PNG.length);
    bomb[17] = 1;
    bomb[21] = 1;
    refused(plain, bomb, StoreResult.Reason.TOO_MANY_PIXELS);
  }

  private void refused(NewFile file, byte[] bytes, StoreResult.Reason reason) {
    int before = media.objects(media.acme);
    assertThat(media.tryStore(media.inAcme, file, bytes))
        .isInstanceOfSatisfying(
            StoreResult.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    assertThat(media.objects(media.acme)).isEqualTo(before);
  }

  @Test
  void anAnnouncedFileIsFilledOnce() throws IOException {
    UUID project = media.tenants.defaultProject(media.acme);
    StoredFile announced =
        media
            .db
            .tenants()
            .inTenant(
                media.acme,
                tx -> {
                  StoredFile file =
                      media.files.announce(
                          tx, media.inAcme, NewFile.from("test").ofKind(FileKind.IMAGE), project);
                  media.files.use(tx, file.id(), FileUse.message(UUID.randomUUID()));
                  return file;
                });
    assertThat(announced.state()).isEqualTo(FileState.UPLOADING);
    assertThat(media.files.open(media.acme, announced.id(), null))
        .isInstanceOf(Opened.Withheld.class);
    assertThat(media.files.fail(media.acme, announced.id(), "not to be had")).isTrue();
    assertThat(media.files.find(media.acme, announced.id()).orElseThrow().reason())
        .isEqualTo("not to be had");

    StoreResult first = fill(announced.id());
    StoreResult second = fill(announced.id());

    assertThat(first)
        .isInstanceOfSatisfying(
            StoreResult.Stored.class,
            stored -> {
              assertThat(stored.file().id()).isEqualTo(announced.id());
              assertThat(stored.file().state()).isEqualTo(FileState.READY);
              assertThat(stored.file().reason()).isNull();
            });
    assertThat(second)
        .isInstanceOfSatisfying(
            StoreResult.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(StoreResult.Reason.GONE));
    assertThatThrownBy(() -> media.files.delete(media.inAcme, announced.id()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("used");
  }

  private StoreResult fill(UUID id) throws IOException {
    return media.files.fill(
        media.acme,
        id,
        NewFile.from("test").ofType("image/png"),
        new ByteArrayInputStream(MediaFixture.PNG));
  }

  @Test
  void renditionsGoWithTheirFile() throws IOException {
    int before = media.objects(media.acme);
    StoredFile file = media.text(media.inAcme, "has a rendition");
    var metadata = Json.MAPPER.createObjectNode().put("width", 1);
    for (String content : new String[] {"first", "second"}) {
      assertThat(
              media.files.addRendition(
                  media.acme,
                  file.id(),
                  "thumbnail-small",
                  "image/png",
                  metadata,
                  new ByteArrayInputStream(bytes(content))))
          .isTrue();
    }
    try (var opened = (Opened.Bytes) media.files.open(media.acme, file.id(), "thumbnail-small")) {
      assertThat(opened.stream().readAllBytes()).isEqualTo(bytes("second"));
    }
    assertThat(media.files.open(media.acme, file.id(), "none")).isInstanceOf(Opened.Absent.class);
    media.files.delete(media.inAcme, file.id());
    assertThat(
            media.files.addRendition(
                media.acme,
                file.id(),
                "late",
                "image/png",
                metadata,
                new ByteArrayInputStream(bytes("late"))))
        .isFalse();
    assertThat(media.number("SELECT count(*) FROM blobs WHERE state = 'stored'"))
        .isEqualTo(media.number("SELECT sum(blobs) FROM blob_totals"));
    assertThat(media.objects(media.acme)).isLessThanOrEqualTo(before + 1);
  }
}
