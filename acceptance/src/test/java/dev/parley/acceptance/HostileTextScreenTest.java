package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Texts that are scripts, in everything that somebody else can write: none of them runs.
class HostileTextScreenTest {
  private static final List<String> CORPUS =
      List.of(
          "<script>window.hacked=1</script>",
          "<img src=x onerror=window.hacked=1>",
          "\"><svg onload=window.hacked=1>",
          "'-alert(1)-'",
          "javascript:window.hacked=1",
          "http://x.example/\"onmouseover=\"window.hacked=1",
          "https://x.example/?q=<img/src/onerror=window.hacked=1>",
          "*<b onclick=window.hacked=1>bold</b>* _<i>_ ```<script>window.hacked=1</script>```",
          "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1}",
          "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
          "<math><mtext><mglyph><style><img src onerror=window.hacked=1>",
          "\u202e\ufeff<a href=\"data:text/html,<script>parent.hacked=1</script>\">x</a>");

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();

  @Test
  void nothingOfItRuns() {
    String customer = World.customer();
    for (String text : CORPUS) {
      world.sandbox.write(
          acme.number(),
          customer,
          Json.of("type", "text", "text", Json.of("body", text), "profileName", text));
    }
    String file = Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));
    for (String name : List.of(CORPUS.get(1), CORPUS.get(2))) {
      world.sandbox.write(
          acme.number(),
          customer,
          Json.of(
              "type",
              "document",
              "document",
              Json.of("mime_type", "text/plain", "filename", name + ".txt", "caption", name),
              "data",
              file,
              "profileName",
              name));
    }
    world.sandbox.write(
        acme.number(),
        customer,
        Json.of(
            "type",
            "location",
            "location",
            Json.of(
                "latitude",
                1.0,
                "longitude",
                2.0,
                "name",
                CORPUS.get(1),
                "address",
                CORPUS.get(2),
                "url",
                CORPUS.get(4)),
            "profileName",
            CORPUS.get(1)));
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    acme.as("admin").createKey(CORPUS.get(1), List.of("contacts:read"));
    try (Screen admin = Screen.of(acme, "admin")) {
      admin.conversation(conversation);
      admin.message("onerror").first().waitFor();
      admin.page.locator("input[type=search]").fill("onerror");
      admin.page.locator("h2").first().waitFor();
      admin.open("/inbox");
      for (String page : List.of("api-keys", "users", "channels", "events", "audit")) {
        admin.open("/admin/" + page);
      }
      admin.open("/admin/events?x=<script>window.hacked=1</script>");
      assertThat(admin.page.evaluate("window.hacked")).isNull();
      admin.open("/inbox/" + conversation);
      admin.message("onerror").first().waitFor();
      assertThat(admin.page.evaluate("window.hacked")).isNull();
      assertThat(
              admin.page.evaluate(
                  "[...document.querySelectorAll('main a')].every(a => /^https?:/.test(a.href))"))
          .isEqualTo(true);
      assertThat(admin.page.locator("main article iframe, main article script").count()).isZero();
      admin.wasQuiet();
    }
  }
}
