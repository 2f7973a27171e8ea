package dev.parley.media;

/// The storage did not do what it was asked: it cannot be reached, is full, or refuses. The same may work later.
public final class StorageFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StorageFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
