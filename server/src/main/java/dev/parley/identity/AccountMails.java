package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.json.Json;
import dev.parley.platform.mail.Mail;
import dev.parley.platform.mail.MailWriter;
import dev.parley.platform.queue.WorkItem;
import dev.parley.tenants.Registration;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The mails that registration, invitations and passwords need. Whether an address has an account is looked at here,
/// in the worker, and nowhere in a request: so neither an answer nor its time can tell. Tokens are made here too, which
/// is why they stand nowhere but in the mail.
@Singleton
public final class AccountMails implements MailWriter {
  /// Somebody has registered.
  static final String REGISTERED = "registered";

  /// Somebody who has registered wants the mail again.
  static final String VERIFY_AGAIN = "verify-again";

  /// Somebody has lost a password.
  static final String RESET = "reset";

  /// Somebody is invited.
  static final String INVITED = "invited";

  /// Somebody's password is another one now.
  static final String CHANGED = "password-changed";

  /// How long the link of a registration is good.
  static final Duration VERIFY_WITHIN = Duration.ofHours(24);

  /// How long the link to a new password is good.
  static final Duration RESET_WITHIN = Duration.ofMinutes(30);

  private final TenantDb db;
  private final Tenants tenants;
  private final Config config;
  private final InstantSource clock;

  /// The payload of a mail about a registration, a user or an invitation.
  record About(UUID id) {}

  /// The payload of a mail to an address that may or may not be known.
  record To(String email) {}

  /// Works through `db`; links begin with the address that `config` names.
  public AccountMails(TenantDb db, Tenants tenants, Config config, InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public Set<String> kinds() {
    return Set.of(REGISTERED, VERIFY_AGAIN, RESET, INVITED, CHANGED);
  }

  @Override
  public Optional<Mail> write(WorkItem item) {
    Optional<Tenant> tenant =
        tenants.find(item.tenant()).filter(known -> known.state() == Tenant.State.ACTIVE);
    return tenant.flatMap(known -> db.inTenant(known.id(), tx -> write(tx, known, item)));
  }

  private Optional<Mail> write(Tx tx, Tenant tenant, WorkItem item) {
    return switch (item.kind()) {
      case REGISTERED ->
          RegistrationStore.find(tx.sql(), tx.tenant(), about(item), clock.instant())
              .flatMap(registration -> verification(tx, tenant, registration, true));
      case VERIFY_AGAIN ->
          RegistrationStore.newest(tx.sql(), tx.tenant(), to(item), clock.instant())
              .flatMap(registration -> verification(tx, tenant, registration, false));
      case RESET -> reset(tx, tenant, to(item));
      case INVITED -> invitation(tx, tenant, about(item));
      default -> changed(tx, tenant, about(item));
    };
  }

  private Optional<Mail> verification(
      Tx tx, Tenant tenant, RegistrationStore.Row registration, boolean tellOwner) {
    Optional<Account> known = UserStore.accountByEmail(tx.sql(), tx.tenant(), registration.email());
    if (known.isPresent()) {
      // The registration stays until it expires: without it a sign-in with its password would be
      // answered otherwise than for an address that nobody has.
      return known
          .filter(account -> tellOwner && account.active())
          .flatMap(account -> UserStore.find(tx.sql(), tx.tenant(), account.id()))
          .map(user -> mail("known", user.email(), locale(tenant, user), tenant, "", "/sign-in"));
    }
    if (tenants.registration(tx.tenant()).mode() != Registration.Mode.OPEN) {
      return Optional.empty();
    }
    Instant until = clock.instant().plus(VERIFY_WITHIN);
    String token =
        mint(
            tx,
            MailToken.Kind.VERIFICATION,
            registration.id(),
            until.isBefore(registration.expiresAt()) ? until : registration.expiresAt());
    return Optional.of(
        mail(
            "verify",
            registration.email(),
            registration.locale() == null ? locale(tenant) : registration.locale(),
            tenant,
            "",
            "/verify-email#token=" + token));
  }

  private Optional<Mail> reset(Tx tx, Tenant tenant, String email) {
    return UserStore.accountByEmail(tx.sql(), tx.tenant(), email)
        .filter(Account::active)
        .flatMap(account -> UserStore.find(tx.sql(), tx.tenant(), account.id()))
        .map(
            user -> {
              String token =
                  mint(tx, MailToken.Kind.RESET, user.id(), clock.instant().plus(RESET_WITHIN));
              return mail(
                  "reset",
                  user.email(),
                  locale(tenant, user),
                  tenant,
                  "",
                  "/reset-password#token=" + token);
            });
  }

  private Optional<Mail> invitation(Tx tx, Tenant tenant, UUID id) {
    return InvitationStore.find(tx.sql(), tx.tenant(), id)
        .filter(
            invitation ->
                invitation.state() == Invitation.State.OPEN
                    && clock.instant().isBefore(invitation.expiresAt()))
        .map(
            invitation ->
                mail(
                    "invite",
                    invitation.email(),
                    locale(tenant),
                    tenant,
                    invitation.inviterName(),
                    "/accept-invitation#token="
                        + mint(
                            tx,
                            MailToken.Kind.INVITATION,
                            invitation.id(),
                            invitation.expiresAt())));
  }

  private Optional<Mail> changed(Tx tx, Tenant tenant, UUID id) {
    return UserStore.find(tx.sql(), tx.tenant(), id)
        .filter(user -> user.state() == User.State.ACTIVE)
        .map(
            user ->
                mail(
                    "changed", user.email(), locale(tenant, user), tenant, "", "/forgot-password"));
  }

  private Mail mail(
      String kind, String to, @Nullable String locale, Tenant tenant, String who, String path) {
    return MailText.in(locale)
        .write(
            kind,
            to,
            Map.of("tenant", Mail.line(tenant.name(), 80), "who", Mail.line(who, 80)),
            config.linksUrl() + path);
  }

  private static String mint(Tx tx, MailToken.Kind kind, UUID subject, Instant until) {
    MailToken token = MailToken.of(tx.tenant(), subject);
    MailTokenStore.put(tx.sql(), kind, token, until);
    return token.text();
  }

  private static @Nullable String locale(Tenant tenant, User user) {
    String own = user.profile().locale();
    return own == null ? locale(tenant) : own;
  }

  private static @Nullable String locale(Tenant tenant) {
    return tenant.settings().path("locale").asText(null);
  }

  private static UUID about(WorkItem item) {
    return Json.read(item.payload(), About.class).id();
  }

  private static String to(WorkItem item) {
    return Json.read(item.payload(), To.class).email();
  }

  /// Under which key mails to an address stand in the queue: not the address itself, which lists of dead letters show.
  static String key(String email) {
    return Hashes.sha256(email).substring(0, 32);
  }

  /// Removes what can prove nothing any more; answers how many rows those were.
  public int deleteBefore(TenantId tenant, Instant time) {
    return db.inTenant(
        tenant,
        tx ->
            MailTokenStore.deleteBefore(tx.sql(), tenant, time)
                + RegistrationStore.deleteBefore(tx.sql(), tenant, time));
  }
}
