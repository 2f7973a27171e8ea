package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.CappedBody;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import dev.parley.platform.http.RequestLimits;
import dev.parley.platform.http.RequestLimits.RouteClass;
import dev.parley.platform.http.WebhookCalls;
import dev.parley.platform.json.Json;
import dev.parley.platform.limits.RateLimits.Limit;
import dev.parley.platform.queue.GroupCommit;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.roles.CrashPoint;
import dev.parley.platform.telemetry.Trace;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Genesys Cloud's webhooks: `POST /webhooks/genesys/{integrationId}`.
///
/// A POST is answered 200 after it is committed, and never before: Genesys gives an answer ten seconds and tries again
/// for 85, so whatever is to be done is done later, and what cannot be done is told by a receipt. It is refused with 401
/// when none of the integration's secrets has signed its very bytes, 413 over 1 MB, 404 for an integration that does not
/// exist, 503 when the database does not take it, so that Genesys sends it again. A GET of the address of an
/// integration answers 204, for who sets it up. Runs on the event loop; nothing in it blocks.
@Singleton
public final class GenesysWebhook {
  /// Where the addresses of webhooks begin.
  static final String PATH = "/webhooks/genesys/";

  private static final Logger LOG = Logger.getLogger(GenesysWebhook.class);
  private static final int MOST_BYTES = 1 << 20;
  // Parsing more than this would hold up other connections of the event loop.
  private static final int INLINE_BYTES = 64 << 10;
  private static final String TENANT = TenantId.class.getName();

  private final Integrations integrations;
  private final GroupCommit intake;
  private final WebhookCalls log;
  private final RequestLimits limits;
  private final Vertx vertx;
  private final InstantSource clock;
  private final Counter accepted;
  private final Counter unsigned;
  private final Counter refused;

  /// Hands webhooks to `intake`.
  public GenesysWebhook(
      Integrations integrations,
      GroupCommit intake,
      RequestLimits limits,
      WebhookCalls log,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry metrics) {
    this.integrations = integrations;
    this.intake = intake;
    this.limits = limits;
    this.log = log;
    this.vertx = vertx;
    this.clock = clock;
    this.accepted = metrics.counter("parley.webhooks", "provider", "genesys", "result", "accepted");
    this.unsigned = metrics.counter("parley.webhooks", "provider", "genesys", "result", "unsigned");
    this.refused = metrics.counter("parley.webhooks", "provider", "genesys", "result", "refused");
  }

  /// Adds the routes. They come before every other handler, so that nothing else costs time on this path.
  public void mount(Router router) {
    router.post(PATH + "*").order(-1001).handler(this::receive);
    router
        .get(PATH + "*")
        .order(-1000)
        .handler(context -> withAccount(context, _ -> context.response().setStatusCode(204).end()));
  }

  private void receive(RoutingContext context) {
    long started = System.nanoTime();
    CappedBody.read(
        context.request(),
        MOST_BYTES,
        new CappedBody.Reader() {
          @Override
          public void whole(byte[] body) {
            withAccount(context, account -> checked(context, account, body, started));
          }

          @Override
          public void tooLarge() {
            context.response().putHeader("Connection", "close");
            refuse(
                context,
                new Problem(
                    Problem.Code.TOO_LARGE, "A webhook has at most " + MOST_BYTES + " bytes."));
          }
        });
  }

  private interface WithAccount {
    void go(GenesysAccount account);
  }

  private void withAccount(RoutingContext context, WithAccount next) {
    UUID id;
    try {
      String path = context.normalizedPath();
      id = UUID.fromString(path.startsWith(PATH) ? path.substring(PATH.length()) : "");
    } catch (IllegalArgumentException e) {
      refuse(context, Problem.notFound("integration"));
      return;
    }
    Optional<GenesysAccount> recent = integrations.recent(id);
    if (recent != null) {
      found(context, recent, next);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Optional<GenesysAccount> account = integrations.account(id);
                loop.runOnContext(_ -> found(context, account, next));
              } catch (RuntimeException e) {
                LOG.warnf("genesys: cannot look up integration %s: %s", id, e.getMessage());
                loop.runOnContext(_ -> unavailable(context));
              }
            });
  }

  private void found(RoutingContext context, Optional<GenesysAccount> account, WithAccount next) {
    if (account.isPresent()) {
      context.put(TENANT, account.get().tenant());
      next.go(account.get());
    } else {
      refuse(context, Problem.notFound("integration"));
    }
  }

  private void checked(RoutingContext context, GenesysAccount account, byte[] body, long started) {
    String signature = context.request().getHeader(GenesysSignature.HEADER);
    if (!GenesysSignature.by(account.credentials().webhookSecrets(), signature, body)) {
      unsigned.increment();
      note(account, false);
      refuse(
          context,
          new Problem(
              Problem.Code.UNAUTHENTICATED,
              "X-Hub-Signature-256 is not of this body and integration."));
      return;
    }
    Limit limit = limits.limit(RouteClass.WEBHOOK).orElse(null);
    if (limit == null) {
      admitted(context, account, body, started);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    limits
        .buckets()
        .ask(RequestLimits.bucket(account.tenant(), RouteClass.WEBHOOK), limit)
        .thenAccept(
            decision ->
                loop.runOnContext(
                    _ -> {
                      if (decision.allowed()) {
                        admitted(context, account, body, started);
                      } else {
                        refuse(context, limits.over(RouteClass.WEBHOOK, decision));
                      }
                    }));
  }

  private void admitted(RoutingContext context, GenesysAccount account, byte[] body, long started) {
    CrashPoint.BEFORE_INTAKE_COMMIT.reached();
    Trace trace =
        Trace.accept(
            context.request().getHeader("X-Correlation-Id"),
            context.request().getHeader("traceparent"));
    if (body.length <= INLINE_BYTES) {
      submit(context, account, WebhookItem.of(account, body, trace, clock.instant()), started);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .start(
            () -> {
              WorkItem item = WebhookItem.of(account, body, trace, clock.instant());
              loop.runOnContext(_ -> submit(context, account, item, started));
            });
  }

  private void submit(RoutingContext context, GenesysAccount account, WorkItem item, long started) {
    Context loop = vertx.getOrCreateContext();
    boolean taken =
        intake.submit(
            List.of(item),
            task -> loop.runOnContext(_ -> task.run()),
            new GroupCommit.Answer() {
              @Override
              public void committed() {
                HttpServerResponse response = context.response();
                if (!response.closed()) {
                  response.setStatusCode(200).end();
                }
                accepted.increment();
                note(account, true);
                log.accepted(context.request(), account.tenant(), started);
                CrashPoint.AFTER_INTAKE_ANSWER.reached();
              }

              @Override
              public void failed(Throwable cause) {
                unavailable(context);
              }
            });
    if (!taken) {
      unavailable(context);
    }
  }

  private void note(GenesysAccount account, boolean good) {
    if (integrations.calledAnew(account, good)) {
      Thread.ofVirtual().start(() -> integrations.noteCall(account, good));
    }
  }

  private void unavailable(RoutingContext context) {
    refuse(
        context,
        Problem.later(
            Problem.Code.UNAVAILABLE,
            "The webhook could not be stored; send it again.",
            Duration.ofSeconds(2)));
  }

  private void refuse(RoutingContext context, Problem problem) {
    refused.increment();
    HttpServerResponse response = context.response();
    log.refused(context.request(), context.get(TENANT), problem);
    if (response.ended() || response.closed()) {
      return;
    }
    Duration retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
    response
        .setStatusCode(problem.code().status())
        .putHeader("Content-Type", "application/problem+json")
        .end(Json.write(ProblemResponse.body(problem)));
  }
}
