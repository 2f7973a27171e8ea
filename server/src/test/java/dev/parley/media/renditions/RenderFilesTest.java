package dev.parley.media.renditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.media.Opened;
import dev.parley.media.Rendition;
import dev.parley.media.StorageFailure;
import dev.parley.media.StoredFile;
import dev.parley.media.SwitchedStorage;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import dev.parley.platform.lanes.Leases;
import dev.parley.platform.queue.PostgresWorkQueue;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import dev.parley.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// From a file that has become ready to its renditions, with the event log and the queue between.
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RenderFilesTest {
  private static final Duration POLL = Duration.ofMillis(20);

  private final MediaFixture media = MediaFixture.create();
  private final Leases leases =
      new Leases(media.db.system(), UUID.randomUUID(), Duration.ofSeconds(5));
  private final PostgresWorkQueue queue =
      new PostgresWorkQueue(
          media.db.tenants(),
          media.db.system(),
          leases,
          new PostgresWorkQueue.Settings(50, 3, 4, POLL, Duration.ofMillis(5)));
  private final RenderFiles rendering = rendering(media);
  private final WorkQueue.Consumption part =
      rendering.consume(
          new Subscriptions(
              media.events, media.db.tenants(), media.db.system(), leases, queue, POLL));

  private RenderFiles rendering(MediaFixture fixture) {
    Path folder = fixture.folder.resolve("work");
    return new RenderFiles(
        fixture.files,
        new Renditions(
            Programs.ofSystem(),
            new Renditions.Settings(folder, Duration.ofSeconds(60), 1L << 30, 2)),
        fixture.db.tenants(),
        queue,
        fixture.events,
        new SimpleMeterRegistry(),
        fixture.clock,
        2);
  }

  RenderFilesTest() {
    leases.start();
    part.start();
  }

  @AfterAll
  void close() {
    part.stop(Duration.ofSeconds(5));
    leases.stop();
    media.close();
  }

  private StoredFile store(Caller caller, String type, byte[] bytes) {
    return media.store(caller, NewFile.from("test").ofType(type), bytes);
  }

  private static byte[] photo() {
    return Samples.with(Samples.jpeg(1600, 1200), Samples.exif(6, ByteOrder.LITTLE_ENDIAN));
  }

  private List<JsonNode> rendered(TenantId tenant, UUID file) {
    return media
        .db
        .tenants()
        .inTenant(
            tenant,
            tx ->
                tx.sql()
                    .createQuery(
                        """
                    SELECT data::text FROM events
                    WHERE tenant_id = :tenant AND type = 'file.rendered' ORDER BY seq
                    """)
                    .bind("tenant", tenant.value())
                    .mapTo(String.class)
                    .list())
        .stream()
        .map(Json::tree)
        .filter(data -> data.path("fileId").asText().equals(file.toString()))
        .toList();
  }

  private JsonNode awaitRendered(TenantId tenant, UUID file) {
    Await.until(
        "the file is rendered", Duration.ofSeconds(30), () -> !rendered(tenant, file).isEmpty());
    return rendered(tenant, file).getFirst();
  }

  private List<Rendition> renditions(TenantId tenant, UUID file) {
    return media
        .db
        .tenants()
        .inTenant(tenant, tx -> media.files.renditions(tx, List.of(file)))
        .getOrDefault(file, List.of());
  }

  private WorkItem item(TenantId tenant, UUID file) {
    String id = file.toString();
    return new WorkItem(
        Ids.next(),
        tenant,
        "by-hand",
        id,
        id,
        "render",
        id,
        "none",
        null,
        media.clock.instant(),
        0);
  }

  private void handle(TenantId tenant, UUID file) {
    WorkQueue.Outcome outcome = rendering.handle(item(tenant, file));
    assertThat(outcome).isInstanceOf(WorkQueue.Outcome.Done.class);
    media.db.tenants().runInTenant(tenant, outcome.effect());
  }

  @Test
  void aPictureHasItsRenditionsSoonAfterItIsReady() throws IOException {
    StoredFile file = store(media.inAcme, "image/jpeg", photo());
    JsonNode event = awaitRendered(media.acme, file.id());

    assertThat(event.path("causes")).isEmpty();
    StoredFile now = media.files.find(media.acme, file.id()).orElseThrow();
    assertThat(now.metadata().path("width").asInt()).isEqualTo(1200);
    assertThat(now.metadata().path("height").asInt()).isEqualTo(1600);
    assertThat(renditions(media.acme, file.id()))
        .extracting(Rendition::name)
        .containsExactlyInAnyOrder("thumb-small", "thumb-large", "clean");
    try (var small = (Opened.Bytes) media.files.open(media.acme, file.id(), "thumb-small")) {
      var image = ImageIO.read(new ByteArrayInputStream(small.stream().readAllBytes()));
      assertThat(image.getWidth()).isEqualTo(240);
      assertThat(image.getHeight()).isEqualTo(320);
    }
    try (var clean = (Opened.Bytes) media.files.open(media.acme, file.id(), "clean")) {
      assertThat(new String(clean.stream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("SecretCam");
    }
    assertThat(media.files.open(media.globex, file.id(), "thumb-small"))
        .isInstanceOf(Opened.Absent.class);
    assertThat(rendered(media.acme, file.id())).hasSize(1);
    assertThat(media.folder.resolve("work")).isEmptyDirectory();
  }

  @Test
  void aFileOfWhichNothingCanBeMadeHasACauseAndIsServed() throws IOException {
    byte[] broken = Samples.jpeg(400, 300);
    Arrays.fill(broken, 200, broken.length, (byte) 0);
    StoredFile file = store(media.inGlobex, "image/jpeg", broken);
    JsonNode event = awaitRendered(media.globex, file.id());

    assertThat(event.path("causes").size()).isPositive();
    assertThat(renditions(media.globex, file.id())).isEmpty();
    try (var original = (Opened.Bytes) media.files.open(media.globex, file.id(), null)) {
      assertThat(original.stream().readAllBytes()).isEqualTo(broken);
    }
  }

  @Test
  void aTextIsNotQueued() {
    StoredFile text = media.text(media.inAcme, "nothing to see");
    StoredFile after = store(media.inAcme, "image/png", MediaFixture.PNG);
    awaitRendered(media.acme, after.id());
    assertThat(rendered(media.acme, text.id())).isEmpty();
  }

  @Test
  void aSecondRunReplacesTheFirst() {
    StoredFile file = store(media.inAcme, "image/jpeg", photo());
    awaitRendered(media.acme, file.id());
    int objects = media.objects(media.acme);
    List<Rendition> before = renditions(media.acme, file.id());
    handle(media.acme, file.id());
    assertThat(renditions(media.acme, file.id()))
        .extracting(Rendition::name, Rendition::sha256)
        .containsExactlyElementsOf(
            before.stream()
                .map(r -> org.assertj.core.groups.Tuple.tuple(r.name(), r.sha256()))
                .toList());
    assertThat(media.objects(media.acme)).isEqualTo(objects);
  }

  @Test
  void aFileThatEndsTheProcessIsLeftAloneAfterAWhile() {
    StoredFile file = store(media.inAcme, "image/jpeg", Samples.jpeg(60, 40));
    awaitRendered(media.acme, file.id());
    for (int i = 0; i < RenderFiles.MOST_UNENDED; i++) {
      media
          .db
          .tenants()
          .runInTenant(
              media.acme,
              tx -> RenderingStore.begin(tx.sql(), media.acme, file.id(), media.clock.instant()));
    }
    handle(media.acme, file.id());
    assertThat(rendered(media.acme, file.id()).getLast().path("causes").path(0).asText())
        .contains("ended the process");
    // That was said, and the next run may try again.
    handle(media.acme, file.id());
    assertThat(rendered(media.acme, file.id()).getLast().path("causes")).isEmpty();
  }

  @Test
  void aFileThatIsGoneIsNoWork() {
    StoredFile file = store(media.inGlobex, "image/jpeg", Samples.jpeg(64, 48));
    awaitRendered(media.globex, file.id());
    media.files.delete(media.inGlobex, file.id());
    handle(media.globex, file.id());
    handle(media.acme, file.id());
    assertThat(rendered(media.globex, file.id())).hasSize(1);
  }

  @Test
  void whenTheStorageFailsTheRunIsAFailureAndNoDeath() throws IOException {
    var storage = new SwitchedStorage(media.storage);
    try (MediaFixture other = MediaFixture.in(storage)) {
      RenderFiles there = rendering(other);
      StoredFile file =
          other.store(
              other.inAcme, NewFile.from("test").ofType("image/jpeg"), Samples.jpeg(72, 48));
      storage.off = true;
      for (int i = 0; i <= RenderFiles.MOST_UNENDED; i++) {
        assertThatThrownBy(() -> there.handle(item(other.acme, file.id())))
            .isInstanceOf(StorageFailure.class);
      }
      storage.off = false;
      WorkQueue.Outcome outcome = there.handle(item(other.acme, file.id()));
      other.db.tenants().runInTenant(other.acme, outcome.effect());
      assertThat(
              other
                  .db
                  .tenants()
                  .inTenant(other.acme, tx -> other.files.renditions(tx, List.of(file.id())))
                  .get(file.id()))
          .hasSize(2);
    }
  }
}
