package dev.parley.media;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Has stored objects scanned, each once, and moves their files by what the scanner says. An object is tried again, at
/// growing intervals, until the scanner has spoken.
public final class Scans {
  private static final Logger LOG = Logger.getLogger(Scans.class);
  private static final int BATCH = 20;
  private static final int AT_A_TIME = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final List<FileState> OPEN = List.of(FileState.SCANNING, FileState.READY);

  private final TenantDb db;
  private final EventLog events;
  private final Audit audit;
  private final BlobStorage storage;
  private final @Nullable Scanner scanner;
  private final Settings settings;
  private final MeterRegistry metrics;
  private final InstantSource clock;
  private final Semaphore slots = new Semaphore(AT_A_TIME);
  private final Set<TenantId> hinted = ConcurrentHashMap.newKeySet();

  /// How it goes about it.
  ///
  /// @param mostBytes larger objects are not sent to the scanner
  /// @param serve whether files are served while the scanner does not answer, or does not take them
  /// @param lease after how long somebody else may try an object that somebody is trying
  public record Settings(long mostBytes, boolean serve, Duration lease) {}

  /// Without a scanner nothing is scanned and every file is ready at once.
  public Scans(
      TenantDb db,
      EventLog events,
      Audit audit,
      BlobStorage storage,
      @Nullable Scanner scanner,
      Settings settings,
      MeterRegistry metrics,
      InstantSource clock) {
    this.db = db;
    this.events = events;
    this.audit = audit;
    this.storage = storage;
    this.scanner = scanner;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Whether files are scanned.
  boolean configured() {
    return scanner != null;
  }

  /// Whether the scanner answers; empty where there is none.
  public Optional<Boolean> answers() {
    return Optional.ofNullable(scanner).map(Scanner::answers);
  }

  /// Publishes what a file has become.
  void tell(Tx tx, StoredFile file) {
    String type = file.type();
    Long size = file.size();
    FileEvent event =
        switch (file.state()) {
          case READY ->
              new FileEvent.Ready(
                  file.id(),
                  file.projectId(),
                  file.kind(),
                  type == null ? ContentTypes.UNKNOWN : type,
                  size == null ? 0 : size);
          case INFECTED ->
              new FileEvent.Infected(file.id(), file.projectId(), String.valueOf(file.reason()));
          case FAILED ->
              new FileEvent.Failed(file.id(), file.projectId(), String.valueOf(file.reason()));
          case MISSING -> new FileEvent.Missing(file.id(), file.projectId());
          case UPLOADING, SCANNING -> null;
        };
    if (event != null) {
      events.publish(tx, file.id(), event);
    }
  }

  /// Scans soon what a tenant has to be scanned; returns at once.
  void hint(TenantId tenant) {
    if (scanner == null || !hinted.add(tenant)) {
      return;
    }
    Thread.ofVirtual()
        .name("scan")
        .start(
            () -> {
              hinted.remove(tenant);
              try {
                run(tenant);
              } catch (RuntimeException e) {
                // The recurring job tries again.
                LOG.warnf("scanning for tenant %s: %s", tenant, e.getMessage());
              }
            });
  }

  /// Scans what a tenant has whose time has come; answers how many objects were tried.
  public int run(TenantId tenant) {
    Scanner present = scanner;
    if (present == null) {
      return 0;
    }
    int tried = 0;
    List<ScanStore.Due> due;
    do {
      Instant now = clock.instant();
      due =
          db.inTenant(
              tenant,
              tx -> ScanStore.claim(tx.sql(), tenant, now, now.plus(settings.lease()), BATCH));
      for (ScanStore.Due one : due) {
        slots.acquireUninterruptibly();
        try {
          conclude(tenant, one, verdict(present, tenant, one));
        } finally {
          slots.release();
        }
      }
      tried += due.size();
    } while (due.size() == BATCH);
    return tried;
  }

  private Scanner.Verdict verdict(Scanner present, TenantId tenant, ScanStore.Due due) {
    if (due.size() > settings.mostBytes()) {
      return new Scanner.Verdict.TooLarge();
    }
    try (InputStream bytes =
        storage
            .open(tenant, due.blob(), 0, due.size())
            .orElseThrow(() -> new IOException("the object is not there"))) {
      return present.scan(bytes);
    } catch (IOException | StorageFailure e) {
      return new Scanner.Verdict.Unable("cannot read the object: " + e.getMessage());
    }
  }

  private void conclude(TenantId tenant, ScanStore.Due due, Scanner.Verdict verdict) {
    metrics.counter("parley.scans", "result", word(verdict)).increment();
    db.runInTenant(
        tenant,
        tx -> {
          switch (verdict) {
            case Scanner.Verdict.Clean _ -> {
              if (ScanStore.conclude(tx.sql(), tenant, due.blob(), "clean", null)) {
                move(tx, due, List.of(FileState.SCANNING), FileState.READY, null);
              }
            }
            case Scanner.Verdict.Infected infected -> infected(tx, due, infected.threat());
            case Scanner.Verdict.TooLarge _ -> tooLarge(tx, due);
            case Scanner.Verdict.Unable unable -> {
              LOG.warnf("object %s is not scanned: %s", due.blob(), unable.why());
              if (settings.serve()) {
                move(tx, due, List.of(FileState.SCANNING), FileState.READY, null);
              }
              ScanStore.later(tx.sql(), tenant, due.blob(), clock.instant().plus(pause(due)));
            }
          }
        });
  }

  private void infected(Tx tx, ScanStore.Due due, String threat) {
    if (!ScanStore.conclude(tx.sql(), tx.tenant(), due.blob(), "infected", threat)) {
      return;
    }
    for (StoredFile file : move(tx, due, OPEN, FileState.INFECTED, threat)) {
      audit.record(
          tx,
          Caller.system(tx.tenant()),
          "file.infected",
          "file",
          file.id(),
          Map.of("threat", threat));
    }
  }

  private void tooLarge(Tx tx, ScanStore.Due due) {
    if (ScanStore.conclude(tx.sql(), tx.tenant(), due.blob(), "none", null)) {
      FileState to = settings.serve() ? FileState.READY : FileState.FAILED;
      String reason = settings.serve() ? null : "The file is too large for the scanner.";
      move(tx, due, List.of(FileState.SCANNING), to, reason);
    }
  }

  private List<StoredFile> move(
      Tx tx, ScanStore.Due due, List<FileState> from, FileState to, @Nullable String reason) {
    List<StoredFile> files =
        FileStore.move(tx.sql(), tx.tenant(), due.blob(), from, to, reason, clock.instant())
            .stream()
            .map(FileStore.Row::file)
            .toList();
    files.forEach(file -> tell(tx, file));
    return files;
  }

  private static Duration pause(ScanStore.Due due) {
    Duration pause = Duration.ofSeconds(1L << Math.min(due.tries(), 6));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static String word(Scanner.Verdict verdict) {
    return switch (verdict) {
      case Scanner.Verdict.Clean _ -> "clean";
      case Scanner.Verdict.Infected _ -> "infected";
      case Scanner.Verdict.TooLarge _ -> "too-large";
      case Scanner.Verdict.Unable _ -> "unable";
    };
  }
}
