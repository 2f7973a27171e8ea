package dev.parley.platform.http;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/// A body that is JSON but not of the form that a route takes. The framework has an answer of its own for it, without a
/// body, which only a mapper of the very same type replaces.
@Provider
@Singleton
public final class UnreadableBody implements ExceptionMapper<MismatchedInputException> {
  private final ProblemResponse problems;

  /// Answers as every other problem is answered.
  public UnreadableBody(ProblemResponse problems) {
    this.problems = problems;
  }

  @Override
  public Response toResponse(MismatchedInputException thrown) {
    return problems.toResponse(thrown);
  }
}
