package dev.parley.platform.http;

import dev.parley.platform.access.Caller;
import dev.parley.platform.http.IdempotentRequests.Claim;
import dev.parley.platform.json.Json;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/// Gives every POST of a signed-in caller the header `Idempotency-Key`: the same request under the same key has its
/// effect once and its answer again. Routes with [OwnIdempotency] see to that themselves. Runs after the caller is known and before the route.
@Provider
@Singleton
@Priority(Priorities.ENTITY_CODER)
public final class Idempotency implements ContainerResponseFilter {
  /// The request header.
  public static final String HEADER = "Idempotency-Key";

  /// Says that an answer is one that was given before.
  public static final String REPLAYED = "Idempotent-Replayed";

  private static final int KEY_LENGTH = 255;
  private static final String CLAIM = Idempotency.class.getName();
  private static final Duration SOON = Duration.ofSeconds(1);

  private final IdempotentRequests requests;

  /// Remembers in `requests`.
  public Idempotency(IdempotentRequests requests) {
    this.requests = requests;
  }

  /// Answers what was answered before, or null when the route is to run.
  @ServerRequestFilter(priority = Priorities.ENTITY_CODER)
  public @Nullable Response claim(ContainerRequestContext request, ResourceInfo route)
      throws IOException {
    String key = request.getHeaderString(HEADER);
    if (key == null
        || !request.getMethod().equals("POST")
        || !(request.getSecurityContext().getUserPrincipal() instanceof Caller caller)) {
      return null;
    }
    if (key.isBlank() || key.length() > KEY_LENGTH) {
      throw Problem.invalid(HEADER, "must have 1 to " + KEY_LENGTH + " characters");
    }
    if (route.getResourceMethod().isAnnotationPresent(OwnIdempotency.class)) {
      return null;
    }
    byte[] body;
    if (route.getResourceMethod().isAnnotationPresent(Streamed.class)) {
      body = described(request);
    } else {
      body = request.getEntityStream().readAllBytes();
      request.setEntityStream(new ByteArrayInputStream(body));
    }
    switch (requests.claim(caller, key, fingerprint(request, body))) {
      case Claim.Granted granted -> {
        request.setProperty(CLAIM, granted);
        return null;
      }
      case Claim.Answered answered -> {
        return replay(answered);
      }
      case Claim.Running _ ->
          throw Problem.later(
              Problem.Code.IDEMPOTENCY_CONFLICT,
              "The first request with this Idempotency-Key is still running; ask again shortly.",
              SOON);
      case Claim.Taken _ -> throw taken();
    }
  }

  /// The refusal of a key that came with another request before.
  public static Problem taken() {
    return new Problem(
        Problem.Code.IDEMPOTENCY_CONFLICT,
        "This Idempotency-Key came with another request; use a new key for each request.");
  }

  /// What stands for a body that is not to be read here. The boundary of a form is another each time it is sent.
  private static byte[] described(ContainerRequestContext request) {
    MediaType type = request.getMediaType();
    String text =
        (type == null ? "" : type.getType() + "/" + type.getSubtype())
            + "\n"
            + request.getHeaderString("Content-Length");
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!(request.getProperty(CLAIM) instanceof Claim.Granted claim)) {
      return;
    }
    if (response.getStatus() < 200 || response.getStatus() > 299) {
      requests.release(claim);
      return;
    }
    Object entity = response.getEntity();
    requests.complete(
        claim,
        response.getStatus(),
        response.getHeaderString("Location"),
        entity == null ? null : text(entity));
  }

  private static String text(Object entity) {
    return entity instanceof String text ? text : Json.write(entity);
  }

  private static Response replay(Claim.Answered answered) {
    var response = Response.status(answered.status()).header(REPLAYED, "true");
    @Nullable String location = answered.location();
    if (location != null) {
      response.header("Location", location);
    }
    @Nullable String body = answered.body();
    if (body != null) {
      response.type(MediaType.APPLICATION_JSON_TYPE).entity(body);
    }
    return response.build();
  }

  private static String fingerprint(ContainerRequestContext request, byte[] body) {
    URI uri = request.getUriInfo().getRequestUri();
    String query = uri.getRawQuery();
    MessageDigest digest = sha256();
    digest.update(
        (request.getMethod() + "\n" + uri.getRawPath() + "\n" + (query == null ? "" : query) + "\n")
            .getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(body));
  }

  /// Stands for what was asked: 64 characters, the same for the same text.
  public static String print(String asked) {
    return HexFormat.of().formatHex(sha256().digest(asked.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
