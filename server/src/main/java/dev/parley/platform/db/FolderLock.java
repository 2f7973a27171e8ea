package dev.parley.platform.db;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps a folder to one holder on this machine. The kernel lets go of it when the process ends, however it ends.
final class FolderLock implements AutoCloseable {
  /// Closing any channel of a file gives up the process's lock on it, so a second attempt in this process must be
  /// turned away before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private static final int LONGEST_PID = 20;

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the folder, which is a real path, by locking a file of that name in it.
  ///
  /// @throws IllegalStateException when somebody else has it; the message names the folder and the holder
  static FolderLock take(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    if (!HELD_HERE.add(file)) {
      throw taken(folder, Long.toString(ProcessHandle.current().pid()));
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(folder, holder(channel));
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
      return new FolderLock(file, channel);
    } catch (IOException | RuntimeException e) {
      letGo(file, channel);
      throw e;
    }
  }

  private static IllegalStateException taken(Path folder, String pid) {
    return new IllegalStateException(
        "The database folder %s is in use by process %s. Stop that process, or name another folder by data.dir."
            .formatted(folder, pid));
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(LONGEST_PID);
    channel.read(pid, 0);
    String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
    return text.isEmpty() ? "(unknown)" : text;
  }

  private static void letGo(Path file, @Nullable FileChannel channel) throws IOException {
    try (channel) {
      HELD_HERE.remove(file);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      letGo(file, channel);
    }
  }
}
