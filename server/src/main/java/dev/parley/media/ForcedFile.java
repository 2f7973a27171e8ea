package dev.parley.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A new file being written, whose errors are the storage's. What is long goes to the disk while more of it still comes:
/// so the last force, for which somebody waits, has little left to do. For one thread.
final class ForcedFile implements AutoCloseable {
  private static final long STEP = 8L << 20;

  private final Path file;
  private final FileChannel channel;
  private CompletableFuture<Void> forcing = CompletableFuture.completedFuture(null);
  private long written;
  private long forced;

  /// Throws [StorageFailure] when it cannot be made, or is there already.
  ForcedFile(Path file) {
    this.file = file;
    try {
      this.channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Appends bytes.
  void write(byte[] from, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(e);
    }
    written += length;
    // Where the disk is slower than the sender it is behind, and nothing piles up here.
    if (written - forced >= STEP && forcing.isDone()) {
      ended();
      forced = written;
      forcing = CompletableFuture.runAsync(() -> force(false), Thread::startVirtualThread);
    }
  }

  /// Returns when everything written is on disk. An error that the system told while it was written in the background
  /// is told here too, since it tells each only once.
  void force() {
    ended();
    force(true);
  }

  private void force(boolean metadata) {
    try {
      channel.force(metadata);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void ended() {
    try {
      forcing.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StorageFailure failure) {
        throw failure;
      }
      throw e;
    }
  }

  /// Closes it once nothing is being forced any more.
  @Override
  public void close() {
    forcing.exceptionally(_ -> null).join();
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private StorageFailure failure(IOException e) {
    return new StorageFailure("cannot write " + file + ": " + e.getMessage(), e);
  }
}
