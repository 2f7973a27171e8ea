package dev.parley.platform.http;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.RequestLimits.RouteClass;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The way in of a provider's webhooks, `POST /webhooks/{provider}/{id}`, where the id is that of the account that the
/// provider calls.
///
/// A POST is answered 200 after its items are committed, and never before. It is refused with 401 when the provider has
/// not signed its very bytes, 413 when it is too large, 404 for an account that does not exist, 429 over the tenant's
/// limit, 503 when the database does not take it, so that the provider sends it again. Runs on the event loop; nothing in
/// it blocks.
///
/// @param <A> an account
public final class WebhookIntake<A> {
  private static final Logger LOG = Logger.getLogger(WebhookIntake.class);
  private static final String TENANT = TenantId.class.getName();
  // Parsing more than this would hold up other connections of the event loop.
  private static final int INLINE_BYTES = 64 << 10;

  /// What is a provider's own. All is called on the event loop and must not block, but for [#account].
  public interface Provider<A> {
    /// Its name in addresses and metrics.
    String name();

    /// What its accounts are called in answers.
    String account();

    /// The longest body, in bytes.
    int mostBytes();

    /// The account if it is known without blocking, empty when it is known that there is none; null when somebody has to
    /// look.
    @Nullable Optional<A> recent(UUID id);

    /// Looks the account up; may block.
    Optional<A> account(UUID id);

    /// Whose it is.
    TenantId tenant(A account);

    /// Whether the provider has signed exactly these bytes.
    boolean signed(A account, HttpServerRequest request, byte[] body);

    /// What is to be done about a body, each with its key and lane. Whatever the body is.
    List<WorkItem> items(A account, byte[] body, Trace trace, Instant now);

    /// The provider, or somebody who is not, has called.
    void called(A account, boolean signed);
  }

  /// What every way in needs.
  public record Doors(
      GroupCommit intake,
      RequestLimits limits,
      WebhookCalls log,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry metrics) {}

  private final Provider<A> provider;
  private final Doors doors;
  private final String path;

  /// For an event loop's thread: what runs tasks on it.
  private final ThreadLocal<Executor> loop;

  private final Counter accepted;
  private final Counter unsigned;
  private final Counter items;
  private final Counter refused;
  private final Timer answered;

  /// Hands the provider's webhooks to the doors' intake.
  public WebhookIntake(Provider<A> provider, Doors doors) {
    this.provider = provider;
    this.doors = doors;
    this.path = path(provider.name());
    this.loop =
        ThreadLocal.withInitial(
            () -> {
              Context context = doors.vertx().getOrCreateContext();
              return task -> context.runOnContext(_ -> task.run());
            });
    this.accepted = counter("accepted");
    this.unsigned = counter("unsigned");
    this.refused = counter("refused");
    this.items = doors.metrics().counter("parley.webhook.updates", "provider", provider.name());
    this.answered =
        Timer.builder("parley.webhook.time")
            .tag("provider", provider.name())
            .publishPercentiles(0.5, 0.99)
            .register(doors.metrics());
  }

  private Counter counter(String result) {
    return doors
        .metrics()
        .counter("parley.webhooks", "provider", provider.name(), "result", result);
  }

  /// Where the addresses of a provider's webhooks begin.
  public static String path(String provider) {
    return "/webhooks/" + provider + "/";
  }

  /// Adds the routes; `get` answers a GET of an account's address. They come before every other handler, so that nothing
  /// else costs time on this path.
  public void mount(Router router, Get<A> get) {
    // A path with a parameter would be matched by a regular expression; this one is by its
    // beginning.
    router.post(path + "*").order(-1001).handler(this::receive);
    router
        .get(path + "*")
        .order(-1000)
        .handler(context -> withAccount(context, account -> get.answer(context, account)));
  }

  /// Answers a GET.
  public interface Get<A> {
    /// On the event loop.
    void answer(RoutingContext context, A account);
  }

  private void receive(RoutingContext context) {
    long started = System.nanoTime();
    CappedBody.read(
        context.request(),
        provider.mostBytes(),
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
                    Problem.Code.TOO_LARGE,
                    "A webhook has at most " + provider.mostBytes() + " bytes."));
          }
        });
  }

  private void withAccount(RoutingContext context, Consumer<A> next) {
    UUID id;
    try {
      String given = context.normalizedPath();
      // Vert.x lets the path without the last slash through as well.
      id = UUID.fromString(given.startsWith(path) ? given.substring(path.length()) : "");
    } catch (IllegalArgumentException e) {
      refuse(context, Problem.notFound(provider.account()));
      return;
    }
    Optional<A> recent = provider.recent(id);
    if (recent != null) {
      found(context, recent, next);
      return;
    }
    Executor here = loop.get();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Optional<A> account = provider.account(id);
                here.execute(() -> found(context, account, next));
              } catch (RuntimeException e) {
                LOG.warnf("%s: cannot look up %s: %s", provider.name(), id, e.getMessage());
                here.execute(() -> unavailable(context));
              }
            });
  }

  private void found(RoutingContext context, Optional<A> account, Consumer<A> next) {
    if (account.isPresent()) {
      context.put(TENANT, provider.tenant(account.get()));
      next.accept(account.get());
    } else {
      refuse(context, Problem.notFound(provider.account()));
    }
  }

  private void checked(RoutingContext context, A account, byte[] body, long started) {
    if (!provider.signed(account, context.request(), body)) {
      unsigned.increment();
      provider.called(account, false);
      answer(
          context,
          new Problem(
              Problem.Code.UNAUTHENTICATED,
              "X-Hub-Signature-256 is not of this body and " + provider.account() + "."));
      return;
    }
    Limit limit = doors.limits().limit(RouteClass.WEBHOOK).orElse(null);
    if (limit == null) {
      admitted(context, account, body, started);
      return;
    }
    Executor here = loop.get();
    doors
        .limits()
        .buckets()
        .ask(RequestLimits.bucket(provider.tenant(account), RouteClass.WEBHOOK), limit)
        .thenAccept(
            decision ->
                here.execute(
                    () -> {
                      if (decision.allowed()) {
                        admitted(context, account, body, started);
                      } else {
                        refuse(context, doors.limits().over(RouteClass.WEBHOOK, decision));
                      }
                    }));
  }

  private void admitted(RoutingContext context, A account, byte[] body, long started) {
    CrashPoint.BEFORE_INTAKE_COMMIT.reached();
    Trace trace =
        Trace.accept(
            context.request().getHeader("X-Correlation-Id"),
            context.request().getHeader("traceparent"));
    if (body.length <= INLINE_BYTES) {
      submit(
          context, account, provider.items(account, body, trace, doors.clock().instant()), started);
      return;
    }
    Executor here = loop.get();
    Thread.ofVirtual()
        .start(
            () -> {
              List<WorkItem> made = provider.items(account, body, trace, doors.clock().instant());
              here.execute(() -> submit(context, account, made, started));
            });
  }

  private void submit(RoutingContext context, A account, List<WorkItem> made, long started) {
    boolean taken =
        doors
            .intake()
            .submit(
                made,
                loop.get(),
                new GroupCommit.Answer() {
                  @Override
                  public void committed() {
                    HttpServerResponse response = context.response();
                    if (!response.closed()) {
                      response.setStatusCode(200).end();
                    }
                    accepted.increment();
                    provider.called(account, true);
                    doors.log().accepted(context.request(), provider.tenant(account), started);
                    items.increment(made.size());
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
    refuse(
        context,
        Problem.later(
            Problem.Code.UNAVAILABLE,
            "The webhook could not be stored; send it again.",
            Duration.ofSeconds(2)));
  }

  private void refuse(RoutingContext context, Problem problem) {
    refused.increment();
    answer(context, problem);
  }

  /// Answers with a problem.
  public void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    doors.log().refused(context.request(), context.get(TENANT), problem);
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
