package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What administrators do on their pages, each page's main act.
class AdminScreenTest {
  private final World world = World.shared();
  private final Tenant globex = world.tenants.globex();
  private final String unique = UUID.randomUUID().toString().substring(0, 8);

  private static Locator dialog(Screen screen) {
    return screen.page.getByRole(AriaRole.DIALOG);
  }

  private static Locator row(Screen screen, String text) {
    return screen.page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
  }

  @Test
  void aUserIsMadeSignsInAndIsDisabled() {
    String email = "new-" + unique + "@globex.example";
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/users");
      admin.button("Create a user").click();
      dialog(admin).locator("input[name=name]").fill("New " + unique);
      dialog(admin).locator("input[name=email]").fill(email);
      dialog(admin).locator("button[type=submit]").click();
      String password = dialog(admin).locator("input[readonly]").inputValue();
      world.server.api().login(email, password, "globex");

      admin.page.keyboard().press("Escape");
      row(admin, email).locator("button[data-open]").click();
      dialog(admin).locator("select").selectOption("manager");
      dialog(admin).getByText("Disable").click();
      dialog(admin).getByText("Enable").waitFor();
      admin.wasQuiet();
    }
    assertThat(globex.as("admin").get("/api/v1/users?role=manager&limit=200").text())
        .contains(email);
  }

  @Test
  void aKeyIsShownOnceAndRevoked() {
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/api-keys");
      admin.button("Create a key").click();
      dialog(admin).locator("input[name=name]").fill("key " + unique);
      dialog(admin).locator("input[value='contacts:read']").check();
      dialog(admin).locator("button[type=submit]").click();
      String secret = dialog(admin).locator("input[readonly]").inputValue();
      Api program = world.server.api().withKey(secret);
      program.get("/api/v1/contacts").ok();

      admin.page.keyboard().press("Escape");
      row(admin, "key " + unique).locator("button[data-open]").click();
      dialog(admin).getByText("Revoke").click();
      dialog(admin).locator("button[type=submit]").click();
      row(admin, "key " + unique).getByText("Revoked").waitFor();
      assertThat(program.get("/api/v1/contacts").status()).isEqualTo(401);
      admin.wasQuiet();
    }
  }

  @Test
  void aWhatsAppNumberIsConnectedStepByStep() {
    PhoneNumber number = PhoneNumber.of(9);
    world.sandbox.register(number, null);
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/channels");
      admin.button("Connect WhatsApp").click();
      Locator setup = dialog(admin);
      setup.locator("input[name=name]").fill("Shop " + unique);
      setup.locator("input[name=phoneNumberId]").fill(number.id());
      setup.locator("input[name=wabaId]").fill(number.wabaId());
      setup.locator("input[name=accessToken]").fill(number.accessToken());
      setup.locator("input[name=appSecret]").fill(number.appSecret());
      setup.locator("button[type=submit]").click();
      Locator shown = setup.locator("input[readonly]");
      shown.nth(1).waitFor();
      assertThat(shown.nth(0).inputValue()).contains("/webhooks/whatsapp/");
      assertThat(shown.nth(1).inputValue()).hasSizeGreaterThan(20);
      // What the administrator does at the provider with these two.
      assertThat(
              world.sandbox.register(
                  number.verifiedBy(shown.nth(1).inputValue()),
                  URI.create(shown.nth(0).inputValue())))
          .isEqualTo("ok");
      setup.getByText("Done, go on").click();
      setup.getByText("Test the connection").click();
      setup.getByText("It works").waitFor();
      setup.getByText("Finish").click();
      row(admin, "Shop " + unique).waitFor();
      assertThat(admin.page.content()).doesNotContain(number.accessToken());

      row(admin, "Shop " + unique).locator("button[data-open]").click();
      dialog(admin).getByText("Delete").click();
      dialog(admin).locator("button[type=submit]").click();
      row(admin, "Shop " + unique)
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      admin.wasQuiet();
    }
  }

  @Test
  void theAuditIsReadFilteredAndTakenAlong() throws IOException {
    globex.as("admin").createKey("audited " + unique, List.of("contacts:read"));
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/audit");
      admin.page.getByLabel("Action").fill("api-key.created");
      Locator row = row(admin, "api-key.created").first();
      row.waitFor();
      row.locator("button[data-open]").click();
      dialog(admin).getByText("audited " + unique).waitFor();
      admin.page.keyboard().press("Escape");
      Download file = admin.page.waitForDownload(() -> admin.button("Export CSV").click());
      try (var bytes = file.createReadStream()) {
        assertThat(new String(bytes.readAllBytes(), StandardCharsets.UTF_8))
            .contains("api-key.created");
      }
      admin.wasQuiet();
    }
  }

  @Test
  void settingsAreKept() {
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/settings");
      language(admin).selectOption("pt");
      save(admin, language(admin));
      admin.open("/admin/settings");
      assertThat(language(admin).inputValue()).isEqualTo("pt");
      language(admin).selectOption("");
      save(admin, language(admin));
      admin.wasQuiet();
    }
  }

  @Test
  void howLongThingsAreKeptIsSetAndSetBack() {
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/settings");
      Locator days = admin.page.getByLabel("API log");
      days.fill("12");
      save(admin, days);
      assertThat(rule("apiLogDays").path("days").asInt()).isEqualTo(12);
      admin.open("/admin/settings");
      assertThat(days.inputValue()).isEqualTo("12");
      days.fill("");
      save(admin, days);
      assertThat(rule("apiLogDays").hasNonNull("days")).isFalse();
      admin.wasQuiet();
    }
  }

  private JsonNode rule(String name) {
    for (JsonNode rule : globex.as("admin").get("/api/v1/retention").ok()) {
      if (rule.path("name").asText().equals(name)) {
        return rule;
      }
    }
    throw new AssertionError("no rule " + name);
  }

  private static Locator language(Screen admin) {
    return admin.page.getByLabel("Language of mails");
  }

  /// Saves the form that the field is in.
  private static void save(Screen admin, Locator field) {
    Locator form =
        admin.page.locator("main form").filter(new Locator.FilterOptions().setHas(field));
    form.locator("button[type=submit]").click();
    form.getByText("Saved.").waitFor();
  }

  @Test
  void eventsAreBrowsed() {
    globex.as("admin").createKey("seen " + unique, List.of("contacts:read"));
    try (Screen admin = Screen.of(globex, "admin")) {
      admin.open("/admin/events");
      Locator first = admin.page.locator("tbody tr").first();
      first.locator("button[data-open]").click();
      dialog(admin).locator("pre").first().waitFor();
      admin.wasQuiet();
    }
  }

  @Test
  void anOperatorMakesATenant() {
    String slug = "made-" + unique;
    try (Screen operator =
        Screen.signedIn("operator@localhost", world.server.operatorPassword(), 1280, false, "en")) {
      operator.open("/");
      operator.page.waitForURL("**/admin/**");
      operator.open("/admin/tenants");
      operator.button("Create a tenant").click();
      Locator form = dialog(operator);
      form.locator("input[name=name]").fill("Made " + unique);
      form.locator("input[name=slug]").fill(slug);
      form.locator("input[name=adminName]").fill("Ada");
      form.locator("input[name=adminEmail]").fill("ada@" + slug + ".example");
      form.locator("button[type=submit]").click();
      String password = dialog(operator).locator("input[readonly]").inputValue();
      world.server.api().login("ada@" + slug + ".example", password, null);
      operator.page.keyboard().press("Escape");
      row(operator, slug).locator("button[data-open]").click();
      dialog(operator).getByText("Suspend", new Locator.GetByTextOptions().setExact(true)).click();
      row(operator, slug).getByText("Suspended").waitFor();
      assertThat(operator.page.getByText("Inbox", new Page.GetByTextOptions()).count()).isZero();
      operator.wasQuiet();
    }
  }
}
