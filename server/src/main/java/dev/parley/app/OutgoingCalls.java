package dev.parley.app;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.Call;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.OutboundCalls;
import dev.parley.platform.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands calls of providers to the log of calls, under the tenant and correlation id that the calling thread works for.
final class OutgoingCalls implements OutboundCalls {
  private final CallLog log;
  private final InstantSource clock;

  OutgoingCalls(CallLog log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  @Override
  public void made(Made call) {
    if (!log.on()) {
      return;
    }
    log.add(
        new Call(
            tenant(),
            Ids.next(),
            clock.instant(),
            Call.Direction.OUT,
            call.method(),
            null,
            String.valueOf(call.uri().getPath()),
            call.uri().getRawQuery(),
            call.status(),
            TimeUnit.NANOSECONDS.toMicros(call.time().toNanos()),
            null,
            call.uri().getHost(),
            Trace.current().correlationId(),
            call.requestBytes(),
            call.responseBytes(),
            beginning(call.requestBody()),
            beginning(call.responseBody()),
            call.failure()));
  }

  private static TenantId tenant() {
    try {
      return TenantId.parse(Trace.currentTenant());
    } catch (IllegalArgumentException e) {
      return TenantId.NONE;
    }
  }

  private @Nullable String beginning(byte @Nullable [] body) {
    return body == null
        ? null
        : new String(body, 0, Math.min(body.length, log.excerpt()), StandardCharsets.UTF_8);
  }
}
