package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.mail.Mail;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MailTextTest {
  private static final List<String> KINDS =
      List.of("verify", "known", "reset", "invite", "changed");

  private static Properties texts(String language) throws IOException {
    var texts = new Properties();
    try (var in =
        new InputStreamReader(
            Objects.requireNonNull(
                MailText.class.getResourceAsStream("/mail/texts" + language + ".properties")),
            StandardCharsets.UTF_8)) {
      texts.load(in);
    }
    return texts;
  }

  private static List<String> places(String text) {
    return Pattern.compile("\\{\\w+}")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .sorted()
        .distinct()
        .toList();
  }

  @Test
  void everyLanguageSaysEverythingWithTheSameValues() throws IOException {
    Properties english = texts("");
    for (String language : List.of("_pt", "_es")) {
      Properties other = texts(language);
      assertThat(other.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
      for (String key : english.stringPropertyNames()) {
        assertThat(places(other.getProperty(key)))
            .as(language + " " + key)
            .isEqualTo(places(english.getProperty(key)));
        assertThat(other.getProperty(key)).isNotEqualTo(english.getProperty(key));
      }
    }
  }

  @Test
  void theLanguageIsThatOfTheTagAndElseEnglish() {
    assertThat(subject("pt-BR")).isEqualTo("Recebeu um convite para Acme");
    assertThat(subject("es")).isEqualTo("Tienes una invitación a Acme");
    for (String other : List.of("en-GB", "ja", "not a tag", "")) {
      assertThat(subject(other)).isEqualTo("You are invited to Acme");
    }
    assertThat(MailText.in("ja").write("invite", "a@b.example", values("A"), "x").html())
        .contains("lang=\"en\"");
    assertThat(MailText.in(null).write("invite", "a@b.example", values("A"), "x").subject())
        .isEqualTo("You are invited to Acme");
  }

  private static String subject(String tag) {
    return MailText.in(tag).write("invite", "a@b.example", values("Ada"), "https://x/").subject();
  }

  private static Map<String, String> values(String who) {
    return Map.of("tenant", "Acme", "who", who);
  }

  @Test
  void whatPeopleTypedIsNeitherMarkupNorAHeaderNorAPlace() {
    for (String kind : KINDS) {
      Mail mail =
          MailText.in("en")
              .write(
                  kind,
                  "a@b.example",
                  Map.of("tenant", "<b>A\r\nBcc: evil@x.example</b> {who} $1", "who", "\"W\""),
                  "https://chat.test/x#token=<t>");
      assertThat(mail.subject()).doesNotContain("\r", "\n");
      assertThat(mail.html()).doesNotContain("<b>", "<t>").contains("&lt;b&gt;", "{who} $1");
      assertThat(mail.text()).contains("https://chat.test/x#token=<t>", "{who} $1");
      assertThat(mail.toString()).doesNotContain("token", "b.example");
    }
    assertThat(new Mail("a@b.example", "x\u2028y\u0000z".repeat(100), "", "").subject())
        .hasSizeLessThanOrEqualTo(200)
        .doesNotContain("\u2028", "\u0000");
  }
}
