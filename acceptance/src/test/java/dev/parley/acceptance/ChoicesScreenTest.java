package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Questions with buttons and lists, and what WhatsApp takes of them.
class ChoicesScreenTest {
  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final String customer = World.customer();

  private String conversation() {
    world.sandbox.writeText(acme.number(), customer, "What is there?");
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private static Locator begin(Screen agent) {
    agent.button("Ask with buttons or a list").click();
    return agent.page.getByRole(AriaRole.DIALOG);
  }

  private static Locator row(Locator form, int number) {
    // What is required has a star behind its name.
    return form.getByLabel(Pattern.compile("^Row " + number + "( \\*)?$"));
  }

  private static void holds(Locator field, String value) {
    PlaywrightAssertions.assertThat(field).hasValue(value);
  }

  @Test
  void aListIsSentUpToItsLimitsAndAnswered() {
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent", 360, true, "en")) {
      agent.conversation(conversation);
      Locator form = begin(agent);
      form.getByText("List", new Locator.GetByTextOptions().setExact(true)).click();
      form.getByLabel("Question").fill("Which of these?");
      form.getByLabel("Words on the button that opens the list").fill("Our bread");
      Locator more = form.getByText("Add a choice");
      for (int row = 1; row <= 10; row++) {
        if (row > 2) {
          more.click();
        }
        Locator title = row(form, row);
        title.pressSequentially("A loaf of the kind no. " + row);
        assertThat(title.inputValue()).hasSizeLessThanOrEqualTo(24);
      }
      assertThat(form.locator("button:has-text('Add a choice')").isDisabled()).isTrue();
      form.getByText("10 of 10").waitFor();
      form.getByLabel("Description of row 1").first().fill("Rye, baked at night");
      form.getByLabel("Remove choice 10").click();
      assertThat(form.locator("button:has-text('Add a choice')").isDisabled()).isFalse();
      form.locator("button[type=submit]").click();
      Locator question = agent.message("Which of these?");
      question.locator("[data-state=read]").waitFor();
      PlaywrightAssertions.assertThat(question).containsText("Rye, baked at night");
      world.sandbox.write(
          acme.number(),
          customer,
          Json.of(
              "type",
              "interactive",
              "interactive",
              Json.of("type", "list_reply", "list_reply", Json.of("id", "2", "title", "Second"))));
      agent.message("Second").waitFor();
      agent.wasQuiet();
    }
    JsonNode sent = acme.api().messages(conversation).get(1).path("content");
    assertThat(sent.path("type").asText()).isEqualTo("list");
    assertThat(sent.path("sections").path(0).path("rows")).hasSize(9);
    assertThat(sent.path("sections").path(0).path("rows").path(0).path("description").asText())
        .isEqualTo("Rye, baked at night");
  }

  @Test
  void whatWhatsAppWouldRefuseIsToldBeforeItIsSent() {
    String conversation = conversation();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      Locator form = begin(agent);
      form.getByLabel("Question").fill("Sure?");
      Locator first = form.getByLabel("Button 1");
      first.pressSequentially("Twenty-one characters");
      holds(first, "Twenty-one character");
      form.getByLabel("Button 2").fill("Twenty-one character");
      form.getByText("The same words stand on another button.").waitFor();
      form.locator("button[type=submit]").click();
      form.getByText("Add a choice").click();
      form.getByText("3 of 3").waitFor();
      assertThat(form.locator("button:has-text('Add a choice')").isDisabled()).isTrue();

      // What fits into a list's row is too long for a button.
      form.getByText("List", new Locator.GetByTextOptions().setExact(true)).click();
      row(form, 2).fill("Twenty-four characters!!");
      form.getByText("Buttons", new Locator.GetByTextOptions().setExact(true)).click();
      form.getByText("At most 20 characters").waitFor();
      form.locator("button[type=submit]").click();
      form.getByLabel("Button 2").fill("No");
      form.locator("button[type=submit]").click();
      agent.message("Sure?").locator("[data-state=read]").waitFor();
      agent.wasQuiet();
    }
    assertThat(acme.api().messages(conversation))
        .extracting(message -> message.path("content").path("type").asText())
        .containsExactly("text", "buttons");
  }
}
