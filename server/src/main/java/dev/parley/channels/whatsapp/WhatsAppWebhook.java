package dev.parley.channels.whatsapp;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelCalls;
import dev.parley.channels.Channels;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Secret;
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
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Meta's webhooks: `GET` and `POST /webhooks/whatsapp/{channelId}`.
///
/// A POST is answered 200 after its updates are committed, and never before. It is refused with 401 when none of the
/// channel's secrets has signed its very bytes, 413 over 3 MB, 404 for a channel that does not exist, 503 when the
/// database does not take it, so that Meta sends it again. Runs on the event loop; nothing in it blocks.
public final class WhatsAppWebhook {
  /// Meta's own limit of a body, in bytes.
  static final int MOST_BYTES = 3 << 20;

  private static final String PATH = "/webhooks/whatsapp/";
  private static final String TENANT = TenantId.class.getName();
  private static final Logger LOG = Logger.getLogger(WhatsAppWebhook.class);
  // Parsing more than this would hold up other connections of the event loop.
  private static final int INLINE_BYTES = 64 << 10;
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(WhatsAppWebhook::mac);

  private final Channels channels;
  private final ChannelCalls calls;
  private final GroupCommit intake;
  private final WebhookCalls log;
  private final RequestLimits limits;
  private final Vertx vertx;
  private final InstantSource clock;

  /// For an event loop's thread: what runs tasks on it.
  private final ThreadLocal<Executor> loop;

  private final Counter accepted;
  private final Counter unsigned;
  private final Counter updates;
  private final Counter refused;
  private final Timer answered;

  /// Hands updates to `intake`.
  public WhatsAppWebhook(
      Channels channels,
      ChannelCalls calls,
      GroupCommit intake,
      RequestLimits limits,
      WebhookCalls log,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry metrics) {
    this.channels = channels;
    this.calls = calls;
    this.intake = intake;
    this.log = log;
    this.limits = limits;
    this.vertx = vertx;
    this.clock = clock;
    this.loop =
        ThreadLocal.withInitial(
            () -> {
              Context context = vertx.getOrCreateContext();
              return task -> context.runOnContext(_ -> task.run());
            });
    this.accepted =
        metrics.counter("parley.webhooks", "provider", "whatsapp", "result", "accepted");
    this.unsigned =
        metrics.counter("parley.webhooks", "provider", "whatsapp", "result", "unsigned");
    this.refused = metrics.counter("parley.webhooks", "provider", "whatsapp", "result", "refused");
    this.updates = metrics.counter("parley.webhook.updates", "provider", "whatsapp");
    this.answered =
        Timer.builder("parley.webhook.time").publishPercentiles(0.5, 0.99).register(metrics);
  }

  /// Adds the routes. They come before every other handler, so that nothing else costs time on this path.
  public void mount(Router router) {
    // A path with a parameter would be matched by a regular expression; this one is by its
    // beginning.
    router.post(PATH + "*").order(-1001).handler(this::receive);
    router.get(PATH + "*").order(-1000).handler(this::handshake);
  }

  private void handshake(RoutingContext context) {
    HttpServerRequest request = context.request();
    withAccount(
        context,
        account -> {
          String token = request.getParam("hub.verify_token", "");
          String challenge = request.getParam("hub.challenge", "");
          Secret expected = account.credentials().verifyToken();
          if ("subscribe".equals(request.getParam("hub.mode"))
              && expected != null
              && expected.matches(token)
              && challenge.length() <= 1000) {
            context
                .response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(challenge);
          } else {
            refuse(
                context,
                new Problem(Problem.Code.FORBIDDEN, "The verify token is not this channel's."));
          }
        });
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
            WhatsAppWebhook.this.tooLarge(context);
          }
        });
  }

  private void tooLarge(RoutingContext context) {
    refused.increment();
    context.response().putHeader("Connection", "close");
    refuse(
        context,
        new Problem(Problem.Code.TOO_LARGE, "A webhook has at most " + MOST_BYTES + " bytes."));
  }

  private interface WithAccount {
    void go(ChannelAccount account);
  }

  private void withAccount(RoutingContext context, WithAccount next) {
    UUID id;
    try {
      String path = context.normalizedPath();
      // Vert.x lets the path without the last slash through as well.
      id = UUID.fromString(path.startsWith(PATH) ? path.substring(PATH.length()) : "");
    } catch (IllegalArgumentException e) {
      noChannel(context);
      return;
    }
    Optional<ChannelAccount> recent = channels.recent(id);
    if (recent != null) {
      found(context, recent, next);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Optional<ChannelAccount> account = channels.account(id);
                loop.runOnContext(_ -> found(context, account, next));
              } catch (RuntimeException e) {
                LOG.warnf("whatsapp: cannot look up channel %s: %s", id, e.getMessage());
                loop.runOnContext(_ -> unavailable(context));
              }
            });
  }

  private void found(RoutingContext context, Optional<ChannelAccount> account, WithAccount next) {
    if (account.isPresent() && account.get().kind().equals(WhatsAppConnector.KIND)) {
      context.put(TENANT, account.get().tenant());
      next.go(account.get());
    } else {
      noChannel(context);
    }
  }

  private void noChannel(RoutingContext context) {
    refused.increment();
    refuse(context, Problem.notFound("channel"));
  }

  private void checked(RoutingContext context, ChannelAccount account, byte[] body, long started) {
    String signature = context.request().getHeader("X-Hub-Signature-256");
    if (!signedBy(account.credentials().appSecrets(), signature, body)) {
      unsigned.increment();
      calls.unsigned(account);
      refuse(
          context,
          new Problem(
              Problem.Code.UNAUTHENTICATED,
              "X-Hub-Signature-256 is not of this body and channel."));
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
                        refused.increment();
                        refuse(context, limits.over(RouteClass.WEBHOOK, decision));
                      }
                    }));
  }

  private void admitted(RoutingContext context, ChannelAccount account, byte[] body, long started) {
    CrashPoint.BEFORE_INTAKE_COMMIT.reached();
    Trace trace =
        Trace.accept(
            context.request().getHeader("X-Correlation-Id"),
            context.request().getHeader("traceparent"));
    if (body.length <= INLINE_BYTES) {
      submit(context, account, WhatsAppSplit.split(account, body, trace, clock.instant()), started);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .start(
            () -> {
              List<WorkItem> items = WhatsAppSplit.split(account, body, trace, clock.instant());
              loop.runOnContext(_ -> submit(context, account, items, started));
            });
  }

  private void submit(
      RoutingContext context, ChannelAccount account, List<WorkItem> items, long started) {
    boolean taken =
        intake.submit(
            items,
            loop.get(),
            new GroupCommit.Answer() {
              @Override
              public void committed() {
                HttpServerResponse response = context.response();
                if (!response.closed()) {
                  response.setStatusCode(200).end();
                }
                accepted.increment();
                calls.signed(account);
                log.accepted(context.request(), account.tenant(), started);
                updates.increment(items.size());
                answered.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
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

  private void unavailable(RoutingContext context) {
    refused.increment();
    refuse(
        context,
        Problem.later(
            Problem.Code.UNAVAILABLE,
            "The webhook could not be stored; send it again.",
            Duration.ofSeconds(2)));
  }

  private void refuse(RoutingContext context, Problem problem) {
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

  /// Whether one of the secrets has made the signature of exactly these bytes. Takes the same time whatever differs.
  static boolean signedBy(List<Secret> secrets, @Nullable String signature, byte[] body) {
    if (signature == null || !signature.startsWith("sha256=")) {
      return false;
    }
    byte[] given;
    try {
      given = HexFormat.of().parseHex(signature, 7, signature.length());
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean matches = false;
    for (Secret secret : secrets) {
      matches |= MessageDigest.isEqual(sign(secret, body), given);
    }
    return matches;
  }

  private static byte[] sign(Secret secret, byte[] body) {
    try {
      Mac mac = MAC.get();
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
