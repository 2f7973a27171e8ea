package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Genesys Cloud in the browser: administrators connect it, agents see who answers and hand conversations over.
class GenesysScreenTest {
  /// Until a breaker has opened and the page has asked again.
  private static final int LONG_MS = 60_000;

  private static final String WIDER =
      "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private final World world = World.shared();
  private final Genesys genesys = world.genesys;
  private final String customer = World.customer();
  private final List<String> barriers = new ArrayList<>();

  private Tenant tenant(String slug, int n) {
    return Fixture.tenant(
        world.server.api(), world.tenants.operator(), slug, n, world.sandbox, world.server.url());
  }

  private static Locator dialog(Screen screen) {
    return screen.page.getByRole(AriaRole.DIALOG);
  }

  private static Locator row(Screen screen, String text) {
    return screen.page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
  }

  /// The button of that name in the window that is open.
  private static Locator act(Screen screen, String name) {
    return dialog(screen)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  private static void open(Screen screen, String page, String row) {
    screen.open("/admin/" + page);
    row(screen, row).locator("button[data-open]").click();
  }

  private static JsonNode desk(Tenant tenant, String conversation) {
    return tenant.api().get("/api/v1/conversations/" + conversation + "/desk").ok();
  }

  private static void awaitDesk(Tenant tenant, String conversation, String wanted) {
    Wait.until(
        "it is answered in " + wanted,
        SOON,
        () -> desk(tenant, conversation).path("desk").asText(),
        wanted::equals);
  }

  @Test
  void anAdministratorConnectsGenesysChoosesTheDeskRotatesTheSecretAndRemovesIt() {
    String slug = "tyrell";
    Tenant tyrell = tenant(slug, 13);
    genesys.register(slug);
    try (Screen admin = Screen.of(tyrell, "admin")) {
      admin.open("/admin/genesys");
      admin.page.getByText("No connection yet.").waitFor();
      connect(admin, slug);
      row(admin, "Desk of tyrell").waitFor();
      assertThat(admin.page.content()).doesNotContain(Genesys.clientSecret(slug));

      chooseDesk(admin, tyrell);
      world.sandbox.writeText(tyrell.number(), customer, "Hello");
      String theirs = genesys.awaitConversation(slug, customer).path("id").asText();
      String ours = tyrell.api().awaitConversation(customer, SOON).path("id").asText();

      open(admin, "genesys", "Desk of tyrell");
      act(admin, "Rotate the secret").click();
      act(admin, "Rotate the secret").click();
      admin.page.getByText("Genesys Cloud signs with the new secret.").waitFor();
      genesys.say(slug, theirs, "Signed anew");
      Wait.until(
          "what is signed with the new secret comes in",
          SOON,
          () -> tyrell.api().messages(ours).toString(),
          messages -> messages.contains("Signed anew"));

      act(admin, "Delete").click();
      act(admin, "Delete").click();
      row(admin, "Desk of tyrell")
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      admin.wasQuiet();
    }
    assertThat(tyrell.api().get("/api/v1/genesys/integrations").ok().path("items")).isEmpty();
    assertThat(barriers).isEmpty();
  }

  /// Goes through the set-up to its end.
  private void connect(Screen admin, String slug) {
    admin.button("Connect Genesys Cloud").click();
    Locator setup = dialog(admin);
    setup.locator("input[name=name]").fill("Desk of " + slug);
    setup.getByLabel("Region").selectOption("Another region");
    setup.locator("input[name=region]").fill("genesys.example");
    setup.locator("input[name=clientId]").fill("client-" + slug);
    setup.locator("input[name=clientSecret]").fill(Genesys.clientSecret(slug));
    barriers.addAll(PagesScreenTest.against(admin, "client"));
    setup.locator("button[type=submit]").click();
    act(admin, "Create the integration").click();
    setup.getByText("The integration is there.").waitFor();
    barriers.addAll(PagesScreenTest.against(admin, "integration"));
    act(admin, "Done, go on").click();
    act(admin, "Test the connection").click();
    setup.getByText("Genesys Cloud lets the client in.").waitFor();
    setup.getByText("The client may send messages and receipts.").waitFor();
    barriers.addAll(PagesScreenTest.against(admin, "checks"));
    act(admin, "Finish").click();
  }

  /// Lets the channel's conversations go there by a rule, then all of them.
  private void chooseDesk(Screen admin, Tenant tenant) {
    String path = "/api/v1/channels/" + tenant.channelId() + "/desk";
    for (String choice : List.of("rule", "genesys")) {
      open(admin, "channels", "Support of " + tenant.slug());
      act(admin, "Choose the desk").click();
      dialog(admin).getByLabel("Where conversations are answered").selectOption(choice);
      if (choice.equals("rule")) {
        act(admin, "Add hours").click();
        barriers.addAll(PagesScreenTest.against(admin, "rule"));
      }
      act(admin, "Save").click();
      Wait.until(
          "the channel's desk is " + choice,
          SOON,
          () -> tenant.api().get(path).ok(),
          now ->
              now.path("desk").asText().equals(choice)
                  && now.at("/rule/hours/openings").size() == (choice.equals("rule") ? 6 : 0));
    }
  }

  @Test
  void theWindowsFitOnAPhoneInEveryLanguage() {
    Tenant acme = world.tenants.acme();
    for (String language : List.of("en", "pt", "es")) {
      try (Screen admin = Screen.of(acme, "admin", 360, true, language)) {
        admin.open("/admin/genesys");
        admin.page.locator("main button:has(svg)").first().click();
        dialog(admin).locator("input[name=clientId]").waitFor();
        assertThat(admin.page.evaluate(WIDER)).as(language).isEqualTo(0);
        barriers.addAll(PagesScreenTest.against(admin, language));
        admin.wasQuiet();
      }
    }
    assertThat(barriers).isEmpty();
  }

  @Test
  void agentsSeeWhereAConversationIsAnsweredAndHandItOverBothWays() {
    String slug = "wonka";
    Tenant wonka = tenant(slug, 14);
    genesys.connect(wonka);
    world.sandbox.writeText(wonka.number(), customer, "Is anybody there?");
    String theirs = genesys.awaitConversation(slug, customer).path("id").asText();
    String ours = wonka.api().awaitConversation(customer, SOON).path("id").asText();
    try (Screen reader = Screen.of(wonka, "read-only")) {
      reader.open("/inbox/" + ours);
      reader.page.getByText("Answered in Genesys of wonka.").waitFor();
      assertThat(reader.button("Take back to the inbox").count()).isZero();
      reader.wasQuiet();
    }
    try (Screen agent = Screen.of(wonka, "agent")) {
      agent.conversation(ours);
      agent.page.getByText("Answered in Genesys of wonka.").waitFor();
      agent.button("Take back to the inbox").click();
      act(agent, "Take back to the inbox").click();
      awaitDesk(wonka, ours, "inbox");
      agent
          .page
          .getByText("Answered in Genesys of wonka.")
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));

      agent.page.getByLabel("Change the status").click();
      agent
          .page
          .getByRole(
              AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Hand over to Genesys Cloud"))
          .click();
      dialog(agent).getByLabel("Note").fill("Wants a refund");
      barriers.addAll(PagesScreenTest.against(agent, "handover"));
      act(agent, "Hand over to Genesys Cloud").click();
      agent.page.getByText("Answered in Genesys of wonka.").waitFor();
      awaitDesk(wonka, ours, "genesys");
      Wait.until(
          "Genesys' agents read the note",
          SOON,
          () -> genesys.conversation(slug, theirs).toString(),
          all -> all.contains("Wants a refund"));

      whileItIsAway(agent, wonka);
      agent.wasQuiet();
    }
    assertThat(barriers).isEmpty();
  }

  /// Genesys fails: who looks at the conversation and who looks at the list is told, and how much waits.
  private void whileItIsAway(Screen agent, Tenant tenant) {
    genesys.faults(tenant.slug(), Json.of("on", "message", "mode", "error", "httpStatus", 503));
    try {
      for (int i = 0; i < 6; i++) {
        world.sandbox.writeText(tenant.number(), World.customer(), "One more");
      }
      Locator told = agent.page.getByText("Genesys Cloud does not answer.");
      told.nth(1).waitFor(new Locator.WaitForOptions().setTimeout(LONG_MS));
      agent
          .page
          .getByText("6 are waiting.")
          .first()
          .waitFor(new Locator.WaitForOptions().setTimeout(LONG_MS));
      barriers.addAll(PagesScreenTest.against(agent, "away"));
    } finally {
      genesys.faults(tenant.slug());
    }
  }
}
