package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.tenants.Projects;
import dev.parley.tenants.TenantRemoval;
import dev.parley.tenants.Tenants;
import dev.parley.testing.TestClock;
import dev.parley.testing.TestDatabase;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Tenants and identity on a database of their own, built by hand, with two tenants and an administrator in each.
public final class IdentityFixture implements AutoCloseable {
  /// The password of everybody whom [#user] makes.
  public static final String PASSWORD = "correct horse battery";

  private static final AtomicInteger COUNT = new AtomicInteger();

  public final TestDatabase db = TestDatabase.create();
  public final TestClock clock = new TestClock();
  public final Config config =
      Config.load(
          Map.of(), null, Map.of("base.domain", "chat.test", "operator.email", "Op@Here.test"));
  public final FieldCipher cipher = FieldCipher.of(new Secret(FieldCipher.generate("k1")));
  public final EventLog events = new EventLog(db.tenants(), clock);
  public final Audit audit = new Audit(db.tenants(), clock);
  public final Tenants tenants = new Tenants(db.tenants(), db.system(), events, audit, clock);
  public final Projects projects = new Projects(db.tenants(), tenants, events, audit, clock);
  public final TenantRemoval removal = new TenantRemoval(db.tenants(), db.system(), tenants);
  public final Passwords passwords = new Passwords();
  final Accounts accounts = new Accounts(db.tenants(), db.system(), clock);
  public final SignInRegister register =
      new SignInRegister(db.tenants(), accounts, events, config, clock);
  public final LockOut lockOut = new LockOut(db.tenants(), clock);
  public final SigningKeys signingKeys = new SigningKeys(db.system(), cipher, config, clock);
  public final Tokens tokens = new Tokens(signingKeys, config, clock);
  public final SignIn signIn =
      new SignIn(db.tenants(), tenants, accounts, passwords, lockOut, register, tokens, audit);
  public final Users users = new Users(db.tenants(), passwords, register, events, audit, clock);
  public final ApiKeys apiKeys = new ApiKeys(db.tenants(), db.system(), events, audit, clock);
  public final Callers callers = new Callers(apiKeys, tokens, register, tenants, config);
  public final Operators operators =
      new Operators(db.system(), db.tenants(), register, passwords, config, clock);

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
