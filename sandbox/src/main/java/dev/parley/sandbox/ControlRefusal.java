package dev.parley.sandbox;

/// Ends a control call with a plain error; the message is for the person who wrote the call.
final class ControlRefusal extends RuntimeException {
  private final int status;

  ControlRefusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  Reply.Body reply() {
    return Reply.json(status, Json.object().put("error", String.valueOf(getMessage())));
  }
}
