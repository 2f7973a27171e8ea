package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.media.StoreResult.Reason;
import dev.parley.media.StoreResult.Refused;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds out what a file is, by its bytes, and whether it is taken.
final class JudgeBytes {
  private final BlobStorage storage;

  JudgeBytes(BlobStorage storage) {
    this.storage = storage;
  }

  /// What the bytes turned out to be.
  sealed interface Judgement {}

  /// A file that is taken.
  record Judged(FileKind kind, String type, @Nullable String name, ObjectNode metadata, long quota)
      implements Judgement {}

  /// One that is not.
  record Rejected(Refused refused) implements Judgement {}

  private static Optional<Refused> damage(BlobStorage.Put put, NewFile meta) {
    Long size = meta.size();
    String sha256 = meta.sha256();
    if (size != null && put.size() != size) {
      return Optional.of(
          new Refused(
              Reason.DAMAGED,
              "There came %,d bytes in place of the %,d announced; send the file again."
                  .formatted(put.size(), size)));
    }
    if (put.size() == 0) {
      return Optional.of(new Refused(Reason.EMPTY, "The file is empty; send one with content."));
    }
    if (sha256 != null && !sha256.toLowerCase(Locale.ROOT).equals(put.sha256())) {
      return Optional.of(
          new Refused(
              Reason.DAMAGED, "The bytes do not have the SHA-256 announced; send the file again."));
    }
    return Optional.empty();
  }

  /// What a stored object is. Throws [StorageFailure] when it cannot be read.
  Judgement judge(
      TenantId tenant, UUID blob, BlobStorage.Put put, NewFile meta, FileLimits.Bounds bounds) {
    Optional<Refused> damage = damage(put, meta);
    if (damage.isPresent()) {
      return new Rejected(damage.get());
    }
    byte[] head = head(tenant, blob, put.size());
    String type;
    switch (ContentTypes.judge(head, meta.type(), meta.name())) {
      case ContentTypes.Finding.Of of -> type = of.type();
      case ContentTypes.Finding.Otherwise other -> {
        return new Rejected(
            new Refused(
                Reason.WRONG_TYPE,
                "The file is said to be %s but its bytes are %s; send it as what it is."
                    .formatted(other.said(), other.found())));
      }
    }
    FileKind said = meta.kind();
    if (type.equals("video/mp4") && (said == FileKind.AUDIO || said == FileKind.VOICE)) {
      type = "audio/mp4";
    }
    FileKind kind = said == null ? FileKind.ofType(type) : FileKind.ofType(type, said);
    if (put.size() > bounds.most(kind)) {
      return new Rejected(StoreFile.tooLarge(bounds.most(kind)));
    }
    ObjectNode metadata = Json.MAPPER.createObjectNode();
    Optional<Dimensions> dimensions = dimensions(tenant, blob, put.size(), type);
    if (dimensions.isPresent()) {
      if (dimensions.get().pixels() > bounds.pixels()) {
        return new Rejected(
            new Refused(
                Reason.TOO_MANY_PIXELS,
                "The picture has %d × %d pixels; send one of at most %,d in all."
                    .formatted(
                        dimensions.get().width(), dimensions.get().height(), bounds.pixels())));
      }
      metadata
          .put("width", (int) Math.min(Integer.MAX_VALUE, dimensions.get().width()))
          .put("height", (int) Math.min(Integer.MAX_VALUE, dimensions.get().height()));
    }
    return new Judged(kind, type, FileNames.clean(meta.name()), metadata, bounds.quota());
  }

  private byte[] head(TenantId tenant, UUID blob, long size) {
    int length = (int) Math.min(ContentTypes.HEAD, size);
    try (InputStream stream = open(tenant, blob, length)) {
      return stream.readNBytes(length);
    } catch (IOException e) {
      throw new StorageFailure("cannot read object " + blob, e);
    }
  }

  private Optional<Dimensions> dimensions(TenantId tenant, UUID blob, long size, String type) {
    if (!type.startsWith("image/")) {
      return Optional.empty();
    }
    try (InputStream stream = new BufferedInputStream(open(tenant, blob, size))) {
      return Dimensions.of(type, stream);
    } catch (IOException e) {
      throw new StorageFailure("cannot read object " + blob, e);
    }
  }

  private InputStream open(TenantId tenant, UUID blob, long length) throws IOException {
    return storage
        .open(tenant, blob, 0, length)
        .orElseThrow(() -> new IOException("it was deleted"));
  }
}
