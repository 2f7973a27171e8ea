package dev.parley.media;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Compares what the database says of a tenant's objects with what is in the storage, and mends it when told to.
@Singleton
public final class Verification {
  private static final int BATCH = 500;

  private final TenantDb db;
  private final Tenants tenants;
  private final BlobStorage storage;
  private final Scans scans;
  private final InstantSource clock;

  Verification(
      TenantDb db, Tenants tenants, BlobStorage storage, Scans scans, InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.storage = storage;
    this.scans = scans;
    this.clock = clock;
  }

  /// What was found.
  ///
  /// @param stored objects that there should be
  /// @param objects objects in the storage, unfinished ones included
  /// @param missing of those that there should be, how many are not there or not whole; mended by marking their files
  /// @param returned how many were marked so and are there again; mended by taking the mark away
  /// @param orphans objects that no row knows; mended by deleting them
  /// @param wrongTotals whether the sums that quotas go by are not what there is; mended by counting anew
  @Schema(name = "FileVerification")
  public record Found(
      long stored, long objects, long missing, long returned, long orphans, boolean wrongTotals) {
    /// Whether rows and objects agree.
    public boolean agrees() {
      return missing == 0 && returned == 0 && orphans == 0 && !wrongTotals;
    }
  }

  /// How thoroughly.
  ///
  /// @param mend whether to mend what does not agree
  /// @param hashes whether to read all bytes and compare their hashes
  public record Manner(boolean mend, boolean hashes) {}

  /// Compares everything of one tenant. What is stored or deleted meanwhile is not mistaken for a difference: an object's
  /// row is always there before it and goes after it.
  public Found run(TenantId tenant, Manner manner) {
    long stored = 0;
    long missing = 0;
    long returned = 0;
    UUID after = null;
    List<BlobStore.Blob> page;
    do {
      @Nullable UUID from = after;
      page = db.inTenant(tenant, tx -> BlobStore.page(tx.sql(), tenant, from, BATCH));
      for (BlobStore.Blob blob : page) {
        after = blob.id();
        boolean whole = isWhole(tenant, blob, manner.hashes());
        stored++;
        if (whole == blob.missing() && mark(tenant, blob, !whole, manner.mend())) {
          missing += whole ? 0 : 1;
          returned += whole ? 1 : 0;
        } else if (!whole) {
          missing++;
        }
      }
    } while (page.size() == BATCH);
    var orphans = new Orphans(tenant, manner.mend());
    storage.list(tenant, listed -> orphans.add(listed.id()));
    orphans.look();
    boolean wrong = db.inTenant(tenant, tx -> BlobStore.recount(tx.sql(), tenant, manner.mend()));
    return new Found(stored, orphans.objects, missing, returned, orphans.found, wrong);
  }

  /// Finds objects of tenants that are gone; answers how many there are, or were.
  public long ofNobody(boolean mend) {
    long found = 0;
    for (TenantId tenant : storage.tenants()) {
      if (tenants.find(tenant).isEmpty()) {
        var ids = new ArrayList<UUID>();
        storage.list(tenant, listed -> ids.add(listed.id()));
        found += ids.size();
        if (mend) {
          ids.forEach(id -> storage.delete(tenant, id));
        }
      }
    }
    return found;
  }

  private boolean isWhole(TenantId tenant, BlobStore.Blob blob, boolean hashes) {
    OptionalLong size = storage.size(tenant, blob.id());
    if (size.isEmpty() || size.getAsLong() != blob.size()) {
      return false;
    }
    if (!hashes) {
      return true;
    }
    try (InputStream bytes =
        storage
            .open(tenant, blob.id(), 0, blob.size())
            .orElseThrow(() -> new IOException("it is gone"))) {
      return Hashing.ofAll(bytes).sha256().equals(blob.sha256());
    } catch (IOException e) {
      throw new StorageFailure("cannot read object " + blob.id(), e);
    }
  }

  /// Marks the files of an object, unless it was deleted meanwhile; answers whether it is still there.
  private boolean mark(TenantId tenant, BlobStore.Blob blob, boolean missing, boolean mend) {
    return db.inTenant(
        tenant,
        tx -> {
          if (BlobStore.find(tx.sql(), tenant, blob.id()).isEmpty()) {
            return false;
          }
          if (mend) {
            mark(tx, blob, missing);
          }
          return true;
        });
  }

  private void mark(Tx tx, BlobStore.Blob blob, boolean missing) {
    BlobStore.mark(tx.sql(), tx.tenant(), blob.id(), missing);
    FileState after =
        switch (blob.scan()) {
          case "due" -> FileState.SCANNING;
          case "infected" -> FileState.INFECTED;
          default -> FileState.READY;
        };
    List<FileState> from =
        missing ? List.of(FileState.READY, FileState.SCANNING) : List.of(FileState.MISSING);
    FileState to = missing ? FileState.MISSING : after;
    FileStore.move(tx.sql(), tx.tenant(), blob.id(), from, to, blob.threat(), clock.instant())
        .forEach(row -> scans.tell(tx, row.file()));
  }

  /// Objects are looked up in batches, however many there are.
  private final class Orphans {
    private final TenantId tenant;
    private final boolean mend;
    private final Set<UUID> batch = new HashSet<>();
    private long objects;
    private long found;

    Orphans(TenantId tenant, boolean mend) {
      this.tenant = tenant;
      this.mend = mend;
    }

    void add(UUID id) {
      objects++;
      batch.add(id);
      if (batch.size() == BATCH) {
        look();
      }
    }

    void look() {
      if (batch.isEmpty()) {
        return;
      }
      var unknown = new HashSet<>(batch);
      unknown.removeAll(db.inTenant(tenant, tx -> BlobStore.known(tx.sql(), tenant, batch)));
      found += unknown.size();
      if (mend) {
        unknown.forEach(id -> storage.delete(tenant, id));
      }
      batch.clear();
    }
  }
}
