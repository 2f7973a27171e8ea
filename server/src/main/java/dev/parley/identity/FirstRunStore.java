package dev.parley.identity;

import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// SQL for `setup_codes`.
final class FirstRunStore {
  /// What became of showing a code.
  enum Claim {
    MINE,
    TAKEN,
    WRONG
  }

  private FirstRunStore() {}

  static void put(Handle sql, String hash) {
    sql.createUpdate(
            """
            INSERT INTO setup_codes (id, code_hash) VALUES (1, :hash)
            ON CONFLICT (id) DO UPDATE SET code_hash = EXCLUDED.code_hash, claim = NULL, claimed_at = NULL
            """)
        .bind("hash", hash)
        .execute();
  }

  /// The row's lock lets one of several through.
  static Claim claim(Handle sql, String hash, UUID claim, Duration life) {
    int mine =
        sql.createUpdate(
                """
                UPDATE setup_codes SET claim = :claim, claimed_at = now()
                WHERE id = 1 AND code_hash = :hash
                  AND (claimed_at IS NULL OR claimed_at < now() - :ms * interval '1 millisecond')
                """)
            .bind("claim", claim)
            .bind("hash", hash)
            .bind("ms", life.toMillis())
            .execute();
    if (mine == 1) {
      return Claim.MINE;
    }
    boolean right =
        sql.createQuery(
                "SELECT EXISTS (SELECT 1 FROM setup_codes WHERE id = 1 AND code_hash = :hash)")
            .bind("hash", hash)
            .mapTo(Boolean.class)
            .one();
    return right ? Claim.TAKEN : Claim.WRONG;
  }

  static void release(Handle sql, UUID claim) {
    sql.createUpdate(
            "UPDATE setup_codes SET claim = NULL, claimed_at = NULL WHERE id = 1 AND claim = :claim")
        .bind("claim", claim)
        .execute();
  }

  static void forget(Handle sql) {
    sql.execute("DELETE FROM setup_codes");
  }
}
