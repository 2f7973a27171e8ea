package dev.parley.media.renditions;

/// Nothing can be made of this file, however often it is tried. The message is the cause that
/// people read.
final class Unrenderable extends Exception {
  private static final long serialVersionUID = 1L;

  Unrenderable(String cause) {
    super(cause);
  }

  Unrenderable(String cause, Throwable reason) {
    super(cause, reason);
  }
}
