package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.testing.TestClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Types, names, ranges and links.
class FileRulesTest {
  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] zip(String first) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(first));
      zip.write(1);
    }
    return bytes.toByteArray();
  }

  private static String type(byte[] head, String said) {
    return switch (ContentTypes.judge(head, said.isEmpty() ? null : said, null)) {
      case ContentTypes.Finding.Of of -> of.type();
      case ContentTypes.Finding.Otherwise other -> "refused " + other.found();
    };
  }

  private static final String GIF = "GIF89a\1\0\1\0\0\0\0";
  private static final String MP4 = "\0\0\0\u0018ftypisom\0\0\2\0isomiso2";
  private static final String OGG =
      "OggS\0\2\0\0\0\0\0\0\0\0\1\2\3\4\0\0\0\0\0\0\0\0\1\u0013OpusHead";

  @Test
  void theBytesDecide() throws IOException {
    assertThat(type(latin("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF"), "image/jpg"))
        .isEqualTo("image/jpeg");
    assertThat(type(latin("%PDF-1.7\n"), "application/pdf")).isEqualTo("application/pdf");
    assertThat(type(latin("%PDF-1.7\n"), "")).isEqualTo("application/pdf");
    assertThat(type(latin(MP4), "video/mp4")).isEqualTo("video/mp4");
    assertThat(type(latin(MP4), "audio/mp4")).isEqualTo("audio/mp4");
    assertThat(type(latin(OGG), "audio/ogg; codecs=opus")).isEqualTo("audio/ogg");
    assertThat(type(latin("ID3\4\0\0\0\0\0\0"), "audio/mpeg")).isEqualTo("audio/mpeg");
    assertThat(type(latin("RIFF\4\0\0\0WEBPVP8 "), "image/webp")).isEqualTo("image/webp");
    assertThat(type(latin("#!AMR\n"), "audio/amr")).isEqualTo("audio/amr");
    assertThat(type(latin("a,b\n1,2\n"), "text/csv")).isEqualTo("text/csv");
    assertThat(type(latin("{\"a\": 1}"), "application/json")).isEqualTo("application/json");
    assertThat(type(latin("\1\2\3\4"), "application/x-of-ours"))
        .isEqualTo("application/octet-stream");
    String word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assertThat(type(zip("[Content_Types].xml"), word)).isEqualTo(word);
    assertThat(type(zip("something"), "application/zip")).isEqualTo("application/zip");
  }

  @Test
  void whatIsSaidWronglyIsRefused() throws IOException {
    assertThat(type(latin("<html><script>alert(1)</script>"), "image/png"))
        .isEqualTo("refused text/html");
    assertThat(type(latin("MZ\u0090\0\3"), "image/jpeg")).startsWith("refused ");
    assertThat(type(latin("nothing of that kind"), "video/mp4")).startsWith("refused ");
    assertThat(type(latin("\1\2\3\4"), "image/png")).startsWith("refused ");
    assertThat(type(latin("just text"), "text/html")).startsWith("refused ");
    assertThat(type(latin("just text"), "image/svg+xml")).startsWith("refused ");
    assertThat(type(zip("something"), "application/pdf")).startsWith("refused ");
  }

  @Test
  void polyglotsAreWhatTheyBeginAs() {
    String script = "<html><script>alert(1)</script></html>";

    assertThat(type(latin(GIF + script), "")).isEqualTo("image/gif");
    assertThat(type(latin(GIF + script), "text/html")).isEqualTo("refused image/gif");
    assertThat(type(latin("%PDF-1.4\nPK\3\4"), "application/zip"))
        .isEqualTo("refused application/pdf");
  }

  @Test
  void namesAreMadeHarmless() {
    assertThat(FileNames.clean("../../etc/passwd")).isEqualTo("passwd");
    assertThat(FileNames.clean("C:\\temp\\report.pdf")).isEqualTo("report.pdf");
    assertThat(FileNames.clean("gp\u202ejpg.exe\r\nX: y")).isEqualTo("gpjpg.exeX_ y");
    assertThat(FileNames.clean("..")).isNull();
    assertThat(FileNames.clean("\0\u200b ")).isNull();
    assertThat(FileNames.clean(".htaccess")).isEqualTo("htaccess");
    String cut = FileNames.clean("ä".repeat(400) + ".jpeg");
    assertThat(cut).endsWith("ä.jpeg");
    assertThat(String.valueOf(cut).getBytes(StandardCharsets.UTF_8).length)
        .isBetween(250, FileNames.MOST_BYTES);
    assertThat(FileNames.disposition(false, "naïve \"x\".txt"))
        .isEqualTo("attachment; filename=\"na_ve _x_.txt\"; filename*=UTF-8''na%C3%AFve%20_x_.txt");
    assertThat(FileNames.disposition(true, null)).isEqualTo("inline");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 100, 0-0",
    "bytes=10-, 100, 10-99",
    "bytes=-10, 100, 90-99",
    "bytes=-200, 100, 0-99",
    "bytes=90-200, 100, 90-99",
    "bytes=100-, 100, beyond",
    "bytes=-0, 100, beyond",
    "bytes=5-2, 100, whole",
    "'bytes=0-1,3-4', 100, whole",
    "lines=1-2, 100, whole",
    "bytes=-, 100, whole",
    "bytes=99999999999999999999-, 100, whole",
    ", 100, whole"
  })
  void rangesAreUnderstood(String header, long size, String expected) {
    String found =
        switch (ByteRange.parse(header, size)) {
          case ByteRange.Whole _ -> "whole";
          case ByteRange.Part part -> part.first() + "-" + part.last();
          case ByteRange.Beyond _ -> "beyond";
        };
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void aLinkOpensWhatItWasMadeForAndNothingElse() {
    var clock = new TestClock();
    var config = Config.load(Map.of(), null, Map.of("media.origin", "https://files.test/"));
    Links links = new Links(FieldCipher.of(new Secret(FieldCipher.generate("k1"))), config, clock);
    Links others = new Links(FieldCipher.of(new Secret(FieldCipher.generate("k1"))), config, clock);
    var tenant = new TenantId(UUID.randomUUID());
    UUID file = UUID.randomUUID();
    Links.Link link = links.link(tenant, file, "thumbnail", Duration.ofMinutes(1), true);
    String signed = link.url().getPath().substring(Links.PATH.length());

    assertThat(link.url().toString()).startsWith("https://files.test/files/");
    assertThat(links.open(signed))
        .contains(new Links.Target(tenant, file, "thumbnail", link.until(), true));
    assertThat(others.open(signed)).isEmpty();
    for (int i = 0; i < signed.length(); i++) {
      char other = signed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = signed.substring(0, i) + other + signed.substring(i + 1);
      assertThat(links.open(changed).filter(t -> !t.file().equals(file))).isEmpty();
    }
    assertThat(links.open("")).isEmpty();
    assertThat(links.open("..")).isEmpty();
    clock.pass(Duration.ofMinutes(1));
    assertThat(links.open(signed)).isPresent();
    clock.pass(Duration.ofSeconds(20));
    assertThat(links.open(signed)).isEmpty();
  }
}
