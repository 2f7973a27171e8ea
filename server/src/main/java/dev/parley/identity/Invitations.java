package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.mail.Mails;
import dev.parley.tenants.Registration;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Asking people to become users, with a role that the inviter may hand out.
@Singleton
public final class Invitations {
  /// How long an invitation may be accepted after its newest mail.
  public static final Duration LIFE = Duration.ofDays(7);

  private final TenantDb db;
  private final Tenants tenants;
  private final Passwords passwords;
  private final Registrations registrations;
  private final LockOut lockOut;
  private final Mails mails;
  private final EventLog events;
  private final Audit audit;
  private final InstantSource clock;

  Invitations(
      TenantDb db,
      Tenants tenants,
      Passwords passwords,
      Registrations registrations,
      LockOut lockOut,
      Mails mails,
      EventLog events,
      Audit audit,
      InstantSource clock) {
    this.db = db;
    this.tenants = tenants;
    this.passwords = passwords;
    this.registrations = registrations;
    this.lockOut = lockOut;
    this.mails = mails;
    this.events = events;
    this.audit = audit;
    this.clock = clock;
  }

  /// Invites an address and queues the mail. Throws a [Problem] when the tenant takes no invitations, when the address
  /// has an account or an open invitation, when the role permits more than the caller may, and where no mails are sent.
  public Invitation create(Caller caller, String email, UserRole role) {
    TenantId tenant = caller.inTenant();
    Users.refuseUnlessCovered(caller, role);
    refuseUnlessTaken(tenant);
    lockOut.tryMail(tenant, email);
    Instant now = clock.instant();
    try {
      return db.inTenant(
          tenant,
          tx -> {
            if (UserStore.accountByEmail(tx.sql(), tenant, email).isPresent()) {
              throw new Problem(Problem.Code.CONFLICT, "A user has the address " + email + ".");
            }
            var invitation =
                new Invitation(
                    Ids.next(),
                    email,
                    role,
                    caller.kind(),
                    caller.id(),
                    name(tx, caller),
                    Invitation.State.OPEN,
                    null,
                    now,
                    now,
                    now.plus(LIFE),
                    null);
            InvitationStore.endExpired(tx.sql(), tenant, email, now);
            InvitationStore.insert(tx.sql(), tenant, invitation);
            queue(tx, invitation.id());
            events.publish(
                tx,
                invitation.id(),
                new IdentityEvent.InvitationCreated(invitation.id(), email, role.word()));
            record(tx, caller, "invitation.created", invitation);
            return invitation;
          });
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, InvitationStore.ONE_OPEN)) {
        throw new Problem(
            Problem.Code.CONFLICT, email + " is invited already; send that invitation again.");
      }
      throw e;
    }
  }

  /// Sends the mail again with a new link; the old one is no longer good. Throws a [Problem] when there is no open
  /// invitation of that id, or when it gives a role that permits more than the caller may.
  public Invitation resend(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    Invitation known = find(tenant, id).orElseThrow(Invitations::missing);
    refuseUnlessTaken(tenant);
    lockOut.tryMail(tenant, known.email());
    Instant now = clock.instant();
    return db.inTenant(
        tenant,
        tx -> {
          Invitation invitation = lockOpen(tx, caller, id);
          InvitationStore.prolong(tx.sql(), tenant, id, now, now.plus(LIFE));
          MailTokenStore.drop(tx.sql(), tenant, MailToken.Kind.INVITATION, id);
          queue(tx, id);
          record(tx, caller, "invitation.sent-again", invitation);
          return InvitationStore.find(tx.sql(), tenant, id).orElseThrow(Invitations::missing);
        });
  }

  /// Takes an invitation back. Throws a [Problem] as [#resend] does.
  public void revoke(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    db.runInTenant(
        tenant,
        tx -> {
          Invitation invitation = lockOpen(tx, caller, id);
          InvitationStore.end(
              tx.sql(), tenant, id, Invitation.State.REVOKED, null, clock.instant());
          MailTokenStore.drop(tx.sql(), tenant, MailToken.Kind.INVITATION, id);
          events.publish(tx, id, new IdentityEvent.InvitationRevoked(id));
          record(tx, caller, "invitation.revoked", invitation);
        });
  }

  /// One of the tenant's invitations.
  public Optional<Invitation> find(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> InvitationStore.find(tx.sql(), tenant, id));
  }

  /// Up to `limit` invitations in the order of their making, after one; only of a state when that is given.
  public List<Invitation> page(
      TenantId tenant, Invitation.@Nullable State state, @Nullable UUID after, int limit) {
    String word = state == null ? null : Input.word(state);
    return db.inTenant(tenant, tx -> InvitationStore.page(tx.sql(), tenant, word, after, limit));
  }

  /// Makes the user who was invited. Throws a [Problem] when the link is not good any more, when
  /// whoever gave it may not give that role any more, or when the address has got an account in
  /// another way.
  public Registrations.Joined accept(
      @Nullable String text,
      @Nullable String name,
      @Nullable String password,
      @Nullable String locale) {
    var input = new Input();
    String checked = input.text("name", name, Users.NAME_LENGTH);
    passwords.check(input, "password", password);
    User.Profile profile = User.Profile.in(Profiles.locale(input, "locale", locale));
    input.done();
    MailToken token = MailToken.parse(String.valueOf(text)).orElseThrow(Registrations::over);
    TenantId tenant = token.tenant();
    boolean good =
        tenants.registration(tenant).mode() != Registration.Mode.CLOSED
            && db.inTenant(
                tenant,
                tx ->
                    MailTokenStore.isGood(
                        tx.sql(), MailToken.Kind.INVITATION, token, clock.instant()));
    if (!good) {
      throw Registrations.over();
    }
    String hash = passwords.hash(new Secret(String.valueOf(password)));
    try {
      return db.inTenant(tenant, tx -> accept(tx, token, checked, profile, hash));
    } catch (RuntimeException e) {
      throw SqlFailure.isDuplicate(e, UserStore.ONE_ADDRESS) ? Registrations.taken() : e;
    }
  }

  private Registrations.Joined accept(
      Tx tx, MailToken token, String name, User.Profile profile, String hash) {
    Instant now = clock.instant();
    Invitation invitation =
        InvitationStore.lock(tx.sql(), tx.tenant(), token.subject())
            .filter(known -> known.state() == Invitation.State.OPEN)
            .orElseThrow(Registrations::over);
    if (!MailTokenStore.spend(tx.sql(), MailToken.Kind.INVITATION, token, now)
        || !mayStillInvite(tx, invitation)) {
      throw Registrations.over();
    }
    User user =
        User.made(Ids.next(), invitation.email(), name, invitation.role(), profile, now, now);
    registrations.join(tx, user, hash);
    InvitationStore.end(
        tx.sql(), tx.tenant(), invitation.id(), Invitation.State.ACCEPTED, user.id(), now);
    events.publish(
        tx, invitation.id(), new IdentityEvent.InvitationAccepted(invitation.id(), user.id()));
    record(tx, Registrations.self(tx, user), "invitation.accepted", invitation);
    return new Registrations.Joined(tx.tenant(), tenants.get(tx.tenant()).slug(), user);
  }

  /// Somebody who was dismissed or has another role now lets nobody in any more.
  private static boolean mayStillInvite(Tx tx, Invitation invitation) {
    return invitation.inviterKind() != Caller.Kind.USER
        || UserStore.find(tx.sql(), tx.tenant(), invitation.inviterId())
            .filter(inviter -> inviter.state() == User.State.ACTIVE)
            .filter(inviter -> RoleTable.covers(RoleTable.of(inviter.role()), invitation.role()))
            .isPresent();
  }

  private Invitation lockOpen(Tx tx, Caller caller, UUID id) {
    Invitation invitation =
        InvitationStore.lock(tx.sql(), tx.tenant(), id).orElseThrow(Invitations::missing);
    Users.refuseUnlessCovered(caller, invitation.role());
    if (invitation.state() != Invitation.State.OPEN) {
      throw new Problem(
          Problem.Code.WRONG_STATE, "The invitation is " + Input.word(invitation.state()) + ".");
    }
    return invitation;
  }

  private void refuseUnlessTaken(TenantId tenant) {
    mails.requireAble();
    if (tenants.registration(tenant).mode() == Registration.Mode.CLOSED) {
      throw new Problem(
          Problem.Code.REGISTRATION_CLOSED,
          "The tenant takes no invitations; set settings.registration.mode to invited or open.");
    }
  }

  private static String name(Tx tx, Caller caller) {
    return caller.kind() == Caller.Kind.USER
        ? UserStore.find(tx.sql(), tx.tenant(), caller.id()).map(User::name).orElse(caller.name())
        : caller.name();
  }

  private void queue(Tx tx, UUID id) {
    mails.queue(tx, AccountMails.INVITED, id.toString(), new AccountMails.About(id));
  }

  private void record(Tx tx, Caller caller, String action, Invitation invitation) {
    audit.record(
        tx,
        caller,
        action,
        "invitation",
        invitation.id(),
        Map.of("email", invitation.email(), "role", invitation.role().word()));
  }

  private static Problem missing() {
    return Problem.notFound("invitation");
  }

  /// Removes what was over before a time; answers how many.
  public int deleteBefore(TenantId tenant, Instant time) {
    return db.inTenant(tenant, tx -> InvitationStore.deleteBefore(tx.sql(), tenant, time));
  }
}
