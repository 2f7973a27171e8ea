package dev.parley.media;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.events.EventLog;
import dev.parley.tenants.Projects;
import dev.parley.tenants.Tenants;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/// Files of two tenants on a database and a folder of their own.
public final class MediaFixture implements AutoCloseable {
  /// A picture of one pixel.
  public static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  public final TestDatabase db = TestDatabase.create();
  public final TestClock clock = new TestClock();
  public final Path folder = Path.of("target", "media-" + UUID.randomUUID()).toAbsolutePath();
  public final EventLog events = new EventLog(db.tenants(), clock);
  public final Audit audit = new Audit(db.tenants(), clock);
  public final Tenants tenants = new Tenants(db.tenants(), db.system(), events, audit, clock);
  public final Projects projects = new Projects(db.tenants(), tenants, events, audit, clock);
  public final FieldCipher cipher = FieldCipher.of(new Secret(FieldCipher.generate("k1")));
  public final Config config;
  public final BlobStorage storage;
  public final Scans scans;
  public final Links links;
  final FileLimits limits;
  final StoreFile storing;
  final DeleteFiles deleting;
  public final Files files;
  final Uploads uploads;
  public final Sweep sweep;
  public final Verification verification;
  public final TenantId acme;
  public final TenantId globex;
  public final Caller inAcme;
  public final Caller inGlobex;

  private MediaFixture(
      Map<String, String> settings,
      @Nullable BlobStorage other,
      @Nullable Scanner scanner,
      Scans.Settings scanning) {
    config = Config.load(Map.of(), null, settings);
    storage = other == null ? new FolderStorage(folder) : other;
    scans =
        new Scans(
            db.tenants(),
            events,
            audit,
            storage,
            scanner,
            scanning,
            new SimpleMeterRegistry(),
            clock);
    links = new Links(cipher, config, clock);
    limits = new FileLimits(tenants, config);
    storing = new StoreFile(db.tenants(), events, storage, limits, scans, clock);
    deleting = new DeleteFiles(events, clock);
    files =
        new Files(db.tenants(), projects, events, audit, storage, storing, deleting, links, clock);
    uploads =
        new Uploads(
            db.tenants(), projects, files, storage, storing, deleting, limits, config, clock);
    sweep = new Sweep(db.tenants(), storage, deleting, uploads, config, clock);
    verification = new Verification(db.tenants(), tenants, storage, scans, clock);
    Caller operator =
        new Caller(Caller.Kind.OPERATOR, UUID.randomUUID(), "op", null, null, Set.of());
    acme = tenants.create(operator, "acme", "Acme").id();
    globex = tenants.create(operator, "globex", "Globex").id();
    inAcme = Caller.system(acme);
    inGlobex = Caller.system(globex);
  }

  /// With a folder, without a scanner.
  public static MediaFixture create() {
    return create(Map.of());
  }

  /// With these settings.
  public static MediaFixture create(Map<String, String> settings) {
    return new MediaFixture(
        settings, null, null, new Scans.Settings(1 << 20, false, Duration.ofMinutes(5)));
  }

  /// In another storage.
  public static MediaFixture in(BlobStorage storage) {
    return new MediaFixture(
        Map.of(), storage, null, new Scans.Settings(1 << 20, false, Duration.ofMinutes(5)));
  }

  /// With a scanner.
  public static MediaFixture with(Scanner scanner, long most, boolean serve) {
    return new MediaFixture(
        Map.of(), null, scanner, new Scans.Settings(most, serve, Duration.ofMinutes(5)));
  }

  /// Stores bytes; fails when they are refused.
  public StoredFile store(Caller caller, NewFile file, byte[] bytes) {
    return switch (tryStore(caller, file, bytes)) {
      case StoreResult.Stored stored -> stored.file();
      case StoreResult.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  /// Stores bytes, or not.
  public StoreResult tryStore(Caller caller, NewFile file, byte[] bytes) {
    try {
      return files.store(caller, file, new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stores a text.
  public StoredFile text(Caller caller, String text) {
    return store(
        caller,
        NewFile.from("test").named("note.txt").ofType("text/plain"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  /// How many objects a tenant has in the storage, unfinished ones included.
  public int objects(TenantId tenant) {
    var count = new AtomicInteger();
    storage.list(tenant, _ -> count.incrementAndGet());
    return count.get();
  }

  /// A number out of the database, as its owner.
  public long number(String sql) {
    try (var connection = db.database().ownerConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET row_security = off");
      try (var rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    db.close();
    FileUtils.deleteQuietly(folder.toFile());
  }
}
