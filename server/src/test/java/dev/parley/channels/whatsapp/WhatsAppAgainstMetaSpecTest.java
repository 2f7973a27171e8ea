package dev.parley.channels.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parley.conversations.Content;
import dev.parley.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the requests that we send against Meta's published OpenAPI description. The description is not part of the
/// repository: it is looked for beside it, and the test is skipped when it isn't there.
class WhatsAppAgainstMetaSpecTest {
  private static final Path SPEC =
      Path.of("..", "shared", "specs", "meta-business-messaging-api_v23.0.yaml");
  private static final Content.Attachment FILE =
      new Content.Attachment("1003383421387256", null, null, null, null, null, null);
  private static final Content.Attachment LINK =
      new Content.Attachment(null, "https://a.example/x.pdf", null, null, null, "x.pdf", null);

  private static Schema schema() throws IOException {
    Path file = root().resolve(SPEC).normalize();
    assumeTrue(Files.exists(file), () -> "Meta's OpenAPI description is not at " + file);
    JsonNode spec = new YAMLMapper().readTree(file.toFile());
    JsonNode request =
        spec.path("paths")
            .path("/{Version}/{Phone-Number-ID}/messages")
            .path("post")
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("schema");
    assertThat(request.isObject()).isTrue();
    // Each kind is all of two parts that both forbid what the other demands; inner objects stay
    // strict.
    JsonNode schemas = spec.path("components").path("schemas");
    for (JsonNode kind : schemas) {
      for (JsonNode part : kind.path("allOf")) {
        ((ObjectNode) part).remove("additionalProperties");
      }
    }
    ((ObjectNode) schemas.path("BaseMessageProperties")).remove("additionalProperties");
    ObjectNode whole = Json.MAPPER.createObjectNode();
    whole.set("components", spec.path("components"));
    whole.putArray("allOf").add(request);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON);
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory.getParent() != null && !Files.isDirectory(directory.resolve(".mvn"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  @TestFactory
  Stream<DynamicTest> everyKindConforms() throws IOException {
    Schema schema = schema();
    var header = new Content.Header("Head", null, null, null);
    var image = new Content.Header(null, LINK, null, null);
    var rows = List.of(new Content.Row("r1", "Row", "What it is"));
    // Links and requests for a place are left out: the description does not know them.
    return Stream.<Content>of(
            new Content.Text("Hello", true),
            new Content.Image(FILE, "A picture"),
            new Content.Image(LINK, null),
            new Content.Video(FILE, "A film"),
            new Content.Audio(FILE),
            new Content.Voice(FILE),
            new Content.Document(LINK, "A file"),
            new Content.Sticker(FILE, null),
            new Content.Location(38.98, -131.94, "Beach", "Main Street", null),
            new Content.Contacts(
                List.of(
                    Json.tree(
                        "{\"name\":{\"formatted_name\":\"B J\",\"first_name\":\"B\"},\"phones\":[{\"phone\":\"+16505559999\",\"type\":\"HOME\"}]}"))),
            new Content.Buttons("Choose", List.of(new Content.Button("a", "A")), header, "Foot"),
            new Content.Buttons("Choose", List.of(new Content.Button("a", "A")), image, null),
            new Content.Menu(
                "Choose", "Open", List.of(new Content.Section("S", rows)), header, "Foot"),
            new Content.Reaction(null, "wamid.X", "\uD83D\uDC4D"),
            new Content.Reaction(null, "wamid.X", null),
            new Content.Template(
                "hello_world",
                "en_US",
                List.of(
                    Json.tree(
                        "{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ann\"}]}"))))
        .map(
            content ->
                DynamicTest.dynamicTest(
                    content.getClass().getSimpleName(),
                    () -> {
                      assertThat(WhatsAppLimits.check(content)).isEmpty();
                      ObjectNode request = WhatsAppOutgoing.write(content);
                      likeTheDescription(request);
                      request.put("messaging_product", "whatsapp");
                      request.put("recipient_type", "individual");
                      request.put("to", "16505551234");
                      assertThat(schema.validate(request.toString(), InputFormat.JSON))
                          .as(request.toString())
                          .isEmpty();
                    }));
  }

  /// Where the description differs from Meta's pages on the same messages: it wants coordinates as text, and a
  /// template's language with the one policy that there is.
  private static void likeTheDescription(ObjectNode request) {
    if (request.path("location") instanceof ObjectNode location) {
      location.put("latitude", location.path("latitude").asText());
      location.put("longitude", location.path("longitude").asText());
    }
    if (request.path("template").path("language") instanceof ObjectNode language) {
      language.put("policy", "deterministic");
    }
  }
}
