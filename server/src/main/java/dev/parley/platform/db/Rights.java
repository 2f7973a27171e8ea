package dev.parley.platform.db;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// As whom the server runs. PostgreSQL refuses to be root.
enum Rights {
  /// We are an ordinary user, and so is the server.
  OURS,

  /// We are root, and the library runs the server in a user namespace of its own.
  NAMESPACE,

  /// We are root where namespaces are forbidden, as in most containers. The server runs as nobody, with root's way of
  /// reaching files and no other right of root's: the data folder need not be open to nobody.
  NOBODY;

  static final int ROOT_ID = 0;
  static final int NOBODY_ID = 65534;

  private static final List<String> SHED =
      List.of(
          "setpriv",
          "--reuid=" + NOBODY_ID,
          "--regid=" + NOBODY_ID,
          "--clear-groups",
          // Without it the kernel answers access(2) as though the right to reach files were not
          // there.
          "--securebits=+no_setuid_fixup",
          "--inh-caps=-all,+dac_override",
          "--ambient-caps=-all,+dac_override",
          "--bounding-set=-all,+dac_override");

  private static final String ORIGINAL = ".program";

  /// What this process has to use.
  ///
  /// @throws IllegalStateException when we are root and no way out of it works
  static Rights available() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return OURS;
    }
    if (LinuxUtils.isUnshareAvailable()) {
      return NAMESPACE;
    }
    if (canShed()) {
      return NOBODY;
    }
    throw new IllegalStateException(
        "PostgreSQL does not run as root, and neither unshare -U nor setpriv can take those rights from it here. "
            + "Start Parley as another user, or name a database by database.url.");
  }

  private static boolean canShed() {
    var command = new ArrayList<String>(SHED);
    command.addAll(List.of("sh", "-c", ":"));
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Puts a script in the place of each program that the library calls, which sheds the rights and calls the program.
  ///
  /// @param version an unpacked version of PostgreSQL
  static void wrap(Path version) throws IOException {
    for (String name : List.of("initdb", "pg_ctl")) {
      Path program = version.resolve("bin").resolve(name);
      Path original = version.resolve("bin").resolve(name + ORIGINAL);
      if (!Files.exists(original)) {
        Files.move(program, original);
      }
      if (!Files.exists(program)) {
        String script =
            "#!/bin/sh\nexec " + String.join(" ", SHED) + " \"$0" + ORIGINAL + "\" \"$@\"\n";
        Files.write(program, script.getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        // The library unpacks again what was changed after its mark.
        Files.setLastModifiedTime(
            version.resolve(PostgresBinaries.WHOLE), FileTime.from(Instant.now()));
      }
    }
  }
}
