package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Http;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// What is made of a file, over HTTP.
class RenditionsTest {
  private static final String CAMERA = "SecretCam";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();

  /// A picture with an EXIF segment that turns it and names a camera.
  private static byte[] photo() throws IOException {
    var image = new BufferedImage(800, 600, BufferedImage.TYPE_INT_RGB);
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    byte[] jpeg = out.toByteArray();
    byte[] camera = CAMERA.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer exif = ByteBuffer.allocate(4 + 32 + camera.length);
    exif.putShort((short) 0xffe1).putShort((short) (2 + 32 + camera.length));
    exif.put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) 6);
    exif.putShort((short) 0).putInt(0).put(camera);
    var whole = new ByteArrayOutputStream();
    whole.write(jpeg, 0, 2);
    whole.writeBytes(exif.array());
    whole.write(jpeg, 2, jpeg.length - 2);
    return whole.toByteArray();
  }

  private JsonNode upload(String type, byte[] bytes) {
    return Http.call(
            "POST",
            URI.create(world.server.url() + "/api/v1/files"),
            Map.of("X-API-Key", acme.key(), "Content-Type", type),
            bytes)
        .expect(201)
        .json();
  }

  private static Answer fetch(JsonNode view) {
    return Http.call("GET", URI.create(view.path("url").asText()), Map.of(), null).expect(200);
  }

  private static JsonNode rendition(JsonNode file, String name) {
    return StreamSupport.stream(file.path("renditions").spliterator(), false)
        .filter(one -> one.path("name").asText().equals(name))
        .findFirst()
        .orElse(Json.of());
  }

  @Test
  void aPhotoIsServedSmallAndWithoutItsMetadata() throws IOException {
    String path = "/api/v1/files/" + upload("image/jpeg", photo()).path("id").asText();
    JsonNode file =
        Wait.until(
            "the photo is rendered",
            SOON,
            () -> acme.api().get(path).ok(),
            view -> view.path("metadata").path("width").asInt() == 600 && has(view));

    assertThat(file.path("metadata").path("height").asInt()).isEqualTo(800);
    Answer thumb = fetch(rendition(file, "thumb-small"));
    assertThat(thumb.header("Content-Type")).isEqualTo("image/jpeg");
    assertThat(rendition(file, "thumb-small").path("metadata").path("height").asInt())
        .isEqualTo(320);
    Answer shown = fetch(file);
    assertThat(shown.text()).doesNotContain(CAMERA).contains("Exif");
    // What is said of it is true of what is served, and the file's own size and hash are those of
    // what came.
    assertThat(shown.header("ETag"))
        .isEqualTo('"' + file.path("served").path("sha256").asText() + '"');
    assertThat(shown.header("Content-Length")).isEqualTo(file.path("served").path("size").asText());
    assertThat(file.path("size").asInt()).isEqualTo(photo().length);
    assertThat(file.path("sha256")).isNotEqualTo(file.path("served").path("sha256"));
    JsonNode link = acme.api().post(path + "/links", Json.of("rendition", "original")).ok();
    assertThat(fetch(link).text()).contains(CAMERA);
    acme.api().post(path + "/links", Json.of("rendition", "thumb-tiny")).expect(422, 400);
  }

  private static boolean has(JsonNode file) {
    return rendition(file, "clean").has("url") && rendition(file, "thumb-small").has("url");
  }

  @Test
  void theHealthPageNamesTheProgramsThatAreMissing() {
    JsonNode health =
        Http.call("GET", URI.create(world.server.url() + "/health/ready"), Map.of(), null)
            .expect(200)
            .json();
    assertThat(health.findValue("programsMissing").isTextual()).isTrue();
  }
}
