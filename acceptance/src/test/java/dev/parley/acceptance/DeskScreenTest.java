package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What agents do with a conversation besides answering, in a browser.
class DeskScreenTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final String unique = UUID.randomUUID().toString().substring(0, 8);
  private final String customer = World.customer();

  private String conversation() {
    world.sandbox.writeText(acme.number(), customer, "About " + unique);
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private void await(String conversation, String field, String value) {
    Wait.until(
        field + " is " + value,
        SOON,
        () -> acme.api().get("/api/v1/conversations/" + conversation).ok().path(field).asText(),
        value::equals);
  }

  @Test
  void itIsTakenRaisedAndResolvedAndACustomerOpensItAgain() {
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.button("Resolve").waitFor();
      agent.page.locator("body").press("a");
      await(conversation, "assigneeId", Objects.requireNonNull(acme.userIds().get("agent")));
      agent.page.getByLabel("Priority: No priority").click();
      agent.page.getByRole(AriaRole.MENUITEM).filter(text("Urgent")).click();
      await(conversation, "priority", "urgent");
      agent.page.locator("body").press("e");
      await(conversation, "status", "resolved");
      agent.button("Open again").waitFor();
      assertThat(agent.page.locator("a[data-conversation='" + conversation + "']").count())
          .isZero();

      world.sandbox.writeText(acme.number(), customer, "One more thing");
      agent.page.locator("a[data-conversation='" + conversation + "']").waitFor();
      await(conversation, "status", "open");
      agent.wasQuiet();
    }
  }

  @Test
  void whatSomebodyElseHasIsTakenOverOnlyOnPurpose() {
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.button("Resolve").waitFor();
      acme.as("manager")
          .call(
              "PUT",
              "/api/v1/conversations/" + conversation + "/assignment",
              "{\"assigneeId\":\"me\"}")
          .ok();
      agent.page.getByLabel("Assigned to manager of acme").first().click();
      agent.page.getByRole(AriaRole.DIALOG).getByText("Assign to me").click();
      await(conversation, "assigneeId", Objects.requireNonNull(acme.userIds().get("agent")));
      agent.wasQuiet();
    }
  }

  @Test
  void colleaguesReadNotesAndCustomersDoNot() {
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent");
        Screen manager = Screen.of(acme, "manager")) {
      agent.conversation(conversation);
      manager.conversation(conversation);
      agent.page.getByText("Note", new Page.GetByTextOptions().setExact(true)).click();
      Locator box = agent.page.getByLabel("Write a note; @ mentions a colleague");
      box.pressSequentially("look @manag");
      suggestion(agent).waitFor();
      box.press("Enter");
      box.pressSequentially("please");
      box.press("Enter");
      Locator note = manager.page.locator("article[data-note]");
      note.filter(text("look @manager of acme please")).waitFor();
      agent.wasQuiet();
      manager.wasQuiet();
    }
    assertThat(
            acme.api()
                .get("/api/v1/conversations/" + conversation + "/notes")
                .ok()
                .path("items")
                .path(0)
                .path("mentions"))
        .hasSize(1);
    assertThat(world.sandbox.sends(acme.number()))
        .noneMatch(send -> send.toString().contains("@manager"));
  }

  @Test
  void tagsAreGivenAndTheListIsNarrowedToThem() {
    acme.as("admin").post("/api/v1/tags", Json.of("name", "tag " + unique)).ok();
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.page.getByLabel("Add a tag").click();
      agent.page.getByRole(AriaRole.DIALOG).getByText("tag " + unique).click();
      agent.page.getByLabel("Remove tag " + unique).waitFor();
      agent.page.getByLabel("More filters").click();
      agent
          .page
          .getByLabel("Tag", new Page.GetByLabelOptions().setExact(true))
          .selectOption("tag " + unique);
      Locator list = agent.page.locator("a[data-conversation]");
      list.first().waitFor();
      Wait.until("only that one is listed", SOON, () -> list.count() == 1);
      agent.wasQuiet();
    }
  }

  @Test
  void aFieldIsMadeAndAgentsFillItIn() {
    String conversation = conversation();
    try (Screen manager = Screen.of(acme, "manager")) {
      manager.open("/admin/contact-fields");
      manager.button("Create a field").click();
      manager.page.locator("input[name=name]").fill("Plan " + unique);
      manager.page.locator("input[name=key]").fill("plan_" + unique);
      manager.page.getByLabel("Type").selectOption("choice");
      Locator choices = manager.page.getByLabel("Choices").first();
      for (String choice : List.of("basic", "gold")) {
        choices.fill(choice);
        choices.press("Enter");
      }
      manager.button("Save").click();
      manager.page.getByText("plan_" + unique).waitFor();
      manager.wasQuiet();
    }
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.button("Edit fields").click();
      agent.page.getByLabel("Plan " + unique).selectOption("gold");
      agent.button("Save").click();
      agent.page.locator("aside dd").filter(text("gold")).waitFor();
      agent.wasQuiet();
    }
    String contact =
        acme.api().get("/api/v1/conversations/" + conversation).ok().path("contactId").asText();
    assertThat(
            acme.api()
                .get("/api/v1/contacts/" + contact)
                .ok()
                .path("fields")
                .path("plan_" + unique)
                .asText())
        .isEqualTo("gold");
  }

  @Test
  void aSlashWritesACannedReply() {
    acme.as("admin")
        .post(
            "/api/v1/canned-replies",
            Json.of("shortcut", "r" + unique, "text", "Hello {{contact.name}}!"))
        .ok();
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.composer().pressSequentially("/r" + unique);
      suggestion(agent).waitFor();
      agent.composer().press("Enter");
      agent.composer().press("Enter");
      agent.message("Hello C" + customer + "!").locator("[data-state=read]").waitFor();
      agent.wasQuiet();
    }
  }

  @Test
  void anAdministratorMakesTagsTeamsAndReplies() {
    try (Screen admin = Screen.of(acme, "admin")) {
      for (List<String> page :
          List.of(
              List.of("tags", "Create a tag", "name"),
              List.of("teams", "Create a team", "name"),
              List.of("canned-replies", "Create a reply", "shortcut"))) {
        admin.open("/admin/" + page.get(0));
        admin.button(page.get(1)).click();
        Locator form = admin.page.getByRole(AriaRole.DIALOG);
        form.locator("input[name=" + page.get(2) + "]").fill("made-" + unique);
        if (form.locator("textarea[name=text]").count() > 0) {
          form.locator("textarea[name=text]").fill("Hello!");
        }
        form.locator("button[type=submit]").click();
        admin.page.locator("tbody tr").filter(text("made-" + unique)).waitFor();
      }
      admin.wasQuiet();
    }
  }

  /// What the composer offers; the options of other fields have no list of their own.
  private static Locator suggestion(Screen screen) {
    return screen.page.locator("[role=listbox] [role=option]").first();
  }

  private static Locator.FilterOptions text(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
