package dev.parley.acceptance.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The one HTTP client of a run.
public final class Http {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final HttpClient CLIENT;

  static {
    // Tenants may be named by the host of a request, which the JDK's client otherwise writes
    // itself.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
    CLIENT =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  private Http() {}

  /// The answer whatever its status. A connection that fails comes out as `UncheckedIOException`.
  public static Answer call(
      String method, URI address, Map<String, String> headers, byte @Nullable [] body) {
    try {
      return answer(
          CLIENT.send(
              request(method, address, headers, body), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + address + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// The bytes at an address, with no credentials; an `AssertionError` for any answer but 200.
  public static byte[] bytes(URI address) {
    try {
      HttpResponse<byte[]> response =
          CLIENT.send(
              request("GET", address, Map.of(), null), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new AssertionError(address + " was answered " + response.statusCode());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException("GET " + address + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// The same without waiting.
  public static CompletableFuture<Answer> begin(
      String method, URI address, Map<String, String> headers, byte @Nullable [] body) {
    return CLIENT
        .sendAsync(request(method, address, headers, body), HttpResponse.BodyHandlers.ofString())
        .thenApply(Http::answer);
  }

  private static HttpRequest request(
      String method, URI address, Map<String, String> headers, byte @Nullable [] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    return request.build();
  }

  private static Answer answer(HttpResponse<String> response) {
    return new Answer(
        response.request().method() + " " + response.uri(),
        response.statusCode(),
        response.headers(),
        response.body());
  }
}
