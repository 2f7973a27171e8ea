package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One running Parley, started by the launcher as anybody would.
final class Launched implements AutoCloseable {
  private static final Pattern PASSWORD =
      Pattern.compile("^\\s+password\\s+(\\S+)\\s*$", Pattern.MULTILINE);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final Path log;
  private final Duration readyAfter;

  private Launched(Process process, int port, Path log, Duration readyAfter) {
    this.process = process;
    this.port = port;
    this.log = log;
    this.readyAfter = readyAfter;
  }

  /// A tenant's WhatsApp channel.
  record Channel(String tenantId, String apiKey, String id, PhoneNumber number) {}

  /// The folder of the repository: where the launcher is.
  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isExecutable(at.resolve("parley"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("run it inside the repository");
    }
    return at;
  }

  /// Settings for a database of the cluster.
  static List<String> on(Cluster cluster, String database) {
    return List.of("database.url=" + cluster.plainUrl(database), "database.password=bench");
  }

  /// Builds it and trains its cache where that is still to be done, so that no start pays for it.
  static void prepare() {
    try {
      Process process =
          new ProcessBuilder(
                  Machine.onAllCores(List.of(root().resolve("parley").toString(), "parts")))
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Starts it on the servers' core and waits until it is ready.
  static Launched start(Path data, String roles, List<String> settings) {
    return start(data, roles, settings, true);
  }

  static Launched start(Path data, String roles, List<String> settings, boolean pinned) {
    try {
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      Files.createDirectories(data);
      var command =
          new ArrayList<>(
              List.of(root().resolve("parley").toString(), "serve", "--roles=" + roles));
      command.addAll(
          List.of("-s", "data.dir=" + data, "-s", "http.port=" + port, "-s", "log.format=text"));
      settings.forEach(setting -> command.addAll(List.of("-s", setting)));
      Path log = data.resolve("log-" + port + ".txt");
      long started = System.nanoTime();
      Process process =
          new ProcessBuilder(pinned ? Machine.onServerCore(command) : Machine.onAllCores(command))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      Duration ready = awaitReady(process, port, log, started);
      return new Launched(process, port, log, ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration awaitReady(Process process, int port, Path log, long started)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    while (process.isAlive() && System.nanoTime() - started < 120_000_000_000L) {
      try {
        if (HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return Duration.ofNanos(System.nanoTime() - started);
        }
      } catch (IOException e) {
        // Not listening yet.
        LockSupport.parkNanos(5_000_000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      LockSupport.parkNanos(5_000_000);
    }
    process.destroy();
    throw new IllegalStateException("Parley did not become ready:\n" + Files.readString(log));
  }

  /// The PostgreSQL that it keeps in its data folder, with its children.
  static List<Long> embeddedDatabase(Path data) throws IOException {
    long postmaster =
        Long.parseLong(
            Files.readAllLines(data.resolve("pgdata/postmaster.pid")).getFirst().strip());
    var all = new ArrayList<>(List.of(postmaster));
    ProcessHandle.of(postmaster)
        .ifPresent(handle -> handle.descendants().forEach(child -> all.add(child.pid())));
    return all;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /// From the launcher's start to the first 200 of `/health/ready`.
  Duration readyAfter() {
    return readyAfter;
  }

  /// A caller without credentials.
  Api api() {
    return Api.of(URI.create("http://127.0.0.1:" + port));
  }

  /// Signs the operator in, whose password the first start has printed into its log.
  Api operator() {
    try {
      Matcher matcher = PASSWORD.matcher(Files.readString(log));
      if (!matcher.find()) {
        throw new IllegalStateException("no password in " + log);
      }
      return api().login("operator@localhost", matcher.group(1), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes two tenants with a key and a WhatsApp channel each.
  Channel[] channels() {
    Api operator = operator();
    return new Channel[] {channel(operator, "acme", 0), channel(operator, "globex", 1)};
  }

  private Channel channel(Api operator, String slug, int n) {
    String tenant =
        operator
            .createTenant(slug, slug, "admin@" + slug + ".example", Tenant.password(slug))
            .path("id")
            .asText();
    String key = operator.in(slug).createKey("bench", Tenant.SCOPES).path("secret").asText();
    PhoneNumber number = PhoneNumber.of(n);
    String channel =
        api()
            .withKey(key)
            .post("/api/v1/channels", Api.whatsApp("Support", number))
            .ok()
            .path("id")
            .asText();
    return new Channel(tenant, key, channel, number);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
