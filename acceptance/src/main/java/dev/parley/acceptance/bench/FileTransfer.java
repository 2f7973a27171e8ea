package dev.parley.acceptance.bench;

import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleUnaryOperator;

/// Files of 100 MB up and down, beside nginx with the same bytes, and what the server's memory does meanwhile. nginx
/// stores by PUT and does not force what it stores to the disk, nor hash it; so there is a second comparison, with
/// `sha256sum` and `sync` of what it has stored, which Parley does before it answers.
final class FileTransfer {
  private static final int MEGABYTE = 1 << 20;
  private static final int BUFFER = 256 << 10;

  private final int megabytes;
  private final byte[] block = new byte[MEGABYTE];

  private FileTransfer(int megabytes) {
    this.megabytes = megabytes;
    new Random(1).nextBytes(block);
  }

  static void run(Options options, Figures figures) throws IOException {
    Path data = Files.createTempDirectory("parley-bench-data-");
    Path peer = Files.createTempDirectory("parley-bench-nginx-");
    try {
      new FileTransfer(options.quick() ? 50 : 100).compare(options, figures, data, peer);
    } finally {
      Machine.run(List.of("rm", "-rf", data.toString(), peer.toString()));
    }
  }

  private void compare(Options options, Figures figures, Path data, Path peer) throws IOException {
    try (Launched parley = Launched.start(data, "all", List.of());
        Nginx nginx = Nginx.start(peer)) {
      String tenant = "acme";
      var operator = parley.operator();
      operator.createTenant(tenant, tenant, "admin@acme.example", Tenant.password(tenant));
      String key = operator.in(tenant).createKey("bench", Tenant.SCOPES).path("secret").asText();
      var up = new ArrayList<Double>();
      var down = new ArrayList<Double>();
      var peerUp = new ArrayList<Double>();
      var peerDown = new ArrayList<Double>();
      var peerSafe = new ArrayList<Double>();
      var sides = new Sides(parley.port(), nginx, key);
      Machine.say("files: warm up");
      for (int i = 0; i < (options.quick() ? 2 : 10); i++) {
        sides.parley(up, down);
      }
      up.clear();
      down.clear();
      double before = Machine.residentMegabytes(parley.pid());
      var highest = new Highest(parley.pid());
      for (int round = 0; round < (options.quick() ? 2 : 7); round++) {
        Machine.say("files: Parley");
        sides.parley(up, down);
        if (nginx.isThere()) {
          Machine.say("files: nginx");
          sides.nginx(peerUp, peerSafe, peerDown);
        }
      }
      double growth = highest.end() - before;
      add(figures, "file of %d MB, upload".formatted(megabytes), up, peerUp);
      add(figures, "the same, nginx's file then hashed and synced", up, peerSafe);
      add(figures, "file of %d MB, download".formatted(megabytes), down, peerDown);
      figures.atMost("resident memory gained by those uploads and downloads", growth, 32, "MB");
    }
  }

  private static void add(Figures figures, String what, List<Double> ours, List<Double> peer) {
    double rate = Figures.median(ours);
    if (peer.isEmpty()) {
      figures.add(new Figures.Line(what, "%.0f MB/s".formatted(rate), "", "", "", true));
      return;
    }
    DoubleUnaryOperator ratio = i -> ours.get((int) i) / peer.get((int) i);
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ratio.applyAsDouble(i));
    }
    double median = Figures.median(ratios);
    figures.add(
        new Figures.Line(
            what,
            "%.0f MB/s".formatted(rate),
            "%.0f MB/s nginx".formatted(Figures.median(peer)),
            "%.2f×".formatted(median),
            "≥ 0.5×",
            median >= 0.5));
  }

  /// The two servers as a client sees them.
  private final class Sides {
    private final int parley;
    private final Nginx nginx;
    private final String key;
    private int number;

    Sides(int parley, Nginx nginx, String key) {
      this.parley = parley;
      this.nginx = nginx;
      this.key = key;
    }

    void parley(List<Double> up, List<Double> down) {
      String[] answer = new String[1];
      up.add(rate(() -> answer[0] = send(parley, "POST", "/api/v1/files", "X-API-Key: " + key)));
      String path = URI.create(Json.read(answer[0]).path("url").asText()).getPath();
      down.add(rate(() -> fetch(parley, path)));
    }

    void nginx(List<Double> up, List<Double> safe, List<Double> down) {
      String path = "/file" + ++number;
      long put = nanos(() -> send(nginx.port(), "PUT", path, "X-Nothing: 1"));
      long more = nanos(() -> nginx.hashAndSync(path));
      up.add(megabytes * 1e9 / put);
      safe.add(megabytes * 1e9 / (put + more));
      down.add(rate(() -> fetch(nginx.port(), path)));
    }

    private double rate(Runnable work) {
      return megabytes * 1e9 / nanos(work);
    }

    private long nanos(Runnable work) {
      long started = System.nanoTime();
      work.run();
      return System.nanoTime() - started;
    }

    private String send(int port, String method, String path, String header) {
      // No two files are alike: the server would keep them once.
      block[0]++;
      block[1] += (byte) (block[0] == 0 ? 1 : 0);
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        OutputStream out = socket.getOutputStream();
        out.write(
            """
            %s %s HTTP/1.1\r
            Host: localhost\r
            Connection: close\r
            %s\r
            Content-Type: application/octet-stream\r
            Content-Length: %d\r
            \r
            """
                .formatted(method, path, header, (long) megabytes * MEGABYTE)
                .getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < megabytes; i++) {
          out.write(block);
        }
        out.flush();
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!answer.startsWith("HTTP/1.1 20")) {
          throw new IllegalStateException(answer);
        }
        return answer.substring(Math.max(0, answer.indexOf('{')));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void fetch(int port, String path) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket
            .getOutputStream()
            .write(
                "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .formatted(path)
                    .getBytes(StandardCharsets.US_ASCII));
        InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        byte[] buffer = new byte[BUFFER];
        long count = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          count += n;
        }
        if (count < (long) megabytes * MEGABYTE) {
          throw new IllegalStateException("only " + count + " bytes came");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Watches a process's memory.
  private static final class Highest {
    private final Thread thread;
    private volatile double value;
    private volatile boolean over;

    Highest(long pid) {
      thread =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    while (!over) {
                      value = Math.max(value, Machine.residentMegabytes(pid));
                      LockSupport.parkNanos(20_000_000);
                    }
                  });
    }

    double end() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return value;
    }
  }
}
