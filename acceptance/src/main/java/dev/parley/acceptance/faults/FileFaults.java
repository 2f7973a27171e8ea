package dev.parley.acceptance.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What happens to files when the server dies while they come in and while they are swept. Lost is an acknowledged file
/// whose bytes cannot be read, or a row without an object; doubled an object without a row.
final class FileFaults {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int SIZE = 2 << 20;

  private FileFaults() {}

  /// `rounds` kills at random moments of uploads, as many of sweeps, and a death at each named place.
  static void run(int rounds, Random random, Consumer<Tally> told) {
    Path folder = Folders.temporary("files");
    try (Sandbox sandbox = Sandbox.start()) {
      Parley.Options options =
          Parley.Options.in(folder)
              .sandbox(sandbox)
              .set("media.sweep", "200ms")
              .set("media.abandoned-after", "8s");
      Tenant acme;
      try (Place place = new Place(options.set("media.unused-life", "7d"))) {
        acme = Fixture.make(place.server, sandbox).acme();
        place.kills(acme, rounds, random);
        place.crash(acme, "FILE_STORED");
        told.accept(place.tally(acme, "SIGKILL while files come in", rounds + 1, true));
      }
      try (Place place = new Place(options.set("media.unused-life", "1s"))) {
        place.kills(acme, rounds, random);
        place.crash(acme, "FILE_DOOMED");
        place.crash(acme, "FILE_SWEPT");
        told.accept(place.tally(acme, "SIGKILL while files are swept", rounds + 2, false));
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /// A server with files that are used by nobody.
  private static final class Place implements AutoCloseable {
    private final Parley server;
    private final Queue<JsonNode> acknowledged = new ConcurrentLinkedQueue<>();
    private int number;

    Place(Parley.Options options) {
      server = Parley.start(options);
    }

    void kills(Tenant tenant, int rounds, Random random) {
      for (int i = 0; i < rounds; i++) {
        if (!server.running()) {
          server.start();
        }
        underLoad(
            tenant,
            () -> {
              Wait.pause(Duration.ofMillis(500 + random.nextInt(2000)));
              server.kill();
            });
      }
    }

    void crash(Tenant tenant, String point) {
      server.kill();
      server.begin(Map.of("parley.crash.at", point, "parley.crash.after", "2"));
      underLoad(
          tenant,
          () -> {
            if (server.awaitEnd(LONG).orElse(0) != 137) {
              throw new AssertionError("it did not die at " + point);
            }
          });
    }

    /// Uploads from three sides until the server is gone.
    private void underLoad(Tenant tenant, Runnable death) {
      ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
      for (int i = 0; i < 3; i++) {
        var bytes = new Random(++number);
        senders.execute(() -> upload(tenant, bytes));
      }
      death.run();
      senders.shutdownNow();
      try {
        if (!senders.awaitTermination(1, TimeUnit.MINUTES)) {
          throw new AssertionError("the uploads do not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    private void upload(Tenant tenant, Random random) {
      byte[] bytes = new byte[SIZE];
      while (!Thread.currentThread().isInterrupted()) {
        random.nextBytes(bytes);
        try {
          Answer answer =
              Http.call(
                  "POST",
                  URI.create(server.url() + "/api/v1/files"),
                  Map.of("X-API-Key", tenant.key(), "Content-Type", "application/octet-stream"),
                  bytes);
          if (answer.status() == 201) {
            acknowledged.add(answer.json());
          }
        } catch (RuntimeException e) {
          // It is dead or about to be; it may still be starting.
          LockSupport.parkNanos(20_000_000);
        }
      }
    }

    Tally tally(Tenant tenant, String fault, int rounds, boolean kept) {
      server.kill();
      server.start();
      JsonNode found =
          Wait.until(
              "only whole files are left",
              LONG,
              () -> tenant.api().post("/api/v1/files/verification", Json.of("hashes", true)).ok(),
              seen ->
                  seen.path("objects").asLong() == seen.path("stored").asLong()
                      && (kept || seen.path("stored").asLong() == 0));
      long lost = found.path("missing").asLong();
      if (kept) {
        for (JsonNode file : List.copyOf(acknowledged)) {
          String id = file.path("id").asText();
          Answer answer = tenant.api().get("/api/v1/files/" + id);
          lost +=
              answer.status() == 200 && answer.json().path("state").asText().equals("ready")
                  ? 0
                  : 1;
        }
      }
      long wrong = found.path("wrongTotals").asBoolean() ? 1 : 0;
      return new Tally(
          fault,
          rounds,
          acknowledged.size(),
          lost,
          found.path("orphans").asLong(),
          wrong,
          found.path("stored").asLong() + " objects, all hashes compared");
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
