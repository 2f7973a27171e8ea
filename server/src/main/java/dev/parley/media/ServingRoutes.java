package dev.parley.media;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import dev.parley.platform.json.Json;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// `GET /files/{signed}`: the bytes of a file or rendition to whoever has its signed address. Ranges, entity tags and
/// caching as RFC 9110 and 9111 say. Files of a folder go from the disk to the socket without passing through the
/// program; those of other storages in pieces of 64 KB.
///
/// What a browser could run is never shown in its window: only a few types are, everything else is saved, all of it under
/// a policy that forbids scripts and under the type that its bytes were found to be.
@Singleton
public final class ServingRoutes {
  private static final Logger LOG = Logger.getLogger(ServingRoutes.class);
  private static final int PIECE = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REDIRECT_LIFE = Duration.ofMinutes(5);

  /// What a browser may show. Not PDF: its viewers run scripts, and do not work under the policy.
  private static final Set<String> INLINE =
      Set.of(
          "image/jpeg",
          "image/png",
          "image/gif",
          "image/webp",
          "video/mp4",
          "video/webm",
          "audio/mpeg",
          "audio/ogg",
          "audio/mp4",
          "audio/aac",
          "audio/webm");

  private static final String POLICY =
      "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

  private final Files files;
  private final Links links;
  private final BlobStorage storage;
  private final Vertx vertx;
  private final InstantSource clock;
  private final Counter served;
  private final Counter refused;

  /// Serves out of `storage` what `links` open.
  public ServingRoutes(
      Files files,
      Links links,
      BlobStorage storage,
      Vertx vertx,
      MeterRegistry metrics,
      InstantSource clock) {
    this.files = files;
    this.links = links;
    this.storage = storage;
    this.vertx = vertx;
    this.clock = clock;
    this.served = metrics.counter("parley.files.served", "result", "served");
    this.refused = metrics.counter("parley.files.served", "result", "refused");
  }

  /// Adds the route.
  public void mount(Router router) {
    router.route(Links.PATH + "*").order(-800).handler(this::serve);
  }

  private void serve(RoutingContext routing) {
    HttpMethod method = routing.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      routing.response().putHeader("Allow", "GET, HEAD");
      refuse(
          routing, new Problem(Problem.Code.METHOD_NOT_ALLOWED, "This address knows GET alone."));
      return;
    }
    String path = routing.request().path();
    Optional<Links.Target> target =
        path.startsWith(Links.PATH)
            ? links.open(path.substring(Links.PATH.length()))
            : Optional.empty();
    if (target.isEmpty()) {
      refuse(routing, absent());
      return;
    }
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .name("serve")
        .start(
            () -> {
              try {
                found(routing, loop, target.get());
              } catch (Problem e) {
                loop.runOnContext(_ -> refuse(routing, e));
              } catch (RuntimeException e) {
                LOG.warnf("a file cannot be served: %s", e.getMessage());
                loop.runOnContext(_ -> refuse(routing, unavailable()));
              }
            });
  }

  private static Problem absent() {
    return new Problem(
        Problem.Code.NOT_FOUND,
        "This address is of no file, or its time is over; ask for a new one.");
  }

  private static Problem unavailable() {
    return Problem.later(
        Problem.Code.UNAVAILABLE,
        "The file cannot be read now; try again shortly.",
        Duration.ofSeconds(2));
  }

  private static void refuse(HttpServerResponse response, Problem problem) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    Duration retryAfter = problem.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
    response
        .setStatusCode(problem.code().status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(Json.write(ProblemResponse.body(problem)));
  }

  private void refuse(RoutingContext routing, Problem problem) {
    refused.increment();
    refuse(routing.response(), problem);
  }

  /// On a thread of its own.
  private void found(RoutingContext routing, Context loop, Links.Target target) {
    TenantId tenant = target.tenant();
    switch (files
        .locate(tenant, target.file(), target.rendition())
        .orElseThrow(ServingRoutes::absent)) {
      case Files.Found.Withheld withheld -> throw FileRoutes.withheld(withheld.file());
      case Files.Found.There there -> {
        Answer answer = answer(routing, target, there);
        Optional<URI> elsewhere =
            storage.presignGet(
                tenant, there.blob(), there.type(), answer.disposition(), REDIRECT_LIFE);
        if (elsewhere.isPresent()) {
          loop.runOnContext(_ -> redirect(routing.response(), elsewhere.get()));
          return;
        }
        if (answer.hasBody() && storage.size(tenant, there.blob()).isEmpty()) {
          LOG.errorf("the object %s of tenant %s is not in the storage", there.blob(), tenant);
          throw FileRoutes.withheld(there.file());
        }
        Optional<Path> file = storage.file(tenant, there.blob());
        if (!answer.hasBody() || file.isPresent()) {
          loop.runOnContext(_ -> send(routing.response(), answer, file.orElse(null)));
        } else {
          stream(routing.response(), loop, tenant, there, answer);
        }
      }
    }
  }

  /// What is answered: status, headers and which bytes.
  private record Answer(
      int status,
      String type,
      String disposition,
      String etag,
      long maxAge,
      @Nullable String contentRange,
      long offset,
      long length,
      boolean hasBody) {}

  private Answer answer(RoutingContext routing, Links.Target target, Files.Found.There there) {
    var request = routing.request();
    String etag = '"' + there.sha256() + '"';
    boolean inline = !target.download() && INLINE.contains(there.type());
    StoredFile file = there.file();
    String name =
        target.rendition() == null
            ? FileNames.converted(file.name(), file.type(), there.type())
            : null;
    String disposition = FileNames.disposition(inline, name);
    long maxAge = Math.max(0, Duration.between(clock.instant(), target.until()).toSeconds());
    boolean get = request.method().equals(HttpMethod.GET);
    long size = there.size();
    if (matches(request.getHeader("If-None-Match"), etag)) {
      return new Answer(304, there.type(), disposition, etag, maxAge, null, 0, 0, false);
    }
    String ifRange = request.getHeader("If-Range");
    String header = ifRange == null || ifRange.equals(etag) ? request.getHeader("Range") : null;
    return switch (get ? ByteRange.parse(header, size) : new ByteRange.Whole()) {
      case ByteRange.Whole _ ->
          new Answer(200, there.type(), disposition, etag, maxAge, null, 0, size, get);
      case ByteRange.Part part ->
          new Answer(
              206,
              there.type(),
              disposition,
              etag,
              maxAge,
              "bytes %d-%d/%d".formatted(part.first(), part.last(), size),
              part.first(),
              part.last() - part.first() + 1,
              true);
      case ByteRange.Beyond _ ->
          new Answer(416, there.type(), disposition, etag, maxAge, "bytes */" + size, 0, 0, false);
    };
  }

  private static boolean matches(@Nullable String header, String etag) {
    if (header == null) {
      return false;
    }
    for (String one : header.split(",")) {
      String tag = one.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private static void head(HttpServerResponse response, Answer answer) {
    response.setStatusCode(answer.status());
    if (answer.status() != 304) {
      response.putHeader("Content-Length", Long.toString(answer.length()));
    }
    if (answer.status() == 200 || answer.status() == 206) {
      response
          .putHeader("Content-Type", answer.type())
          .putHeader("Content-Disposition", answer.disposition());
    }
    String range = answer.contentRange();
    if (range != null) {
      response.putHeader("Content-Range", range);
    }
    response
        .putHeader("ETag", answer.etag())
        .putHeader("Accept-Ranges", "bytes")
        .putHeader("Cache-Control", "private, max-age=" + answer.maxAge() + ", immutable")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Cross-Origin-Resource-Policy", "cross-origin")
        // Whoever has the address has the bytes; no credentials come with it.
        .putHeader("Access-Control-Allow-Origin", "*")
        .putHeader("Referrer-Policy", "no-referrer");
  }

  private static void redirect(HttpServerResponse response, URI elsewhere) {
    response
        .setStatusCode(302)
        .putHeader("Location", elsewhere.toString())
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer")
        .end();
  }

  private void send(HttpServerResponse response, Answer answer, @Nullable Path file) {
    if (response.closed()) {
      return;
    }
    head(response, answer);
    served.increment();
    if (file == null || !answer.hasBody() || answer.length() == 0) {
      response.end();
      return;
    }
    response
        .sendFile(file.toString(), answer.offset(), answer.length())
        .onFailure(
            e -> {
              LOG.debugf("a file was not sent to its end: %s", e.getMessage());
              // Once the head is out, hanging up is the only way to say that something is missing.
              if (!response.closed()) {
                response.reset();
              }
            });
  }

  private void stream(
      HttpServerResponse response,
      Context loop,
      TenantId tenant,
      Files.Found.There there,
      Answer answer) {
    try (InputStream bytes =
        storage
            .open(tenant, there.blob(), answer.offset(), answer.length())
            .orElseThrow(() -> FileRoutes.withheld(there.file()))) {
      // What follows is written from this thread, and not before the head is there.
      CompletableFuture.runAsync(
              () -> head(response, answer), task -> loop.runOnContext(_ -> task.run()))
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      byte[] buffer = new byte[PIECE];
      for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
        // Done when it is in the socket: one piece is on its way at a time.
        response
            .write(Buffer.buffer(n).appendBytes(buffer, 0, n))
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      response.end();
      served.increment();
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.debugf("a file was not sent to its end: %s", e.getMessage());
      loop.runOnContext(_ -> response.reset());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      loop.runOnContext(_ -> response.reset());
    }
  }
}
