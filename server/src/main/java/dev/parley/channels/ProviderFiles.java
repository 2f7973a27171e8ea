package dev.parley.channels;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// Which files of ours a provider has already, and what it calls them there, so that each is uploaded once while the
/// provider keeps it.
@Singleton
public final class ProviderFiles {
  private final TenantDb db;
  private final InstantSource clock;

  /// Works through `db`.
  public ProviderFiles(TenantDb db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /// A file at a provider.
  ///
  /// @param account what the provider knows the channel by; a file is there for this account alone
  /// @param form as what it was uploaded, such as `image`; one file may have to be converted to one and not to another
  public record Place(TenantId tenant, UUID channelId, String account, UUID fileId, String form) {}

  /// The provider's id of it; empty when it has none or keeps it no longer.
  public Optional<String> find(Place place) {
    return db.inTenant(
        place.tenant(), tx -> ProviderFileStore.find(tx.sql(), place, clock.instant()));
  }

  /// Notes that the provider has it under `mediaId` until `expiresAt`.
  public void remember(Place place, String mediaId, Instant expiresAt) {
    db.runInTenant(
        place.tenant(),
        tx -> ProviderFileStore.put(tx.sql(), place, mediaId, clock.instant(), expiresAt));
  }

  /// Forgets what the provider says that it does not know, unless it was uploaded at or after `since`. Answers whether
  /// there was something to forget.
  public boolean forget(TenantId tenant, UUID channelId, String mediaId, Instant since) {
    return db.inTenant(
        tenant, tx -> ProviderFileStore.forget(tx.sql(), tenant, channelId, mediaId, since));
  }

  /// Forgets a file, in whatever form the provider has it, unless it was uploaded at or after `since`.
  public void forgetFile(Tx tx, UUID channelId, UUID fileId, Instant since) {
    ProviderFileStore.forgetFile(tx.sql(), tx.tenant(), channelId, fileId, since);
  }

  /// Deletes what providers keep no longer; answers how much that was.
  public int deleteExpired(TenantId tenant) {
    return db.inTenant(
        tenant, tx -> ProviderFileStore.deleteExpired(tx.sql(), tenant, clock.instant()));
  }
}
