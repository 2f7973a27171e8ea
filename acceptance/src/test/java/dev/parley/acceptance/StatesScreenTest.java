package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What can be read and used by everybody, whatever the state of things: every colour, every kind of message, and what
/// opens above the inbox.
class StatesScreenTest {
  /// Contrasts below 4.5 of letters on the ground of their colour, which lies on each ground that pages have.
  private static final String FAINT =
      """
      () => {
        const colours = ['blue', 'grape', 'gray', 'orange', 'pink', 'red', 'teal', 'yellow'];
        const grounds = ['var(--mantine-color-body)',
          'light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))',
          'light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-5))',
          'light-dark(var(--mantine-color-teal-0), #12403c)',
          'light-dark(var(--mantine-color-yellow-0), #3a3013)'];
        const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1});
        const pen = canvas.getContext('2d', {willReadFrequently: true});
        const probe = document.body.appendChild(document.createElement('span'));
        // Else the colour of before is read, from which the new one is reached in no time.
        probe.style.transitionProperty = 'none';
        const brightness = (...layers) => {
          for (const layer of layers) {
            probe.style.color = layer;
            pen.fillStyle = getComputedStyle(probe).color;
            pen.fillRect(0, 0, 1, 1);
          }
          const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(value => value / 255)
            .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const faint = [];
        const compare = (name, letters, ...under) => {
          const [a, b] = [brightness(...under), brightness(...under, letters)];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (!(contrast >= 4.5)) faint.push(`${name} ${contrast.toFixed(2)}`);
        };
        for (const ground of grounds) {
          compare(`dimmed on ${ground}`, 'var(--mantine-color-dimmed)', ground);
          for (const one of colours) {
            compare(`${one} on ${ground}`, `var(--mantine-color-${one}-light-color)`, ground,
              `var(--mantine-color-${one}-light)`);
          }
        }
        probe.remove();
        return faint.join('; ');
      }
      """;

  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Tenant acme = world.tenants.acme();
  private final String customer = World.customer();

  @Test
  void lettersOfEveryColourCanBeRead() {
    for (boolean dark : List.of(false, true)) {
      try (Screen nobody = Screen.ofNobody(1280, dark, "en")) {
        nobody.open("/sign-in");
        assertThat(nobody.page.evaluate(FAINT)).as(dark ? "dark" : "light").isEqualTo("");
      }
    }
  }

  @Test
  void everyKindOfMessageAndWindowIsForEverybody() {
    String conversation = everything();
    List<Consumer<Screen>> windows =
        List.of(
            screen -> screen.page.getByLabel("Ask with buttons or a list").click(),
            screen -> screen.page.getByLabel("Choose a template").click(),
            screen -> screen.page.getByLabel("Assigned to agent of acme").first().click(),
            screen -> screen.page.getByLabel("Change the status").click(),
            screen ->
                screen.page.getByText("Note", new Page.GetByTextOptions().setExact(true)).click());
    var found = new ArrayList<String>();
    for (boolean dark : List.of(false, true)) {
      String theme = dark ? " dark" : " light";
      try (Screen agent = Screen.of(acme, "agent", 1280, dark, "en")) {
        agent.conversation(conversation);
        agent.message("Never arrived").waitFor();
        agent.page.getByLabel("More filters").click();
        found.addAll(PagesScreenTest.against(agent, "conversation" + theme));
        for (int i = 0; i < windows.size(); i++) {
          windows.get(i).accept(agent);
          agent.settled();
          found.addAll(PagesScreenTest.against(agent, "window " + i + theme));
          agent.page.keyboard().press("Escape");
        }
        agent.wasQuiet();
      }
    }
    assertThat(found).isEmpty();
  }

  /// A conversation with everything in it.
  private String everything() {
    sandbox.writeText(acme.number(), customer, "Where is *my* parcel? https://parcels.example/1");
    String id = acme.api().awaitConversation(customer, SOON).path("id").asText();
    Api agent = acme.as("agent");
    acme.as("admin")
        .post("/api/v1/channels/" + acme.channelId() + "/templates/sync", Json.of())
        .ok();
    agent.sendText(id, "It leaves _today_");
    for (JsonNode content :
        List.of(
            Json.of(
                "type",
                "buttons",
                "body",
                "Shall we ring?",
                "footer",
                "Before six",
                "buttons",
                List.of(Json.of("id", "1", "title", "Yes"), Json.of("id", "2", "title", "No"))),
            Json.of(
                "type",
                "list",
                "body",
                "When?",
                "button",
                "Times",
                "sections",
                List.of(
                    Json.of(
                        "title",
                        "Tomorrow",
                        "rows",
                        List.of(Json.of("id", "1", "title", "Ten", "description", "By bike"))))),
            Json.of(
                "type",
                "template",
                "name",
                "order_confirmation",
                "language",
                "en_US",
                "components",
                List.of(
                    Json.of(
                        "type",
                        "body",
                        "parameters",
                        List.of(
                            Json.of("type", "text", "text", "Ada"),
                            Json.of("type", "text", "text", "4711"))))))) {
      agent.send(id, content, null).ok();
    }
    for (JsonNode message :
        List.of(
            Json.of(
                "type",
                "interactive",
                "interactive",
                Json.of(
                    "type", "button_reply", "button_reply", Json.of("id", "1", "title", "Yes"))),
            Json.of("type", "image", "image", Json.of("caption", "my door")),
            Json.of("type", "audio", "audio", Json.of()),
            Json.of("type", "location", "location", Json.of("latitude", 38.7, "longitude", -9.1)),
            Json.of("type", "hologram", "hologram", Json.of("depth", 3)))) {
      sandbox.write(acme.number(), customer, message);
    }
    sandbox.faults(acme.number(), Json.of("on", "messages", "mode", "error", "code", 131026));
    try {
      JsonNode failed = agent.sendText(id, "Never arrived");
      agent.awaitState(id, failed.path("id").asText(), SOON, "failed");
    } finally {
      sandbox.faults(acme.number());
    }
    String path = "/api/v1/conversations/" + id;
    agent.patch(path, Json.of("priority", "urgent")).ok();
    agent.call("PUT", path + "/assignment", "{\"assigneeId\":\"me\"}").ok();
    agent.post(path + "/notes", Json.of("text", "Be *kind*")).ok();
    String tag =
        acme.as("admin")
            .post("/api/v1/tags", Json.of("name", "state " + UUID.randomUUID()))
            .ok()
            .path("id")
            .asText();
    agent.call("PUT", path + "/tags/" + tag, null).ok();
    return id;
  }
}
