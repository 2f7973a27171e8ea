package dev.parley.realtime;

/// Why the server ends a connection. `docs/realtime.md` is written for clients from this list.
public enum Closing {
  /// The process goes; another one, or this one soon, goes on.
  DRAINING(4000, "draining", true, "The server restarts; connect again after `retryAfter`."),
  /// The client does not read what is sent.
  SLOW(4001, "slow", true, "The client read too slowly; connect again and resume."),
  /// Nothing came for too long, not even an answer to pings.
  IDLE(4002, "idle", true, "Nothing came from the client for too long."),
  /// The client was let in, but what it may see cannot be found out now.
  UNAVAILABLE(4003, "unavailable", true, "Not available now; connect again after `retryAfter`."),
  /// The access token has expired and no new one came.
  EXPIRED(4010, "token-expired", true, "Get a fresh token, connect again and resume."),
  /// The sign-in or key is no longer good.
  REVOKED(4011, "revoked", false, "The sign-in is over or the key is revoked; sign in again."),
  /// The tenant is suspended or deleted.
  SUSPENDED(4012, "tenant-suspended", false, "The tenant is suspended."),
  /// No credentials within the time, or none that are good.
  UNAUTHENTICATED(4013, "unauthenticated", false, "Show a good token, key or ticket first."),
  /// The page's origin is not on the tenant's list.
  ORIGIN(4014, "origin", false, "The tenant does not allow this origin."),
  /// Too many connections of the user, tenant or process.
  CONNECTIONS(4020, "too-many-connections", true, "Too many connections; close some of them."),
  /// Too many commands.
  COMMANDS(4021, "too-many-commands", true, "Too many commands a second; slow down."),
  /// What the client sent is not of the protocol.
  PROTOCOL(4022, "protocol", false, "What was sent is not of this protocol."),
  /// What the client sent is too large.
  TOO_LARGE(4023, "too-large", false, "What was sent is too large.");

  private final int code;
  private final String word;
  private final boolean resumable;
  private final String doc;

  Closing(int code, String word, boolean resumable, String doc) {
    this.code = code;
    this.word = word;
    this.resumable = resumable;
    this.doc = doc;
  }

  /// The WebSocket close code, 4000 to 4999.
  public int code() {
    return code;
  }

  /// The reason on the wire and in metrics.
  public String word() {
    return word;
  }

  /// Whether the client should connect again by itself and resume.
  public boolean resumable() {
    return resumable;
  }

  /// What to do, for people.
  public String doc() {
    return doc;
  }
}
