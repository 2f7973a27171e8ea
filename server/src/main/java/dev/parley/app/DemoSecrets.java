package dev.parley.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// What the demo has to know at its next start: passwords, keys and ids, in a file of the data folder that only its
/// owner can read.
final class DemoSecrets {
  private final Path file;
  private final ObjectNode values;

  private DemoSecrets(Path file, ObjectNode values) {
    this.file = file;
    this.values = values;
  }

  static DemoSecrets in(Path folder) {
    Path file = folder.resolve("demo.json");
    try {
      if (Files.exists(file)) {
        return new DemoSecrets(file, Json.read(Files.readString(file), ObjectNode.class));
      }
      Files.createDirectories(folder);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, "{}");
      return new DemoSecrets(file, Json.MAPPER.createObjectNode());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make " + file, e);
    }
  }

  synchronized Optional<String> find(String name) {
    return Optional.ofNullable(values.path(name).textValue());
  }

  /// The value; a random one, which is kept, when there is none.
  synchronized String orRandom(String name) {
    return find(name)
        .orElseGet(
            () -> {
              String fresh = Secret.random(18).reveal();
              keep(name, fresh);
              return fresh;
            });
  }

  synchronized void keep(String name, String value) {
    values.put(name, value);
    try {
      Files.writeString(file, values.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  Path file() {
    return file;
  }
}
