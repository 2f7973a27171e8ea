package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.mail.Mail;
import dev.parley.platform.mail.Mails;
import dev.parley.tenants.Projects;
import dev.parley.tenants.TenantRemoval;
import dev.parley.tenants.Tenants;
import dev.parley.testing.Connections;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Tenants and identity on a database of their own, built by hand, with two tenants and an administrator in each.
public final class IdentityFixture implements AutoCloseable {
  /// The password of everybody whom [#user] makes.
  public static final String PASSWORD = "correct horse battery";

  private static final AtomicInteger COUNT = new AtomicInteger();

  public final TestDatabase db = TestDatabase.create();
  public final TestClock clock = new TestClock();
  public final Config config =
      Config.load(
          Map.of(),
          null,
          Map.of(
              "base.domain",
              "chat.test",
              "operator.email",
              "Op@Here.test",
              "mail.links",
              "https://chat.test"));
  public final FieldCipher cipher = FieldCipher.of(new Secret(FieldCipher.generate("k1")));

  /// The connections of tenants' work, whose statements can be counted.
  public final Connections connections = new Connections(db.database().app());

  final TenantDb doors = new TenantDb(connections);
  final Connections systemConnections = new Connections(db.database().system());
  public final EventLog events = new EventLog(doors, clock);
  public final Audit audit = new Audit(doors, clock);
  public final Tenants tenants = new Tenants(doors, db.system(), events, audit, clock);
  public final Projects projects = new Projects(doors, tenants, events, audit, clock);
  public final TenantRemoval removal = new TenantRemoval(doors, db.system(), tenants);
  public final Passwords passwords = new Passwords();
  final Accounts accounts = new Accounts(doors, new SystemDb(systemConnections), clock);
  public final SignInRegister register =
      new SignInRegister(doors, accounts, events, cipher, config, clock);
  public final LockOut lockOut = new LockOut(doors, clock);
  public final SigningKeys signingKeys = new SigningKeys(db.system(), cipher, config, clock);
  public final Tokens tokens = new Tokens(signingKeys, config, clock);
  public final TestMails post = new TestMails();
  final AccountMails accountMails = new AccountMails(doors, tenants, config, clock);
  public final Mails mails =
      new Mails(post.queue(), post, List.of(accountMails), new SimpleMeterRegistry(), clock);
  final PasswordChanges passwordChanges = new PasswordChanges(register, events, mails, clock);
  public final Registrations registrations =
      new Registrations(doors, tenants, passwords, lockOut, mails, events, audit, clock);
  public final PasswordResets resets =
      new PasswordResets(
          doors, tenants, accounts, passwords, passwordChanges, lockOut, mails, audit, clock);
  public final Invitations invitations =
      new Invitations(
          doors, tenants, passwords, registrations, lockOut, mails, events, audit, clock);
  public final Sessions sessions = new Sessions(doors, tenants, accounts, clock);
  public final SignIn signIn =
      new SignIn(
          doors,
          tenants,
          accounts,
          passwords,
          lockOut,
          passwordChanges,
          registrations,
          register,
          tokens,
          audit,
          config,
          clock);
  public final Users users =
      new Users(
          doors, passwords, passwordChanges, register, (_, _, _, _) -> true, events, audit, clock);
  public final ApiKeys apiKeys = new ApiKeys(doors, db.system(), events, audit, clock);
  public final Callers callers = new Callers(apiKeys, tokens, register, tenants, config);
  public final Operators operators =
      new Operators(db.system(), doors, register, passwords, config, clock);

  /// An operator outside any tenant.
  public final Caller operator =
      new Caller(
          Caller.Kind.OPERATOR,
          UUID.randomUUID(),
          "op@here.test",
          null,
          null,
          RoleTable.ofOperator());

  public final TenantId acme = tenants.create(operator, "acme", "Acme").id();
  public final TenantId globex = tenants.create(operator, "globex", "Globex").id();
  public final User acmeAdmin = user(acme, UserRole.ADMIN);
  public final User globexAdmin = user(globex, UserRole.ADMIN);

  /// How many statements were sent to the database so far.
  public int statements() {
    return connections.statements() + systemConnections.statements();
  }

  /// Signs in as [SignIn#login] does.
  public SignIn.Grant login(
      String email, String password, @Nullable String slug, @Nullable String userAgent) {
    return signIn.login(new SignIn.Shown(email, password, slug, userAgent, null));
  }

  /// Hands the mails that wait to their writers and answers what was sent.
  public List<Mail> deliver() {
    return post.deliver(mails);
  }

  /// Makes a user.
  public User user(TenantId tenant, UserRole role) {
    var input = new Input();
    Users.Draft draft =
        users.check(
            input, "", "u" + COUNT.incrementAndGet() + "@mail.test", "Somebody", role, PASSWORD);
    input.done();
    return users.create(Caller.system(tenant), draft).user();
  }

  /// Somebody of a role who calls, without having signed in.
  public static Caller caller(TenantId tenant, UserRole role) {
    return new Caller(
        Caller.Kind.USER, UUID.randomUUID(), role.word(), tenant, null, RoleTable.of(role));
  }

  @Override
  public void close() {
    db.close();
  }
}
