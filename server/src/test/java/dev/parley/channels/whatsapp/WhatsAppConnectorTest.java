package dev.parley.channels.whatsapp;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelConnector;
import dev.parley.channels.ChannelConnectorContract;
import dev.parley.channels.ProviderFiles;
import dev.parley.media.MediaFixture;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.sandbox.WhatsAppSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatsAppConnectorTest extends ChannelConnectorContract {
  private static final String NUMBER = "/sandbox/numbers/106540352242922";

  private final WhatsAppSandbox sandbox = WhatsAppSandbox.start("127.0.0.1", 0);
  private final HttpClient control = HttpClient.newHttpClient();
  private final OutboundHttp http =
      new OutboundHttp(List.of("127.0.0.1:" + sandbox.url().getPort(), "127.0.0.1:1"));
  private final UUID channel = UUID.randomUUID();
  private final MediaFixture media = MediaFixture.create();

  @BeforeEach
  void forget() {
    call("POST", "/sandbox/reset", "");
    call(
        "PUT",
        NUMBER,
        """
        {"displayPhoneNumber":"+1 555-078-3881","wabaId":"102290129340398","accessToken":"right-token",
         "appSecret":"0123456789abcdef","verifyToken":"verify-me"}
        """);
    call("PUT", NUMBER + "/behaviour", "{\"windowRefusal\":\"off\",\"statuses\":[]}");
  }

  @AfterAll
  void close() {
    http.close();
    sandbox.close();
    media.close();
  }

  private String call(String method, String path, String body) {
    try {
      return control
          .send(
              HttpRequest.newBuilder(URI.create(sandbox.url() + path))
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fault(String rule) {
    call("PUT", NUMBER + "/faults", "[" + rule + "]");
  }

  @Override
  protected ChannelConnector connector() {
    return connector(sandbox.url().toString());
  }

  private ChannelConnector connector(String url) {
    String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    var times =
        new WhatsAppClient.Times(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    return new WhatsAppConnector(
        new WhatsAppClient(http, base, "v23.0", times),
        media.files,
        new ProviderFiles(media.db.tenants(), media.clock),
        WhatsAppMediaFixture.conversions(),
        WhatsAppMediaFixture.messageMedia(media),
        media.clock);
  }

  @Override
  protected ChannelConnector unreachable() {
    return connector("http://127.0.0.1:1");
  }

  @Override
  protected ChannelAccount account() {
    return account("right-token");
  }

  @Override
  protected ChannelAccount accountWithWrongCredentials() {
    return account("wrong-token");
  }

  private ChannelAccount account(String token) {
    return new ChannelAccount(
        tenant,
        channel,
        channel,
        WhatsAppConnector.KIND,
        "active",
        Json.tree("{\"phoneNumberId\":\"106540352242922\",\"wabaId\":\"102290129340398\"}"),
        new ChannelAccount.Credentials(
            new Secret(token), List.of(new Secret("0123456789abcdef")), new Secret("verify-me")));
  }

  @Override
  protected void refuseNext() {
    fault("{\"on\":\"messages\",\"mode\":\"error\",\"code\":131026,\"times\":1}");
  }

  @Override
  protected void throttleNext() {
    fault(
        "{\"on\":\"messages\",\"mode\":\"error\",\"code\":130429,\"retryAfterSeconds\":7,\"times\":1}");
  }

  @Override
  protected void failNext() {
    fault(
        "{\"on\":\"messages\",\"mode\":\"error\",\"code\":131000,\"httpStatus\":500,\"times\":1}");
  }

  @Override
  protected void takeAndCutNext() {
    fault("{\"on\":\"messages\",\"mode\":\"resetAfterAccept\",\"times\":1}");
  }

  @Override
  protected int taken() {
    return Json.tree(call("GET", NUMBER + "/counts", "")).path("accepted").asInt();
  }
}
