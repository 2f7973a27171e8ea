package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.mail.Mail;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Registration, resets and invitations, where the clock must move or the work must be counted; the way through HTTP
/// and a mail server is in the acceptance tests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeopleTest {
  private static final String PASSWORD = "a password of my own";
  private static final Pattern TOKEN = Pattern.compile("#token=(\\S+)");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final IdentityFixture all = new IdentityFixture();
  private final Caller admin = IdentityFixture.caller(all.acme, UserRole.ADMIN);

  @BeforeAll
  void open() {
    open(all.acme, "open");
    open(all.globex, "open");
  }

  /// So that each test sees its own mails.
  @BeforeEach
  void emptyTheQueue() {
    all.deliver();
  }

  @AfterAll
  void close() {
    all.close();
  }

  private void open(TenantId tenant, String mode) {
    all.tenants.change(
        Caller.system(tenant),
        tenant,
        null,
        Json.tree("{\"registration\": {\"mode\": \"" + mode + "\", \"role\": \"agent\"}}"));
  }

  private static String address() {
    return "p" + COUNT.incrementAndGet() + "@people.test";
  }

  private void register(String email, String password) {
    all.registrations.register(
        "acme", new Registrations.Draft(email, "Somebody", password, "pt-BR"));
  }

  /// What stands in the link of a mail.
  static String token(Mail mail) {
    Matcher found = TOKEN.matcher(mail.text());
    assertThat(found.find()).as(mail.text()).isTrue();
    return found.group(1);
  }

  private static Problem.@Nullable Code refused(ThrowingCallable call) {
    Problem problem = catchThrowableOfType(Problem.class, call);
    return problem == null ? null : problem.code();
  }

  private Problem.@Nullable Code login(String email, String password) {
    return refused(() -> all.login(email, password, "acme", null));
  }

  @Test
  void whoOpensTheLinkIsAUserWithThePasswordOfThatVeryRegistration() {
    String email = address();
    register(email, "the password of a stranger");
    Mail first = all.deliver().getFirst();
    register(email, PASSWORD);
    Mail second = all.deliver().getFirst();
    assertThat(first.to()).isEqualTo(email);
    assertThat(login(email, PASSWORD)).isEqualTo(Problem.Code.EMAIL_UNVERIFIED);
    assertThat(login(email, "neither of them")).isEqualTo(Problem.Code.UNAUTHENTICATED);

    Registrations.Joined joined = all.registrations.verify(token(second));

    assertThat(joined.user().role()).isEqualTo(UserRole.AGENT);
    assertThat(joined.slug()).isEqualTo("acme");
    assertThat(login(email, PASSWORD)).isNull();
    assertThat(login(email, "the password of a stranger")).isEqualTo(Problem.Code.UNAUTHENTICATED);
    for (Mail used : List.of(first, second)) {
      assertThat(refused(() -> all.registrations.verify(token(used))))
          .isEqualTo(Problem.Code.INVALID);
    }
    assertThat(refused(() -> all.login(email, PASSWORD, "globex", null)))
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
  }

  @Test
  void aLinkIsGoodForOneThingInOneTenantAndForItsTime() {
    String email = address();
    register(email, PASSWORD);
    String token = token(all.deliver().getFirst());
    MailToken real = MailToken.parse(token).orElseThrow();
    List<String> bad =
        List.of(
            new MailToken(all.globex, real.subject(), real.secret()).text(),
            MailToken.of(all.acme, real.subject()).text(),
            token.substring(0, token.length() - 1),
            token + "A",
            "mt_",
            "");
    for (String wrong : bad) {
      assertThat(refused(() -> all.registrations.verify(wrong))).isEqualTo(Problem.Code.INVALID);
    }
    assertThat(refused(() -> all.resets.complete(token, PASSWORD))).isEqualTo(Problem.Code.INVALID);
    assertThat(refused(() -> all.invitations.accept(token, "Name", PASSWORD, null)))
        .isEqualTo(Problem.Code.INVALID);
    all.clock.pass(AccountMails.VERIFY_WITHIN);
    assertThat(refused(() -> all.registrations.verify(token))).isEqualTo(Problem.Code.INVALID);

    all.registrations.again("acme", email);
    Mail again = all.deliver().getFirst();
    all.registrations.again("acme", email);
    Mail newest = all.deliver().getFirst();
    assertThat(refused(() -> all.registrations.verify(token(again))))
        .isEqualTo(Problem.Code.INVALID);
    assertThat(all.registrations.verify(token(newest)).user().email()).isEqualTo(email);
  }

  @Test
  void aResetEndsEverySignInAndProvesTheAddress() {
    User user = all.user(all.acme, UserRole.AGENT);
    SignIn.Grant grant = all.login(user.email(), IdentityFixture.PASSWORD, "acme", null);
    all.callers.ofToken(grant.accessToken());
    all.resets.ask("acme", user.email().toUpperCase(Locale.ROOT));
    Mail mail = all.deliver().getFirst();
    assertThat(mail.text()).contains("https://chat.test/reset-password#token=");
    assertThat(refused(() -> all.resets.complete(token(mail), "short")))
        .isEqualTo(Problem.Code.INVALID);

    all.resets.complete(token(mail), PASSWORD);

    assertThat(refused(() -> all.callers.ofToken(grant.accessToken())))
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(refused(() -> all.signIn.refresh(grant.refreshToken())))
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(all.deliver())
        .extracting(Mail::subject)
        .containsExactly("Your password for Acme was changed");
    assertThat(login(user.email(), IdentityFixture.PASSWORD))
        .isEqualTo(Problem.Code.UNAUTHENTICATED);
    assertThat(login(user.email(), PASSWORD)).isNull();
    assertThat(all.users.find(all.acme, user.id()).orElseThrow().verifiedAt()).isNotNull();
    assertThat(refused(() -> all.resets.complete(token(mail), "yet another password")))
        .isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void aLinkToANewPasswordIsGoodForHalfAnHour() {
    User user = all.user(all.acme, UserRole.AGENT);
    all.resets.ask("acme", user.email());
    String token = token(all.deliver().getFirst());
    all.clock.pass(AccountMails.RESET_WITHIN);
    assertThat(refused(() -> all.resets.complete(token, PASSWORD))).isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void aDisabledUserGetsNoLinkAndAnOldOneDoesNotLetThemIn() {
    User user = all.user(all.acme, UserRole.AGENT);
    all.resets.ask("acme", user.email());
    String token = token(all.deliver().getFirst());
    all.users.change(admin, user.id(), new Users.Change(null, null, User.State.DISABLED));
    all.resets.ask("acme", user.email());
    assertThat(all.deliver()).isEmpty();
    assertThat(refused(() -> all.resets.complete(token, PASSWORD))).isEqualTo(Problem.Code.INVALID);
  }

  /// What a request does is what its time depends on: the same number of statements and of hashes for a known and an
  /// unknown address is a proof that does not waver, as measured times would.
  @Test
  void aRequestDoesTheSameWorkForAKnownAndAnUnknownAddress() {
    User known = all.user(all.acme, UserRole.AGENT);
    List<Consumer<String>> requests =
        List.of(
            email -> register(email, PASSWORD),
            email -> all.registrations.again("acme", email),
            email -> all.resets.ask("acme", email),
            email -> all.resets.ask(null, email),
            email -> login(email, "a wrong password"),
            email -> login(email, PASSWORD));
    for (int i = 0; i < requests.size(); i++) {
      var request = requests.get(i);
      String unknown = address();
      assertThat(work(() -> request.accept(known.email())))
          .as("request %d", i)
          .isEqualTo(work(() -> request.accept(unknown)));
    }
  }

  private record Work(int statements, long hashes, int queued) {}

  private Work work(Runnable request) {
    int statements = all.statements();
    long hashes = all.passwords.computed();
    int queued = all.post.waiting();
    request.run();
    return new Work(
        all.statements() - statements,
        all.passwords.computed() - hashes,
        all.post.waiting() - queued);
  }

  /// Whoever registers a stranger's address and signs in with the password that they gave must not learn from the
  /// answer whether the address had an account before.
  @Test
  void registeringAndSigningInTellsNothingOfAnAccount() {
    User known = all.user(all.acme, UserRole.AGENT);
    String unknown = address();
    for (String email : List.of(known.email(), unknown)) {
      register(email, "a password of the guesser");
      Mail mail = all.deliver().getFirst();
      assertThat(mail.text().contains("#token=")).isEqualTo(email.equals(unknown));
      assertThat(login(email, "a password of the guesser"))
          .isEqualTo(Problem.Code.EMAIL_UNVERIFIED);
      assertThat(login(email, "another one altogether")).isEqualTo(Problem.Code.UNAUTHENTICATED);
    }
    assertThat(login(known.email(), IdentityFixture.PASSWORD)).isNull();
  }

  @Test
  void aGuesserWhoHasRegisteredGetsNoMoreTries() {
    User known = all.user(all.acme, UserRole.AGENT);
    register(known.email(), "a password of the guesser");
    for (int i = 0; i < LockOut.FREE_FOR_ACCOUNT; i++) {
      assertThat(login(known.email(), "a password of the guesser"))
          .isEqualTo(Problem.Code.EMAIL_UNVERIFIED);
    }
    assertThat(login(known.email(), "a password of the guesser")).isEqualTo(Problem.Code.TOO_MANY);
  }

  @Test
  void nobodyCanFillAMailbox() {
    for (String email : List.of(all.user(all.acme, UserRole.AGENT).email(), address())) {
      int sent = 0;
      for (int i = 0; i < 200; i++) {
        if (refused(() -> all.resets.ask("acme", email)) == null) {
          sent++;
        }
        all.clock.pass(Duration.ofSeconds(10));
      }
      assertThat(sent).isBetween(LockOut.FREE_MAILS_FOR_ACCOUNT, 15);
      all.deliver();
    }
  }

  @Test
  void whereRegistrationIsNotOpenNobodyRegistersAndOldLinksAreVoid() {
    TenantId tenant = all.tenants.create(all.operator, "shut-co", "Shut").id();
    String email = address();
    var draft = new Registrations.Draft(email, "Somebody", PASSWORD, null);
    ThrowingCallable register = () -> all.registrations.register("shut-co", draft);
    assertThat(refused(register)).isEqualTo(Problem.Code.REGISTRATION_CLOSED);
    assertThat(refused(() -> all.registrations.register("no-such-tenant", draft)))
        .isEqualTo(Problem.Code.REGISTRATION_CLOSED);
    open(tenant, "invited");
    assertThat(refused(register)).isEqualTo(Problem.Code.REGISTRATION_CLOSED);
    open(tenant, "open");
    assertThat(refused(register)).isNull();
    String token = token(all.deliver().getFirst());
    open(tenant, "closed");
    assertThat(refused(() -> all.registrations.verify(token))).isEqualTo(Problem.Code.INVALID);
  }

  @Test
  void registrationMayBeLimitedToDomains() {
    TenantId tenant = all.tenants.create(all.operator, "narrow-co", "Narrow").id();
    Caller system = Caller.system(tenant);
    String settings = "{\"registration\": {\"mode\": \"open\", \"domains\": [\"Ünique.test\"]}}";
    all.tenants.change(system, tenant, null, Json.tree(settings));
    assertThat(
            refused(
                () ->
                    all.registrations.register(
                        "narrow-co",
                        new Registrations.Draft("a@sub.ünique.test", "A", PASSWORD, null))))
        .isEqualTo(Problem.Code.REGISTRATION_CLOSED);
    all.registrations.register(
        "narrow-co", new Registrations.Draft("Ａ@ÜNIQUE.test", "A", PASSWORD, null));
    assertThat(all.deliver().getFirst().to()).isEqualTo("a@xn--nique-jva.test");
    for (String bad :
        List.of(
            "\"open\"", "{\"mode\":\"ajar\"}", "{\"domains\":[\"a b\"]}", "{\"role\":\"admin\"}")) {
      assertThat(
              refused(
                  () ->
                      all.tenants.change(
                          system, tenant, null, Json.tree("{\"registration\": " + bad + "}"))))
          .as(bad)
          .isEqualTo(Problem.Code.INVALID);
    }
  }

  @Test
  void aPasswordThatChangesWhileSomebodySignsInDoesNotLetThemIn() {
    User user = all.user(all.acme, UserRole.AGENT);
    Account seen = all.accounts.byEmail(all.acme, user.email()).orElseThrow();
    all.users.resetPassword(admin, user.id());
    boolean entered =
        all.db
            .tenants()
            .inTenant(
                all.acme,
                tx ->
                    UserStore.signedIn(
                        tx.sql(), all.acme, user.id(), seen.passwordHash(), all.clock.instant()));
    assertThat(entered).isFalse();
  }
}
