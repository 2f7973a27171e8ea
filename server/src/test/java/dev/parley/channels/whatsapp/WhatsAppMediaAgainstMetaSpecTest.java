package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.channels.Fetched;
import dev.parley.channels.Preparation;
import dev.parley.contacts.Contact;
import dev.parley.conversations.Content;
import dev.parley.conversations.Deliveries;
import dev.parley.conversations.MessageFile;
import dev.parley.conversations.MessageMedia;
import dev.parley.media.NewFile;
import dev.parley.media.StoreResult;
import dev.parley.media.StoredFile;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.OutboundHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Holds our calls about files against Meta's published OpenAPI description, and has them answered with its examples.
/// The description is not part of the repository: it is looked for beside it, and the test is skipped where it is not.
class WhatsAppMediaAgainstMetaSpecTest {
  private static final Path SPEC =
      Path.of("..", "shared", "specs", "meta-business-messaging-api_v23.0.yaml");
  private static final String UPLOAD = "/{Version}/{Phone-Number-ID}/media";
  private static final String LOOK_UP = "/{Version}/{Media-ID}";
  private static final byte[] BYTES = "the file".getBytes(StandardCharsets.UTF_8);
  private static final Pattern FIELD = Pattern.compile("form-data; name=\"([^\"]+)\"");

  private record Call(String method, String path, String query, String token, String body) {}

  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private JsonNode spec = dev.parley.platform.json.Json.MAPPER.createObjectNode();
  private final WhatsAppMediaFixture fixture = new WhatsAppMediaFixture();
  private final HttpServer meta = listen();

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    Path file = root().resolve(SPEC).normalize();
    assumeTrue(Files.exists(file), () -> "Meta's OpenAPI description is not at " + file);
    spec = new YAMLMapper().readTree(file.toFile());
    meta.createContext("/", this::answer);
    meta.start();
  }

  @AfterEach
  void stop() {
    meta.stop(0);
    fixture.close();
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory.getParent() != null && !Files.isDirectory(directory.resolve(".mvn"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  private String base() {
    return "http://localhost:" + meta.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      calls.add(
          new Call(
              exchange.getRequestMethod(),
              path,
              String.valueOf(exchange.getRequestURI().getQuery()),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      byte[] answer = BYTES;
      if (path.endsWith("/media")) {
        answer =
            example(UPLOAD, "post", "Upload Audio JSON")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
      } else if (!path.equals("/file")) {
        ObjectNode found = (ObjectNode) example(LOOK_UP, "get", "Retrieve Media URL");
        found.put("url", base() + "/file").put("file_size", Integer.toString(BYTES.length));
        answer = found.toString().getBytes(StandardCharsets.UTF_8);
      }
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private JsonNode example(String path, String method, String name) {
    JsonNode example =
        spec.path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path("200")
            .path("content")
            .path("application/json")
            .path("examples")
            .path(name)
            .path("value");
    assertThat(example.isObject()).as(path).isTrue();
    return example.deepCopy();
  }

  private List<String> names(JsonNode parameters) {
    var names = new ArrayList<String>();
    parameters.forEach(parameter -> names.add(parameter.path("name").asText()));
    return names;
  }

  private WhatsAppConnector connector(OutboundHttp http) {
    var times =
        new WhatsAppClient.Times(
            Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(3));
    return new WhatsAppConnector(
        new WhatsAppClient(http, base(), "v23.0", times),
        fixture.media.files,
        fixture.uploads,
        WhatsAppMediaFixture.conversions(),
        fixture.messages,
        fixture.media.clock);
  }

  @Test
  void aDownloadIsTheTwoCallsThatAreDescribed() {
    var content =
        new Content.Document(
            new Content.Attachment("2621233374848975", null, null, null, null, null, null), null);
    var wanted =
        new MessageMedia.Wanted(
            fixture.acme.tenant(),
            Ids.next(),
            Ids.next(),
            fixture.acme.id(),
            fixture.acme.projectId(),
            0,
            content,
            fixture.now());
    try (var http = new OutboundHttp(List.of("localhost:" + meta.getAddress().getPort()))) {
      Fetched fetched =
          connector(http)
              .fetch(
                  fixture.acme,
                  wanted,
                  1000,
                  (size, sha256, bytes) ->
                      fixture.media.files.store(
                          fixture.media.inAcme, NewFile.from("whatsapp").ofSize(size), bytes));
      assertThat(fetched)
          .isInstanceOfSatisfying(
              Fetched.Came.class,
              came -> assertThat(came.result()).isInstanceOf(StoreResult.Stored.class));
    }
    Call look = calls.getFirst();
    assertThat(look.method()).isEqualTo("GET");
    assertThat(look.path()).isEqualTo("/v23.0/2621233374848975");
    assertThat(look.query()).isEqualTo("phone_number_id=" + WhatsAppMediaFixture.NUMBER);
    assertThat(names(spec.path("paths").path(LOOK_UP).path("get").path("parameters")))
        .contains("phone_number_id");
    assertThat(calls).hasSize(2).allMatch(call -> call.token().equals("Bearer right-token"));
  }

  @Test
  void anUploadIsTheFormThatIsDescribed() {
    StoredFile file = fixture.media.text(fixture.media.inAcme, "to be uploaded");
    var attachment =
        new Content.Attachment(
            null, null, null, null, null, "a.txt", null, file.id(), MessageFile.pending());
    var now = fixture.now();
    var outgoing =
        new Deliveries.Outgoing(
            fixture.acme.tenant(),
            Ids.next(),
            Ids.next(),
            fixture.acme.id(),
            0,
            1,
            now,
            new Content.Document(attachment, null),
            new Contact(Ids.next(), Ids.next(), "Ana", List.of(), Map.of(), now, now),
            null);
    try (var http = new OutboundHttp(List.of("localhost:" + meta.getAddress().getPort()))) {
      assertThat(connector(http).prepare(fixture.acme, outgoing))
          .isInstanceOfSatisfying(
              Preparation.Ready.class,
              ready ->
                  assertThat(((Content.Document) ready.content()).attachment().providerId())
                      .isEqualTo(example(UPLOAD, "post", "Upload Audio JSON").path("id").asText()));
    }
    Call upload = calls.getFirst();
    assertThat(upload.method()).isEqualTo("POST");
    assertThat(upload.path()).isEqualTo("/v23.0/" + WhatsAppMediaFixture.NUMBER + "/media");
    var described = new ArrayList<String>();
    spec.path("paths")
        .path(UPLOAD)
        .path("post")
        .path("requestBody")
        .path("content")
        .path("multipart/form-data")
        .path("schema")
        .path("properties")
        .fieldNames()
        .forEachRemaining(described::add);
    // Meta's page on media asks for the type too.
    described.add("type");
    assertThat(FIELD.matcher(upload.body()).results().map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(described);
    assertThat(upload.body()).contains("to be uploaded");
  }
}
