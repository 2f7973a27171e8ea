package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/// A storage that can be switched off.
public final class SwitchedStorage implements BlobStorage {
  private final BlobStorage storage;
  public volatile boolean off;

  public SwitchedStorage(BlobStorage storage) {
    this.storage = storage;
  }

  private BlobStorage on() {
    if (off) {
      throw new StorageFailure("switched off", new IOException("off"));
    }
    return storage;
  }

  @Override
  public Put put(TenantId tenant, UUID id, InputStream bytes) throws IOException {
    return on().put(tenant, id, bytes);
  }

  @Override
  public Optional<InputStream> open(TenantId tenant, UUID id, long offset, long length) {
    return on().open(tenant, id, offset, length);
  }

  @Override
  public OptionalLong size(TenantId tenant, UUID id) {
    return on().size(tenant, id);
  }

  @Override
  public void delete(TenantId tenant, UUID id) {
    on().delete(tenant, id);
  }

  @Override
  public void list(TenantId tenant, Consumer<Listed> listener) {
    on().list(tenant, listener);
  }

  @Override
  public List<TenantId> tenants() {
    return on().tenants();
  }

  @Override
  public void check() {
    on().check();
  }
}
