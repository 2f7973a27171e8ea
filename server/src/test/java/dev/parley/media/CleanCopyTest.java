package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Which bytes are served for a file of which there is a copy without metadata.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CleanCopyTest {
  private final MediaFixture media = MediaFixture.create();

  @AfterAll
  void close() {
    media.close();
  }

  private long served(StoredFile file, @Nullable String rendition) {
    return media
        .files
        .locate(media.acme, file.id(), rendition)
        .map(found -> found instanceof Files.Found.There there ? there.size() : -1L)
        .orElse(-2L);
  }

  @Test
  void theCleanCopyTakesTheFilesPlaceButForThoseWhoAskForTheOriginal() throws IOException {
    StoredFile file = media.text(media.inAcme, "a text and who wrote it");
    assertThat(served(file, null)).isEqualTo(23);
    assertThat(served(file, "clean")).isEqualTo(-2);
    media.files.addRendition(
        media.acme,
        file.id(),
        Files.CLEAN,
        "text/plain",
        Json.MAPPER.createObjectNode(),
        new ByteArrayInputStream(new byte[] {'a'}));

    assertThat(served(file, null)).isEqualTo(1);
    assertThat(served(file, Files.CLEAN)).isEqualTo(1);
    assertThat(served(file, Files.ORIGINAL)).isEqualTo(23);
    assertThat(served(file, "thumb-small")).isEqualTo(-2);
    try (var opened = (Opened.Bytes) media.files.open(media.acme, file.id(), null)) {
      assertThat(opened.stream().readAllBytes()).hasSize(23);
    }
  }
}
