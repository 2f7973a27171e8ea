package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.tenants.Projects;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The files of all tenants.
///
/// A file comes to be in one step, by [#store], or in two: [#announce] in the transaction of what will show it, and
/// [#fill] or [#fail] when its bytes are here or will not come. Whoever shows a file says so by [#use]; what nobody uses
/// is deleted after `media.unused-life`.
@Singleton
public final class Files {
  /// The name under which a file is served as it came, where a clean copy of it would be served.
  public static final String ORIGINAL = "original";

  /// The name of the copy without metadata that is served in a file's place, where there is one.
  public static final String CLEAN = "clean";

  private static final int REASON_LENGTH = 500;

  private final TenantDb db;
  private final Projects projects;
  private final EventLog events;
  private final Audit audit;
  private final BlobStorage storage;
  private final StoreFile storing;
  private final DeleteFiles deleting;
  private final Links links;
  private final InstantSource clock;

  Files(
      TenantDb db,
      Projects projects,
      EventLog events,
      Audit audit,
      BlobStorage storage,
      StoreFile storing,
      DeleteFiles deleting,
      Links links,
      InstantSource clock) {
    this.db = db;
    this.projects = projects;
    this.events = events;
    this.audit = audit;
    this.storage = storage;
    this.storing = storing;
    this.deleting = deleting;
    this.links = links;
    this.clock = clock;
  }

  /// Which files to list; null fields do not narrow.
  public record Filter(
      @Nullable UUID projectId, @Nullable FileState state, @Nullable FileKind kind) {}

  /// Stores the bytes of a stream, to its end, as a new file. What the stream throws comes out unchanged; nothing is left
  /// of the file then, nor when it is refused. Throws [StorageFailure] when the storage cannot take it now, and a
  /// [Problem] when there is no such project. Does not close the stream.
  public StoreResult store(Caller caller, NewFile file, InputStream bytes) throws IOException {
    TenantId tenant = caller.inTenant();
    UUID project = projects.orDefault(tenant, file.projectId());
    return storing.store(tenant, file, bytes, new Fresh(caller, Ids.next(), project));
  }

  private record Fresh(Caller caller, UUID id, UUID project) implements StoreFile.Target {
    @Override
    public Optional<StoredFile> write(Tx tx, StoredFile file, UUID blob) {
      FileStore.insert(tx.sql(), caller, file, blob);
      return Optional.of(file);
    }
  }

  /// Makes the row of a file whose bytes come later; its state is [FileState#UPLOADING]. Its kind is what `file` says, or
  /// that of the type that it says, or document.
  public StoredFile announce(Tx tx, Caller caller, NewFile file, UUID projectId) {
    FileKind kind = ContentTypes.kind(file);
    Instant now = clock.instant();
    var announced =
        new StoredFile(
            Ids.next(),
            projectId,
            FileState.UPLOADING,
            kind,
            null,
            FileNames.clean(file.name()),
            null,
            null,
            file.source(),
            null,
            Json.MAPPER.createObjectNode(),
            now,
            now);
    FileStore.insert(tx.sql(), caller, announced, null);
    return announced;
  }

  /// Gives an announced file its bytes, or one that has failed. As [#store]; in addition [StoreResult.Reason#GONE] when
  /// the file has its bytes already or is deleted. A refusal leaves the file as it was; [#fail] says that it is final.
  public StoreResult fill(TenantId tenant, UUID id, NewFile file, InputStream bytes)
      throws IOException {
    Optional<StoredFile> known = find(tenant, id).filter(Files::isOpen);
    return known.isEmpty()
        ? StoreFile.gone()
        : storing.store(tenant, file, bytes, new Announced(id, known.get().projectId(), clock));
  }

  record Announced(UUID id, UUID project, InstantSource clock) implements StoreFile.Target {
    @Override
    public Optional<StoredFile> write(Tx tx, StoredFile file, UUID blob) {
      return FileStore.fill(tx.sql(), tx.tenant(), file, blob, clock.instant())
          .map(FileStore.Row::file);
    }
  }

  static boolean isOpen(StoredFile file) {
    return file.state() == FileState.UPLOADING || file.state() == FileState.FAILED;
  }

  /// Notes that the bytes of an announced file cannot be had, and why; [#fill] may still bring them. Answers whether the
  /// file waits for bytes.
  public boolean fail(TenantId tenant, UUID id, String reason) {
    return db.inTenant(tenant, tx -> fail(tx, id, reason));
  }

  /// [#fail(TenantId, UUID, String)] in the transaction of the caller.
  public boolean fail(Tx tx, UUID id, String reason) {
    String why = reason.length() > REASON_LENGTH ? reason.substring(0, REASON_LENGTH) : reason;
    return FileStore.fail(tx.sql(), tx.tenant(), id, why, clock.instant())
        .map(
            row -> {
              events.publish(tx, id, new FileEvent.Failed(id, row.file().projectId(), why));
              return row;
            })
        .isPresent();
  }

  /// One file.
  public Optional<StoredFile> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> FileStore.find(tx.sql(), tenant, id)).map(FileStore.Row::file);
  }

  /// Those of these files that there are, by id.
  public Map<UUID, StoredFile> find(Tx tx, Collection<UUID> ids) {
    return ids.isEmpty()
        ? Map.of()
        : FileStore.findAll(tx.sql(), tx.tenant(), ids).stream()
            .map(FileStore.Row::file)
            .collect(Collectors.toMap(StoredFile::id, Function.identity()));
  }

  /// Up to `limit` files, the newest first, older than the file `before` when that is given.
  public List<StoredFile> page(TenantId tenant, Filter filter, @Nullable UUID before, int limit) {
    return db.inTenant(
        tenant,
        tx ->
            FileStore.page(
                tx.sql(),
                tenant,
                filter.projectId(),
                filter.state(),
                filter.kind(),
                before,
                limit));
  }

  /// Opens a file as it came, or its rendition of that name; only what is [FileState#READY]. Throws [StorageFailure] when the
  /// storage does not answer.
  public Opened open(TenantId tenant, UUID id, @Nullable String rendition) {
    return locate(tenant, id, rendition == null ? ORIGINAL : rendition)
        .map(
            found ->
                switch (found) {
                  case Found.There there -> open(tenant, there);
                  case Found.Withheld withheld -> new Opened.Withheld(withheld.file());
                })
        .orElseGet(Opened.Absent::new);
  }

  private Opened open(TenantId tenant, Found.There there) {
    return storage
        .open(tenant, there.blob(), 0, there.size())
        .<Opened>map(stream -> new Opened.Bytes(there.file(), there.type(), there.size(), stream))
        .orElseGet(() -> new Opened.Withheld(there.file()));
  }

  /// Where the bytes of a file are.
  sealed interface Found {
    /// They may be read.
    record There(StoredFile file, UUID blob, String type, long size, String sha256)
        implements Found {}

    /// They may not.
    record Withheld(StoredFile file) implements Found {}
  }

  /// Finds the bytes that are served for a file or rendition; empty when there is no such thing.
  /// For a file these are its copy without metadata, as soon as there is one.
  Optional<Found> locate(TenantId tenant, UUID id, @Nullable String rendition) {
    return db.inTenant(
        tenant,
        tx ->
            FileStore.find(tx.sql(), tenant, id)
                .flatMap(
                    row ->
                        row.file().state() == FileState.READY
                            ? located(tx, row, rendition)
                            : Optional.of(new Found.Withheld(row.file()))));
  }

  private static Optional<Found> located(Tx tx, FileStore.Row row, @Nullable String rendition) {
    StoredFile file = row.file();
    if (!ORIGINAL.equals(rendition)) {
      String name = rendition == null ? CLEAN : rendition;
      Optional<Found> made =
          RenditionStore.find(tx.sql(), tx.tenant(), file.id(), name)
              .map(
                  found ->
                      new Found.There(
                          file,
                          found.blob(),
                          found.rendition().type(),
                          found.rendition().size(),
                          found.rendition().sha256()));
      if (rendition != null || made.isPresent()) {
        return made;
      }
    }
    UUID blob = row.blob();
    String type = file.type();
    Long size = file.size();
    String sha256 = file.sha256();
    return blob == null || type == null || size == null || sha256 == null
        ? Optional.empty()
        : Optional.of(new Found.There(file, blob, type, size, sha256));
  }

  /// An address under which the file, or its rendition of that name, is served for a time. Whether the file is there and
  /// may be served is looked at when somebody comes.
  ///
  /// @param life 1 second to [Links#LONGEST]; null for `media.link-life`
  /// @param download whether a browser never shows it in its window
  public Links.Link link(
      TenantId tenant,
      UUID id,
      @Nullable String rendition,
      @Nullable Duration life,
      boolean download) {
    return links.link(tenant, id, rendition, life, download);
  }

  /// Notes that somebody uses a file, in the transaction that makes them use it; twice is once. Throws a [Problem] when
  /// there is no such file.
  public void use(Tx tx, UUID id, FileUse use) {
    if (!FileStore.use(tx.sql(), tx.tenant(), id, use, clock.instant())) {
      throw Problem.notFound("file");
    }
  }

  /// Takes back all uses by one.
  public void release(Tx tx, FileUse use) {
    FileStore.release(tx.sql(), tx.tenant(), use, clock.instant());
  }

  /// Those of these files that somebody may name, in a message for example: whoever may see files may name each, anybody
  /// else only what they have brought themselves.
  public Map<UUID, StoredFile> find(Tx tx, Caller caller, Collection<UUID> ids) {
    return find(tx, nameable(tx, caller, ids));
  }

  private static Collection<UUID> nameable(Tx tx, Caller caller, Collection<UUID> ids) {
    return ids.isEmpty() || caller.allows(Permission.FILES_READ)
        ? ids
        : FileStore.broughtBy(tx.sql(), tx.tenant(), caller.id(), ids);
  }

  /// Deletes a file that nobody uses. Throws a [Problem] when there is no such file, none that the caller may name, or
  /// somebody uses it.
  public void delete(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    List<UUID> doomed =
        db.inTenant(
            tenant,
            tx -> {
              if (nameable(tx, caller, List.of(id)).isEmpty()) {
                throw Problem.notFound("file");
              }
              boolean used =
                  FileStore.lockUsed(tx.sql(), tenant, id)
                      .orElseThrow(() -> Problem.notFound("file"));
              if (used) {
                throw new Problem(
                    Problem.Code.WRONG_STATE,
                    "The file is used, by a message for example; delete what uses it first.");
              }
              audit.record(tx, caller, "file.deleted", "file", id, Map.of());
              return deleting.delete(tx, List.of(id));
            });
    doomed.forEach(blob -> storing.discard(tenant, blob));
  }

  /// Adds to what is known of a file; fields of the same name are replaced. Answers false when there is no such file.
  public boolean addMetadata(TenantId tenant, UUID id, ObjectNode metadata) {
    return db.inTenant(tenant, tx -> addMetadata(tx, id, metadata));
  }

  /// [#addMetadata(TenantId, UUID, ObjectNode)] in the transaction of the caller.
  public boolean addMetadata(Tx tx, UUID id, ObjectNode metadata) {
    return FileStore.addMetadata(tx.sql(), tx.tenant(), id, metadata, clock.instant()).isPresent();
  }

  /// Stores another form of a file that Parley has made of it, in the place of the one of that name. Answers false when
  /// the file is gone. What the stream throws comes out unchanged. Does not count against the tenant's limits.
  public boolean addRendition(
      TenantId tenant, UUID id, String name, String type, ObjectNode metadata, InputStream bytes)
      throws IOException {
    if (!name.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException("not a rendition's name: " + name);
    }
    return storing.storeOwn(
        tenant,
        bytes,
        (tx, put, blob) -> {
          Optional<FileStore.Row> row =
              FileStore.addMetadata(
                  tx.sql(), tenant, id, Json.MAPPER.createObjectNode(), clock.instant());
          if (row.isEmpty()) {
            return false;
          }
          var rendition = new Rendition(name, type, put.size(), put.sha256(), metadata);
          deleting.replace(tx, id, rendition, blob);
          events.publish(
              tx,
              id,
              new FileEvent.RenditionAdded(
                  id, row.get().file().projectId(), name, type, put.size()));
          return true;
        });
  }

  /// The renditions of these files, by the file's id.
  public Map<UUID, List<Rendition>> renditions(Tx tx, Collection<UUID> ids) {
    return RenditionStore.of(tx.sql(), tx.tenant(), ids).stream()
        .collect(
            Collectors.groupingBy(
                RenditionStore.Row::file,
                Collectors.mapping(RenditionStore.Row::rendition, Collectors.toList())));
  }
}
