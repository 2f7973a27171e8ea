package dev.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.renditions.Programs;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.sandbox.WhatsAppSandbox;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each check, in order and out of order.
class DoctorTest {
  @TempDir Path folder;

  private Config config(String... pairs) {
    var settings = new HashMap<String, String>();
    settings.put("data.dir", folder.toString());
    for (int i = 0; i < pairs.length; i += 2) {
      settings.put(pairs[i], pairs[i + 1]);
    }
    return Config.load(Map.of(), null, settings);
  }

  @Test
  void aFolderThatCannotBeMadeIsAFailure() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(Doctor.folder(config()).grade()).isNotEqualTo(Finding.Grade.FAIL);
    assertThat(Doctor.folder(config("data.dir", file.resolve("data").toString())).grade())
        .isEqualTo(Finding.Grade.FAIL);
  }

  @Test
  void keysMustBeOfTheirForm() {
    assertThat(Doctor.keys(config()).grade()).isEqualTo(Finding.Grade.OK);
    assertThat(Doctor.keys(config("crypto.keys", FieldCipher.generate("k7"))).seen())
        .contains("k7");
    Finding wrong = Doctor.keys(config("crypto.keys", "k1:c2hvcnQ="));
    assertThat(wrong.grade()).isEqualTo(Finding.Grade.FAIL);
    assertThat(wrong.mend()).contains("keys generate");
  }

  @Test
  void thePublicAddressIsLookedAt() {
    assertThat(Doctor.publicUrl(config()).grade()).isEqualTo(Finding.Grade.WARN);
    assertThat(Doctor.publicUrl(config("public.url", "http://chat.example.com")).grade())
        .isEqualTo(Finding.Grade.WARN);
    assertThat(Doctor.publicUrl(config("public.url", "https://chat.example.com")).grade())
        .isEqualTo(Finding.Grade.OK);
    assertThat(Doctor.publicUrl(config("public.url", "https://chat.example.com/")).grade())
        .isEqualTo(Finding.Grade.FAIL);
    assertThat(Doctor.publicUrl(config("public.url", "chat.example.com")).grade())
        .isEqualTo(Finding.Grade.FAIL);
  }

  @Test
  void programsThatAreNotThereAreNamedWithTheirPackages() {
    Finding none = Doctor.programs(Programs.none());
    assertThat(none.grade()).isEqualTo(Finding.Grade.WARN);
    assertThat(none.seen()).contains("no ffmpeg: ", "no djpeg: ");
    assertThat(none.mend())
        .isEqualTo("apt-get install ffmpeg libjpeg-turbo-progs libheif-examples");
  }

  @Test
  void aProviderThatAnswersIsEnough() {
    try (WhatsAppSandbox sandbox = WhatsAppSandbox.start("127.0.0.1", 0)) {
      String url = sandbox.url().toString();
      String place = url.substring("http://".length());

      assertThat(Doctor.provider(config("whatsapp.graph.url", url, "http.allow", place)).grade())
          .isEqualTo(Finding.Grade.OK);
      assertThat(Doctor.provider(config("whatsapp.graph.url", url)).grade())
          .isEqualTo(Finding.Grade.FAIL);
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsAFailureWithTheKeysToLookAt() {
    var findings =
        DatabaseCheck.examine(
            config("database.url", "jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1"), true);

    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().grade()).isEqualTo(Finding.Grade.FAIL);
    assertThat(findings.getFirst().mend()).contains("database.url");
  }

  @Test
  void theMailServerIsLookedFor() throws Exception {
    assertThat(Doctor.mail(config()).grade()).isEqualTo(Finding.Grade.WARN);
    assertThat(Doctor.mail(config("mail.print", "true")).grade()).isEqualTo(Finding.Grade.OK);
    assertThat(Doctor.mail(config("mail.host", "127.0.0.1")).seen()).contains("mail.from");
    String[] mail = {"mail.host", "127.0.0.1", "mail.from", "a@b.example"};
    String[] at;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      at = with(mail, "mail.port", Integer.toString(server.getLocalPort()));
      assertThat(Doctor.mail(config(at)).grade()).isEqualTo(Finding.Grade.WARN);
      assertThat(Doctor.mail(config(with(at, "public.url", "https://x.example"))).grade())
          .isEqualTo(Finding.Grade.OK);
    }
    assertThat(Doctor.mail(config(at)).grade()).isEqualTo(Finding.Grade.FAIL);
  }

  private static String[] with(String[] pairs, String key, String value) {
    String[] all = Arrays.copyOf(pairs, pairs.length + 2);
    all[pairs.length] = key;
    all[pairs.length + 1] = value;
    return all;
  }
}
