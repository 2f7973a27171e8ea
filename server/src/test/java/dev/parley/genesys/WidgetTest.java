package dev.parley.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.genesys.AgentAccess.Standing;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.limits.LocalLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which agent of Genesys is let into the widget, and for how long. Genesys is a double, the database is real.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WidgetTest {
  private static final String VERIFIER = "a-verifier-that-has-more-than-forty-three-characters";
  private static final String AGENT = "agent-1";

  private final BridgeFixture bridge = new BridgeFixture();
  private final GenesysDouble genesys = bridge.genesys;
  private final Widgets widgets =
      new Widgets(
          bridge.integrations,
          bridge.media.tenants,
          bridge.db,
          bridge.media.cipher,
          bridge.media.audit,
          bridge.media.clock,
          bridge.config);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final LocalLimits limits = new LocalLimits();
  private final AgentAccess access =
      new AgentAccess(new OutboundHttp(List.of(genesys.hostAndPort())), bridge.config, metrics);
  private final WidgetSessions sessions =
      new WidgetSessions(
          access,
          bridge.integrations,
          limits,
          bridge.db,
          bridge.media.cipher,
          bridge.media.clock,
          metrics,
          bridge.config);
  private final WidgetSignIn signIn =
      new WidgetSignIn(
          widgets,
          access,
          sessions,
          limits,
          bridge.db,
          bridge.media.cipher,
          bridge.media.audit,
          bridge.media.clock,
          bridge.config);
  private final GenesysAccount acme = bridge.connected(bridge.acme);
  private final GenesysAccount globex = bridge.connected(bridge.globex);

  @BeforeEach
  void switchOn() {
    for (GenesysAccount account : List.of(acme, globex)) {
      widgets.put(Caller.system(account.tenant()), account.id(), "widget-client", null);
    }
    genesys.asked.clear();
    genesys.everything = null;
    genesys.expiresIn = 86_400;
  }

  @AfterAll
  void close() {
    bridge.close();
  }

  /// A conversation of Genesys that is one of the tenant's.
  private UUID known(GenesysAccount account) {
    UUID genesysId = UUID.randomUUID();
    bridge.db.runInTenant(
        account.tenant(),
        tx ->
            BridgeStore.met(
                tx.sql(),
                tx.tenant(),
                account.id(),
                UUID.randomUUID(),
                genesysId.toString(),
                bridge.media.clock.instant()));
    return genesysId;
  }

  private static GenesysDouble.Told told(String body) {
    return new GenesysDouble.Told(200, body, Map.of());
  }

  private void nextIsMe() {
    genesys.next(told("{\"id\":\"" + AGENT + "\",\"name\":\"Ada\"}"));
  }

  private void nextStands(String state) {
    genesys.next(
        told(
            """
            {"participants":[{"purpose":"customer","state":"connected"},
              {"purpose":"agent","state":"connected","user":{"id":"another"}},
              {"purpose":"agent","state":"%s","user":{"id":"%s"}}]}"""
                .formatted(state, AGENT)));
  }

  private String state(GenesysAccount account, UUID conversation) {
    return signIn.begin(account.id(), conversation, WidgetSignIn.challenge(VERIFIER)).state();
  }

  private WidgetSession signedIn(String state) {
    UUID conversation = known(acme);
    nextIsMe();
    nextStands(state);
    return signIn.complete(state(acme, conversation), "code", VERIFIER);
  }

  private Caller caller(WidgetSession session) {
    return sessions.caller(sessions.token(session).reveal()).orElseThrow();
  }

  private static void refuses(Problem.Code code, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  @Test
  void anAgentOnTheConversationIsLetInForNothingElse() {
    WidgetSession session = signedIn("connected");

    Caller caller = caller(session);
    assertThat(caller.permissions()).containsExactly(Permission.GENESYS_WIDGET);
    assertThat(caller.tenant()).isEqualTo(bridge.acme);
    assertThat(caller.sessionId()).isEqualTo(session.id());
    assertThat(sessions.connected(caller).conversation()).isEqualTo(session.conversation());
    assertThat(genesys.asked)
        .extracting(GenesysDouble.Asked::path)
        .containsExactly(
            "/api/v2/users/me", "/api/v2/conversations/messages/" + session.genesysId());
    // The agent's own token was shown, which is kept where nobody can read it.
    String token = genesys.asked.getLast().token();
    assertThat(token).startsWith("t-");
    assertThat(session.agentToken()).doesNotContain(token);
    assertThat(bridge.media.audit.page(bridge.acme, Audit.Filter.NONE, null, 1))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.action()).isEqualTo("genesys.widget-signed-in");
              assertThat(entry.targetId()).isEqualTo(session.conversation().toString());
              assertThat(entry.detail().path("agentId").asText()).isEqualTo(AGENT);
            });
  }

  @Test
  void aTokenThatIsNotOursOpensNothing() {
    WidgetSession session = signedIn("connected");
    String token = sessions.token(session).reveal();

    assertThat(sessions.caller(token + "x")).isEmpty();
    assertThat(sessions.caller("pw_")).isEmpty();
    assertThat(sessions.caller("pw_" + bridge.media.cipher.signer("file-links").sign("1|2")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "connected, CONNECTED",
    "hold, CONNECTED",
    "alerting, ALERTING",
    "contacting, ALERTING",
    "disconnected, NOT_THERE",
    "terminated, NOT_THERE",
    "parked, NOT_THERE"
  })
  void whoIsOnAConversation(String state, Standing standing) {
    String conversation =
        """
        {"participants":[{"state":"disconnected","user":{"id":"a"}},{"state":"%s","user":{"id":"a"}},
          {"state":"connected","user":{"id":"b"}}]}"""
            .formatted(state);

    assertThat(AgentAccess.standing(Json.tree(conversation), "a")).isEqualTo(standing);
  }

  @Test
  void anAgentWhoIsNotOnTheConversationIsRefused() {
    String state = state(acme, known(acme));
    nextIsMe();
    nextStands("disconnected");
    refuses(Problem.Code.FORBIDDEN, () -> signIn.complete(state, "code", VERIFIER));

    for (int status : List.of(403, 404)) {
      nextIsMe();
      genesys.next(GenesysDouble.Told.of(status));
      refuses(Problem.Code.FORBIDDEN, () -> signIn.complete(state, "code", VERIFIER));
    }
    assertThat(metrics.counter("parley.genesys.widget", "result", "not-there").count())
        .isEqualTo(3);
  }

  @Test
  void aConversationOfAnotherTenantIsNotThere() {
    UUID theirs = known(globex);
    nextIsMe();
    nextStands("connected");

    refuses(Problem.Code.NOT_FOUND, () -> signIn.complete(state(acme, theirs), "code", VERIFIER));
  }

  @Test
  void aStateOrVerifierThatIsNotTheOneIsRefusedBeforeGenesysIsAsked() {
    String state = state(acme, known(acme));
    int before = genesys.tokens.get();

    refuses(
        Problem.Code.UNAUTHENTICATED,
        () -> signIn.complete(state, "code", VERIFIER.replace('a', 'b')));
    refuses(Problem.Code.UNAUTHENTICATED, () -> signIn.complete(state + "x", "code", VERIFIER));
    bridge.media.clock.pass(Duration.ofMinutes(11));
    refuses(Problem.Code.UNAUTHENTICATED, () -> signIn.complete(state, "code", VERIFIER));

    assertThat(genesys.tokens.get()).isEqualTo(before);
    assertThat(genesys.asked).isEmpty();
  }

  @Test
  void whatGenesysSaysOfTheSignInIsPassedOn() {
    String state = state(acme, known(acme));

    genesys.next(GenesysDouble.Told.of(401));
    refuses(Problem.Code.UNAUTHENTICATED, () -> signIn.complete(state, "code", VERIFIER));
    genesys.next(GenesysDouble.Told.of(503));
    refuses(Problem.Code.UPSTREAM, () -> signIn.complete(state, "code", VERIFIER));
    nextIsMe();
    genesys.next(GenesysDouble.Told.of(0));
    refuses(Problem.Code.UPSTREAM, () -> signIn.complete(state, "code", VERIFIER));
  }

  @Test
  void whoLeavesIsOutWithTheNextCheck() {
    WidgetSession session = signedIn("connected");
    Caller caller = caller(session);
    bridge.media.clock.pass(Duration.ofMinutes(1));
    sessions.connected(caller);
    assertThat(genesys.asked).hasSize(2);

    bridge.media.clock.pass(Duration.ofMinutes(2));
    nextStands("connected");
    sessions.connected(caller);
    bridge.media.clock.pass(Duration.ofMinutes(3));
    nextStands("disconnected");
    refuses(Problem.Code.FORBIDDEN, () -> sessions.connected(caller));

    assertThat(genesys.asked).hasSize(4);
    assertThat(sessions.caller(sessions.token(session).reveal())).isEmpty();
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.connected(caller));
  }

  @Test
  void aTokenThatGenesysNoLongerTakesEndsTheSession() {
    Caller caller = caller(signedIn("connected"));
    bridge.media.clock.pass(Duration.ofMinutes(3));
    genesys.next(GenesysDouble.Told.of(401));

    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.connected(caller));
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.current(caller));
  }

  @Test
  void whileGenesysIsAwayAnAgentGoesOnForAWhile() {
    Caller caller = caller(signedIn("connected"));
    genesys.everything = GenesysDouble.Told.of(503);

    bridge.media.clock.pass(Duration.ofMinutes(3));
    sessions.connected(caller);
    bridge.media.clock.pass(Duration.ofMinutes(8));
    refuses(Problem.Code.UNAVAILABLE, () -> sessions.connected(caller));

    genesys.everything = null;
    nextStands("connected");
    assertThat(sessions.connected(caller).state()).isEqualTo(WidgetSession.State.CONNECTED);
  }

  @Test
  void whileItRingsNothingIsShown() {
    Caller caller = caller(signedIn("alerting"));
    assertThat(sessions.current(caller).state()).isEqualTo(WidgetSession.State.ALERTING);
    refuses(Problem.Code.WRONG_STATE, () -> sessions.connected(caller));

    bridge.media.clock.pass(Duration.ofSeconds(3));
    nextStands("connected");
    assertThat(sessions.connected(caller).state()).isEqualTo(WidgetSession.State.CONNECTED);
  }

  @Test
  void aSessionEndsWithItsTimeOrWithTheTokenAtGenesys() {
    Caller longest = caller(signedIn("connected"));
    genesys.expiresIn = 600;
    Caller shorter = caller(signedIn("connected"));
    genesys.everything =
        told("{\"participants\":[{\"state\":\"connected\",\"user\":{\"id\":\"" + AGENT + "\"}}]}");

    bridge.media.clock.pass(Duration.ofMinutes(11));
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.current(shorter));
    sessions.current(longest);
    bridge.media.clock.pass(Duration.ofMinutes(50));
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.current(longest));
  }

  @Test
  void signingOutAndSwitchingOffEndSessions() {
    Caller out = caller(signedIn("connected"));
    Caller off = caller(signedIn("connected"));

    sessions.end(out);
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.current(out));
    sessions.current(off);
    widgets.delete(Caller.system(bridge.acme), acme.id());
    refuses(Problem.Code.UNAUTHENTICATED, () -> sessions.current(off));
    refuses(Problem.Code.NOT_FOUND, () -> state(acme, UUID.randomUUID()));
  }

  @Test
  void oneWidgetCannotAskForTooMuch() {
    Caller caller = caller(signedIn("connected"));
    refuses(
        Problem.Code.TOO_MANY,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            sessions.current(caller);
          }
        });
  }

  @Test
  void onlyTheDesktopOfTheRegionMayFrameIt() {
    assertThat(widgets.framer(acme.id())).contains("https://apps.mypurecloud.ie");
    assertThat(widgets.framer(UUID.randomUUID())).isEmpty();
    widgets.delete(Caller.system(bridge.globex), globex.id());
    assertThat(widgets.framer(globex.id())).isEmpty();
    assertThat(signIn.integration(state(acme, UUID.randomUUID()))).contains(acme.id());
    assertThat(signIn.integration("none")).isEmpty();
  }

  @Test
  void aClientsSecretIsStoredSealedAndReadByItsTenantAlone() {
    Secret secret = new Secret("a-very-secret-widget-secret");
    widgets.put(Caller.system(bridge.acme), acme.id(), "other", secret);

    assertThat(widgets.get(bridge.acme, acme.id()).secret()).isEqualTo(secret);
    String stored =
        bridge.db.inTenant(
            bridge.acme,
            tx ->
                String.valueOf(
                    WidgetStore.find(tx.sql(), tx.tenant(), acme.id()).orElseThrow().secret()));
    assertThat(stored).startsWith("v1.").doesNotContain("very-secret");
    assertThat(widgets.rotateKeys(bridge.acme)).isZero();
    TenantId other = bridge.globex;
    refuses(Problem.Code.NOT_FOUND, () -> widgets.get(other, acme.id()));
  }
}
