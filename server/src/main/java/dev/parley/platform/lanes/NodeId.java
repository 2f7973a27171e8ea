package dev.parley.platform.lanes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The identity of a process among those that share a database. It is kept in the data folder under
/// a file lock, so that a process that was killed and starts again is the same node and has its
/// lanes back at once, while two processes on one folder are two nodes.
public final class NodeId {
  private NodeId() {}

  /// Takes the first identity of the folder that no living process holds, or makes one.
  public static UUID claim(Path folder) {
    try {
      Path nodes = Files.createDirectories(folder.resolve("nodes"));
      for (int slot = 0; ; slot++) {
        UUID id = take(nodes.resolve("node-" + slot));
        if (id != null) {
          return id;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep this node's identity in " + folder, e);
    }
  }

  // The channel stays open, and with it the lock, for the life of the process.
  @SuppressWarnings({"resource", "MustBeClosedChecker"})
  private static @Nullable UUID take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    String text = Files.readString(file);
    if (text.length() == 36) {
      return UUID.fromString(text);
    }
    UUID fresh = UUID.randomUUID();
    Files.writeString(file, fresh.toString());
    return fresh;
  }
}
