package dev.parley.sandbox.genesys;

import dev.parley.sandbox.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What Genesys calls by itself: the receivers of webhooks, and the addresses of attachments.
final class Wire implements AutoCloseable {
  private final HttpClient http;

  Wire(Executor executor) {
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(executor)
            .build();
  }

  /// The outcome of one POST; status 0 with the reason when there was no answer.
  record Answer(int status, @Nullable String failure) {}

  /// A file that was fetched.
  ///
  /// @param status 0 when there was no answer
  /// @param bytes no more than was allowed and one
  record Fetched(int status, String contentType, Bytes bytes, @Nullable String failure) {}

  /// Posts the bytes as they are.
  ///
  /// @param signature the value of `X-Hub-Signature-256`; null to leave it out
  Answer post(
      String url,
      Bytes body,
      Map<String, String> headers,
      @Nullable String signature,
      Duration timeout) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(timeout)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()));
      headers.forEach(request::setHeader);
      request.setHeader("Content-Type", "application/json");
      if (signature != null) {
        request.setHeader("X-Hub-Signature-256", signature);
      }
      return new Answer(
          http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode(), null);
    } catch (IOException | IllegalArgumentException e) {
      return new Answer(0, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "sandbox closed");
    }
  }

  /// Fetches a file; reads one byte more than `most`, and no more.
  Fetched fetch(String url, int most, Duration timeout) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(timeout).GET().build();
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        return new Fetched(
            response.statusCode(),
            response.headers().firstValue("Content-Type").orElse(""),
            Bytes.of(in.readNBytes(most + 1)),
            null);
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Fetched(0, "", Bytes.of(""), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Fetched(0, "", Bytes.of(""), "sandbox closed");
    }
  }

  /// The signature of these bytes as Genesys makes it: in Base64, although its header is that of
  /// Meta's, which holds hexadecimal digits.
  static String sign(Bytes body, String secret) {
    return "sha256=" + Base64.getEncoder().encodeToString(hmac(body, secret));
  }

  static byte[] hmac(Bytes body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(body.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
