package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.GuestTokens;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.crypto.Signer;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import dev.parley.platform.limits.RateLimits;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Who has the agents' widget open. A token of a session is signed and good while the session's row is there: a session
/// ends when its time is over, when the agent leaves, or when the widget is switched off. While it is used Genesys is
/// asked again and again, with the agent's own token, whether the agent is still on the conversation.
@Singleton
public final class WidgetSessions implements GuestTokens {
  private static final Logger LOG = Logger.getLogger(WidgetSessions.class);
  private static final String PREFIX = "pw_";
  // While it rings the agent waits for the moment in which it is taken.
  private static final Duration RINGING = Duration.ofSeconds(2);
  // As long as nobody has asked in vain for that long, somebody who asks is still at it.
  private static final Duration ASKING = Duration.ofSeconds(30);
  // How long an agent may go on while Genesys says nothing, in times between two checks.
  private static final int PATIENCE = 5;
  private static final RateLimits.Limit REQUESTS = RateLimits.Limit.of(10, 4);

  private final AgentAccess access;
  private final Integrations integrations;
  private final RateLimits limits;
  private final TenantDb db;
  private final FieldCipher cipher;
  private final Signer signer;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Duration each;

  WidgetSessions(
      AgentAccess access,
      Integrations integrations,
      RateLimits limits,
      TenantDb db,
      FieldCipher cipher,
      InstantSource clock,
      MeterRegistry metrics,
      Config config) {
    this.access = access;
    this.integrations = integrations;
    this.limits = limits;
    this.db = db;
    this.cipher = cipher;
    this.signer = cipher.signer("genesys-widget");
    this.clock = clock;
    this.metrics = metrics;
    this.each = config.get(Keys.GENESYS_WIDGET_CHECK);
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  /// The token of a session.
  Secret token(WidgetSession session) {
    return new Secret(PREFIX + signer.sign(session.tenant() + "|" + session.id()));
  }

  @Override
  public Optional<Caller> caller(String token) {
    return signer
        .open(token.substring(PREFIX.length()))
        .flatMap(
            text -> {
              String[] parts = text.split("\\|", -1);
              return find(TenantId.parse(parts[0]), UUID.fromString(parts[1]));
            })
        .map(
            session ->
                new Caller(
                    Caller.Kind.DESK,
                    session.integration(),
                    session.agentName(),
                    session.tenant(),
                    session.id(),
                    Set.of(Permission.GENESYS_WIDGET)));
  }

  private Optional<WidgetSession> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> WidgetStore.session(tx.sql(), tenant, id))
        .filter(session -> session.expiresAt().isAfter(clock.instant()));
  }

  /// The session of a caller, as Genesys said last; asks Genesys when that is too long ago. Throws a [Problem] when it is
  /// over, when the agent has left, when Genesys has not answered for long, or when too much is asked.
  WidgetSession current(Caller caller) {
    UUID id = caller.sessionId();
    WidgetSession session =
        (id == null ? Optional.<WidgetSession>empty() : find(caller.inTenant(), id))
            .orElseThrow(WidgetSessions::over);
    RateLimits.Decision decision =
        limits.take(session.tenant() + ":widget:" + session.id(), REQUESTS);
    if (!decision.allowed()) {
      throw Problem.later(
          Problem.Code.TOO_MANY,
          "Too many requests of one widget; wait as long as Retry-After says.",
          Duration.ofSeconds(1));
    }
    Instant now = clock.instant();
    Duration age = session.state() == WidgetSession.State.CONNECTED ? each : RINGING;
    if (session.checkedAt().plus(age).isAfter(now)) {
      return session;
    }
    boolean mine =
        db.inTenant(
            session.tenant(),
            tx -> WidgetStore.claim(tx.sql(), session, now.minus(age), now.minus(ASKING), now));
    // Who finds nothing that still holds asks too, whoever is at it.
    return mine || stale(session) ? asked(session) : session;
  }

  /// [#current] of an agent who has taken the conversation. Throws a [Problem] also while it rings.
  WidgetSession connected(Caller caller) {
    WidgetSession session = current(caller);
    if (session.state() != WidgetSession.State.CONNECTED) {
      throw new Problem(
          Problem.Code.WRONG_STATE, "The conversation rings: take it, then it can be seen here.");
    }
    return session;
  }

  private WidgetSession asked(WidgetSession session) {
    AgentAccess.Standing standing;
    try {
      GenesysAccount account =
          integrations.account(session.integration()).orElseThrow(WidgetSessions::over);
      Secret token =
          cipher.decrypt(session.agentToken(), WidgetSession.place(session.tenant(), session.id()));
      standing =
          access.standing(
              account.integration().region(), token, session.genesysId(), session.agentId());
    } catch (AgentAccess.Failed e) {
      if (e.refused()) {
        end(session, "token");
        throw over();
      }
      LOG.infof("genesys: a widget's agent is not checked: %s", e.getMessage());
      db.runInTenant(
          session.tenant(), tx -> WidgetStore.checked(tx.sql(), session, null, clock.instant()));
      return unlessStale(session);
    } catch (FieldCipher.Unreadable e) {
      end(session, "key");
      throw over();
    }
    WidgetSession.State state =
        switch (standing) {
          case CONNECTED -> WidgetSession.State.CONNECTED;
          case ALERTING -> WidgetSession.State.ALERTING;
          case NOT_THERE -> {
            end(session, "left");
            throw left();
          }
        };
    db.runInTenant(
        session.tenant(), tx -> WidgetStore.checked(tx.sql(), session, state, clock.instant()));
    return find(session.tenant(), session.id()).orElseThrow(WidgetSessions::over);
  }

  private boolean stale(WidgetSession session) {
    return session.checkedAt().plus(each.multipliedBy(PATIENCE)).isBefore(clock.instant());
  }

  private WidgetSession unlessStale(WidgetSession session) {
    if (stale(session)) {
      throw Problem.later(
          Problem.Code.UNAVAILABLE,
          "Genesys Cloud does not say whether you are on this conversation; try again shortly.",
          Duration.ofSeconds(10));
    }
    return session;
  }

  /// Ends the session of a caller.
  void end(Caller caller) {
    UUID id = caller.sessionId();
    if (id != null) {
      db.runInTenant(caller.inTenant(), tx -> WidgetStore.end(tx.sql(), caller.inTenant(), id));
      counted("signed-out");
    }
  }

  private void end(WidgetSession session, String why) {
    db.runInTenant(
        session.tenant(), tx -> WidgetStore.end(tx.sql(), session.tenant(), session.id()));
    counted(why);
    LOG.debugf("genesys: widget session %s is over: %s", session.id(), why);
  }

  /// Forgets sessions whose time is over; they are good for nothing already.
  public void deleteExpired(TenantId tenant) {
    db.runInTenant(tenant, tx -> WidgetStore.deleteExpired(tx.sql(), tenant, clock.instant()));
  }

  /// Counts what became of a sign-in or a session.
  void counted(String result) {
    metrics.counter("parley.genesys.widget", "result", result).increment();
  }

  /// What somebody is told who is not on the conversation, or no longer.
  static Problem left() {
    return new Problem(
        Problem.Code.FORBIDDEN, "Only the agent who is on this conversation may see it.");
  }

  private static Problem over() {
    return new Problem(Problem.Code.UNAUTHENTICATED, "The session is over; sign in again.");
  }
}
