package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Channels;
import dev.parley.channels.ProviderFiles;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.MediaFixture;
import dev.parley.media.renditions.Conversions;
import dev.parley.media.renditions.Programs;
import dev.parley.media.renditions.Renditions;
import dev.parley.platform.access.Caller;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.sandbox.WhatsAppSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/// The connector with real files on one side and the sandbox on the other, and two tenants with a channel each.
final class WhatsAppMediaFixture implements AutoCloseable {
  static final String NUMBER = "106540352242922";
  static final String CUSTOMER = "16505551234";

  final WhatsAppSandbox sandbox = WhatsAppSandbox.start("127.0.0.1", 0);
  final MediaFixture media = MediaFixture.create();
  final OutboundHttp http =
      new OutboundHttp(List.of("127.0.0.1:" + sandbox.url().getPort(), "127.0.0.1:1"));
  final ProviderFiles uploads = new ProviderFiles(media.db.tenants(), media.clock);
  final MessageMedia messages = messageMedia(media);
  final WhatsAppConnector connector = connector(sandbox.url().toString());
  final Channels channels;
  final ChannelAccount acme;
  final ChannelAccount globex;
  private final HttpClient control = HttpClient.newHttpClient();

  WhatsAppMediaFixture() {
    channels =
        new Channels(
            media.db.tenants(),
            media.db.system(),
            media.events,
            media.cipher,
            media.audit,
            media.clock,
            List.of(connector));
    call(
        "PUT",
        "",
        """
        {"displayPhoneNumber":"+1 555-078-3881","wabaId":"102290129340398","accessToken":"right-token",
         "appSecret":"0123456789abcdef","verifyToken":"verify-me"}
        """);
    call("PUT", "/behaviour", "{\"windowRefusal\":\"off\",\"statuses\":[]}");
    acme = channel(media.inAcme);
    globex = channel(media.inGlobex);
  }

  WhatsAppConnector connector(String url) {
    var times =
        new WhatsAppClient.Times(
            Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofMillis(700));
    return new WhatsAppConnector(
        new WhatsAppClient(http, url, "v23.0", times),
        media.files,
        uploads,
        conversions(),
        messages,
        media.clock);
  }

  static Conversions conversions() {
    return new Renditions(
            Programs.ofSystem(),
            new Renditions.Settings(
                Path.of("target", "conversions").toAbsolutePath(),
                Duration.ofSeconds(30),
                1L << 30,
                2))
        .conversions();
  }

  /// The files of messages, with a queue that nobody works on.
  static MessageMedia messageMedia(MediaFixture media) {
    var leases = new Leases(media.db.system(), UUID.randomUUID(), Duration.ofSeconds(2));
    var queue =
        new PostgresWorkQueue(
            media.db.tenants(),
            media.db.system(),
            leases,
            new PostgresWorkQueue.Settings(200, 3, 4, Duration.ofMillis(20), Duration.ofMillis(5)));
    return new MessageMedia(media.db.tenants(), media.events, queue, media.files, media.clock);
  }

  private ChannelAccount channel(Caller caller) {
    UUID id =
        channels
            .create(
                caller,
                UUID.randomUUID(),
                "whatsapp",
                "Main",
                Json.tree(
                    "{\"phoneNumberId\":\"%s\",\"wabaId\":\"102290129340398\"}".formatted(NUMBER)),
                new ChannelAccount.Credentials(
                    new Secret("right-token"),
                    List.of(new Secret("0123456789abcdef")),
                    new Secret("verify-me")))
            .id();
    return channels.account(id).orElseThrow();
  }

  /// The same account as the provider would see it with other settings or another token.
  ChannelAccount other(String number, String token) {
    return new ChannelAccount(
        acme.tenant(),
        acme.id(),
        acme.projectId(),
        acme.kind(),
        acme.state(),
        Json.tree("{\"phoneNumberId\":\"%s\",\"wabaId\":\"1\"}".formatted(number)),
        new ChannelAccount.Credentials(new Secret(token), List.of(), null));
  }

  JsonNode call(String method, String path, String body) {
    try {
      return Json.tree(
          control
              .send(
                  HttpRequest.newBuilder(
                          URI.create(sandbox.url() + "/sandbox/numbers/" + NUMBER + path))
                      .method(method, HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  BodyHandlers.ofString())
              .body());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void fault(String on, String mode, String more) {
    call("PUT", "/faults", "[{\"on\":\"%s\",\"mode\":\"%s\"%s}]".formatted(on, mode, more));
  }

  void heal() {
    call("PUT", "/faults", "[]");
  }

  JsonNode counts() {
    return call("GET", "/counts", "").path("media");
  }

  /// A customer's file at the provider, as the webhook tells of it.
  JsonNode sent(String type, String mimeType, byte[] bytes) {
    return call(
            "POST",
            "/customers/" + CUSTOMER + "/messages",
            "{\"type\":\"%s\",\"%s\":{\"mime_type\":\"%s\"},\"data\":\"%s\"}"
                .formatted(type, type, mimeType, Base64.getEncoder().encodeToString(bytes)))
        .path("message");
  }

  Instant now() {
    return media.clock.instant();
  }

  @Override
  public void close() {
    http.close();
    sandbox.close();
    media.close();
  }
}
