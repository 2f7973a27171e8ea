package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import dev.parley.acceptance.driver.Tenant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every page of the browser: what a program can check of accessibility in both themes, three languages on a phone, and
/// which role may open it.
class PagesScreenTest {
  private static final List<String> ADMIN =
      List.of(
          "channels",
          "genesys",
          "users",
          "invitations",
          "roles",
          "api-keys",
          "settings",
          "teams",
          "tags",
          "canned-replies",
          "contact-fields",
          "templates",
          "health",
          "dead-letters",
          "events",
          "api-log",
          "audit");

  /// What each role may open of the administration.
  private static final Map<String, List<String>> MAY =
      Map.of(
          "admin",
          ADMIN,
          "manager",
          List.of(
              "channels",
              "genesys",
              "users",
              "invitations",
              "roles",
              "teams",
              "tags",
              "canned-replies",
              "contact-fields",
              "templates",
              "dead-letters",
              "events",
              "audit"),
          "agent",
          List.of(),
          "read-only",
          List.of("channels", "genesys", "events"));

  private static final String OVERFLOW =
      "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";

  // What fades in or out has colours that are nobody's.
  private static final String STILL =
      """
      () => document.getAnimations().every(
        one => one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)
      """;

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();

  private String conversation() {
    String customer = World.customer();
    world.sandbox.writeText(acme.number(), customer, "A customer's words");
    String id = acme.api().awaitConversation(customer, SOON).path("id").asText();
    acme.as("agent").sendText(id, "An answer");
    return id;
  }

  private static List<String> pages(String conversation) {
    var pages = new ArrayList<>(List.of("/inbox", "/inbox/" + conversation));
    ADMIN.forEach(name -> pages.add("/admin/" + name));
    return pages;
  }

  static List<String> against(Screen screen, String name) {
    screen.page.waitForFunction(STILL);
    return new AxeBuilder(screen.page)
            .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
            .analyze()
            .getViolations()
            .stream()
            .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
            .map(rule -> name + ": " + rule.getId() + " " + places(rule))
            .toList();
  }

  private static String places(Rule rule) {
    return rule.getNodes().stream().limit(3).map(node -> node.getHtml()).toList().toString();
  }

  @Test
  void noPageHasSeriousBarriersInEitherTheme() {
    String conversation = conversation();
    var found = new ArrayList<String>();
    // A page that changes its theme while it is open is measured between two colours at times.
    for (boolean dark : List.of(false, true)) {
      String theme = dark ? " dark" : " light";
      try (Screen nobody = Screen.ofNobody(1280, dark, "en")) {
        for (String page :
            List.of("/sign-in", "/forgot-password", "/accept-invitation", "/setup")) {
          nobody.open(page);
          found.addAll(against(nobody, page + theme));
        }
      }
      try (Screen admin = Screen.of(acme, "admin", 1280, dark, "en")) {
        for (String page : pages(conversation)) {
          admin.open(page);
          found.addAll(against(admin, page + theme));
        }
        admin.page.keyboard().press("?");
        admin.page.locator("[role=dialog]").waitFor();
        found.addAll(against(admin, "help" + theme));
        admin.wasQuiet();
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyLanguageFitsOnAPhone() {
    String conversation = conversation();
    var wide = new LinkedHashMap<String, Object>();
    for (String language : List.of("en", "pt", "es")) {
      try (Screen admin = Screen.of(acme, "admin", 360, false, language)) {
        for (String page : pages(conversation)) {
          admin.open(page);
          Object over = admin.page.evaluate(OVERFLOW);
          if (!Integer.valueOf(0).equals(over)) {
            wide.put(language + " " + page, over);
          }
        }
        assertThat(admin.page.evaluate("document.documentElement.lang")).isEqualTo(language);
        admin.wasQuiet();
      }
    }
    assertThat(wide).as("wider than the screen").isEmpty();
  }

  @Test
  void eachRoleOpensWhatItMay() {
    for (String role : Tenant.ROLES) {
      try (Screen screen = Screen.of(acme, role)) {
        for (String name : ADMIN) {
          screen.open("/admin/" + name);
          boolean refused = screen.page.getByText("This page is not for your role.").isVisible();
          assertThat(!refused).as("%s opens %s", role, name).isEqualTo(may(role, name));
        }
        screen.open("/inbox");
        assertThat(screen.page.locator("nav a[href='/admin']").count())
            .as("%s sees the way to the administration", role)
            .isEqualTo(MAY.getOrDefault(role, List.of()).isEmpty() ? 0 : 1);
        screen.wasQuiet();
      }
    }
  }

  private static boolean may(String role, String name) {
    return MAY.getOrDefault(role, List.of()).contains(name);
  }

  @Test
  void aReaderCannotWrite() {
    String conversation = conversation();
    try (Screen reader = Screen.of(acme, "read-only")) {
      reader.open("/inbox/" + conversation);
      reader.message("A customer's words").waitFor();
      assertThat(reader.page.locator("textarea").count()).isZero();
      assertThat(reader.page.getByLabel("Reply").count()).isZero();
      reader.wasQuiet();
    }
  }
}
