package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The pages of the inbox as the server hands them out. Skipped where the program was built without Node.
class WebPagesTest {
  private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");
  private static final Path TEXTS = Path.of("..", "web", "src", "i18n");

  private final Api browser = World.shared().server.api();

  private Answer page(String path) {
    Answer page = browser.get(path);
    assumeTrue(
        page.status() == 200 && page.text().contains("<div id=\"root\">"),
        "built without Node: there are no pages");
    return page;
  }

  @Test
  void everyPageIsTheSameDocumentUnderAStrictPolicy() {
    String start = page("/").text();
    for (String path :
        new String[] {
          "/sign-in",
          "/inbox",
          "/inbox/01890000-0000-7000-8000-000000000000",
          "/admin",
          "/admin/users",
          "/forgot-password",
          "/reset-password",
          "/verify-email",
          "/accept-invitation"
        }) {
      Answer page = browser.get(path).expect(200);
      assertThat(page.text()).isEqualTo(start);
      assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
      assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(page.header("Content-Security-Policy"))
          .contains("script-src 'self';", "object-src 'none'", "frame-ancestors 'none'");
    }
    assertThat(start).doesNotContain("<script>", "onload=");
    assertThat(browser.get("/no-such-page").status()).isEqualTo(404);
  }

  @Test
  void scriptsMayBeKeptForever() {
    Matcher script = SCRIPT.matcher(page("/").text());
    assertThat(script.find()).isTrue();
    Answer answer = browser.get(script.group(1)).expect(200);
    assertThat(answer.header("Content-Type")).startsWith("text/javascript");
    assertThat(answer.header("Cache-Control")).contains("immutable");
    assertThat(browser.get("/assets/none.js").status()).isEqualTo(404);
    assertThat(browser.get("/assets/..%2findex.html").status()).isEqualTo(404);
  }

  @Test
  void everyTextIsThereInEveryLanguage() throws IOException {
    for (String folder : new String[] {"", "admin/", "widget/"}) {
      Set<String> english = names(folder + "en");
      assertThat(english).isNotEmpty();
      for (String language : new String[] {"pt", "es"}) {
        assertThat(names(folder + language)).as(folder + language).isEqualTo(english);
      }
    }
  }

  /// The names of all texts; forms of a plural count once, because languages differ in how many they have.
  private static Set<String> names(String language) throws IOException {
    var names = new TreeSet<String>();
    collect(Json.read(Files.readString(TEXTS.resolve(language + ".json"))), "", names);
    return names;
  }

  private static void collect(JsonNode node, String name, Set<String> names) {
    if (node.isObject()) {
      node.properties()
          .forEach(field -> collect(field.getValue(), name + "." + field.getKey(), names));
    } else {
      assertThat(node.asText()).as(name).isNotBlank();
      names.add(name.replaceFirst("_(one|many|other)$", ""));
    }
  }
}
