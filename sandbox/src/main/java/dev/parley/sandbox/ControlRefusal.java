package dev.parley.sandbox;

/// Ends a control call with a plain error; the message is for the person who wrote the call.
public final class ControlRefusal extends RuntimeException {
  private final int status;

  /// With that status and message.
  public ControlRefusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /// What the caller gets.
  public Reply.Body reply() {
    return Reply.json(status, Json.object().put("error", String.valueOf(getMessage())));
  }
}
