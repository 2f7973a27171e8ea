package dev.parley.identity;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.EmailAddress;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;

/// Those who run the installation.
@Singleton
public final class Operators {
  private final SystemDb system;
  private final TenantDb db;
  private final SignInRegister register;
  private final Passwords passwords;
  private final Config config;
  private final InstantSource clock;

  /// What the first start shows, once.
  public record First(String email, Secret password) {}

  /// Works through `system`; the first operator's address is `operator.email`.
  public Operators(
      SystemDb system,
      TenantDb db,
      SignInRegister register,
      Passwords passwords,
      Config config,
      InstantSource clock) {
    this.system = system;
    this.db = db;
    this.register = register;
    this.passwords = passwords;
    this.config = config;
    this.clock = clock;
  }

  /// Makes the first operator when there is none, with a random password that only this answer knows. Of several
  /// processes that start at once, one gets it.
  public Optional<First> ensure() {
    if (system.query(OperatorStore::any)) {
      return Optional.empty();
    }
    var first =
        new First(
            EmailAddress.normal(config.get(Keys.OPERATOR_EMAIL)), new Secret(passwords.random()));
    String hash = passwords.hash(first.password());
    boolean made =
        system.query(
            sql ->
                OperatorStore.insertFirst(sql, Ids.next(), first.email(), hash, clock.instant()));
    return made ? Optional.of(first) : Optional.empty();
  }

  /// Gives an operator who has lost theirs a new random password and ends their sign-ins; empty when there is no
  /// operator of that address.
  public Optional<Secret> resetPassword(String email) {
    var password = new Secret(passwords.random());
    String hash = passwords.hash(password);
    Optional<Account> known =
        system.query(sql -> OperatorStore.accountByEmail(sql, EmailAddress.normal(email)));
    known.ifPresent(
        account -> {
          system.run(sql -> OperatorStore.updatePassword(sql, account.id(), hash, clock.instant()));
          db.runInTenant(
              TenantId.NONE, tx -> register.endAll(tx, account.id(), "password-changed"));
        });
    return known.map(_ -> password);
  }
}
