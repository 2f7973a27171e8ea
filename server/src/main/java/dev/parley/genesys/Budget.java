package dev.parley.genesys;

import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What Genesys lets an OAuth client do in a minute, shared by all processes through the database: a bucket that never
/// lets more than that through in any minute. Messages may take the last token; receipts leave some for them.
@Singleton
final class Budget {
  /// What a call is for, from what waits for a token to what is given up first.
  enum Use {
    /// A message: waits, and is never dropped.
    MESSAGE(0),
    /// How a message ended: waits.
    FINAL_RECEIPT(0.1),
    /// A receipt that another one follows: dropped when there is little left.
    RECEIPT(0.5);

    private final double reserve;

    /// `reserve`: which part of the bucket it leaves to the others.
    Use(double reserve) {
      this.reserve = reserve;
    }
  }

  /// What a client may do at this moment.
  ///
  /// @param calls how many calls it may make at once
  /// @param blockedUntil until when Genesys wants none; null when it takes them
  record Left(int calls, @Nullable Instant blockedUntil) {}

  private final TenantDb db;
  private final int perMinute;
  private final double burst;
  private final double perSecond;

  /// A fifth of a minute's calls may go at once, the others evenly.
  Budget(TenantDb db, Config config) {
    this.db = db;
    this.perMinute = config.get(Keys.GENESYS_RATE);
    this.burst = Math.max(1, perMinute / 5.0);
    this.perSecond = (perMinute - burst) / 60;
  }

  /// Takes a token and answers zero, or takes none and answers how long to wait.
  Duration take(GenesysAccount account, Use use) {
    return db.inTenant(account.tenant(), tx -> take(tx, account, use));
  }

  /// [#take(GenesysAccount, Use)] in the transaction of the caller: a token that is taken back with it.
  Duration take(Tx tx, GenesysAccount account, Use use) {
    double needed = 1 + burst * use.reserve;
    return BudgetStore.take(tx.sql(), tx.tenant(), account.client(), burst, perSecond, needed);
  }

  /// How many calls a client may make in a minute.
  int perMinute() {
    return perMinute;
  }

  /// What the account may do now; takes nothing.
  Left left(GenesysAccount account) {
    return db.inTenant(
            account.tenant(),
            tx -> BudgetStore.read(tx.sql(), tx.tenant(), account.client(), burst, perSecond))
        .orElseGet(() -> new Left((int) burst, null));
  }

  /// Genesys wants no call for a while.
  void block(GenesysAccount account, Duration pause) {
    db.runInTenant(
        account.tenant(),
        tx -> BudgetStore.block(tx.sql(), tx.tenant(), account.client(), burst, pause));
  }
}
