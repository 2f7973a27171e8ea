package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A bucket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3StorageTest implements BlobStorageContract {
  @TempDir static Path folder = Path.of("unused");

  private @Nullable S3Server server;
  private @Nullable S3Storage storage;

  @BeforeAll
  void start() {
    server = S3Server.start(folder);
    storage = server.storage(folder.resolve("spool"), "files/", true);
  }

  @AfterAll
  void stop() {
    Objects.requireNonNull(storage).close();
    Objects.requireNonNull(server).close();
  }

  @Override
  public BlobStorage storage() {
    return Objects.requireNonNull(storage);
  }

  @Test
  void nothingStaysInTheSpool() throws IOException {
    storage().put(ACME, UUID.randomUUID(), new ByteArrayInputStream(new byte[1000]));

    try (Stream<Path> files = Files.list(folder.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aClientPutsAndReadsBySignedAddresses() throws Exception {
    UUID id = UUID.randomUUID();
    byte[] bytes = {1, 2, 3};
    var put = storage().presignPut(ACME, id, bytes.length, Duration.ofMinutes(1)).orElseThrow();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(put.address())
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      try (InputStream stream = storage().open(ACME, id, 0, 3).orElseThrow()) {
        assertThat(stream.readAllBytes()).isEqualTo(bytes);
      }
      var read =
          http.send(
              HttpRequest.newBuilder(
                      storage()
                          .presignGet(ACME, id, "image/png", "attachment", Duration.ofMinutes(1))
                          .orElseThrow())
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(read.body()).isEqualTo(bytes);
      assertThat(read.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(read.headers().firstValue("Content-Disposition")).contains("attachment");
    }
  }

  @Test
  void whatAClientHasPutBecomesAFileThatItCanNoLongerChange() throws Exception {
    try (var media = MediaFixture.in(storage());
        HttpClient http = HttpClient.newHttpClient()) {
      byte[] bytes = MediaFixture.PNG;
      var going =
          (Uploads.Begun.Going)
              media.uploads.begin(
                  media.inAcme, NewFile.from("test").ofType("image/png"), bytes.length, true);
      UUID id = going.file().id();
      var address = Objects.requireNonNull(going.address()).address();
      assertThat(media.uploads.complete(media.acme, id)).isEmpty();
      put(http, address, bytes);
      assertThat(media.uploads.complete(media.globex, id)).isEmpty();

      assertThat(media.uploads.complete(media.acme, id).orElseThrow())
          .isInstanceOf(StoreResult.Stored.class);

      put(http, address, new byte[bytes.length]);
      try (var opened = (Opened.Bytes) media.files.open(media.acme, id, null)) {
        assertThat(opened.stream().readAllBytes()).isEqualTo(bytes);
      }
      Verification.Found found =
          media.verification.run(media.acme, new Verification.Manner(true, true));
      assertThat(found.orphans()).isEqualTo(1);
      assertThat(found.missing()).isZero();
      assertThat(media.objects(media.acme)).isEqualTo(1);
    }
  }

  private static void put(HttpClient http, URI address, byte[] bytes) throws Exception {
    var request =
        HttpRequest.newBuilder(address).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)).build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }
}
