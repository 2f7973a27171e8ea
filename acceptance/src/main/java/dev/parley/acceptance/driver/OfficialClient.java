package dev.parley.acceptance.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The official client of Socket.IO on Node, which runs the scenarios of `acceptance/clients/socketio`.
public final class OfficialClient {
  private static final int INSTALLING_MINUTES = 3;

  private OfficialClient() {}

  /// What a scenario came to; `failure` is empty when it passed.
  public record Result(String scenario, String failure) {}

  /// Whether Node and npm are there.
  public static boolean isThere() {
    return works("node") && works("npm");
  }

  private static boolean works(String program) {
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Installs it when first needed, and runs a suite against a server. `restart` is called when a scenario asks for it.
  public static List<Result> run(
      String suite, String url, Map<String, String> environment, Runnable restart) {
    try {
      Path folder = install();
      var builder =
          new ProcessBuilder("node", folder.resolve("scenarios.js").toString(), suite, url);
      builder.environment().putAll(environment);
      Process process = builder.redirectErrorStream(true).start();
      var results = new ArrayList<Result>();
      var other = new StringBuilder();
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
          var answers = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("ok ")) {
            results.add(new Result(line.substring(3), ""));
          } else if (line.startsWith("FAILED ")) {
            results.add(new Result(line.substring(7), line));
          } else if (line.equals("restart please")) {
            restart.run();
            answers.write("restarted\n");
            answers.flush();
          } else {
            other.append(line).append('\n');
          }
        }
      } finally {
        process.destroyForcibly();
      }
      if (results.isEmpty()) {
        throw new AssertionError("no scenario was run:\n" + other);
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path install() throws IOException {
    Path source = Folders.repository().resolve("acceptance/clients/socketio");
    Path folder = Folders.repository().resolve("acceptance/target/clients/socketio");
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "package-lock.json", "scenarios.js")) {
      Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(folder.resolve("node_modules/socket.io-client"))) {
      Process npm =
          new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder.toString())
              .redirectErrorStream(true)
              .start();
      String text = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        if (!npm.waitFor(INSTALLING_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
          throw new AssertionError("the client cannot be installed: " + text);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return folder;
  }
}
