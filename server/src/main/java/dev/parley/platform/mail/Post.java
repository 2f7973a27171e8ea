package dev.parley.platform.mail;

/// The way out for mails.
public interface Post {
  /// Hands a mail over; returns when the other side has taken it.
  void send(Mail mail) throws Refused, Unreachable;

  /// The other side will never take this mail.
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /// With what it said.
    public Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The mail was not taken now; another time it may be.
  final class Unreachable extends Exception {
    private static final long serialVersionUID = 1L;

    /// With what went wrong.
    public Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
