package dev.parley.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.json.Json;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives JSON answers to reads a weak `ETag`, and answers 304 to a client that has the same already. The answer is
/// written as JSON here, once, and goes out as that text.
@Provider
@Singleton
@Priority(Priorities.USER)
public final class EntityTag implements ContainerResponseFilter {
  private static final int TAG_BYTES = 16;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Object entity = response.getEntity();
    if (!request.getMethod().equals("GET") || response.getStatus() != 200 || !isJson(entity)) {
      return;
    }
    String json = Json.write(entity);
    String tag = "W/\"" + hash(json) + "\"";
    response.getHeaders().putSingle("ETag", tag);
    if (!response.getHeaders().containsKey("Cache-Control")) {
      response.getHeaders().putSingle("Cache-Control", "private, no-cache");
    }
    if (matches(request.getHeaderString("If-None-Match"), tag)) {
      response.setStatus(304);
      response.setEntity(null);
    } else {
      response.setEntity(json, new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
    }
  }

  private static boolean isJson(@Nullable Object entity) {
    return entity instanceof Record
        || entity instanceof Collection
        || entity instanceof Map
        || entity instanceof JsonNode;
  }

  /// Weak comparison (RFC 9110): whether one of the client's tags is this one.
  private static boolean matches(@Nullable String header, String tag) {
    return header != null
        && (header.strip().equals("*")
            || Arrays.stream(header.split(",")).map(String::strip).anyMatch(t -> same(t, tag)));
  }

  private static boolean same(String theirs, String ours) {
    return ours.equals(theirs.startsWith("W/") ? theirs : "W/" + theirs);
  }

  private static String hash(String json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, TAG_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
