package dev.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.platform.events.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The documents that are made from the code are those of the code as it is.
class DocumentsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void theConfigurationDocumentIsUpToDate() throws IOException {
    assertThat(Files.readString(DOCS.resolve("config.md")))
        .as("docs/config.md is stale: run bin/docs")
        .isEqualTo(ConfigDocument.text());
  }

  @Test
  void theEventsDocumentIsUpToDate() throws IOException {
    assertThat(Files.readString(DOCS.resolve("events.md")))
        .as("docs/events.md is stale: run bin/docs")
        .isEqualTo(EventsDocument.text());
  }

  @Test
  void theDocumentOfTheEventStreamIsUpToDate() throws IOException {
    assertThat(Files.readString(DOCS.resolve("asyncapi.yaml")))
        .as("docs/asyncapi.yaml is stale: run bin/docs")
        .isEqualTo(AsyncApiDocument.text());
  }

  @Test
  void theEventsDocumentKnowsEveryFamilyOfEvents() {
    var listed = EventsDocument.FAMILIES.stream().flatMap(EventsDocument::records);
    var existing =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.parley")
                .stream()
                .filter(type -> type.isAnnotatedWith(EventType.class))
                .map(type -> type.getName());

    assertThat(listed.map(Class::getName)).containsExactlyInAnyOrderElementsOf(existing.toList());
  }

  /// The document numbers the second one, and clients' types then change their names with the order of the records.
  @Test
  void noTwoRecordsOfTheApiHaveOneName() throws IOException {
    assertThat(Files.readAllLines(DOCS.resolve("openapi.yaml")))
        .as("give one of the records a name by @Schema(name = ...)")
        .noneMatch(line -> line.matches(" {4}[A-Z][A-Za-z]*[0-9]+:"));
  }

  @Test
  void noTwoEventsHaveOneName() {
    assertThat(
            EventsDocument.FAMILIES.stream()
                .flatMap(EventsDocument::records)
                .map(record -> EventsDocument.type(record).value()))
        .doesNotHaveDuplicates();
  }
}
