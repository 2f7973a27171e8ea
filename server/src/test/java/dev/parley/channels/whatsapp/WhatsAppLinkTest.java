package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.Preparation;
import dev.parley.contacts.Contact;
import dev.parley.contacts.Identity;
import dev.parley.conversations.Content;
import dev.parley.conversations.Conversation;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.Message;
import dev.parley.media.MediaFixture;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files by link that we fetch ourselves, where the channel says so.
class WhatsAppLinkTest {
  private final WhatsAppFixture fixture = new WhatsAppFixture();
  private final HttpServer host = listen();
  private OutboundHttp http = new OutboundHttp(List.of());
  private ChannelAccount account = fixture.channel(fixture.media.acme);

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    host.createContext(
        "/",
        exchange -> {
          try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
              case "/a.png" -> {
                exchange.sendResponseHeaders(200, MediaFixture.PNG.length);
                exchange.getResponseBody().write(MediaFixture.PNG);
              }
              case "/moved" -> {
                exchange.getResponseHeaders().add("Location", "/a.png");
                exchange.sendResponseHeaders(302, -1);
              }
              case "/inside" -> {
                exchange.getResponseHeaders().add("Location", "https://169.254.169.254/");
                exchange.sendResponseHeaders(302, -1);
              }
              case "/large" -> {
                exchange.sendResponseHeaders(200, 6 << 20);
                exchange.getResponseBody().write(MediaFixture.PNG);
                exchange.getResponseBody().flush();
              }
              case "/broken" -> exchange.sendResponseHeaders(503, -1);
              default -> exchange.sendResponseHeaders(404, -1);
            }
          }
        });
    host.start();
    http = new OutboundHttp(List.of("localhost:" + host.getAddress().getPort()));
    account = fetching(account);
  }

  @AfterEach
  void stop() {
    http.close();
    host.stop(0);
    fixture.close();
  }

  private ChannelAccount fetching(ChannelAccount account) {
    JsonNode settings =
        Json.tree("{\"phoneNumberId\":\"106540352242922\",\"wabaId\":\"1\",\"links\":\"fetch\"}");
    return new ChannelAccount(
        account.tenant(),
        account.id(),
        fixture.media.projects.orDefault(account.tenant(), null),
        account.kind(),
        account.state(),
        settings,
        account.credentials());
  }

  private WhatsAppLink links() {
    var time = Duration.ofSeconds(2);
    var client =
        new WhatsAppClient(
            http, "https://graph.invalid", "v23.0", new WhatsAppClient.Times(time, time, time));
    return new WhatsAppLink(client, fixture.media.files, fixture.messageMedia, () -> fixture.now);
  }

  private Deliveries.Outgoing image(String path) {
    fixture.receive(
        account,
        WhatsAppFixture.webhook(
            WhatsAppFixture.text("16505551234", "wamid.in", 1_750_030_073L, "hi"), ""));
    Conversation conversation = fixture.conversationsOf(account).getFirst();
    String link =
        path.startsWith("https") ? path : "http://localhost:" + host.getAddress().getPort() + path;
    var content =
        new Content.Image(new Content.Attachment(null, link, null, null, null, null, null), "Look");
    Message message =
        fixture
            .conversations
            .send(fixture.caller(account), conversation.id(), content, null, null)
            .message();
    return new Deliveries.Outgoing(
        account.tenant(),
        message.id(),
        conversation.id(),
        account.id(),
        0,
        1,
        fixture.now,
        content,
        new Contact(
            Ids.next(),
            Ids.next(),
            "Ana",
            List.of(Identity.phone("16505551234")),
            Map.of(),
            fixture.now,
            fixture.now),
        null);
  }

  @ParameterizedTest
  @CsvSource({"/a.png", "/moved"})
  void aLinkBecomesAFileOfOursAndStaysOne(String path) {
    Deliveries.Outgoing outgoing = image(path);
    assertThat(links().copied(account, outgoing))
        .isInstanceOfSatisfying(
            WhatsAppLink.Copied.Done.class,
            done -> {
              Content.Attachment file = ((Content.Image) done.content()).attachment();
              assertThat(file.fileId()).isNotNull();
              assertThat(file.link()).isNull();
              assertThat(((Content.Image) done.content()).caption()).isEqualTo("Look");
              // A second try finds it in the message.
              assertThat(links().copied(account, outgoing.with(done.content()))).isEqualTo(done);
              assertThat(fixture.messages(account).getLast().content()).isEqualTo(done.content());
            });
  }

  @ParameterizedTest
  @CsvSource({
    "/inside, link-not-allowed",
    "https://10.0.0.1/a.png, link-not-allowed",
    "https://localhost/a.png, link-not-allowed",
    "/nothing, link-not-found",
    "/large, file-not-taken",
    "/broken, link-unreachable"
  })
  void whatCannotBeFetchedSaysWhy(String path, String code) {
    assertThat(links().copied(account, image(path)))
        .isInstanceOfSatisfying(
            WhatsAppLink.Copied.Not.class,
            not ->
                assertThat(
                        switch (not.why()) {
                          case Preparation.Refused refused -> refused.failure().code();
                          case Preparation.RetryAfter later -> later.failure().code();
                          case Preparation.Ready _, Preparation.Wait _ -> "none";
                        })
                    .isEqualTo(code));
  }

  @Test
  void aHostThatStaysAwayIsGivenUp() {
    Deliveries.Outgoing outgoing = image("/broken");
    assertThat(links().copied(account, outgoing))
        .isInstanceOfSatisfying(
            WhatsAppLink.Copied.Not.class,
            not -> assertThat(not.why()).isInstanceOf(Preparation.RetryAfter.class));
    fixture.now = fixture.now.plus(Duration.ofMinutes(11));
    assertThat(links().copied(account, outgoing))
        .isInstanceOfSatisfying(
            WhatsAppLink.Copied.Not.class,
            not -> assertThat(not.why()).isInstanceOf(Preparation.Refused.class));
  }

  @Test
  void withoutTheSettingALinkStaysALink() {
    Deliveries.Outgoing outgoing = image("/a.png");
    ChannelAccount passing = fixture.channels.account(account.id()).orElseThrow();
    assertThat(links().copied(passing, outgoing))
        .isEqualTo(new WhatsAppLink.Copied.Done(outgoing.content()));
  }
}
