package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.RandomText;
import dev.parley.platform.crypto.Signer;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import dev.parley.platform.limits.RateLimits;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/// How an agent of Genesys Cloud comes into the widget: Authorization Code with PKCE at Genesys' login, then the checks
/// with the agent's own token. The page keeps the verifier, so a code is worth nothing to whoever else comes by it; what
/// a sign-in is for stands in its signed `state`; the token of Genesys never leaves the server.
@Singleton
public final class WidgetSignIn {
  private static final Logger LOG = Logger.getLogger(WidgetSignIn.class);
  private static final Duration STATE_LIFE = Duration.ofMinutes(10);
  private static final int SESSIONS_EACH = 20;
  private static final RateLimits.Limit SIGN_INS = RateLimits.Limit.of(20, 3);

  private final Widgets widgets;
  private final AgentAccess access;
  private final WidgetSessions sessions;
  private final RateLimits limits;
  private final TenantDb db;
  private final FieldCipher cipher;
  private final Signer signer;
  private final Audit audit;
  private final InstantSource clock;
  private final Duration life;

  WidgetSignIn(
      Widgets widgets,
      AgentAccess access,
      WidgetSessions sessions,
      RateLimits limits,
      TenantDb db,
      FieldCipher cipher,
      Audit audit,
      InstantSource clock,
      Config config) {
    this.widgets = widgets;
    this.access = access;
    this.sessions = sessions;
    this.limits = limits;
    this.db = db;
    this.cipher = cipher;
    this.signer = cipher.signer("genesys-widget-state");
    this.audit = audit;
    this.clock = clock;
    this.life = config.get(Keys.GENESYS_WIDGET_LIFE);
  }

  /// A sign-in that has begun.
  ///
  /// @param authorizeUrl where the browser has to go
  /// @param desktop the origin of the Genesys desktop that frames the page
  record Begun(URI authorizeUrl, String state, Instant expiresAt, String desktop) {}

  /// What a sign-in is for.
  private record Wanted(UUID integration, String conversation, String challenge, Instant until) {}

  /// Begins one for a conversation of Genesys. Throws a [Problem] when the integration has no widget.
  Begun begin(UUID integration, UUID conversation, String challenge) {
    Widgets.Open widget = widgets.open(integration);
    GenesysAccount account = widget.account();
    Instant until = clock.instant().plus(STATE_LIFE);
    String state =
        signer.sign(
            String.join(
                "|",
                "1",
                integration.toString(),
                conversation.toString(),
                challenge,
                Long.toString(until.getEpochSecond()),
                RandomText.of(12)));
    return new Begun(
        access.login(
            widget.client(),
            account.integration().region(),
            widgets.redirectUri(),
            challenge,
            state),
        state,
        until,
        widgets.desktop(account));
  }

  private Optional<Wanted> wanted(String state) {
    return signer
        .open(state)
        .map(text -> text.split("\\|", -1))
        .map(
            parts ->
                new Wanted(
                    UUID.fromString(parts[1]),
                    parts[2],
                    parts[3],
                    Instant.ofEpochSecond(Long.parseLong(parts[4]))));
  }

  /// The integration for which a sign-in with that state has begun, whether or not it is still good.
  public Optional<UUID> integration(String state) {
    return wanted(state).map(Wanted::integration);
  }

  /// Lets the agent in whose code this is. Throws a [Problem] when state, code or verifier are not good, when the agent
  /// is not on the conversation, or when the conversation is none of the integration's.
  WidgetSession complete(String state, String code, String verifier) {
    Wanted wanted =
        wanted(state)
            .filter(one -> one.until().isAfter(clock.instant()))
            .filter(one -> one.challenge().equals(challenge(verifier)))
            .orElseThrow(() -> refused("state"));
    Widgets.Open widget = widgets.open(wanted.integration());
    GenesysAccount account = widget.account();
    TenantId tenant = account.tenant();
    if (!limits.take(tenant + ":widget-sign-ins:" + account.id(), SIGN_INS).allowed()) {
      throw Problem.later(
          Problem.Code.TOO_MANY, "Too many sign-ins at once; try again.", Duration.ofSeconds(1));
    }
    String region = account.integration().region();
    try {
      AgentAccess.Grant grant =
          access.redeem(widget.client(), region, widgets.redirectUri(), code, verifier);
      AgentAccess.Agent agent = access.me(region, grant.token());
      AgentAccess.Standing standing =
          access.standing(region, grant.token(), wanted.conversation(), agent.id());
      if (standing == AgentAccess.Standing.NOT_THERE) {
        sessions.counted("not-there");
        throw WidgetSessions.left();
      }
      return opened(account, wanted, grant, agent, standing);
    } catch (AgentAccess.Failed e) {
      LOG.infof("genesys: a sign-in to the widget of %s: %s", account.id(), e.getMessage());
      if (e.refused()) {
        throw refused("code");
      }
      sessions.counted("away");
      throw Problem.later(
          Problem.Code.UPSTREAM,
          "Genesys Cloud does not answer; try again shortly.",
          Duration.ofSeconds(5));
    }
  }

  private Problem refused(String why) {
    sessions.counted("refused-" + why);
    return new Problem(
        Problem.Code.UNAUTHENTICATED, "This sign-in is not good or no longer so; sign in again.");
  }

  private WidgetSession opened(
      GenesysAccount account,
      Wanted wanted,
      AgentAccess.Grant grant,
      AgentAccess.Agent agent,
      AgentAccess.Standing standing) {
    TenantId tenant = account.tenant();
    Instant now = clock.instant();
    Duration most = grant.life().compareTo(life) < 0 ? grant.life() : life;
    UUID id = Ids.next();
    WidgetSession session =
        db.inTenant(
            tenant,
            tx -> {
              UUID conversation =
                  WidgetStore.conversation(tx.sql(), tenant, account.id(), wanted.conversation())
                      .orElseThrow(() -> Problem.notFound("conversation"));
              var fresh =
                  new WidgetSession(
                      tenant,
                      id,
                      account.id(),
                      conversation,
                      wanted.conversation(),
                      agent.id(),
                      agent.name(),
                      cipher.encrypt(grant.token(), WidgetSession.place(tenant, id)),
                      standing == AgentAccess.Standing.CONNECTED
                          ? WidgetSession.State.CONNECTED
                          : WidgetSession.State.ALERTING,
                      now,
                      now.plus(most),
                      now);
              WidgetStore.deleteExpired(tx.sql(), tenant, now);
              WidgetStore.insert(tx.sql(), fresh);
              WidgetStore.keepNewest(tx.sql(), tenant, account.id(), agent.id(), SESSIONS_EACH);
              audit.record(
                  tx,
                  new Caller(
                      Caller.Kind.DESK,
                      account.id(),
                      agent.name(),
                      tenant,
                      id,
                      Set.of(Permission.GENESYS_WIDGET)),
                  "genesys.widget-signed-in",
                  "conversation",
                  conversation,
                  Map.of(
                      "integrationId",
                      account.id(),
                      "genesysConversationId",
                      wanted.conversation(),
                      "agentId",
                      agent.id()));
              return fresh;
            });
    sessions.counted("signed-in");
    return session;
  }

  /// What a challenge is made of its verifier by (RFC 7636, S256).
  static String challenge(String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
