package dev.parley.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller is told when a request cannot be done. Becomes `application/problem+json` (RFC
/// 9457) in one place, [ProblemResponse]. `detail` says what to do; it holds nothing that the
/// caller may not know.
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Stable codes; clients branch on them. The HTTP status and the title belong to the code.
  public enum Code {
    /// A field is missing, too long or otherwise not what it must be; see `errors`.
    INVALID(400, "The request is not valid"),
    /// The body is not JSON, or not of the type asked for.
    UNREADABLE(400, "The body cannot be read"),
    /// No credentials, or none that are valid.
    UNAUTHENTICATED(401, "Sign in first"),
    /// Two credentials or a credential and the address name different tenants.
    TENANT_CONFLICT(401, "The request names two tenants"),
    /// The caller may not do this.
    FORBIDDEN(403, "Not permitted"),
    /// There is no such thing for this caller.
    NOT_FOUND(404, "Not found"),
    /// This method does not exist here.
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    /// The answer cannot be given in a type that the client accepts.
    NOT_ACCEPTABLE(406, "Not acceptable"),
    /// Something of that name or number is there already.
    CONFLICT(409, "Already there"),
    /// The same Idempotency-Key came with another request, or its first request is still running.
    IDEMPOTENCY_CONFLICT(409, "The Idempotency-Key is in use"),
    /// The resource has changed since the client read it.
    PRECONDITION_FAILED(412, "Changed meanwhile"),
    /// The body is larger than this route takes.
    TOO_LARGE(413, "Too large"),
    /// The body's media type is not taken here.
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    /// The customer last wrote more than 24 hours ago; only a template may be sent.
    WINDOW_CLOSED(422, "The 24-hour window is closed"),
    /// The channel is not able to send this now or at all.
    CHANNEL_UNABLE(422, "The channel cannot do this"),
    /// The bytes are of another type than was said, or of one that is not taken.
    WRONG_TYPE(422, "Not the type that it is said to be"),
    /// The bytes are not those that were announced: another hash, another length, or none at all.
    DAMAGED(422, "Not the bytes that were announced"),
    /// The tenant has used up what it may use.
    QUOTA_EXCEEDED(422, "The quota is used up"),
    /// Another request is working on the same thing.
    LOCKED(423, "Another request is at it"),
    /// The bytes of this request do not have the checksum that came with them (tus 1.0).
    CHECKSUM_MISMATCH(460, "Checksum mismatch"),
    /// Somebody else works on it; `errors` tells who.
    ALREADY_ASSIGNED(409, "Somebody else has it"),
    /// The thing is in a state in which this cannot be done.
    WRONG_STATE(409, "Not possible in this state"),
    /// The tenant is suspended.
    TENANT_SUSPENDED(403, "This tenant is suspended"),
    /// The password is right, but the link in the mail to the address was not opened yet.
    EMAIL_UNVERIFIED(403, "The e-mail address is not confirmed"),
    /// The tenant does not let people become users by themselves, or not with this address.
    REGISTRATION_CLOSED(403, "Registration is not open"),
    /// What needs a mail cannot be done: the installation has no mail server.
    MAIL_OFF(503, "This installation sends no mail"),
    /// Too many tries or requests; see `Retry-After`.
    TOO_MANY(429, "Too many requests"),
    /// The other side did not answer as it must.
    UPSTREAM(502, "The provider did not answer as expected"),
    /// Not now; see `Retry-After`.
    UNAVAILABLE(503, "Not available now"),
    /// A fault of ours; it is logged under the correlation id.
    INTERNAL(500, "Something went wrong here");

    private final int status;
    private final String title;

    Code(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /// The HTTP status.
    public int status() {
      return status;
    }

    /// Short, the same for every occurrence.
    public String title() {
      return title;
    }
  }

  /// What is wrong with one field.
  ///
  /// @param field JSON path of the field, such as `text.body`
  /// @param detail what it must be, such as `must be at most 4096 characters`
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FieldError(String field, String detail) {}

  private final Code code;
  private final transient List<FieldError> errors;
  private final transient @Nullable Duration retryAfter;

  private Problem(
      Code code, String detail, List<FieldError> errors, @Nullable Duration retryAfter) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /// A problem with a sentence for the caller.
  public Problem(Code code, String detail) {
    this(code, detail, List.of(), null);
  }

  /// One field that is not valid.
  public static Problem invalid(String field, String detail) {
    return invalid(List.of(new FieldError(field, detail)));
  }

  /// Several fields that are not valid; at least one.
  public static Problem invalid(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return new Problem(
        Code.INVALID, first.field() + " " + first.detail(), List.copyOf(errors), null);
  }

  /// A problem that one field would settle: `detail` of the error is what the field must be.
  public static Problem settledBy(Code code, String detail, FieldError field) {
    return new Problem(code, detail, List.of(field), null);
  }

  /// There is no such thing, or not for this caller: the two are never told apart.
  public static Problem notFound(String what) {
    return new Problem(Code.NOT_FOUND, "There is no such " + what + ".");
  }

  /// Try again later.
  public static Problem later(Code code, String detail, Duration retryAfter) {
    return new Problem(code, detail, List.of(), retryAfter);
  }

  /// The stable code.
  public Code code() {
    return code;
  }

  /// What is wrong with which field; empty unless the code is [Code#INVALID] or [Code#ALREADY_ASSIGNED].
  public List<FieldError> errors() {
    return errors;
  }

  /// When to try again, or null.
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
