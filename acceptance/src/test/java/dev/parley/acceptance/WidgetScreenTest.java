package dev.parley.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.acceptance.driver.Fixture;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The agents' widget in a browser: in a frame of the emulated Genesys desktop, and by itself in every theme, language and
/// width.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WidgetScreenTest {
  private static final String SLUG = "stark";
  private static final String ADA = "ada";
  private static final String BOB = "bob";
  private static final String OVERFLOW =
      "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private final World world = World.shared();
  private final Sandbox sandbox = world.sandbox;
  private final Genesys genesys = world.genesys;
  private final Tenant tenant =
      Fixture.tenant(
          world.server.api(), world.tenants.operator(), SLUG, 12, sandbox, world.server.url());
  private final Genesys.Connection connection = genesys.connect(tenant);

  WidgetScreenTest() {
    PlaywrightAssertions.setDefaultAssertionTimeout(Screen.PATIENCE_MS);
    genesys.widget(connection, tenant.as("admin"), ADA, BOB);
    tenant
        .as("admin")
        .post("/api/v1/channels/" + tenant.channelId() + "/templates/sync", Json.of())
        .ok();
    tenant
        .as("admin")
        .post(
            "/api/v1/canned-replies",
            Json.of("shortcut", "hours", "text", "We are open from ten to six."))
        .ok();
  }

  private String begun(String customer, String text) {
    sandbox.writeText(tenant.number(), customer, text);
    String id = genesys.awaitTaken(SLUG, customer, ADA).path("id").asText();
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    Wait.until(
        "Parley knows that it is this conversation of Genesys",
        SOON,
        () -> tenant.api().get("/api/v1/conversations/" + ours + "/desk").ok(),
        desk -> desk.path("genesysConversationId").asText().equals(id));
    return id;
  }

  private static Locator button(FrameLocator widget, String name) {
    return widget.getByRole(
        AriaRole.BUTTON, new FrameLocator.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator tab(FrameLocator widget, String name) {
    return widget.getByRole(AriaRole.TAB, new FrameLocator.GetByRoleOptions().setName(name));
  }

  private FrameLocator desktop(Screen screen, String conversation, String more) {
    screen.page.navigate(genesys.desktop(SLUG, conversation, more));
    return screen.page.frameLocator("iframe");
  }

  @Test
  void anAgentSeesTheHistorySendsATemplateAndUsesAReply() {
    String customer = World.customer();
    String conversation = begun(customer, "Where is my parcel?");
    sandbox.write(
        tenant.number(), customer, Json.of("type", "image", "image", Json.of("caption", "Look")));
    genesys.signedIn(SLUG, ADA);
    try (Screen screen = Screen.ofNobody(1280, false, "en")) {
      FrameLocator widget = desktop(screen, conversation, "&language=en");
      Page login = screen.page.waitForPopup(() -> button(widget, "Sign in with Genesys").click());

      widget.getByText("Where is my parcel?").waitFor();
      // The window of the login has closed by itself.
      screen.page.waitForCondition(login::isClosed);
      widget.locator("article[data-message] img").waitFor();

      tab(widget, "Replies").click();
      button(widget, "Use").click();
      assertThat(screen.page.locator("#composer")).hasValue("We are open from ten to six.");

      tab(widget, "Templates").click();
      widget.getByText("order_confirmation").click();
      Locator values = widget.locator("form input");
      for (int i = 0; i < values.count(); i++) {
        values.nth(i).fill("value " + i);
      }
      button(widget, "Send").click();
      widget.locator("article[data-direction=outbound]").first().waitFor();
      screen.page.context().setOffline(true);
      widget.getByText("You are offline.").waitFor();
      screen.page.context().setOffline(false);
      assertThat(widget.getByText("You are offline.")).hasCount(0);
      screen.wasQuiet();
    }
    Wait.until(
        "the template at WhatsApp",
        SOON,
        () ->
            sandbox.sends(tenant.number()).stream()
                .filter(send -> send.at("/body/to").asText().endsWith(customer))
                .map(send -> send.at("/body/template/name").asText())
                .toList(),
        names -> names.contains("order_confirmation"));
  }

  @Test
  void anAgentWhoIsNotOnTheConversationIsRefusedAndOneWhoLeavesIsOut() {
    String conversation = begun(World.customer(), "Nobody else's business");
    genesys.signedIn(SLUG, BOB);
    try (Screen screen = Screen.ofNobody(1280, false, "en")) {
      FrameLocator widget = desktop(screen, conversation, "&language=en");
      screen.page.waitForPopup(() -> button(widget, "Sign in with Genesys").click());
      widget.getByText("You are not on this conversation").waitFor();
      assertThat(widget.getByText("Nobody else's business")).hasCount(0);

      genesys.stands(SLUG, conversation, BOB, "alerting");
      screen.page.waitForPopup(() -> button(widget, "Sign in again").click());
      widget.getByText("It rings").waitFor();
      genesys.stands(SLUG, conversation, BOB, "connected");
      widget.getByText("Nobody else's business").waitFor();

      genesys.stands(SLUG, conversation, BOB, "disconnected");
      widget.getByText("You have left this conversation").waitFor();
      assertThat(widget.getByText("Nobody else's business")).hasCount(0);
      screen.wasQuiet();
    }
  }

  @Test
  void theLoginGoesThroughTheFrameWhereWindowsAreNotWanted() {
    String conversation = begun(World.customer(), "In the frame");
    genesys.signedIn(SLUG, ADA);
    try (Screen screen = Screen.ofNobody(1280, false, "pt")) {
      FrameLocator widget = desktop(screen, conversation, "&language=pt-PT&popup=false");
      button(widget, "Entrar com o Genesys").click();
      widget.getByText("In the frame").waitFor();
      screen.wasQuiet();
    }
  }

  @Test
  void noOtherPageMayFrameIt() {
    String conversation = begun(World.customer(), "Framed by a stranger");
    try (Screen screen = Screen.ofNobody(1280, false, "en")) {
      // The same page at another origin than the one that is allowed.
      screen.page.navigate(
          genesys.desktop(SLUG, conversation, "&language=en").replace("127.0.0.1", "localhost"));
      screen.page.waitForCondition(
          () ->
              screen.page.frames().stream()
                  .anyMatch(frame -> frame.url().startsWith("chrome-error:")));
      assertThat(screen.page.frameLocator("iframe").getByText("Sign in with Genesys")).hasCount(0);
    }
  }

  @Test
  void everyPartIsForEverybodyInEveryThemeLanguageAndWidth() {
    String customer = World.customer();
    String conversation = begun(customer, "Hello");
    String ours = tenant.api().awaitConversation(customer, SOON).path("id").asText();
    tenant
        .as("agent")
        .post("/api/v1/conversations/" + ours + "/notes", Json.of("text", "A good customer"))
        .ok();
    genesys.say(SLUG, conversation, "Good morning");
    genesys.signedIn(SLUG, ADA);
    var found = new ArrayList<String>();
    var wide = new LinkedHashMap<String, Object>();
    for (Shown one :
        List.of(
            new Shown("en", false, 300), new Shown("pt", true, 300), new Shown("es", true, 600))) {
      try (Screen screen = Screen.ofNobody(one.width(), one.dark(), one.language())) {
        screen.page.navigate(
            "%s/genesys/widget/%s?conversation=%s&language=%s&popup=false"
                .formatted(origin(), connection.id(), conversation, one.language()));
        screen.page.getByRole(AriaRole.BUTTON).first().waitFor();
        look(screen, one + " start", found, wide);
        screen.page.getByRole(AriaRole.BUTTON).first().click();
        screen.page.locator("article[data-note]").waitFor();
        Locator tabs = screen.page.getByRole(AriaRole.TAB);
        for (int i = 0; i < tabs.count(); i++) {
          tabs.nth(i).click();
          screen.page.waitForFunction("() => !document.querySelector('[aria-busy=true]')");
          look(screen, one + " part " + i, found, wide);
        }
        assertThat(screen.page.evaluate("document.documentElement.lang")).isEqualTo(one.language());
        screen.wasQuiet();
      }
    }
    assertThat(found).isEmpty();
    assertThat(wide).as("wider than the frame").isEmpty();
  }

  /// The address under which the server knows itself, which is where the login comes back to.
  private String origin() {
    return tenant
        .as("admin")
        .get("/api/v1/genesys/integrations/" + connection.id() + "/widget")
        .ok()
        .path("redirectUri")
        .asText()
        .replaceFirst("/genesys/.*", "");
  }

  private record Shown(String language, boolean dark, int width) {}

  private static void look(
      Screen screen, String name, List<String> found, Map<String, Object> wide) {
    found.addAll(PagesScreenTest.against(screen, name));
    Object over = screen.page.evaluate(OVERFLOW);
    if (!Integer.valueOf(0).equals(over)) {
      wide.put(name, over);
    }
  }
}
