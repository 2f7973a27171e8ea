package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The server as a child process that can be started, stopped, killed and started again on the same folder and port.
/// Its output goes to `server.log` in the folder. Not for several threads, but for [#kill()].
public final class Parley implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Pattern PASSWORD = Pattern.compile("^\\s+password\\s+(\\S+)\\s*$");

  private final Options options;
  private volatile @Nullable Process process;

  /// How it runs.
  ///
  /// @param folder holds `data`, `server.log` and what the driver remembers
  /// @param port to listen on
  /// @param roles `all`, or some separated by commas
  /// @param settings further configuration keys
  /// @param properties system properties of its JVM
  /// @param jvm further options of its JVM
  /// @param database null for the embedded one
  public record Options(
      Path folder,
      int port,
      String roles,
      Map<String, String> settings,
      Map<String, String> properties,
      List<String> jvm,
      @Nullable ExternalPostgres database) {
    /// A server of a test lives for seconds: what the second compiler costs it never earns back.
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    /// All roles, a free port, the embedded database.
    public static Options in(Path folder) {
      return new Options(folder, Ports.free(), "all", Map.of(), Map.of(), QUICK, null);
    }

    public Options roles(String names) {
      return new Options(folder, port, names, settings, properties, jvm, database);
    }

    public Options set(String key, String value) {
      var all = new LinkedHashMap<>(settings);
      all.put(key, value);
      return new Options(folder, port, roles, all, properties, jvm, database);
    }

    public Options property(String name, String value) {
      var all = new LinkedHashMap<>(properties);
      all.put(name, value);
      return new Options(folder, port, roles, settings, all, jvm, database);
    }

    public Options jvm(String... more) {
      var all = new ArrayList<>(jvm);
      all.addAll(List.of(more));
      return new Options(folder, port, roles, settings, properties, all, database);
    }

    public Options database(ExternalPostgres external) {
      return new Options(folder, port, roles, settings, properties, jvm, external);
    }

    /// Sends to the sandbox in place of Meta.
    public Options sandbox(Sandbox sandbox) {
      return set("whatsapp.graph.url", sandbox.url().toString())
          .set("http.allow", allowed(sandbox.hostAndPort()));
    }

    /// Calls the emulator in place of Genesys Cloud.
    public Options genesys(Genesys genesys) {
      return set("genesys.login.url", genesys.url().toString())
          .set("genesys.api.url", genesys.url().toString())
          .set("genesys.apps.url", genesys.url().toString())
          .set("http.allow", allowed(genesys.hostAndPort()));
    }

    private String allowed(String another) {
      String before = settings.getOrDefault("http.allow", "");
      return before.isEmpty() ? another : before + "," + another;
    }
  }

  private Parley(Options options) {
    this.options = options;
  }

  /// One that is not started.
  public static Parley of(Options options) {
    return new Parley(options);
  }

  /// Starts it and returns when `/health/ready` says so.
  public static Parley start(Options options) {
    Parley parley = of(options);
    parley.start();
    return parley;
  }

  /// Starts several on one database: the first, which makes what is in it, and then the others at once.
  public static void startAll(List<Parley> nodes) {
    nodes.getFirst().start();
    List<Parley> others = nodes.subList(1, nodes.size());
    others.forEach(node -> node.begin(Map.of()));
    others.forEach(Parley::awaitReady);
  }

  /// Starts it again after [#kill()], [#stop()] or its own end.
  public void start() {
    start(Map.of());
  }

  /// Starts it with further system properties, for this one time.
  public void start(Map<String, String> properties) {
    begin(properties);
    awaitReady();
  }

  /// Launches it and does not wait.
  public void begin(Map<String, String> properties) {
    if (running()) {
      throw new IllegalStateException("it is running");
    }
    try {
      Files.createDirectories(options.folder());
      process =
          new ProcessBuilder(command(properties))
              .directory(options.folder().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Java with the launcher's options, and with the classes that the launcher has trained where there are any.
  private static List<String> java() {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss512k",
                "-XX:MaxRAMPercentage=60",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TrimNativeHeapInterval=10000",
                "-Xms48m"));
    if (Runtime.getRuntime().availableProcessors() <= 4) {
      command.add("-XX:+UseSerialGC");
    }
    Trained.cache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
    return command;
  }

  private List<String> command(Map<String, String> properties) {
    var command = new ArrayList<>(java());
    command.addAll(options.jvm());
    var all = new LinkedHashMap<>(options.properties());
    all.putAll(properties);
    all.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-jar", Folders.jar().toString(), "serve"));
    var settings = new LinkedHashMap<String, String>();
    settings.put("data.dir", data().toString());
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", Integer.toString(options.port()));
    settings.put("roles", options.roles());
    ExternalPostgres database = options.database();
    if (database != null) {
      settings.putAll(database.settings());
    }
    settings.putAll(options.settings());
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return command;
  }

  /// How a command ended.
  public record Ran(int code, String output) {}

  /// Runs another verb of the program in that folder to its end, at most three minutes.
  public static Ran run(Path folder, String... arguments) {
    var command = new ArrayList<>(java());
    command.addAll(List.of("-jar", Folders.jar().toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(3, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("it did not end: " + Files.readString(output));
      }
      return new Ran(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Waits until it is ready; throws an `AssertionError` with the end of its log when it ends before.
  public void awaitReady() {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!running() || System.nanoTime() > deadline) {
        throw new AssertionError("the server did not start:\n" + lastLines(30));
      }
      Wait.pause(Duration.ofMillis(20));
    }
  }

  private boolean isReady() {
    try {
      return api().get("/health/ready").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /// Whether the process lives.
  public boolean running() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /// Kills it as `kill -9` does and waits until it is gone. The embedded database lives on.
  public void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      await(current);
    }
  }

  /// Asks it to end and waits; answers its exit code. Kills it after 30 seconds and says so by an `AssertionError`.
  public int stop() {
    Process current = process;
    if (current == null) {
      return 0;
    }
    current.destroy();
    try {
      if (!current.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("the server did not end:\n" + lastLines(30));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return current.exitValue();
  }

  /// Waits until it ends by itself; answers its exit code, or nothing when it goes on.
  public Optional<Integer> awaitEnd(Duration most) {
    Process current = process;
    try {
      return current != null && current.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(current.exitValue())
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Its process id; throws `IllegalStateException` when it never ran.
  public long pid() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("it is not running");
    }
    return current.pid();
  }

  /// Where it listens, without a slash at the end.
  public URI url() {
    return URI.create("http://127.0.0.1:" + options.port());
  }

  /// A caller without credentials.
  public Api api() {
    return Api.of(url());
  }

  /// What was shown at the first start on this folder.
  public String operatorPassword() {
    for (String line : lines()) {
      Matcher matcher = PASSWORD.matcher(line);
      if (matcher.matches()) {
        return matcher.group(1);
      }
    }
    throw new IllegalStateException("no password in " + log());
  }

  /// The database behind it, as its superuser.
  public Sql sql() {
    ExternalPostgres external = options.database();
    return external == null ? EmbeddedPostgres.in(data()).sql() : external.sql();
  }

  /// The folder of its data.
  public Path data() {
    return options.folder().resolve("data");
  }

  /// The file with its output.
  public Path log() {
    return options.folder().resolve("server.log");
  }

  /// All lines of its output.
  public List<String> lines() {
    try {
      return Files.readAllLines(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String lastLines(int most) {
    List<String> lines = lines();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - most), lines.size()));
  }

  /// Ends it, and the embedded database that it may have left behind; the folder stays.
  @Override
  public void close() {
    try {
      stop();
    } finally {
      if (options.database() == null) {
        EmbeddedPostgres.in(data()).end();
      }
    }
  }
}
