package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds the sandbox against Meta's published OpenAPI description. The description is not part of
/// the repository: it is looked for beside it, and the test is skipped when it isn't there.
class SandboxAgainstMetaSpecTest {
  private static final Path SPEC =
      Path.of("..", "shared", "specs", "meta-business-messaging-api_v23.0.yaml");
  private static final String MESSAGES = "/{Version}/{Phone-Number-ID}/messages";

  private static JsonNode spec;
  private static Bench bench;
  private static String mediaId;

  @BeforeAll
  static void open() throws IOException {
    Path file = repositoryRoot().resolve(SPEC).normalize();
    assumeTrue(Files.exists(file), () -> "Meta's OpenAPI description is not at " + file);
    spec = new YAMLMapper().readTree(file.toFile());
    bench = new Bench();
    bench.behaviour("{\"pairLimit\":false,\"throughputPerSecond\":0}");
    bench.openWindow();
    mediaId = bench.upload("image/png", new byte[] {1}).json().path("id").asText();
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> takesEveryDocumentedMessage() {
    JsonNode examples =
        spec.path("paths")
            .path(MESSAGES)
            .path("post")
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("examples");
    assertThat(examples.size()).isGreaterThan(40);
    return examples.properties().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.getKey(), () -> send(example.getValue().path("value"))));
  }

  private static void send(JsonNode example) {
    Bench.Answer answer = bench.send(Bench.NUMBER, Bench.TOKEN, filled(example));
    String template = example.path("template").path("name").asText("hello_world");
    if (!template.equals("hello_world")) {
      // Nothing is wrong with it but that this sandbox has no such template.
      assertThat(answer.errorCode()).as(answer.json().toString()).isEqualTo(132001);
      conforms(ref("GraphAPIError"), answer.json());
      return;
    }
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    boolean mark = example.has("status");
    conforms(ref(mark ? "MarkMessageResponsePayload" : "MessageResponsePayload"), answer.json());
  }

  @Test
  void readsConform() {
    conforms(
        answerOf("/{Version}/{Phone-Number-ID}", "get"),
        bench.graph("GET", "/v23.0/" + Bench.NUMBER, null).json());
    String waba = "/v23.0/" + Bench.WABA;
    String fields =
        "?fields=id,display_phone_number,verified_name,quality_rating,code_verification_status";
    JsonNode numbers = bench.graph("GET", waba + "/phone_numbers" + fields, null).json();
    numbers.path("data").forEach(number -> ((ObjectNode) number).put("status", "LINKED"));
    // The description's list of statuses lacks CONNECTED, which the original answers with.
    conforms(answerOf("/{Version}/{WABA-ID}/phone_numbers", "get"), numbers);
    conforms(answerOf("/{Version}/{WABA-ID}", "get"), bench.graph("GET", waba, null).json());
    conforms(
        answerOf("/{Version}/{WABA-ID}/subscribed_apps", "get"),
        bench.graph("GET", waba + "/subscribed_apps", null).json());
    conforms(
        answerOf("/{Version}/{WABA-ID}/subscribed_apps", "post"),
        bench.graph("POST", waba + "/subscribed_apps", null).json());
  }

  @Test
  void mediaAndErrorsConform() {
    conforms(
        answerOf("/{Version}/{Phone-Number-ID}/media", "post"),
        bench.upload("image/png", new byte[] {1}).json());
    JsonNode look = bench.graph("GET", "/v23.0/" + mediaId, null).json();
    // Described as text, but the original answers with a number.
    assertThat(look.path("file_size").isNumber()).isTrue();
    conforms(answerOf("/{Version}/{Media-ID}", "get"), ((ObjectNode) look).put("file_size", "1"));
    conforms(ref("GraphAPIError"), bench.graph("GET", "/v23.0/404", null).json());
    conforms(ref("GraphAPIError"), bench.send(Bench.NUMBER, "wrong", "{}").json());
  }

  private static JsonNode ref(String schema) {
    return Json.object().put("$ref", "#/components/schemas/" + schema);
  }

  private static JsonNode answerOf(String path, String method) {
    JsonNode schema =
        spec.path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path("200")
            .path("content")
            .path("application/json")
            .path("schema");
    assertThat(schema.isObject()).as(method + " " + path).isTrue();
    return schema;
  }

  private static void conforms(JsonNode schema, JsonNode answer) {
    ObjectNode whole = Json.object();
    whole.set("components", spec.path("components"));
    whole.putArray("allOf").add(schema);
    List<com.networknt.schema.Error> errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole.toString(), InputFormat.JSON)
            .validate(answer.toString(), InputFormat.JSON);
    assertThat(errors).as(answer.toString()).isEmpty();
  }

  /// The example with something real in place of its placeholders.
  private static String filled(JsonNode example) {
    String text = new String(Json.bytes(example), StandardCharsets.UTF_8);
    Map<String, String> replacements =
        Map.of(
            "\\{\\{Recipient-(WA-)?Phone-Number}}", Bench.CUSTOMER,
            "\"<?http\\(s\\)://[^\"]*\"", "\"https://example.com/file\"",
            "<[A-Z]+_OBJECT_ID>", mediaId,
            "<MSGID_[A-Z_]+>", "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI",
            "<HEADER_TYPE>", "text");
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      text = text.replaceAll(replacement.getKey(), replacement.getValue());
    }
    return text;
  }

  private static Path repositoryRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory.getParent() != null && !Files.isDirectory(directory.resolve(".mvn"))) {
      directory = directory.getParent();
    }
    return directory;
  }
}
