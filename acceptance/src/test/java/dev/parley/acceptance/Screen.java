package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.parley.acceptance.driver.Chromium;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.screens.Pages;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One person at a screen: a browser of their own, and everything that went wrong in it. All screens share one Chromium,
/// which ends with the run; where there is none, tests that ask for a screen are left out.
final class Screen implements AutoCloseable {
  /// How long a page may take to show something on a machine that has other work.
  static final int PATIENCE_MS = 20_000;

  private static @Nullable Chromium chromium;

  final Page page;
  final URI server;
  private final BrowserContext profile;
  private final List<String> troubles = new ArrayList<>();

  private Screen(BrowserContext profile, Page page, URI server) {
    this.profile = profile;
    this.page = page;
    this.server = server;
    page.setDefaultTimeout(PATIENCE_MS);
    page.onPageError(error -> troubles.add("page error: " + error));
    page.onConsoleMessage(
        message -> {
          // A request that was refused or not answered is told by the page itself.
          if (message.type().equals("error")
              && !message.text().startsWith("Failed to load resource")
              && !message.text().contains("WebSocket connection")) {
            troubles.add("console: " + message.text());
          }
        });
    page.onDialog(
        dialog -> {
          troubles.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
  }

  private static synchronized Chromium chromium() {
    assumeTrue(Chromium.installed().isPresent(), "no Chromium is installed");
    Chromium running = chromium;
    if (running == null) {
      running = Chromium.start();
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
      chromium = running;
    }
    return running;
  }

  /// A screen on which that user of the tenant has signed in.
  static Screen of(Tenant tenant, String role) {
    return of(tenant, role, 1280, false, "en");
  }

  /// The same with a width, a theme and a language.
  static Screen of(Tenant tenant, String role, int width, boolean dark, String language) {
    return signedIn(
        role + "@" + tenant.slug() + ".example",
        Tenant.password(tenant.slug()),
        width,
        dark,
        language);
  }

  /// The screen of anybody with a password.
  static Screen signedIn(String email, String password, int width, boolean dark, String language) {
    World world = World.shared();
    assumePages(world);
    BrowserContext profile = chromium().profile(width, 800, dark, language);
    var screen = new Screen(profile, profile.newPage(), world.server.url());
    Pages.signIn(screen.page, screen.server, email, password);
    return screen;
  }

  /// A screen on which nobody has signed in.
  static Screen ofNobody(int width, boolean dark, String language) {
    World world = World.shared();
    assumePages(world);
    BrowserContext profile = chromium().profile(width, 800, dark, language);
    return new Screen(profile, profile.newPage(), world.server.url());
  }

  private static void assumePages(World world) {
    assumeTrue(
        world.server.api().get("/sign-in").status() == 200,
        "built without Node: there are no pages");
  }

  /// Goes to an address of the server and waits until it is there.
  void open(String path) {
    page.navigate(server + path);
    settled();
  }

  /// Waits until nothing is being fetched for the first time.
  void settled() {
    // On a phone the heading is there and not in sight while a conversation is.
    page.locator("main h1, main [role=alert]")
        .first()
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
    page.waitForFunction("() => !document.querySelector('[aria-busy=true]')");
  }

  /// Opens a conversation.
  void conversation(String id) {
    open("/inbox/" + id);
    composer().waitFor();
  }

  Locator composer() {
    return page.locator("textarea").first();
  }

  /// Writes and sends.
  void say(String text) {
    composer().fill(text);
    composer().press("Enter");
  }

  /// The message with that text in the conversation that is open.
  Locator message(String text) {
    return page.locator("article[data-message]")
        .filter(new Locator.FilterOptions().setHasText(text));
  }

  /// The button with that name.
  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /// Fails when something went wrong that nobody saw: an error of the page, a text that is missing, a script that ran.
  void wasQuiet() {
    assertThat(troubles).isEmpty();
  }

  @Override
  public void close() {
    profile.close();
  }
}
