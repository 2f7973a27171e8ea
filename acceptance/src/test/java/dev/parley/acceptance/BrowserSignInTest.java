package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in on a page: the refresh token is a cookie that goes to few routes, and only from our own pages.
class BrowserSignInTest {
  private static final String PATH = "/api/v1/auth/session";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final Api page = world.server.api().with("Origin", world.server.url().toString());

  private static JsonNode agentOf(Tenant tenant) {
    return Json.of(
        "email",
        "agent@" + tenant.slug() + ".example",
        "password",
        Tenant.password(tenant.slug()),
        "tenant",
        tenant.slug());
  }

  private Answer signIn(Tenant tenant) {
    return page.post(PATH, agentOf(tenant)).expect(200);
  }

  private static String set(Answer answer) {
    return Objects.requireNonNull(answer.header("Set-Cookie"), "no cookie");
  }

  private static String cookie(Answer answer) {
    return set(answer).split(";", 2)[0];
  }

  private Answer refresh(String cookie) {
    return page.with("Cookie", cookie).call("POST", PATH + "/refresh", null);
  }

  /// Whether an access token still lets somebody in.
  private boolean good(Answer grant) {
    String token = grant.json().path("accessToken").asText();
    return world.server.api().withToken(token).get("/api/v1/auth/me").status() == 200;
  }

  @Test
  void theRefreshTokenIsInACookieThatNoScriptReads() {
    Answer signedIn = signIn(acme);
    assertThat(set(signedIn))
        .startsWith("parley-session=rt_")
        .contains("; Path=" + PATH + ";", "; HttpOnly", "; SameSite=Strict", "; Max-Age=")
        .doesNotContain("Secure", "Domain");
    assertThat(signedIn.text()).doesNotContain("rt_", "refreshToken");
    assertThat(signedIn.header("Cache-Control")).isEqualTo("no-store");
    assertThat(good(signedIn)).isTrue();

    Api behindTls =
        world.server.api().with("Origin", world.server.url().toString().replace("http:", "https:"));
    assertThat(set(behindTls.post(PATH, agentOf(acme)).expect(200))).contains("; Secure");
  }

  @Test
  void eachTenantsCookieGivesItsOwnUserAlone() {
    Answer ours = refresh(cookie(signIn(acme))).expect(200);
    Answer theirs = refresh(cookie(signIn(globex))).expect(200);
    assertThat(ours.json().path("user").path("tenantId").asText()).isEqualTo(acme.id());
    assertThat(theirs.json().path("user").path("tenantId").asText()).isEqualTo(globex.id());
    // The realm stands in the token's first part: another one's finds nothing and ends nothing.
    String mixed =
        cookie(theirs).replaceFirst("\\..*", "") + cookie(ours).replaceFirst("^[^.]*", "");
    assertThat(refresh(mixed).status()).isEqualTo(401);
    assertThat(refresh(cookie(ours)).status()).isEqualTo(200);
    assertThat(refresh(cookie(theirs)).status()).isEqualTo(200);
  }

  @Test
  void theCookieChangesAndAnOldOneEndsTheSignIn() {
    Answer first = signIn(acme);
    Answer second =
        Wait.until(
            "the cookie changes",
            SOON,
            () -> refresh(cookie(first)).expect(200),
            answer -> !cookie(answer).equals(cookie(first)));
    assertThat(good(second)).isTrue();
    // Whoever comes with the old one later may be a thief.
    Wait.until("the old one is refused", SOON, () -> refresh(cookie(first)).status() == 401);
    assertThat(refresh(cookie(second)).status()).isEqualTo(401);
    assertThat(good(second)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "http://127.0.0.1:1",
        "not an origin"
      })
  void otherPagesAreRefused(String origin) {
    Answer signedIn = signIn(acme);
    for (Api stranger : List.of(world.server.api(), world.server.api().with("Origin", origin))) {
      assertThat(stranger.post(PATH, agentOf(acme)).status()).isEqualTo(403);
      Api with = stranger.with("Cookie", cookie(signedIn));
      Answer refused = with.call("POST", PATH + "/refresh", null);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.code().toLowerCase(Locale.ROOT)).isEqualTo("forbidden");
      assertThat(refused.header("Set-Cookie")).isNull();
      assertThat(with.delete(PATH).status()).isEqualTo(403);
    }
    assertThat(good(signedIn)).isTrue();
  }

  @Test
  void theCookieOpensNothingElse() {
    Api with = page.with("Cookie", cookie(signIn(acme)));
    for (String path : List.of("/api/v1/auth/me", "/api/v1/conversations", "/api/v1/users")) {
      assertThat(with.get(path).status()).isEqualTo(401);
    }
    assertThat(with.call("POST", "/api/v1/auth/refresh", "{}").status()).isEqualTo(401);
    assertThat(refresh("parley-session=rt_" + UUID.randomUUID()).status()).isEqualTo(401);
    assertThat(page.call("POST", PATH + "/refresh", null).status()).isEqualTo(401);
  }

  @Test
  void signingOutEndsItAndTakesTheCookieAway() {
    Answer here = signIn(acme);
    Answer there = signIn(acme);
    Answer out = page.with("Cookie", cookie(here)).delete(PATH).expect(204);
    assertThat(set(out)).startsWith("parley-session=;").contains("Max-Age=0", "Path=" + PATH);
    assertThat(refresh(cookie(here)).status()).isEqualTo(401);
    assertThat(good(here)).isFalse();
    assertThat(good(there)).isTrue();
    page.delete(PATH).expect(204);
  }
}
