package dev.parley.sandbox.genesys;

/// Ends a call of the Platform API with an error.
final class ApiRefusal extends RuntimeException {
  private final ApiError error;

  ApiRefusal(ApiError error) {
    // No stack trace: a refusal is an ordinary answer and there may be thousands a second.
    super(error.message(), null, false, false);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
