package dev.parley.sandbox;

/// Ends a Graph call with an error.
final class GraphRefusal extends RuntimeException {
  private final GraphError error;

  GraphRefusal(GraphError error) {
    // No stack trace: a refusal is an ordinary answer and there may be thousands a second.
    super(error.title(), null, false, false);
    this.error = error;
  }

  GraphError error() {
    return error;
  }
}
