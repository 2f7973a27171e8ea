package dev.parley.platform.telemetry;

import dev.parley.platform.db.Ids;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/// What ties together everything that one request or webhook causes: it goes through queue, events,
/// log lines and outgoing calls.
///
/// @param correlationId at most 64 characters of `[A-Za-z0-9._:-]`
/// @param traceparent W3C trace context as it came in, or null
/// @param causationId the event that caused this work, or null
public record Trace(
    String correlationId, @Nullable String traceparent, @Nullable UUID causationId) {

  private static final Pattern CORRELATION = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  // One virtual thread serves one request or one batch from start to end, so a thread's local is
  // the request's.
  private static final ThreadLocal<@Nullable Trace> CURRENT = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

  /// The tenant that the thread works for, as it stands on log lines; `none` where there is none.
  public static String currentTenant() {
    String tenant = TENANT.get();
    return tenant == null || tenant.isEmpty() ? "none" : tenant;
  }

  /// Takes what a client sent when it is well-formed, and makes what is missing.
  public static Trace accept(@Nullable String correlationId, @Nullable String traceparent) {
    String correlation =
        correlationId != null && CORRELATION.matcher(correlationId).matches()
            ? correlationId
            : Ids.next().toString();
    String parent =
        traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null;
    return new Trace(correlation, parent, null);
  }

  /// The trace of this thread's work, empty where nothing was set.
  public static Optional<Trace> find() {
    return Optional.ofNullable(CURRENT.get());
  }

  /// The trace of this thread's work; a fresh one where nothing was set.
  public static Trace current() {
    Trace trace = CURRENT.get();
    return trace == null ? accept(null, null) : trace;
  }

  /// Makes this the trace of the thread until [#leave], with its fields on every log line.
  public void enter(String tenant) {
    CURRENT.set(this);
    TENANT.set(tenant);
    MDC.put("correlationId", correlationId);
    MDC.put("tenant", tenant);
  }

  /// Ends what [#enter] began.
  public static void leave() {
    CURRENT.remove();
    TENANT.remove();
    MDC.remove("correlationId");
    MDC.remove("tenant");
  }

  /// Runs work under this trace.
  public <T> T call(String tenant, Supplier<T> work) {
    enter(tenant);
    try {
      return work.get();
    } finally {
      leave();
    }
  }
}
