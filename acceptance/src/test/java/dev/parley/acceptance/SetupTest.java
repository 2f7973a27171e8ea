package dev.parley.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Folders;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The first run: nobody gets in without the code, one gets in with it, and then nobody any more.
class SetupTest {
  private static final Pattern CODE = Pattern.compile("\\s*setup code\\s+(\\S+)");
  private static final String SETUP = "/api/v1/setup";

  private static JsonNode wanted(String code, String slug) {
    return Json.of(
        "code",
        code,
        "slug",
        slug,
        "name",
        "Acme Ltd",
        "admin",
        Json.of(
            "email",
            "ada@" + slug + ".example",
            "name",
            "Ada Lovelace",
            "password",
            Tenant.password(slug)));
  }

  private static String code(Parley server) {
    return Wait.until(
        "the code is printed",
        World.SOON,
        () ->
            server.lines().stream()
                .map(CODE::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .reduce("", (_, last) -> last),
        code -> !code.isEmpty());
  }

  @Test
  void theFirstTenantIsMadeOnceByWhoeverHasTheCode() throws Exception {
    Path folder = Folders.temporary("setup");
    try (Parley server = Parley.start(Parley.Options.in(folder))) {
      Api anybody = server.api();
      assertThat(anybody.get(SETUP).ok().path("open").asBoolean()).isTrue();
      String code = code(server);
      anybody.post(SETUP, wanted("not-the-code", "acme")).expect(403);
      anybody.post(SETUP, Json.of("code", code)).expect(400);
      // What was not valid has not used it up.
      anybody.post(SETUP, wanted(code, "Not A Slug")).expect(400);

      List<Answer> answers = atOnce(anybody, code);
      assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
      assertThat(answers.stream().map(Answer::status))
          .allMatch(s -> List.of(201, 409, 423, 403).contains(s));

      assertThat(anybody.get(SETUP).ok().path("open").asBoolean()).isFalse();
      Answer late = anybody.post(SETUP, wanted(code, "late"));
      assertThat(late.expect(409).code()).isEqualTo("wrong-state");
      Answer won =
          answers.stream().filter(answer -> answer.status() == 201).findFirst().orElseThrow();
      assertThat(won.text())
          .doesNotContain(Tenant.password(won.json().at("/tenant/slug").asText()));
      String slug = won.json().at("/tenant/slug").asText();
      Api admin = anybody.login("ada@" + slug + ".example", Tenant.password(slug), slug);
      assertThat(won.json().at("/admin/role").asText()).isEqualTo("admin");
      assertThat(Api.items(admin.get("/api/v1/users").ok())).hasSize(1);
      Api operator = anybody.login("operator@localhost", server.operatorPassword(), null);
      assertThat(Api.items(operator.get("/api/v1/tenants").ok())).hasSize(1);
      retention(admin, operator);
    } finally {
      Folders.delete(folder);
    }
  }

  private static List<Answer> atOnce(Api anybody, String code) throws Exception {
    var answers = new ArrayList<Answer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Answer>>();
      for (int i = 0; i < 8; i++) {
        String slug = "acme" + i;
        all.add(threads.submit(() -> anybody.post(SETUP, wanted(code, slug))));
      }
      for (Future<Answer> one : all) {
        answers.add(one.get());
      }
    }
    return answers;
  }

  /// A second tenant on this server sees its own settings.
  private static void retention(Api admin, Api operator) {
    operator.createTenant("globex", "globex", "admin@globex.example", Tenant.password("globex"));
    String path = "/api/v1/retention";
    JsonNode rules = admin.call("PUT", path, "{\"apiLogDays\": 7, \"auditDays\": 400}").ok();
    assertThat(rule(rules, "apiLogDays").path("days").asInt()).isEqualTo(7);
    assertThat(rule(rules, "eventsDays").has("days")).isFalse();
    assertThat(rule(rules, "eventsDays").path("defaultDays").asInt()).isEqualTo(90);
    JsonNode theirs = operator.with("X-Tenant", "globex").get(path).ok();
    assertThat(rule(theirs, "apiLogDays").has("days")).isFalse();
    for (String bad :
        List.of("{\"auditDays\": 30}", "{\"apiLogDays\": 0}", "{\"eventsDays\": 100000}")) {
      admin.call("PUT", path, bad).expect(400);
    }
    admin
        .patch("/api/v1/tenant", Json.of("settings", Json.of("retention", Json.of("x", 1))))
        .expect(400);
    JsonNode act = Api.items(admin.get("/api/v1/audit?action=tenant.changed").ok()).getFirst();
    assertThat(act.at("/detail/retention/apiLogDays").asInt()).isEqualTo(7);
    JsonNode cleared = admin.call("PUT", path, "{}").ok();
    assertThat(rule(cleared, "apiLogDays").has("days")).isFalse();
  }

  private static JsonNode rule(JsonNode rules, String name) {
    for (JsonNode rule : rules) {
      if (rule.path("name").asText().equals(name)) {
        return rule;
      }
    }
    throw new AssertionError("no " + name + " in " + rules);
  }
}
