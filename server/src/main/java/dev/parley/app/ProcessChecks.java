package dev.parley.app;

import dev.parley.media.BlobStorage;
import dev.parley.media.Scans;
import dev.parley.media.renditions.Program;
import dev.parley.media.renditions.Programs;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.Database;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.health.Check;
import dev.parley.platform.health.Reading;
import dev.parley.platform.queue.GroupCommit;
import dev.parley.platform.roles.Role;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What each process looks at for itself: what it depends on, and how it is.
@Singleton
final class ProcessChecks {
  private static final String KIND = "dependency";
  private static final String PROCESS = "process";
  private static final int MAIL_MILLIS = 1500;
  private static final int BANNER = 512;
  private static final long LITTLE_BYTES = 2L << 30;
  private static final long NO_BYTES = 256L << 20;
  private static final double LITTLE = 0.05;
  private static final double MUCH_HEAP = 0.95;

  private final Boot boot = Boot.current();
  private final Config config;
  // Looked up when it is needed: the parts hold what holds this.
  private final Instance<Parts> parts;
  private final SystemDb db;
  private final RedisClient redis;
  private final BlobStorage storage;
  private final Scans scans;
  private final Programs programs;
  private final GroupCommit intake;
  private final CallLog calls;

  ProcessChecks(
      Config config,
      Instance<Parts> parts,
      SystemDb db,
      RedisClient redis,
      BlobStorage storage,
      Scans scans,
      Programs programs,
      GroupCommit intake,
      CallLog calls) {
    this.config = config;
    this.parts = parts;
    this.db = db;
    this.redis = redis;
    this.storage = storage;
    this.scans = scans;
    this.programs = programs;
    this.intake = intake;
    this.calls = calls;
  }

  List<Check> all() {
    var all = new ArrayList<Check>();
    all.add(
        Check.one(
            "database",
            KIND,
            "Look whether PostgreSQL runs and can be reached; `parley doctor` says more.",
            this::database));
    all.add(Check.one("redis", KIND, "Look whether Redis runs.", this::redis));
    all.add(
        Check.one(
            "storage",
            KIND,
            "Look whether the folder or bucket of media.store can be reached and written.",
            this::storage));
    all.add(Check.one("antivirus", KIND, "Look whether clamd runs.", this::antivirus));
    all.add(Check.one("programs", KIND, "", this::programs));
    all.add(
        Check.one(
            "mail",
            KIND,
            "Look whether the mail server of mail.host and mail.port runs and can be reached.",
            this::mail));
    all.add(Check.one("disk", KIND, "Look whether the disk of data.dir answers.", this::disk));
    all.add(Check.one("process", PROCESS, "", this::process));
    all.add(Check.one("api-log", PROCESS, "", this::calls));
    if (boot.roles().contains(Role.INGRESS)) {
      all.add(Check.one("intake", PROCESS, "", this::intake));
    }
    return all;
  }

  private Reading database() {
    SystemDb.Figures figures = db.figures();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("version", figures.version());
    facts.put("embedded", boot.database().embedded());
    facts.put("bytes", figures.bytes());
    facts.put("connections", figures.connections());
    facts.put("mostConnections", figures.most());
    long waiting = 0;
    for (Database.Pool pool : boot.database().pools()) {
      facts.put(
          pool.role(),
          Map.of("active", pool.active(), "waiting", pool.waiting(), "most", pool.most()));
      waiting += pool.waiting();
    }
    if (figures.connections() > figures.most() * 9 / 10) {
      return Reading.degraded(
          "database",
          KIND,
          "%d of %d connections are open.".formatted(figures.connections(), figures.most()),
          "Raise max_connections of PostgreSQL, or lower database.pool.",
          facts);
    }
    if (waiting > 0) {
      return Reading.degraded(
          "database",
          KIND,
          waiting + " threads wait for a connection.",
          "If it goes on: raise database.pool, or start more processes.",
          facts);
    }
    return Reading.ok("database", KIND, "Answers.", facts);
  }

  private Reading redis() {
    return switch (redis.state()) {
      case OFF -> Reading.ok("redis", KIND, "Not configured.", Map.of("configured", false));
      case UP -> Reading.ok("redis", KIND, "Answers.", Map.of("configured", true));
      case DOWN ->
          Reading.down(
              "redis",
              KIND,
              "Away: " + redis.reason(),
              "Start Redis or correct redis.url. Until then each process limits and counts presence for itself.",
              Map.of("configured", true));
    };
  }

  private Reading storage() {
    storage.check();
    return Reading.ok("storage", KIND, "Answers.", Map.of("store", config.get(Keys.MEDIA_STORE)));
  }

  private Reading antivirus() {
    Optional<Boolean> answers = scans.answers();
    var facts = Map.of("configured", answers.isPresent());
    if (answers.isEmpty()) {
      return Reading.ok("antivirus", KIND, "Not configured: files are not scanned.", facts);
    }
    return answers.get()
        ? Reading.ok("antivirus", KIND, "Answers.", facts)
        : Reading.down(
            "antivirus",
            KIND,
            "clamd does not answer.",
            "Start clamd or correct media.clamd. Until then files go by media.clamd.policy.",
            facts);
  }

  private Reading programs() {
    List<Program> missing = programs.missing();
    if (missing.isEmpty()) {
      return Reading.ok("programs", KIND, "All optional programs are there.", Map.of());
    }
    return Reading.degraded(
        "programs",
        KIND,
        missing.stream()
            .map(program -> program.word() + " is missing: " + program.without() + ".")
            .collect(Collectors.joining(" ")),
        "On Debian: apt install "
            + missing.stream().map(Program::debian).distinct().collect(Collectors.joining(" "))
            + "; then restart.",
        Map.of("missing", missing.stream().map(Program::word).toList()));
  }

  /// That somebody listens; whether they take our mails shows in the queue of mails.
  private Reading mail() {
    if (config.get(Keys.MAIL_PRINT)) {
      return Reading.ok("mail", KIND, "Mails are printed.", Map.of("configured", true));
    }
    String host = config.find(Keys.MAIL_HOST).orElse(null);
    if (host == null) {
      return Reading.ok("mail", KIND, "Not configured.", Map.of("configured", false));
    }
    try (var socket = new Socket()) {
      socket.setSoTimeout(MAIL_MILLIS);
      socket.connect(new InetSocketAddress(host, config.get(Keys.MAIL_PORT)), MAIL_MILLIS);
      if (!config.get(Keys.MAIL_TLS).equals("tls")) {
        var in = new BufferedInputStream(socket.getInputStream(), BANNER);
        String banner = new String(in.readNBytes(3), StandardCharsets.US_ASCII);
        if (!banner.equals("220")) {
          throw new IOException("it does not greet as a mail server");
        }
        socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      return Reading.ok("mail", KIND, "The mail server answers.", Map.of("configured", true));
    } catch (IOException e) {
      return Reading.down(
          "mail",
          KIND,
          "The mail server does not answer: " + e.getMessage(),
          "Correct mail.host and mail.port, or start it. Mails wait meanwhile.",
          Map.of("configured", true));
    }
  }

  private Reading disk() {
    try {
      FileStore store = Files.getFileStore(Path.of(config.get(Keys.DATA_DIR)).toAbsolutePath());
      long free = store.getUsableSpace();
      long all = store.getTotalSpace();
      Map<String, Long> facts = Map.of("freeBytes", free, "bytes", all);
      String text = "%,d MiB of %,d are free.".formatted(free >> 20, all >> 20);
      String mend = "Make room on the disk of data.dir, or give it a larger one.";
      if (free < NO_BYTES) {
        return Reading.down("disk", KIND, text, mend, facts);
      }
      return free < LITTLE_BYTES || free < all * LITTLE
          ? Reading.degraded("disk", KIND, text, mend, facts)
          : Reading.ok("disk", KIND, text, facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reading process() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("heapUsedBytes", used);
    facts.put("heapMostBytes", runtime.maxMemory());
    facts.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
    facts.put("processors", runtime.availableProcessors());
    facts.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    facts.put("pid", ProcessHandle.current().pid());
    if (!parts.get().ready()) {
      return Reading.degraded("process", PROCESS, "Starting or stopping.", "Wait a moment.", facts);
    }
    return used > runtime.maxMemory() * MUCH_HEAP
        ? Reading.degraded(
            "process",
            PROCESS,
            "The memory is nearly used up.",
            "If it goes on: give the process more by -Xmx, or start more processes.",
            facts)
        : Reading.ok("process", PROCESS, "All parts have started.", facts);
  }

  private Reading calls() {
    var facts = Map.of("on", calls.on(), "dropped", calls.lost());
    if (!calls.on()) {
      return Reading.ok("api-log", PROCESS, "Switched off.", facts);
    }
    return Reading.ok(
        "api-log",
        PROCESS,
        calls.lost() == 0
            ? "Nothing was dropped."
            : calls.lost() + " calls were not logged since the start, for want of room.",
        facts);
  }

  private Reading intake() {
    int waiting = intake.waiting();
    int most = config.get(Keys.INTAKE_QUEUE);
    Map<String, Integer> facts = Map.of("waiting", waiting, "most", most);
    return waiting > most / 2
        ? Reading.degraded(
            "intake",
            PROCESS,
            "%d webhook updates wait for their commit; at %d new ones are refused."
                .formatted(waiting, most),
            "Look at the database's disk; providers send again what is refused.",
            facts)
        : Reading.ok("intake", PROCESS, "Webhooks are taken in.", facts);
  }
}
