package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/// Where bytes are kept: objects named by tenant and id, each written once and never changed. What its own side cannot
/// do comes out as [StorageFailure]. Any number of threads may use it.
public interface BlobStorage {
  /// What was put.
  ///
  /// @param sha256 64 hexadecimal digits
  record Put(long size, String sha256) {}

  /// An object that is there.
  record Listed(UUID id, long size, Instant storedAt) {}

  /// Where and how a client puts an object itself.
  record Presigned(URI address, Instant until) {}

  /// Writes an object, hashing it on the way. It is there when this returns, whole and on disk, and not there when this
  /// throws. What `bytes` throws comes out unchanged.
  Put put(TenantId tenant, UUID id, InputStream bytes) throws IOException;

  /// Reads `length` bytes from `offset`; both must lie in the object. Empty when there is no such object.
  Optional<InputStream> open(TenantId tenant, UUID id, long offset, long length);

  /// The size of an object, empty when there is none.
  OptionalLong size(TenantId tenant, UUID id);

  /// Deletes an object and whatever an unfinished [#put] of it has left; no error when there is nothing.
  void delete(TenantId tenant, UUID id);

  /// Tells every object of a tenant and every unfinished [#put] of it, in no order.
  void list(TenantId tenant, Consumer<Listed> listener);

  /// The tenants that have objects.
  List<TenantId> tenants();

  /// The object as a file of this machine, where it is one.
  default Optional<Path> file(TenantId tenant, UUID id) {
    return Optional.empty();
  }

  /// An address to which a client may PUT exactly `size` bytes as this object, for some time. Empty where the storage
  /// knows no such thing.
  default Optional<Presigned> presignPut(TenantId tenant, UUID id, long size, Duration life) {
    return Optional.empty();
  }

  /// An address from which a client may read this object for some time, as that type and with that
  /// `Content-Disposition`. Empty where readers are served by this program.
  default Optional<URI> presignGet(
      TenantId tenant, UUID id, String type, String disposition, Duration life) {
    return Optional.empty();
  }

  /// Whether it can be reached; throws [StorageFailure] saying what is wrong.
  void check();
}
