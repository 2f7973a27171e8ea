package dev.parley.platform.http;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.Call;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.db.Ids;
import dev.parley.platform.telemetry.Trace;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Which webhooks of providers stand in the log of calls: one of so many that were accepted, whose contents are in the
/// event log anyway, and those that were refused, up to ten a second. Without their bodies. Cheap enough for an event
/// loop.
public final class WebhookCalls {
  private static final int REFUSED_A_SECOND = 10;

  private final CallLog log;
  private final int oneOf;
  private final InstantSource clock;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();

  /// Logs the first and then one of `oneOf` accepted ones; none with 0.
  public WebhookCalls(CallLog log, int oneOf, InstantSource clock) {
    this.log = log;
    this.oneOf = oneOf;
    this.clock = clock;
  }

  /// One was committed and answered 200; `started` is what `System.nanoTime()` said when it came.
  public void accepted(HttpServerRequest request, TenantId tenant, long started) {
    if (oneOf > 0 && log.on() && Math.floorMod(accepted.getAndIncrement(), oneOf) == 0) {
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
      log.add(call(request, tenant, 200, micros, null));
    }
  }

  /// One was refused; `tenant` is null where it is not known whose channel it is.
  public void refused(HttpServerRequest request, @Nullable TenantId tenant, Problem problem) {
    if (oneOf == 0 || !log.on()) {
      return;
    }
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (second.getAndSet(now) != now) {
      refused.set(0);
    }
    if (refused.incrementAndGet() <= REFUSED_A_SECOND) {
      log.add(
          call(
              request,
              tenant == null ? TenantId.NONE : tenant,
              problem.code().status(),
              0,
              problem.getMessage()));
    }
  }

  private Call call(
      HttpServerRequest request,
      TenantId tenant,
      int status,
      long micros,
      @Nullable String failure) {
    return new Call(
        tenant,
        Ids.next(),
        clock.instant(),
        Call.Direction.IN,
        request.method().name(),
        null,
        String.valueOf(request.path()),
        request.query(),
        status,
        micros,
        null,
        request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
        Trace.accept(request.getHeader(Correlation.HEADER), null).correlationId(),
        request.bytesRead(),
        request.response().bytesWritten(),
        null,
        null,
        failure);
  }
}
