package dev.parley.media;

import dev.parley.media.StoreResult.Refused;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.tenants.Projects;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Uploads that take several requests.
///
/// A resumable one grows by pieces, each an object of its own, so that any process can take the next one; what came of a
/// piece before its connection was cut is kept. One request writes at a time: its piece's row is the lock, and is taken
/// over when nobody has touched its object for [#STALE]. A presigned one is put into the storage by the client and copied
/// when the client says that it is there, so that what is stored can no longer be changed from outside.
@Singleton
final class Uploads {
  /// After how long without a sign of life a piece is given up. Longer than a connection may be silent.
  static final Duration STALE = Duration.ofSeconds(45);

  private static final Duration PRESIGNED_LIFE = Duration.ofHours(1);

  private final TenantDb db;
  private final Projects projects;
  private final Files files;
  private final BlobStorage storage;
  private final StoreFile storing;
  private final DeleteFiles deleting;
  private final FileLimits limits;
  private final Duration life;
  private final InstantSource clock;

  Uploads(
      TenantDb db,
      Projects projects,
      Files files,
      BlobStorage storage,
      StoreFile storing,
      DeleteFiles deleting,
      FileLimits limits,
      Config config,
      InstantSource clock) {
    this.db = db;
    this.projects = projects;
    this.files = files;
    this.storage = storage;
    this.storing = storing;
    this.deleting = deleting;
    this.limits = limits;
    this.life = config.get(Keys.MEDIA_UPLOAD_LIFE);
    this.clock = clock;
  }

  /// What came of beginning an upload.
  sealed interface Begun {
    /// It can go on.
    ///
    /// @param address where a presigned one is to be put
    record Going(StoredFile file, Instant expiresAt, BlobStorage.@Nullable Presigned address)
        implements Begun {}

    /// It cannot.
    record No(Refused refused) implements Begun {}

    /// The storage takes nothing from clients.
    record Unable() implements Begun {}
  }

  /// What came of a piece.
  sealed interface Appended {
    /// So much is there now.
    record Progress(long offset, Instant expiresAt) implements Appended {}

    /// All is there.
    record Done(long offset, StoreResult result) implements Appended {}

    /// The piece does not begin where the upload is.
    record WrongOffset(long offset) implements Appended {}

    /// Another request is writing.
    record Busy() implements Appended {}

    /// The piece does not have its checksum; it is not kept.
    record WrongChecksum() implements Appended {}

    /// There is no such upload, or not any more.
    record Absent() implements Appended {}

    /// There came more than was announced.
    record TooMuch() implements Appended {}
  }

  /// Begins an upload of `file.size()` bytes.
  Begun begin(Caller caller, NewFile file, long size, boolean presigned) {
    TenantId tenant = caller.inTenant();
    UUID project = projects.orDefault(tenant, file.projectId());
    FileLimits.Bounds bounds = limits.of(tenant);
    long most = Math.min(bounds.most(file.kind()), file.most());
    if (size > most) {
      return new Begun.No(StoreFile.tooLarge(most));
    }
    if (size < 1) {
      return new Begun.No(
          new Refused(StoreResult.Reason.EMPTY, "The file is empty; send one with content."));
    }
    UUID blob = presigned ? Ids.next() : null;
    BlobStorage.Presigned address = null;
    if (blob != null) {
      Optional<BlobStorage.Presigned> signed =
          storage.presignPut(tenant, blob, size, PRESIGNED_LIFE);
      if (signed.isEmpty()) {
        return new Begun.Unable();
      }
      address = signed.get();
    }
    BlobStorage.Presigned where = address;
    return db.inTenant(
        tenant,
        tx -> {
          // Uploads under way count as though they were there; the exact check comes at the end.
          long used =
              BlobStore.totals(tx.sql(), tenant).bytes() + UploadStore.announced(tx.sql(), tenant);
          if (used + size > bounds.quota()) {
            return new Begun.No(StoreFile.full(bounds.quota()));
          }
          StoredFile announced = files.announce(tx, caller, file, project);
          Instant now = clock.instant();
          Instant until = where == null ? now.plus(life) : where.until();
          if (blob != null) {
            BlobStore.insert(tx.sql(), tenant, blob, "part", now);
          }
          UploadStore.insert(
              tx.sql(),
              tenant,
              new UploadStore.Upload(
                  announced.id(),
                  presigned ? "presigned" : "resumable",
                  file.type(),
                  size,
                  file.sha256(),
                  most,
                  0,
                  blob,
                  until));
          return new Begun.Going(announced, until, where);
        });
  }

  /// An upload that can be gone on with.
  Optional<UploadStore.Upload> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> live(tx, id, false));
  }

  private Optional<UploadStore.Upload> live(Tx tx, UUID id, boolean lock) {
    return UploadStore.find(tx.sql(), tx.tenant(), id, lock)
        .filter(upload -> upload.expiresAt().isAfter(clock.instant()));
  }

  private sealed interface Claim {
    record Mine(UploadStore.Upload upload, UUID blob) implements Claim {}

    record Whole(UploadStore.Upload upload) implements Claim {}

    record Not(Appended why) implements Claim {}
  }

  /// Adds a piece that begins at `offset`. When its connection is cut, what came of it is kept, unless it has a checksum,
  /// and the stream's exception comes out.
  Appended append(
      TenantId tenant, UUID id, long offset, InputStream bytes, @Nullable Checksum checksum)
      throws IOException {
    return switch (db.inTenant(tenant, tx -> claim(tx, id, offset))) {
      case Claim.Not not -> not.why();
      case Claim.Whole whole ->
          new Appended.Done(whole.upload().size(), finish(tenant, whole.upload()));
      case Claim.Mine mine -> write(tenant, mine, offset, bytes, checksum);
    };
  }

  private Claim claim(Tx tx, UUID id, long offset) {
    Optional<UploadStore.Upload> found = live(tx, id, true).filter(u -> u.blob() == null);
    if (found.isEmpty()) {
      return new Claim.Not(new Appended.Absent());
    }
    UploadStore.Upload upload = found.get();
    if (upload.offset() != offset) {
      return new Claim.Not(new Appended.WrongOffset(upload.offset()));
    }
    if (offset == upload.size()) {
      return new Claim.Whole(upload);
    }
    Instant now = clock.instant();
    Optional<UUID> other = UploadStore.writing(tx.sql(), tx.tenant(), id);
    if (other.isPresent()) {
      if (!UploadStore.giveUpPart(tx.sql(), tx.tenant(), other.get(), now.minus(STALE))) {
        return new Claim.Not(new Appended.Busy());
      }
      BlobStore.doom(tx.sql(), tx.tenant(), List.of(other.get()), now);
    }
    UUID blob = Ids.next();
    BlobStore.insert(tx.sql(), tx.tenant(), blob, "storing", now);
    UploadStore.insertPart(tx.sql(), tx.tenant(), id, offset, blob);
    return new Claim.Mine(upload, blob);
  }

  private Appended write(
      TenantId tenant, Claim.Mine mine, long offset, InputStream bytes, @Nullable Checksum checksum)
      throws IOException {
    UUID blob = mine.blob();
    UploadStore.Upload upload = mine.upload();
    var patient = new UntilCut(bytes, checksum);
    boolean kept = false;
    try {
      var incoming =
          new Incoming(patient, upload.size() - offset, () -> storing.touch(tenant, blob), clock);
      BlobStorage.Put put = storage.put(tenant, blob, incoming);
      if (checksum != null && !(patient.isWhole() && checksum.matches())) {
        patient.rethrow();
        return new Appended.WrongChecksum();
      }
      Optional<UploadStore.Upload> now =
          put.size() == 0
              ? find(tenant, upload.id())
              : db.inTenant(tenant, tx -> keep(tx, upload, blob, put));
      kept = put.size() > 0 && now.isPresent();
      patient.rethrow();
      if (now.isEmpty()) {
        return new Appended.Absent();
      }
      UploadStore.Upload after = now.get();
      return after.offset() == after.size()
          ? new Appended.Done(after.size(), finish(tenant, after))
          : new Appended.Progress(after.offset(), after.expiresAt());
    } catch (Incoming.TooMuch e) {
      return new Appended.TooMuch();
    } catch (Incoming.GivenUp e) {
      return new Appended.Busy();
    } finally {
      if (!kept) {
        db.runInTenant(tenant, tx -> UploadStore.deletePart(tx.sql(), tenant, blob));
        storing.discard(tenant, blob);
      }
    }
  }

  /// The upload as it is with the piece; empty when it is over or somebody else has taken the piece's place.
  private Optional<UploadStore.Upload> keep(
      Tx tx, UploadStore.Upload upload, UUID blob, BlobStorage.Put put) {
    Instant now = clock.instant();
    boolean mine =
        UploadStore.find(tx.sql(), tx.tenant(), upload.id(), true).isPresent()
            && UploadStore.endPart(tx.sql(), tx.tenant(), blob, put.size())
            && BlobStore.keepPart(tx.sql(), tx.tenant(), blob, put, now);
    if (!mine) {
      return Optional.empty();
    }
    UploadStore.advance(tx.sql(), tx.tenant(), upload.id(), put.size(), now.plus(life));
    return UploadStore.find(tx.sql(), tx.tenant(), upload.id(), false);
  }

  /// Makes the file of a presigned upload; empty when there is no such upload or nothing was put.
  Optional<StoreResult> complete(TenantId tenant, UUID id) throws IOException {
    Optional<UploadStore.Upload> upload = find(tenant, id).filter(u -> u.blob() != null);
    if (upload.isEmpty() || storage.size(tenant, blob(upload.get())).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(finish(tenant, upload.get()));
  }

  private static UUID blob(UploadStore.Upload upload) {
    UUID blob = upload.blob();
    if (blob == null) {
      throw new IllegalStateException("upload " + upload.id() + " has no object of its own");
    }
    return blob;
  }

  /// Makes a file of an upload that is whole. What is refused is deleted with its file.
  StoreResult finish(TenantId tenant, UploadStore.Upload upload) throws IOException {
    Optional<StoredFile> file = files.find(tenant, upload.id()).filter(Files::isOpen);
    if (file.isEmpty()) {
      return StoreFile.gone();
    }
    NewFile meta = meta(file.get(), upload);
    var target = new Finished(new Files.Announced(upload.id(), file.get().projectId(), clock));
    List<UploadStore.Part> parts =
        db.inTenant(tenant, tx -> UploadStore.whole(tx.sql(), tenant, upload.id()));
    StoreResult result;
    if (upload.blob() == null && parts.size() == 1) {
      UploadStore.Part only = parts.getFirst();
      var put = new BlobStorage.Put(only.size(), only.sha256());
      result = storing.keep(tenant, only.blob(), put, meta, target);
    } else {
      try (InputStream all = whole(tenant, upload, parts)) {
        result = storing.store(tenant, meta, all, target);
      }
    }
    switch (result) {
      case StoreResult.Stored _ -> target.freed().forEach(blob -> storing.discard(tenant, blob));
      case Refused refused when refused.reason() != StoreResult.Reason.GONE ->
          abort(tenant, upload.id());
      case Refused _ -> {}
    }
    return result;
  }

  private static NewFile meta(StoredFile file, UploadStore.Upload upload) {
    // Without a word about kind or type it was announced as a document.
    boolean said = file.kind() != FileKind.DOCUMENT || upload.type() != null;
    return NewFile.from(file.source())
        .named(file.name())
        .ofType(upload.type())
        .ofKind(said ? file.kind() : null)
        .ofSize(upload.size())
        .withHash(upload.sha256())
        .atMost(upload.most());
  }

  private InputStream whole(
      TenantId tenant, UploadStore.Upload upload, List<UploadStore.Part> parts) throws IOException {
    if (upload.blob() != null) {
      UUID blob = upload.blob();
      long size = storage.size(tenant, blob).orElseThrow(() -> new IOException("it is gone"));
      return open(tenant, new UploadStore.Part(blob, size, ""));
    }
    Iterator<UploadStore.Part> each = parts.iterator();
    return new SequenceInputStream(
        Collections.enumeration(
            new java.util.AbstractList<InputStream>() {
              @Override
              public InputStream get(int index) {
                return open(tenant, each.next());
              }

              @Override
              public int size() {
                return parts.size();
              }
            }));
  }

  private InputStream open(TenantId tenant, UploadStore.Part part) {
    return storage
        .open(tenant, part.blob(), 0, part.size())
        .orElseThrow(
            () ->
                new StorageFailure(
                    "piece " + part.blob() + " is not in the storage", new IOException()));
  }

  /// Writes the file and ends the upload.
  private static final class Finished implements StoreFile.Target {
    private final Files.Announced file;
    private Set<UUID> freed = Set.of();

    Finished(Files.Announced file) {
      this.file = file;
    }

    /// The objects that nobody needs any more.
    Set<UUID> freed() {
      return freed;
    }

    @Override
    public UUID id() {
      return file.id();
    }

    @Override
    public UUID project() {
      return file.project();
    }

    @Override
    public Optional<StoredFile> write(Tx tx, StoredFile stored, UUID blob) {
      Optional<StoredFile> written = file.write(tx, stored, blob);
      if (written.isPresent()) {
        var parts = UploadStore.parts(tx.sql(), tx.tenant(), List.of(id()));
        parts.remove(blob);
        UploadStore.delete(tx.sql(), tx.tenant(), id());
        BlobStore.doom(tx.sql(), tx.tenant(), parts, stored.updatedAt());
        freed = parts;
      }
      return written;
    }
  }

  /// Ends an upload and deletes its file; false when there is no such upload.
  boolean abort(TenantId tenant, UUID id) {
    Optional<List<UUID>> doomed =
        db.inTenant(
            tenant,
            tx -> {
              if (UploadStore.find(tx.sql(), tenant, id, true).isEmpty()
                  || FileStore.lockUsed(tx.sql(), tenant, id).isEmpty()) {
                return Optional.empty();
              }
              return Optional.of(deleting.delete(tx, List.of(id)));
            });
    doomed.ifPresent(blobs -> blobs.forEach(blob -> storing.discard(tenant, blob)));
    return doomed.isPresent();
  }
}
