package dev.parley.media;

import dev.parley.media.StoreResult.Reason;
import dev.parley.media.StoreResult.Refused;
import dev.parley.media.StoreResult.Stored;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.roles.CrashPoint;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes bytes in: a row that says that an object is being written, the object, the judgement of what it is, and one
/// transaction that makes a file of it. Wherever this ends, either the file is whole or the row tells the sweep what to
/// delete.
@Singleton
final class StoreFile {
  private static final Logger LOG = Logger.getLogger(StoreFile.class);
  private static final int TRIES = 5;

  private final TenantDb db;
  private final EventLog events;
  private final BlobStorage storage;
  private final FileLimits limits;
  private final Scans scans;
  private final InstantSource clock;
  private final JudgeBytes judging;

  StoreFile(
      TenantDb db,
      EventLog events,
      BlobStorage storage,
      FileLimits limits,
      Scans scans,
      InstantSource clock) {
    this.db = db;
    this.events = events;
    this.storage = storage;
    this.limits = limits;
    this.scans = scans;
    this.clock = clock;
    this.judging = new JudgeBytes(storage);
  }

  /// Whose bytes they are.
  interface Target {
    /// The id of the file.
    UUID id();

    /// Its project.
    UUID project();

    /// Writes the row; empty when the file does not wait for bytes any more.
    Optional<StoredFile> write(Tx tx, StoredFile file, UUID blob);
  }

  /// Rolls back.
  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refused refused;

    Undone(Refused refused) {
      super(refused.detail());
      this.refused = refused;
    }
  }

  /// Stores a stream to its end. What the stream throws comes out unchanged, and nothing is left then.
  StoreResult store(TenantId tenant, NewFile meta, InputStream bytes, Target target)
      throws IOException {
    FileLimits.Bounds bounds = limits.of(tenant);
    long most = Math.min(bounds.most(null), meta.most());
    Long size = meta.size();
    if (size != null && size > most) {
      return tooLarge(most);
    }
    UUID blob = begin(tenant);
    StoreResult result = null;
    try {
      var incoming = new Incoming(bytes, most, () -> touch(tenant, blob), clock);
      BlobStorage.Put put = storage.put(tenant, blob, incoming);
      CrashPoint.FILE_STORED.reached();
      result = keep(tenant, blob, put, meta, bounds, target);
      return result;
    } catch (Incoming.TooMuch e) {
      return tooLarge(most);
    } catch (Incoming.GivenUp e) {
      return gone();
    } finally {
      if (!(result instanceof Stored)) {
        discard(tenant, blob);
      }
    }
  }

  /// Makes a file of an object that is in the storage already. When it is refused the object stays as it is.
  StoreResult keep(TenantId tenant, UUID blob, BlobStorage.Put put, NewFile meta, Target target) {
    return keep(tenant, blob, put, meta, limits.of(tenant), target);
  }

  /// Notes that an object is going to be written; answers its id.
  UUID begin(TenantId tenant) {
    UUID blob = Ids.next();
    db.runInTenant(
        tenant, tx -> BlobStore.insert(tx.sql(), tenant, blob, "storing", clock.instant()));
    return blob;
  }

  boolean touch(TenantId tenant, UUID blob) {
    return db.inTenant(tenant, tx -> BlobStore.touch(tx.sql(), tenant, blob, clock.instant()));
  }

  /// Gives an object up that no file refers to. What cannot be done now the sweep does.
  void discard(TenantId tenant, UUID blob) {
    try {
      db.runInTenant(tenant, tx -> BlobStore.doom(tx.sql(), tenant, Set.of(blob), clock.instant()));
      storage.delete(tenant, blob);
      db.runInTenant(tenant, tx -> BlobStore.forget(tx.sql(), tenant, blob));
    } catch (RuntimeException e) {
      LOG.warnf("object %s of tenant %s is left to the sweep: %s", blob, tenant, e.getMessage());
    }
  }

  private StoreResult keep(
      TenantId tenant,
      UUID blob,
      BlobStorage.Put put,
      NewFile meta,
      FileLimits.Bounds bounds,
      Target target) {
    JudgeBytes.Judged judged;
    switch (judging.judge(tenant, blob, put, meta, bounds)) {
      case JudgeBytes.Rejected rejected -> {
        return rejected.refused();
      }
      case JudgeBytes.Judged fine -> judged = fine;
    }
    try {
      Kept kept =
          retrying(() -> db.inTenant(tenant, tx -> write(tx, blob, put, meta, judged, target)));
      if (!kept.blob().equals(blob)) {
        discard(tenant, blob);
      }
      return new Stored(kept.file());
    } catch (Undone e) {
      return e.refused;
    }
  }

  private record Kept(StoredFile file, UUID blob) {}

  private Kept write(
      Tx tx,
      UUID blob,
      BlobStorage.Put put,
      NewFile meta,
      JudgeBytes.Judged judged,
      Target target) {
    Instant now = clock.instant();
    Instant scanAt = scans.configured() ? now : null;
    BlobStore.Blob of = shared(tx, blob, put, judged.quota(), scanAt, now);
    FileState state =
        switch (of.scan()) {
          case "due" -> FileState.SCANNING;
          case "infected" -> FileState.INFECTED;
          default -> FileState.READY;
        };
    var draft =
        new StoredFile(
            target.id(),
            target.project(),
            state,
            judged.kind(),
            judged.type(),
            judged.name(),
            put.size(),
            put.sha256(),
            meta.source(),
            of.threat(),
            judged.metadata(),
            now,
            now);
    StoredFile file = target.write(tx, draft, of.id()).orElseThrow(() -> new Undone(gone()));
    events.publish(
        tx,
        file.id(),
        new FileEvent.Uploaded(
            file.id(),
            file.projectId(),
            file.kind(),
            judged.type(),
            file.name(),
            put.size(),
            put.sha256(),
            file.source()));
    scans.tell(tx, file);
    if (state == FileState.SCANNING) {
      tx.afterCommit(() -> scans.hint(tx.tenant()));
    }
    return new Kept(file, of.id());
  }

  /// Stores what Parley itself has made of a file, without limits and unscanned. `row` writes the row that refers to the
  /// object; when it answers false nothing is kept. Answers whether it is kept.
  boolean storeOwn(TenantId tenant, InputStream bytes, OwnRow row) throws IOException {
    UUID blob = begin(tenant);
    boolean used = false;
    try {
      BlobStorage.Put put =
          storage.put(
              tenant, blob, new Incoming(bytes, Long.MAX_VALUE, () -> touch(tenant, blob), clock));
      used = retrying(() -> keepOwn(tenant, blob, put, row));
      return used;
    } catch (Undone e) {
      return false;
    } finally {
      if (!used) {
        discard(tenant, blob);
      }
    }
  }

  /// Writes the row that refers to an object; false when what it belongs to is gone.
  interface OwnRow {
    boolean write(Tx tx, BlobStorage.Put put, UUID blob);
  }

  private boolean keepOwn(TenantId tenant, UUID blob, BlobStorage.Put put, OwnRow row) {
    UUID kept =
        db.inTenant(
            tenant,
            tx -> {
              UUID of = shared(tx, blob, put, Long.MAX_VALUE, null, clock.instant()).id();
              if (!row.write(tx, put, of)) {
                throw new Undone(gone());
              }
              return of;
            });
    if (!kept.equals(blob)) {
      discard(tenant, blob);
    }
    return true;
  }

  /// Again, when somebody has stored the same content at the same moment: the next look finds it.
  private static <T> T retrying(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        if (attempt == TRIES || !SqlFailure.isDuplicate(e, "blobs_content")) {
          throw e;
        }
      }
    }
  }

  /// The tenant's one object of this content: the one it has, or this one.
  private BlobStore.Blob shared(
      Tx tx, UUID blob, BlobStorage.Put put, long quota, @Nullable Instant scanAt, Instant now) {
    TenantId tenant = tx.tenant();
    Optional<BlobStore.Blob> known = BlobStore.shared(tx.sql(), tenant, put.sha256());
    if (known.isPresent() && !known.get().missing()) {
      BlobStore.doom(tx.sql(), tenant, List.of(blob), now);
      if (known.get().scan().equals("none") && scanAt != null) {
        return ScanStore.scanAgain(tx.sql(), tenant, known.get().id(), scanAt);
      }
      return known.get();
    }
    // An object that was lost and comes again takes the place of the lost one.
    known.ifPresent(lost -> BlobStore.doom(tx.sql(), tenant, List.of(lost.id()), now));
    if (!BlobStore.keep(tx.sql(), tenant, blob, put, scanAt, now)) {
      throw new Undone(gone());
    }
    if (known.isPresent()) {
      BlobStore.replace(tx.sql(), tenant, known.get().id(), blob);
      for (FileStore.Row found :
          FileStore.move(
              tx.sql(),
              tenant,
              blob,
              List.of(FileState.MISSING),
              scanAt == null ? FileState.READY : FileState.SCANNING,
              null,
              now)) {
        scans.tell(tx, found.file());
      }
    } else if (!BlobStore.add(tx.sql(), tenant, put.size(), quota)) {
      throw new Undone(full(quota));
    }
    return new BlobStore.Blob(
        blob, put.size(), put.sha256(), scanAt == null ? "none" : "due", null, false);
  }

  static Refused tooLarge(long most) {
    return new Refused(
        Reason.TOO_LARGE, "Files like this one have at most %,d bytes here.".formatted(most));
  }

  static Refused full(long quota) {
    return new Refused(
        Reason.QUOTA,
        "The tenant's files take all the %,d bytes they may; delete some first.".formatted(quota));
  }

  static Refused gone() {
    return new Refused(
        Reason.GONE, "The file does not wait for bytes any more; begin a new upload.");
  }
}
