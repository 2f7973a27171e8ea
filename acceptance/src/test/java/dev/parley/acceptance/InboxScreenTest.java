package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// The inbox in a browser, with customers at the sandbox.
class InboxScreenTest {
  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Tenant acme = world.tenants.acme();
  private final String customer = World.customer();

  private String conversation(String text) {
    sandbox.writeText(acme.number(), customer, text);
    return acme.api().awaitConversation(customer, SOON).path("id").asText();
  }

  private static LocatorAssertions expect(Locator locator) {
    return PlaywrightAssertions.assertThat(locator);
  }

  private static LocatorAssertions.IsVisibleOptions soon() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(Screen.PATIENCE_MS);
  }

  @Test
  void aCustomerWritesAnAgentAnswersAndReceiptsTick() throws IOException {
    acme.as("admin")
        .post("/api/v1/channels/" + acme.channelId() + "/templates/sync", Json.of())
        .ok();
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.open("/inbox");
      sandbox.writeText(acme.number(), customer, "Is it open today?");
      agent
          .page
          .locator("a[data-conversation]")
          .filter(new Locator.FilterOptions().setHasText("Is it open today?"))
          .click();
      expect(agent.message("Is it open today?")).isVisible(soon());

      agent.say("Until *six* today");
      Locator answer = agent.message("Until six today");
      answer.locator("[data-state=read]").waitFor();
      expect(answer.locator("strong")).hasText("six");

      agent
          .page
          .locator("input[type=file]")
          .setInputFiles(new FilePayload("door.png", "image/png", picture()));
      agent.say("This is the door");
      agent.message("This is the door").locator("[data-state=read]").waitFor();
      sendsTheTemplate(agent);
      asksWithButtons(agent);

      sandbox.writeText(acme.number(), customer, "Thank you");
      expect(agent.message("Thank you")).isVisible(soon());
      assertThat(agent.page.locator("[data-waiting]").count()).isZero();
      agent.wasQuiet();
    }
    String conversation = acme.api().awaitConversation(customer, SOON).path("id").asText();
    assertThat(acme.api().messages(conversation))
        .extracting(message -> message.path("content").path("type").asText())
        .containsExactly("text", "text", "image", "template", "buttons", "answer", "text");
  }

  /// Fills in a template, whose preview shows the values, and sends it.
  private static void sendsTheTemplate(Screen agent) {
    agent.button("Choose a template").click();
    Locator form = agent.page.getByRole(AriaRole.DIALOG);
    form.getByLabel("Name of the template").fill("order_confirmation");
    form.getByText("order_confirmation").first().click();
    form.getByLabel("Value of {{1}}").fill("Ada");
    form.getByLabel("Value of {{2}}").fill("4711");
    form.getByText("Ada").waitFor();
    form.locator("button[type=submit]").click();
    agent.message("order_confirmation").locator("[data-state=read]").waitFor();
  }

  /// Asks with two buttons, of which the customer presses one.
  private void asksWithButtons(Screen agent) {
    agent.composer().fill("Do you come?");
    agent.button("Ask with buttons or a list").click();
    Locator form = agent.page.getByRole(AriaRole.DIALOG);
    expect(form.getByLabel("Question")).hasValue("Do you come?");
    form.getByLabel("Button 1").fill("Yes, today");
    form.getByLabel("Button 2").fill("Another day");
    form.locator("button[type=submit]").click();
    Locator question = agent.message("Do you come?");
    question.locator("[data-state=read]").waitFor();
    expect(question).containsText("Another day");
    expect(agent.composer()).hasValue("");
    sandbox.write(
        acme.number(),
        customer,
        Json.of(
            "type",
            "interactive",
            "interactive",
            Json.of(
                "type", "button_reply", "button_reply", Json.of("id", "1", "title", "Yes, today")),
            "profileName",
            "C" + customer));
    agent
        .page
        .locator("article[data-direction=inbound]")
        .filter(new Locator.FilterOptions().setHasText("Yes, today"))
        .waitFor();
  }

  @Test
  void filesAreSentWithTheirCaption() throws IOException {
    String conversation = conversation("Show me");
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent
          .page
          .locator("input[type=file]")
          .setInputFiles(
              new FilePayload[] {
                new FilePayload("shop.png", "image/png", picture()),
                new FilePayload(
                    "prices.txt", "text/plain", "bread 2".getBytes(StandardCharsets.UTF_8))
              });
      agent.say("Our shop");
      Locator shop = agent.message("Our shop");
      shop.locator("img").first().waitFor();
      shop.locator("[data-state=read]").waitFor();
      agent.message("prices.txt").locator("[data-state=read]").waitFor();
      shop.locator("button:has(img)").click();
      agent.page.getByText("Picture 1 of 1").waitFor();
      agent.page.keyboard().press("Escape");
      agent.wasQuiet();
    }
    assertThat(acme.api().messages(conversation))
        .extracting(message -> message.path("content").path("type").asText())
        .containsExactly("text", "image", "document");
  }

  private static byte[] picture() throws IOException {
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB), "png", bytes);
    return bytes.toByteArray();
  }

  @Test
  void whatWasRefusedByTheProviderIsReallySentAgain() {
    String conversation = conversation("Hello?");
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      sandbox.faults(acme.number(), Json.of("on", "messages", "mode", "error", "code", 131026));
      agent.say("Here we are");
      Locator failed = agent.message("Here we are");
      failed.locator("[data-state=failed]").waitFor();
      sandbox.faults(acme.number());
      failed.getByText("Send again").click();
      failed.locator("[data-state=read]").waitFor();
      agent.wasQuiet();
    } finally {
      sandbox.faults(acme.number());
    }
    JsonNode message = acme.api().messages(conversation).getLast();
    assertThat(sandbox.sends(acme.number(), message.path("id").asText())).isNotEmpty();
  }

  @Test
  void twoAgentsSeeEachOther() {
    String conversation = conversation("Anybody there?");
    try (Screen first = Screen.of(acme, "agent");
        Screen second = Screen.of(acme, "manager")) {
      first.conversation(conversation);
      second.conversation(conversation);
      expect(second.message("Anybody there?")).isVisible(soon());
      first.composer().pressSequentially("I ");
      second.page.getByText("Writing here too").waitFor();
      first.say("I am here");
      expect(second.message("I am here")).isVisible(soon());
      second.say("So am I");
      expect(first.message("So am I")).isVisible(soon());
      first.message("So am I").locator("[data-state=read]").waitFor();
      Locator present = first.page.getByText("Looking at this too");
      expect(present).isVisible(soon());
      // Out of the field, and out of the conversation.
      second.page.keyboard().press("Escape");
      second.page.keyboard().press("Escape");
      second.page.waitForURL("**/inbox");
      // Sooner than who says nothing any more is taken for gone, which is after half a minute.
      expect(present)
          .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(Screen.PATIENCE_MS));
      first.wasQuiet();
      second.wasQuiet();
    }
  }

  @Test
  void whatIsWrittenWithoutAConnectionIsSentOnceWhenItIsBack() {
    String conversation = conversation("Are you back?");
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      expect(agent.message("Are you back?")).isVisible(soon());
      world.server.kill();
      agent.say("first without a server");
      agent.say("second without a server");
      assertThat(agent.page.locator("[data-waiting]").count()).isEqualTo(2);
      world.server.start();
      sandbox.writeText(acme.number(), customer, "I wrote while it started");
      expect(agent.message("I wrote while it started"))
          .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000));
      agent.message("second without a server").locator("[data-state=read]").waitFor();
      assertThat(agent.message("first without a server").count()).isOne();
      assertThat(agent.page.locator("[data-waiting]").count()).isZero();
    } finally {
      if (!world.server.running()) {
        world.server.start();
      }
    }
    assertThat(acme.api().messages(conversation))
        .extracting(message -> message.path("content").path("body").asText())
        .containsExactlyInAnyOrder(
            "Are you back?",
            "first without a server",
            "second without a server",
            "I wrote while it started")
        .containsSubsequence("first without a server", "second without a server");
  }

  @Test
  void aDraftStaysAndSearchFindsAnOldMessage() {
    String conversation = conversation("The word is zanzibar");
    List<String> texts = IntStream.range(0, 130).mapToObj(i -> "filler " + i).toList();
    texts.forEach(text -> sandbox.writeText(acme.number(), customer, text));
    Wait.until(
        "all are there",
        SOON,
        () ->
            acme.api().get("/api/v1/conversations/" + conversation).ok().path("lastSeq").asInt()
                >= 131);
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      expect(agent.message("filler 129")).isVisible(soon());
      agent.composer().fill("a thought to keep");
      agent.page.reload();
      PlaywrightAssertions.assertThat(agent.composer())
          .hasValue(
              "a thought to keep",
              new LocatorAssertions.HasValueOptions().setTimeout(Screen.PATIENCE_MS));
      agent.composer().fill("");

      agent.page.locator("input[type=search]").fill("zanzibar");
      agent
          .page
          .locator("a:has(mark)")
          .first()
          .click(new Locator.ClickOptions().setTimeout(Screen.PATIENCE_MS));
      expect(agent.message("The word is zanzibar")).isVisible(soon());
      agent.button("Latest").click();
      expect(agent.message("filler 129")).isVisible(soon());
      agent.wasQuiet();
    }
  }

  @Test
  void whatIsInsertedStandsBeforeWhatIsTypedNext() {
    String conversation = conversation("Bold, please");
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.conversation(conversation);
      agent.composer().fill("so ");
      // Nothing of the browser comes between the click and the look.
      agent.button("Bold").waitFor();
      assertThat(
              agent
                  .button("Bold")
                  .evaluate(
                      """
                      button => {
                        button.click();
                        const box = document.activeElement;
                        return box.value + box.selectionStart;
                      }
                      """))
          .isEqualTo("so **4");
      agent.page.getByLabel("Emoji").click();
      agent.page.getByLabel("\uD83D\uDC4D").click();
      agent.page.keyboard().type("!");
      expect(agent.composer()).hasValue("so *\uD83D\uDC4D!*");
      agent.wasQuiet();
    }
  }

  @Test
  void theTitleCountsWhatTheListDoesNotShow() {
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.open("/inbox");
      agent
          .page
          .locator("label")
          .filter(new Locator.FilterOptions().setHasText("Mine"))
          .first()
          .click();
      String conversation = conversation("Nobody's yet");
      agent.page.waitForFunction("() => /^\\([0-9]+\\+?\\) /.test(document.title)");
      assertThat(agent.page.locator("a[data-conversation='" + conversation + "']").count())
          .isZero();
      agent.wasQuiet();
    }
  }

  @Test
  void theKeyboardIsEnough() {
    conversation("Pick me");
    try (Screen agent = Screen.of(acme, "agent")) {
      agent.open("/inbox");
      agent.page.locator("a[data-conversation]").first().waitFor();
      agent.page.keyboard().press("j");
      agent.composer().waitFor();
      agent.page.keyboard().press("r");
      agent.page.keyboard().type("typed");
      PlaywrightAssertions.assertThat(agent.composer()).hasValue("typed");
      agent.composer().fill("");
      agent.page.keyboard().press("Escape");
      agent.page.keyboard().press("?");
      agent.page.getByRole(AriaRole.DIALOG).waitFor();
      agent.page.keyboard().press("Escape");
      agent.page.keyboard().press("Control+k");
      agent.page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.COMBOBOX).fill("portug");
      agent.page.keyboard().press("Enter");
      agent.page.getByText("Caixa de entrada", new Page.GetByTextOptions()).first().waitFor();
      agent.wasQuiet();
    }
  }
}
