package dev.parley.sandbox.genesys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.sandbox.Await;
import dev.parley.sandbox.Bytes;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tokens, permissions, the rate limit, and signing in from a widget.
class AccessTest {
  private static final String ME = "/organizations/me";
  private static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more";
  private final GenesysBench bench = new GenesysBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void grantsTokensForTheRightSecretOnly() {
    GenesysBench.Answer good = bench.grant();
    assertThat(good.json().path("token_type").asText()).isEqualTo("bearer");
    assertThat(good.json().path("expires_in").asLong()).isEqualTo(86_400);
    assertThat(bench.grant("client", "wrong").status()).isEqualTo(401);
    assertThat(bench.grant("nobody", "hush").json().path("error").asText())
        .isEqualTo("invalid_client");
    assertThat(bench.api("GET", ME, null, null).code()).isEqualTo("authentication.required");
    assertThat(bench.api("GET", ME, null, "made up").code()).isEqualTo("bad.credentials");
    assertThat(bench.api("GET", ME, null).status()).isEqualTo(200);
  }

  @Test
  void tokensEndWhenTheyAreRevokedOrOld() {
    bench.control("POST", GenesysBench.ORGANIZATION + "/tokens/revoke", null);
    GenesysBench.Answer revoked = bench.write("hi");
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.code()).isEqualTo("bad.credentials");
    assertThat(revoked.header("inin-correlation-id")).isNotNull();

    bench.behaviour("{\"tokenSeconds\":1}");
    bench.token = bench.grant().json().path("access_token").asText();
    assertThat(bench.api("GET", ME, null).status()).isEqualTo(200);
    Await.until("too old", () -> bench.api("GET", ME, null).status() == 401);
    assertThat(bench.api("GET", ME, null).code()).isEqualTo("credentials.expired");
    assertThat(bench.counts().path("tokens").asInt()).isEqualTo(2);
    assertThat(bench.counts().path("unauthorized").asInt()).isGreaterThan(2);
  }

  @Test
  void asksForThePermission() {
    bench.control(
        "PUT", GenesysBench.ORGANIZATION, "{\"permissions\":[\"messaging:integration:view\"]}");

    GenesysBench.Answer answer = bench.write("hi");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("missing.permissions");
    assertThat(answer.json().path("message").asText()).contains("conversation:message:receive");
    assertThat(bench.api("GET", "/conversations/messaging/integrations/open", null).status())
        .isEqualTo(200);
  }

  @Test
  void oneClientHasSoManyCallsAMinute() {
    bench.behaviour("{\"ratePerMinute\":3,\"rateWindowMs\":1500}");
    GenesysBench.Answer last = bench.api("GET", ME, null);
    for (int i = 0; i < 5 && last.status() == 200; i++) {
      last = bench.write("n" + i);
    }

    assertThat(last.status()).isEqualTo(429);
    assertThat(last.code()).isEqualTo("too.many.requests");
    assertThat(last.json().path("message").asText())
        .startsWith("Rate limit exceeded the maximum [3] requests within [");
    assertThat(Integer.parseInt(String.valueOf(last.header("Retry-After")))).isBetween(1, 2);
    assertThat(last.header("inin-ratelimit-allowed")).isEqualTo("3");
    assertThat(last.header("inin-ratelimit-count")).isEqualTo("3");
    assertThat(bench.counts().path("rateLimited").asInt()).isEqualTo(1);
    // A new token is no new allowance; another organisation has one of its own.
    bench.token = bench.grant().json().path("access_token").asText();
    Await.until("the next window", () -> bench.api("GET", ME, null).status() == 200);
  }

  @Test
  void theLimitCountsInWindows() {
    long[] now = {0};
    RateLimit limit = new RateLimit(() -> now[0]);
    for (int i = 1; i <= 300; i++) {
      assertThat(limit.take(300, 60_000).count()).isEqualTo(i);
    }
    now[0] = 18_500_000_000L;
    RateLimit.Place beyond = limit.take(300, 60_000);
    assertThat(beyond.within()).isFalse();
    assertThat(beyond.headers()).containsEntry("Retry-After", "42");
    now[0] = 60_000_000_000L;
    assertThat(limit.take(300, 60_000).within()).isTrue();
    assertThat(limit.take(0, 60_000).within()).isTrue();
  }

  @Test
  void anAgentSignsInFromAWidgetWithPkce() {
    String redirect = "http://127.0.0.1:9/widget";
    bench.control(
        "PUT",
        GenesysBench.ORGANIZATION,
        """
        {"widgetClientId":"widget","redirectUris":["%s"],
         "users":[{"id":"u1","name":"Ada","email":"ada@acme.example"},{"id":"u2","email":"bob@acme.example"}]}"""
            .formatted(redirect));
    String conversation = bench.open("hi");

    String code = code(redirect);
    GenesysBench.Answer wrong = redeem(code, redirect, "another verifier");
    assertThat(wrong.json().path("error").asText()).isEqualTo("invalid_grant");
    // It was used up by that.
    assertThat(redeem(code, redirect, VERIFIER).status()).isEqualTo(400);
    GenesysBench.Answer good = redeem(code(redirect), redirect, VERIFIER);
    String token = good.json().path("access_token").asText();

    assertThat(bench.api("GET", "/users/me", null, token).json().path("id").asText())
        .isEqualTo("u1");
    var participants =
        bench.api("GET", "/conversations/" + conversation, null, token).json().path("participants");
    assertThat(participants)
        .anySatisfy(
            one -> {
              assertThat(one.path("purpose").asText()).isEqualTo("agent");
              assertThat(one.path("userId").asText()).isEqualTo("u1");
              assertThat(one.at("/messages/0/state").asText()).isEqualTo("connected");
            });
    GenesysBench.Answer noUser = bench.api("GET", "/users/me", null);
    assertThat(noUser.status()).isEqualTo(400);
    assertThat(noUser.json().path("message").asText()).contains("requires a user context");
  }

  @Test
  void sendsCodesOnlyWhereTheyMayGo() {
    bench.control(
        "PUT",
        GenesysBench.ORGANIZATION,
        "{\"widgetClientId\":\"widget\",\"redirectUris\":[\"http://127.0.0.1:9/widget\"]}");
    assertThat(authorize("http://127.0.0.1:9/other").status()).isEqualTo(400);
    bench.control("PUT", GenesysBench.ORGANIZATION, "{\"signedIn\":null}");
    assertThat(authorize("http://127.0.0.1:9/widget").header("Location"))
        .isEqualTo("http://127.0.0.1:9/widget?error=access_denied&state=s+1");
  }

  @Test
  void pagesOfOtherOriginsMayCall() {
    GenesysBench.Answer preflight =
        bench.send(
            bench
                .request("/api/v2/users/me")
                .header("Origin", "https://widget.example")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://widget.example");
    assertThat(preflight.header("Access-Control-Allow-Headers")).contains("authorization");
  }

  private String code(String redirect) {
    String location = String.valueOf(authorize(redirect).header("Location"));
    Matcher code = Pattern.compile("code=([^&]+)&state=s\\+1$").matcher(location);
    assertThat(code.find()).as(location).isTrue();
    return code.group(1);
  }

  private GenesysBench.Answer authorize(String redirect) {
    byte[] sha = Bytes.of(VERIFIER.getBytes(StandardCharsets.US_ASCII)).sha256();
    return bench.send(
        bench.request(
            "/oauth/authorize?response_type=code&client_id=widget&state=s%201"
                + "&code_challenge_method=S256&code_challenge="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sha)
                + "&redirect_uri="
                + URLEncoder.encode(redirect, StandardCharsets.UTF_8)));
  }

  private GenesysBench.Answer redeem(String code, String redirect, String verifier) {
    return bench.send(
        bench
            .request("/oauth/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "grant_type=authorization_code&client_id=widget&code=%s&redirect_uri=%s&code_verifier=%s"
                        .formatted(code, redirect, verifier.replace(" ", "+")))));
  }
}
