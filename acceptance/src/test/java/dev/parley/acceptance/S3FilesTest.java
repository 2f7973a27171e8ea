package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.ExternalPostgres;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The whole program with its files in an S3 server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3FilesTest {
  private final Path folder = Folders.temporary("s3");
  // It starts while the database does.
  private final S3Server s3 = S3Server.begin(folder.resolve("s3"));
  private final ExternalPostgres postgres = ExternalPostgres.start(folder);
  private final Sandbox sandbox = Sandbox.start();
  private final Map<String, String> storage =
      Map.of(
          "media.store", "s3",
          "media.s3.endpoint", s3.endpoint().toString(),
          "media.s3.bucket", S3Server.BUCKET,
          "media.s3.prefix", "files/",
          "media.s3.access-key", "key",
          "media.s3.secret-key", "secret");
  private final Parley server;
  private final Tenant acme;
  private final Tenant globex;

  S3FilesTest() {
    Parley.Options options =
        Parley.Options.in(folder)
            .database(postgres)
            .sandbox(sandbox)
            .set("queue.poll", "100ms")
            .set("media.sweep", "200ms");
    for (Map.Entry<String, String> setting : storage.entrySet()) {
      options = options.set(setting.getKey(), setting.getValue());
    }
    s3.await();
    server = Parley.start(options);
    Fixture tenants = Fixture.make(server, sandbox);
    acme = tenants.acme();
    globex = tenants.globex();
  }

  @AfterAll
  void end() {
    server.close();
    sandbox.close();
    postgres.close();
    s3.close();
    Folders.delete(folder);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The name of the object behind a file.
  private String key(Tenant tenant, String file) {
    return "files/%s/%s"
        .formatted(
            tenant.id(),
            postgres
                .sql()
                .texts("SELECT blob_id FROM files WHERE id = ?", UUID.fromString(file))
                .getFirst());
  }

  private static Answer fetch(JsonNode file, Map<String, String> headers) {
    return Http.call("GET", URI.create(file.path("url").asText()), headers, null);
  }

  @Test
  void aFormBecomesAnObjectAndIsServedByASignedAddress() {
    JsonNode file = acme.api().upload("note.txt", "text/plain", bytes("0123456789"));
    String id = file.path("id").asText();

    assertThat(s3.has(key(acme, id))).isTrue();
    String etag = '"' + file.path("sha256").asText() + '"';
    Answer whole = fetch(file, Map.of()).expect(200);
    assertThat(whole.text()).isEqualTo("0123456789");
    assertThat(whole.header("ETag")).isEqualTo(etag);
    assertThat(whole.header("Content-Disposition")).startsWith("attachment");
    assertThat(whole.header("X-Content-Type-Options")).isEqualTo("nosniff");
    Answer part = fetch(file, Map.of("Range", "bytes=2-4")).expect(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/10");
    fetch(file, Map.of("Range", "bytes=10-")).expect(416);
    fetch(file, Map.of("If-None-Match", etag)).expect(304);
    globex.api().get("/api/v1/files/" + id).expect(404);
    String key = key(acme, id);
    acme.api().delete("/api/v1/files/" + id).expect(204);
    assertThat(s3.has(key)).isFalse();
    fetch(file, Map.of()).expect(404);
  }

  @Test
  void aLargeFileGoesInPartsAndLeavesNoSpool() throws IOException {
    byte[] large = new byte[18 << 20];
    new Random(1).nextBytes(large);
    JsonNode file = acme.api().upload("large.bin", "application/octet-stream", large);

    assertThat(Http.bytes(URI.create(file.path("url").asText()))).isEqualTo(large);
    try (Stream<Path> spool = Files.walk(server.data())) {
      assertThat(spool.filter(path -> path.toString().contains("spool/"))).isEmpty();
    }
  }

  @Test
  void aClientPutsAFileItself() {
    byte[] text = bytes("put by the client");
    JsonNode begun =
        acme.api()
            .post(
                "/api/v1/files/presigned",
                Json.of("name", "own.txt", "type", "text/plain", "size", text.length))
            .ok();
    String complete = "/api/v1/files/" + begun.path("id").asText() + "/complete";
    acme.api().post(complete, Json.of()).expect(404);
    URI address = URI.create(begun.path("uploadUrl").asText());
    assertThat(address.getPort()).isEqualTo(s3.endpoint().getPort());
    Http.call("PUT", address, Map.of(), text).expect(200);
    globex.api().post(complete, Json.of()).expect(404);

    JsonNode file = acme.api().post(complete, Json.of()).ok();

    assertThat(file.path("state").asText()).isEqualTo("ready");
    JsonNode shown = acme.api().get("/api/v1/files/" + begun.path("id").asText()).ok();
    assertThat(fetch(shown, Map.of()).expect(200).text()).isEqualTo("put by the client");
    // What is put later changes nothing.
    Http.call("PUT", address, Map.of(), bytes("put once more now")).expect(200);
    assertThat(fetch(shown, Map.of()).expect(200).text()).isEqualTo("put by the client");
  }

  @Test
  void aCustomersFileIsFetchedIntoItAndOursIsSentOutOfIt() {
    String customer = World.customer();
    sandbox.write(
        acme.number(),
        customer,
        Json.of(
            "type",
            "document",
            "document",
            Json.of("mime_type", "text/plain", "filename", "note.txt"),
            "data",
            Base64.getEncoder().encodeToString(bytes("from the customer"))));
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    JsonNode attachment =
        Wait.until(
            "the file is there",
            SOON,
            () -> acme.api().messages(conversation).getFirst().at("/content/attachment"),
            found -> found.at("/file/state").asText().equals("ready"));
    assertThat(fetch(attachment.path("file"), Map.of()).expect(200).text())
        .isEqualTo("from the customer");
    assertThat(s3.has(key(acme, attachment.path("fileId").asText()))).isTrue();

    String ours =
        acme.api().upload("a.txt", "text/plain", bytes("to the customer")).path("id").asText();
    JsonNode content = Json.of("type", "document", "attachment", Json.of("fileId", ours));
    String id = acme.api().send(conversation, content, null).expect(202).json().path("id").asText();
    acme.api().awaitState(conversation, id, SOON, "sent", "delivered", "read");
  }

  @Test
  void whatNobodyUsesIsSwept() {
    String id = globex.api().upload("b.txt", "text/plain", bytes("unused")).path("id").asText();
    String key = key(globex, id);
    assertThat(s3.has(key)).isTrue();

    postgres
        .sql()
        .change(
            "UPDATE files SET unused_since = now() - interval '8 days' WHERE id = ?",
            UUID.fromString(id));

    Wait.until("it is swept", SOON, () -> !s3.has(key));
    globex.api().get("/api/v1/files/" + id).expect(404);
  }

  @Test
  void theCommandComparesAndMends() {
    String lost = globex.api().upload("c.txt", "text/plain", bytes("lost")).path("id").asText();
    String orphan = "files/%s/%s".formatted(globex.id(), UUID.randomUUID());
    assertThat(verify().code()).isZero();
    s3.lose(key(globex, lost));
    s3.plant(orphan, bytes("nobody's"));

    Parley.Ran ran = verify("--mend");

    assertThat(ran.output()).contains("missing 1  returned 0  without a file 1");
    assertThat(s3.has(orphan)).isFalse();
    assertThat(globex.api().get("/api/v1/files/" + lost).ok().path("state").asText())
        .isEqualTo("missing");
    globex.api().upload("c.txt", "text/plain", bytes("lost"));
    assertThat(globex.api().get("/api/v1/files/" + lost).ok().path("state").asText())
        .isEqualTo("ready");
  }

  private Parley.Ran verify(String... more) {
    var arguments = new ArrayList<>(List.of("files", "verify", "--tenant", "globex"));
    arguments.addAll(List.of(more));
    postgres
        .settings()
        .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    storage.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    arguments.addAll(List.of("--set", "data.dir=" + server.data()));
    return Parley.run(folder, arguments.toArray(String[]::new));
  }
}
