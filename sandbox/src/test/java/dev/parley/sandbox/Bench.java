package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A sandbox with one registered number and a receiver of its webhooks, driven over HTTP.
final class Bench implements AutoCloseable {
  static final String NUMBER = "106540352242922";
  static final String WABA = "102290129340398";
  static final String TOKEN = "EAAtoken";
  static final String SECRET = "app-secret";
  static final String CUSTOMER = "16505551234";

  final WhatsAppSandbox sandbox = WhatsAppSandbox.start("127.0.0.1", 0);
  final Receiver receiver = new Receiver("verify-me");
  final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /// An answer with its body read as JSON.
  record Answer(int status, JsonNode json, HttpResponse<byte[]> raw) {
    int errorCode() {
      return json.path("error").path("code").asInt();
    }

    String details() {
      return json.path("error").path("error_data").path("details").asText();
    }

    String wamid() {
      return json.path("messages").path(0).path("id").asText();
    }
  }

  Bench() {
    Answer answer = register(receiver.url());
    if (!answer.json().path("handshake").asText().equals("ok")) {
      throw new AssertionError(answer.json().toString());
    }
    behaviour(
        "{\"statusDelayMs\":1,\"statusGapMs\":1,\"webhookRetryMs\":5,\"templateReviewMs\":1}");
  }

  Answer register(String webhookUrl) {
    return control(
        "PUT",
        "/sandbox/numbers/" + NUMBER,
        """
        {"displayPhoneNumber":"+1 555-078-3881","wabaId":"%s","accessToken":"%s","appSecret":"%s",
         "verifyToken":"verify-me","webhookUrl":"%s"}"""
            .formatted(WABA, TOKEN, SECRET, webhookUrl));
  }

  void behaviour(String json) {
    must(control("PUT", "/sandbox/numbers/" + NUMBER + "/behaviour", json));
  }

  void faults(String json) {
    must(control("PUT", "/sandbox/numbers/" + NUMBER + "/faults", json));
  }

  /// Lets the customer write and waits until the business has it: the 24-hour window is open then.
  JsonNode customerWrites(String json) {
    Answer answer =
        control(
            "POST",
            "/sandbox/numbers/" + NUMBER + "/customers/" + CUSTOMER + "/messages?wait=true",
            json);
    return must(answer).json();
  }

  void openWindow() {
    customerWrites("{\"type\":\"text\",\"text\":{\"body\":\"hi\"}}");
  }

  JsonNode counts() {
    return must(control("GET", "/sandbox/numbers/" + NUMBER + "/counts", null)).json();
  }

  Answer send(String typeAndContent) {
    return send(
        NUMBER,
        TOKEN,
        "{\"messaging_product\":\"whatsapp\",\"to\":\"+1 650 555 1234\"," + typeAndContent + "}");
  }

  Answer send(String number, @Nullable String token, String body) {
    return call(
        "POST",
        "/v23.0/" + number + "/messages",
        token,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8));
  }

  Answer graph(String method, String path, @Nullable String body) {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    return call(method, path, TOKEN, "application/json", bytes);
  }

  Answer control(String method, String path, @Nullable String body) {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    return call(method, path, null, "application/json", bytes);
  }

  Answer call(String method, String path, @Nullable String token, String contentType, byte[] body) {
    try {
      return exchange(method, path, token, contentType, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer exchange(
      String method, String path, @Nullable String token, String contentType, byte[] body)
      throws IOException {
    URI uri = URI.create(path.startsWith("http") ? path : sandbox.url() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", contentType)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String text = new String(response.body(), StandardCharsets.UTF_8);
      return new Answer(response.statusCode(), Json.parseOrText(text), response);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Uploads a file and returns the answer.
  Answer upload(String mimeType, byte[] file) {
    String boundary = "----boundary7MA4YWxk";
    String head =
        """
        --%1$s\r
        Content-Disposition: form-data; name="messaging_product"\r
        \r
        whatsapp\r
        --%1$s\r
        Content-Disposition: form-data; name="file"; filename="f.bin"\r
        Content-Type: %2$s\r
        \r
        """
            .formatted(boundary, mimeType);
    byte[] start = head.getBytes(StandardCharsets.UTF_8);
    byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[start.length + file.length + end.length];
    System.arraycopy(start, 0, body, 0, start.length);
    System.arraycopy(file, 0, body, start.length, file.length);
    System.arraycopy(end, 0, body, start.length + file.length, end.length);
    return call(
        "POST",
        "/v23.0/" + NUMBER + "/media",
        TOKEN,
        "multipart/form-data; boundary=" + boundary,
        body);
  }

  private static Answer must(Answer answer) {
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.json());
    }
    return answer;
  }

  @Override
  public void close() {
    sandbox.close();
    receiver.close();
    http.shutdownNow();
  }
}
