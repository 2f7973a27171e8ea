package dev.parley.media;

import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Takes files away and dooms the objects that nothing refers to any more, in one transaction. The objects themselves go
/// after its commit.
@Singleton
final class DeleteFiles {
  private final EventLog events;
  private final InstantSource clock;

  DeleteFiles(EventLog events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /// Deletes files whose rows the transaction has locked; answers the objects that are doomed thereby.
  List<UUID> delete(Tx tx, Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Set<UUID> blobs = new HashSet<>();
    RenditionStore.of(tx.sql(), tx.tenant(), ids).forEach(row -> blobs.add(row.blob()));
    Set<UUID> parts = UploadStore.parts(tx.sql(), tx.tenant(), ids);
    for (FileStore.Row row : FileStore.deleteAll(tx.sql(), tx.tenant(), ids)) {
      UUID blob = row.blob();
      if (blob != null) {
        blobs.add(blob);
      }
      StoredFile file = row.file();
      events.publish(tx, file.id(), new FileEvent.Deleted(file.id(), file.projectId()));
    }
    BlobStore.doom(tx.sql(), tx.tenant(), parts, clock.instant());
    var doomed = new ArrayList<>(parts);
    doomed.addAll(release(tx, blobs));
    return doomed;
  }

  /// Adds a rendition and dooms what was in its place.
  void replace(Tx tx, UUID file, Rendition rendition, UUID blob) {
    var before = RenditionStore.find(tx.sql(), tx.tenant(), file, rendition.name());
    RenditionStore.put(tx.sql(), tx.tenant(), file, rendition, blob, clock.instant());
    before
        .filter(old -> !old.blob().equals(blob))
        .ifPresent(old -> release(tx, Set.of(old.blob())));
  }

  private List<UUID> release(Tx tx, Collection<UUID> blobs) {
    if (blobs.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    List<BlobStore.Blob> free = BlobStore.unreferenced(tx.sql(), tx.tenant(), blobs);
    List<UUID> ids = free.stream().map(BlobStore.Blob::id).toList();
    BlobStore.doom(tx.sql(), tx.tenant(), ids, now);
    if (!free.isEmpty()) {
      BlobStore.subtract(
          tx.sql(), tx.tenant(), free.size(), free.stream().mapToLong(BlobStore.Blob::size).sum());
    }
    return ids;
  }
}
