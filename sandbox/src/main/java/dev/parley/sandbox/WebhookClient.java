package dev.parley.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Calls the receiver of webhooks: the handshake and the signed POSTs.
final class WebhookClient implements AutoCloseable {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;

  WebhookClient(Executor executor) {
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

  /// Posts the bytes as they are.
  ///
  /// @param signature the value of `X-Hub-Signature-256`; null to leave it out
  Answer post(String url, Bytes body, @Nullable String signature, Duration timeout) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(timeout)
              .header("Content-Type", "application/json")
              .header("User-Agent", "facebookexternalua")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()));
      if (signature != null) {
        request.header("X-Hub-Signature-256", signature);
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

  /// Asks the receiver to prove that it knows the verify token.
  ///
  /// @return null when it did, else what was wrong
  @Nullable String handshake(String url, String verifyToken) {
    String challenge =
        Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000L, 9_999_999_999L));
    String query =
        "hub.mode=subscribe&hub.challenge=%s&hub.verify_token=%s"
            .formatted(challenge, URLEncoder.encode(verifyToken, StandardCharsets.UTF_8));
    try {
      URI uri = URI.create(url + (url.contains("?") ? "&" : "?") + query);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(HANDSHAKE_TIMEOUT).GET().build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        return "HTTP Status Code = " + response.statusCode();
      }
      return response.body().equals(challenge) ? null : "the answer is not the challenge";
    } catch (IOException | IllegalArgumentException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "sandbox closed";
    }
  }

  /// The signature header of these bytes.
  static String sign(Bytes body, String appSecret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(appSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
