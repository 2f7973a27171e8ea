package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.mail.Mail;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvitationsTest {
  private static final String PASSWORD = "a password of my own";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);

  @BeforeAll
  void open() {
    all.tenants.change(
        admin, all.acme, null, Json.tree("{\"registration\": {\"mode\": \"invited\"}}"));
  }

  @BeforeEach
  void emptyTheQueue() {
    all.deliver();
  }

  @AfterAll
  void close() {
    all.close();
  }

  private static String address() {
    return "i" + COUNT.incrementAndGet() + "@people.test";
  }

  private static String token(Mail mail) {
    return PeopleTest.token(mail);
  }

  private static Problem.@Nullable Code refused(ThrowingCallable call) {
    Problem problem = catchThrowableOfType(Problem.class, call);
    return problem == null ? null : problem.code();
  }

  private Problem.@Nullable Code login(String email, String password) {
    return refused(() -> all.login(email, password, "acme", null));
  }

  /// Somebody who is there, as the check of an inviter needs.
  private Caller manager() {
    User inviter = all.user(all.acme, UserRole.MANAGER);
    return new Caller(
        Caller.Kind.USER,
        inviter.id(),
        inviter.email(),
        all.acme,
        null,
        RoleTable.of(UserRole.MANAGER));
  }

  @Test
  void anInvitationGivesItsRoleOnceAndNeverMoreThanTheInviterMay() {
    Caller caller = manager();
    assertThat(refused(() -> all.invitations.create(caller, address(), UserRole.ADMIN)))
        .isEqualTo(Problem.Code.FORBIDDEN);
    String email = address();
    Invitation made = all.invitations.create(caller, email, UserRole.AGENT);
    assertThat(refused(() -> all.invitations.create(caller, email, UserRole.AGENT)))
        .isEqualTo(Problem.Code.CONFLICT);
    String old = token(all.deliver().getFirst());
    all.invitations.resend(caller, made.id());
    Mail mail = all.deliver().getFirst();
    assertThat(mail.text()).contains("Somebody invites you to join Acme");
    assertThat(refused(() -> all.invitations.accept(old, "Ada", PASSWORD, null)))
        .isEqualTo(Problem.Code.INVALID);

    Registrations.Joined joined = all.invitations.accept(token(mail), "Ada", PASSWORD, "es");

    assertThat(joined.user().role()).isEqualTo(UserRole.AGENT);
    assertThat(joined.user().verifiedAt()).isNotNull();
    assertThat(login(email, PASSWORD)).isNull();
    assertThat(refused(() -> all.invitations.accept(token(mail), "Ada", PASSWORD, null)))
        .isEqualTo(Problem.Code.INVALID);
    assertThat(refused(() -> all.invitations.revoke(caller, made.id())))
        .isEqualTo(Problem.Code.WRONG_STATE);
    assertThat(refused(() -> all.invitations.create(caller, email, UserRole.AGENT)))
        .isEqualTo(Problem.Code.CONFLICT);
  }

  @Test
  void aRevokedOrExpiredInvitationAndThatOfSomebodyDismissedLetNobodyIn() {
    Caller caller = manager();
    String revoked = invite(caller, address());
    all.invitations.revoke(caller, MailToken.parse(revoked).orElseThrow().subject());
    String late = address();
    String expired = invite(caller, late);
    all.clock.pass(Invitations.LIFE);
    assertThat(invite(caller, late)).isNotEqualTo(expired);
    String orphaned = invite(caller, address());
    all.users.change(admin, caller.id(), new Users.Change(null, UserRole.READ_ONLY, null));
    for (String token : List.of(revoked, expired, orphaned)) {
      assertThat(refused(() -> all.invitations.accept(token, "Ada", PASSWORD, null)))
          .isEqualTo(Problem.Code.INVALID);
    }
  }

  private String invite(Caller caller, String email) {
    all.invitations.create(caller, email, UserRole.AGENT);
    return token(all.deliver().getFirst());
  }

  @Test
  void aTenantThatIsClosedTakesNone() {
    Caller other = IdentityFixture.caller(all.globex, UserRole.ADMIN);
    assertThat(refused(() -> all.invitations.create(other, address(), UserRole.AGENT)))
        .isEqualTo(Problem.Code.REGISTRATION_CLOSED);
    assertThat(all.invitations.page(all.globex, null, null, 10)).isEmpty();
  }
}
