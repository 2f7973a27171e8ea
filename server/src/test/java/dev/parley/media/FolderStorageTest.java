package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The folder.
class FolderStorageTest implements BlobStorageContract {
  @TempDir static Path folder = Path.of("unused");

  private final FolderStorage storage = new FolderStorage(folder.resolve("made/on/demand"));

  @Override
  public BlobStorage storage() {
    return storage;
  }

  @Test
  void whatAKilledProcessLeftIsListedAndDeleted() throws IOException {
    UUID id = UUID.randomUUID();
    storage.put(ACME, UUID.randomUUID(), new ByteArrayInputStream(new byte[1]));
    Path half = folder.resolve("made/on/demand").resolve(ACME.toString()).resolve("incoming/" + id);
    Files.write(half, new byte[5]);
    var listed = new ArrayList<UUID>();
    storage.list(ACME, one -> listed.add(one.id()));

    assertThat(listed).contains(id);
    assertThat(storage.size(ACME, id)).isEmpty();
    storage.delete(ACME, id);
    assertThat(half).doesNotExist();
  }
}
