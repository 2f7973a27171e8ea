package dev.parley.media.renditions;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which of the optional programs this machine has, looked up once.
public final class Programs {
  private static final Path SHELL = Path.of("/bin/sh");

  private final Map<Program, Path> found;

  private Programs(Map<Program, Path> found) {
    this.found = found;
  }

  /// Those in the folders of `path`, which is of the form of the variable `PATH`. Empty where there
  /// is no POSIX shell to limit them with.
  public static Programs in(String path) {
    var found = new EnumMap<Program, Path>(Program.class);
    if (Files.isExecutable(SHELL)) {
      for (Program program : Program.values()) {
        folders(path).stream()
            .map(folder -> folder.resolve(program.word()))
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .findFirst()
            .ifPresent(file -> found.put(program, file));
      }
    }
    return new Programs(found);
  }

  /// Those that this process would find.
  public static Programs ofSystem() {
    String path = System.getenv("PATH");
    return in(path == null ? "/usr/local/bin:/usr/bin:/bin" : path);
  }

  /// As if none was installed.
  public static Programs none() {
    return new Programs(Map.of());
  }

  private static List<Path> folders(String path) {
    return Arrays.stream(path.split(File.pathSeparator))
        .flatMap(
            text -> {
              try {
                return Stream.of(Path.of(text));
              } catch (InvalidPathException e) {
                return Stream.empty();
              }
            })
        .filter(Path::isAbsolute)
        .toList();
  }

  /// Whether it is there.
  public boolean has(Program program) {
    return found.containsKey(program);
  }

  /// Those that are not there.
  public List<Program> missing() {
    return Arrays.stream(Program.values()).filter(program -> !has(program)).toList();
  }

  Path file(Program program) {
    Path file = found.get(program);
    if (file == null) {
      throw new IllegalStateException(program.word() + " is not installed");
    }
    return file;
  }
}
