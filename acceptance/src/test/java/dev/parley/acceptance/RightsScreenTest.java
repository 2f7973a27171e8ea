package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who is signed in on a page, and what happens there when they may do something else.
class RightsScreenTest {
  private final World world = World.shared();
  private final Tenant globex = world.tenants.globex();
  private final String email = "changing-" + UUID.randomUUID() + "@globex.example";
  private final String password = Tenant.password("globex");
  private final String customer = World.customer();

  private String user(String role) {
    return globex.as("admin").createUser(email, "Changing", role, password).path("id").asText();
  }

  private void change(String user, String field, String value) {
    globex.as("admin").patch("/api/v1/users/" + user, Json.of(field, value)).ok();
  }

  private Screen screen() {
    return Screen.signedIn(email, password, 1280, false, "en");
  }

  private String conversation() {
    world.sandbox.writeText(globex.number(), customer, "Anybody there?");
    return globex.api().awaitConversation(customer, SOON).path("id").asText();
  }

  @Test
  void anotherRoleShowsAtOnce() {
    String user = user("agent");
    String conversation = conversation();
    try (Screen screen = screen()) {
      screen.conversation(conversation);
      assertThat(screen.page.locator("nav a[href='/admin']").count()).isZero();
      change(user, "role", "read-only");
      screen.page.getByText("You may read this conversation but not write in it.").waitFor();
      change(user, "role", "manager");
      screen.composer().waitFor();
      screen.page.locator("nav a[href='/admin']").waitFor();
      screen.wasQuiet();
    }
  }

  @Test
  void pagesThatAreNoLongerPermittedAreLeft() {
    String user = user("manager");
    try (Screen screen = screen()) {
      screen.open("/admin/users");
      screen.button("Create a user").waitFor();
      change(user, "role", "agent");
      screen.page.waitForURL("**/inbox");
      assertThat(screen.page.locator("nav a[href='/admin']").count()).isZero();
      screen.wasQuiet();
    }
  }

  @Test
  void whoIsDisabledIsShownOut() {
    String user = user("agent");
    try (Screen screen = screen()) {
      screen.open("/inbox");
      change(user, "state", "disabled");
      screen.page.locator("input[name=password]").waitFor();
      assertThat(screen.page.url()).contains("/sign-in");
      screen.wasQuiet();
    }
  }

  @Test
  void theSignInLastsOverReloadsAndTabsAndNoScriptHasIt() {
    user("agent");
    try (Screen screen = screen()) {
      screen.page.reload();
      screen.settled();
      Page other = screen.page.context().newPage();
      other.navigate(screen.server + "/inbox");
      other.locator("main h1").first().waitFor();
      for (Page page : List.of(screen.page, other)) {
        assertThat(page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"))
            .asString()
            .doesNotContain("rt_", "eyJ");
      }
      assertThat(screen.page.context().cookies(screen.server + "/api/v1/auth/session/refresh"))
          .anyMatch(cookie -> cookie.name.equals("parley-session") && cookie.httpOnly);
      assertThat(screen.page.context().cookies(screen.server + "/api/v1/conversations")).isEmpty();

      other.getByLabel("Account of " + email).click();
      other.getByText("Sign out").click();
      other.locator("input[name=password]").waitFor();
      screen.page.locator("input[name=password]").waitFor();
      assertThat(screen.page.context().cookies()).isEmpty();
      screen.wasQuiet();
    }
  }

  @Test
  void whoSignsOutWithoutAConnectionIsSignedOutAtTheNextContact() {
    user("agent");
    String place = "**/api/v1/auth/session";
    try (Screen screen = screen()) {
      screen.open("/inbox");
      screen.page.route(place, Route::abort);
      screen.page.getByLabel("Account of " + email).click();
      screen.page.getByText("Sign out").click();
      screen.page.locator("input[name=password]").waitFor();
      assertThat(screen.page.context().cookies(screen.server + "/api/v1/auth/session"))
          .isNotEmpty();

      screen.page.unroute(place);
      screen.page.reload();
      Wait.until(
          "the sign-in is over",
          SOON,
          () -> {
            screen.page.title();
            return screen.page.context().cookies(screen.server + "/api/v1/auth/session");
          },
          List::isEmpty);
      screen.open("/sign-in");
      screen.wasQuiet();
    }
  }
}
