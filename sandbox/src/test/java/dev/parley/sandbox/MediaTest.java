package dev.parley.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTest {
  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void goesUpIsSentAndComesDownAgain() {
    byte[] file = "%PDF-1.4\r\n--not a boundary\r\n\0\1\2".getBytes(StandardCharsets.ISO_8859_1);
    String id = bench.upload("application/pdf", file).json().path("id").asText();

    JsonNode look = bench.graph("GET", "/v25.0/" + id, null).json();
    assertThat(look.path("file_size").asInt()).isEqualTo(file.length);
    assertThat(look.path("mime_type").asText()).isEqualTo("application/pdf");
    assertThat(look.path("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(Bytes.of(file).sha256()));
    String url = look.path("url").asText();
    assertThat(bench.graph("GET", url, null).raw().body()).isEqualTo(file);
    assertThat(bench.call("GET", url, null, "x/y", new byte[0]).status()).isEqualTo(401);
    assertThat(bench.graph("GET", url.replace("hash=", "hash=0"), null).status()).isEqualTo(404);

    bench.openWindow();
    assertThat(
            bench.send("\"type\":\"document\",\"document\":{\"id\":\"%s\"}".formatted(id)).status())
        .isEqualTo(200);

    assertThat(bench.graph("DELETE", "/v25.0/" + id, null).json().path("success").asBoolean())
        .isTrue();
    assertThat(bench.graph("GET", "/v25.0/" + id, null).errorCode()).isEqualTo(100);
    assertThat(bench.graph("GET", url, null).status()).isEqualTo(404);
  }

  @Test
  void anAddressExpires() {
    bench.behaviour("{\"mediaUrlSeconds\":-1}");
    String id = bench.upload("image/png", new byte[] {1}).json().path("id").asText();
    String url = bench.graph("GET", "/v25.0/" + id, null).json().path("url").asText();
    assertThat(bench.graph("GET", url, null).status()).isEqualTo(404);
  }

  @Test
  void anIdIsForgottenAfterItsLife() {
    String id = bench.upload("image/png", new byte[] {1}).json().path("id").asText();
    String url = bench.graph("GET", "/v25.0/" + id, null).json().path("url").asText();
    bench.openWindow();
    bench.behaviour("{\"mediaIdSeconds\":-1}");
    assertThat(bench.graph("GET", "/v25.0/" + id, null).errorCode()).isEqualTo(100);
    assertThat(bench.graph("GET", url, null).status()).isEqualTo(404);
    Bench.Answer sent = bench.send("\"type\":\"image\",\"image\":{\"id\":\"%s\"}".formatted(id));
    assertThat(sent.errorCode()).isEqualTo(131009);
    bench.behaviour("{\"mediaIdSeconds\":0}");
    assertThat(bench.graph("GET", "/v25.0/" + id, null).status()).isEqualTo(200);
  }

  @Test
  void anotherNumbersFileIsNotShown() {
    String id = bench.upload("image/png", new byte[] {1}).json().path("id").asText();
    String look = "/v25.0/" + id + "?phone_number_id=";
    assertThat(bench.graph("GET", look + Bench.NUMBER, null).status()).isEqualTo(200);
    assertThat(bench.graph("GET", look + "1", null).errorCode()).isEqualTo(100);
    assertThat(bench.call("GET", "/v25.0/" + id, "other", "x/y", new byte[0]).errorCode())
        .isEqualTo(190);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncate", "stall", "reset", "hang"})
  void aDownloadCanBeCut(String mode) {
    String url = uploaded();
    bench.faults("[{\"on\":\"download\",\"mode\":\"%s\",\"delayMs\":50}]".formatted(mode));
    assertThatThrownBy(() -> bench.exchange("GET", url, Bench.TOKEN, "x/y", new byte[0]))
        .isInstanceOf(IOException.class);
    bench.faults("[]");
    assertThat(bench.graph("GET", url, null).raw().body()).hasSize(1000);
  }

  @Test
  void aDownloadCanBeAnotherFile() {
    String url = uploaded();
    bench.faults(
        """
        [{"on":"download","mode":"corrupt","times":1},{"on":"download","mode":"shorten","times":1},
         {"on":"download","mode":"drip","delayMs":100,"times":1},
         {"on":"download","mode":"error","code":131000,"httpStatus":503,"times":1}]""");
    assertThat(bench.graph("GET", url, null).raw().body()).hasSize(1000).contains((byte) 1);
    assertThat(bench.graph("GET", url, null).raw().body()).hasSizeLessThan(1000);
    assertThat(bench.graph("GET", url, null).raw().body()).hasSize(1000).containsOnly((byte) 0);
    assertThat(bench.graph("GET", url, null).status()).isEqualTo(503);
  }

  private String uploaded() {
    String id = bench.upload("image/png", new byte[1000]).json().path("id").asText();
    return bench.graph("GET", "/v25.0/" + id, null).json().path("url").asText();
  }

  @Test
  void everyCallIsCounted() {
    String url = uploaded();
    bench.faults("[{\"on\":\"download\",\"mode\":\"error\",\"times\":1}]");
    assertThat(bench.graph("GET", url, null).status()).isEqualTo(500);
    bench.graph("GET", url, null);
    assertThat(bench.counts().path("media").toString())
        .isEqualTo("{\"uploads\":1,\"lookUps\":1,\"downloadsBegun\":2,\"downloads\":1}");
  }

  @Test
  void aVoiceNoteIsOpusInOgg() {
    bench.customerWrites("{\"type\":\"audio\"}");
    JsonNode audio = bench.receiver.elements("messages").getFirst().path("audio");
    assertThat(audio.path("voice").asBoolean()).isTrue();
    byte[] bytes = bench.graph("GET", audio.path("url").asText(), null).raw().body();
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .startsWith("OggS")
        .contains("OpusHead");
    bench.customerWrites("{\"type\":\"audio\",\"audio\":{\"voice\":false}}");
    Await.until("both", () -> bench.receiver.elements("messages").size() == 2);
    assertThat(
            bench.receiver.elements("messages").getLast().path("audio").path("voice").asBoolean())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, 5242880, 200, 0",
    "image/png, 5242881, 400, 131053",
    "image/webp, 102401, 400, 131053",
    "audio/ogg; codecs=opus, 1000, 200, 0",
    "application/zip, 1000, 400, 100",
    "image/png, 0, 400, 131053"
  })
  void keepsTheLimitsOfTypeAndSize(String type, int size, int status, int code) {
    Bench.Answer answer = bench.upload(type, new byte[size]);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(status);
    assertThat(answer.errorCode()).isEqualTo(code);
  }

  @Test
  void aFileOfTheWrongKindFailsAfterwards() {
    bench.openWindow();
    String id = bench.upload("application/pdf", new byte[] {1}).json().path("id").asText();
    assertThat(bench.send("\"type\":\"image\",\"image\":{\"id\":\"%s\"}".formatted(id)).status())
        .isEqualTo(200);
    Await.until("a status", () -> !bench.receiver.statuses().isEmpty());
    JsonNode error = bench.receiver.elements("statuses").getFirst().path("errors").path(0);
    assertThat(error.path("code").asInt()).isEqualTo(131053);
    assertThat(error.path("error_data").path("details").asText())
        .isEqualTo(
            "Unsupported Image mime type application/pdf. Please use one of image/jpeg, image/png.");
  }

  @ParameterizedTest
  @CsvSource({
    "image, image/jpeg",
    "audio, audio/ogg; codecs=opus",
    "video, video/mp4",
    "document, application/pdf",
    "sticker, image/webp"
  })
  void aCustomerSendsASampleThatCanBeDownloaded(String type, String mimeType) {
    bench.customerWrites("{\"type\":\"%s\"}".formatted(type));
    JsonNode media = bench.receiver.elements("messages").getFirst().path(type);
    assertThat(media.path("mime_type").asText()).isEqualTo(mimeType);
    Bench.Answer download = bench.graph("GET", media.path("url").asText(), null);
    assertThat(download.status()).isEqualTo(200);
    byte[] hash = Bytes.of(download.raw().body()).sha256();
    assertThat(media.path("sha256").asText()).isEqualTo(Base64.getEncoder().encodeToString(hash));
    assertThat(bench.graph("GET", "/v23.0/" + media.path("id").asText(), null).status())
        .isEqualTo(200);
  }

  @Test
  void aCustomerSendsAFileOfTheirOwn() {
    bench.customerWrites(
        "{\"type\":\"image\",\"image\":{\"mime_type\":\"image/png\",\"caption\":\"look\"},\"data\":\"AQID\"}");
    JsonNode image = bench.receiver.elements("messages").getFirst().path("image");
    assertThat(image.path("caption").asText()).isEqualTo("look");
    assertThat(image.path("mime_type").asText()).isEqualTo("image/png");
    assertThat(bench.graph("GET", image.path("url").asText(), null).raw().body())
        .containsExactly(1, 2, 3);
  }
}
