package dev.parley.media;

import dev.parley.platform.access.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Objects as files of a folder: `<tenant>/<last two digits of the id>/<id>`. An object is written under
/// `<tenant>/incoming`, forced to disk and then renamed, so what has its name is whole.
public final class FolderStorage implements BlobStorage {
  private static final Logger LOG = Logger.getLogger(FolderStorage.class);
  private static final String INCOMING = "incoming";

  private final Path root;

  /// Keeps objects below `root`, which is made when it is not there.
  public FolderStorage(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> T attempt(String what, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new StorageFailure("cannot " + what + ": " + e, e);
    }
  }

  private Path folder(TenantId tenant, UUID id) {
    return root.resolve(tenant.toString()).resolve(id.toString().substring(34));
  }

  private Path place(TenantId tenant, UUID id) {
    return folder(tenant, id).resolve(id.toString());
  }

  private Path incoming(TenantId tenant) {
    return root.resolve(tenant.toString()).resolve(INCOMING);
  }

  private Path incoming(TenantId tenant, UUID id) {
    return incoming(tenant).resolve(id.toString());
  }

  @Override
  public Put put(TenantId tenant, UUID id, InputStream bytes) throws IOException {
    Path place = place(tenant, id);
    Path incoming = incoming(tenant, id);
    attempt(
        "make folders in " + root,
        () -> {
          makeFolder(folder(tenant, id));
          makeFolder(incoming(tenant));
          return root;
        });
    boolean whole = false;
    try {
      Put put = Hashing.intoFile(bytes, incoming);
      attempt(
          "rename " + incoming,
          () -> {
            Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
            sync(folder(tenant, id));
            return place;
          });
      whole = true;
      return put;
    } finally {
      if (!whole) {
        attempt("delete " + incoming, () -> Files.deleteIfExists(incoming));
      }
    }
  }

  private void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      makeFolder(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      return;
    }
    if (parent != null) {
      sync(parent);
    }
  }

  /// A name is only as durable as its folder.
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<InputStream> open(TenantId tenant, UUID id, long offset, long length) {
    Path place = place(tenant, id);
    return attempt(
        "open " + place,
        () -> {
          FileChannel channel;
          try {
            channel = FileChannel.open(place, StandardOpenOption.READ);
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
          try {
            if (offset < 0 || length < 0 || offset + length > channel.size()) {
              throw new IOException("it has only " + channel.size() + " bytes");
            }
            channel.position(offset);
          } catch (IOException e) {
            channel.close();
            throw e;
          }
          return Optional.of(new Limited(Channels.newInputStream(channel), length));
        });
  }

  @Override
  public OptionalLong size(TenantId tenant, UUID id) {
    Path place = place(tenant, id);
    return attempt(
        "look at " + place,
        () -> {
          try {
            return OptionalLong.of(Files.size(place));
          } catch (NoSuchFileException e) {
            return OptionalLong.empty();
          }
        });
  }

  @Override
  public void delete(TenantId tenant, UUID id) {
    attempt(
        "delete " + id,
        () -> {
          Files.deleteIfExists(incoming(tenant, id));
          return Files.deleteIfExists(place(tenant, id));
        });
  }

  @Override
  public void list(TenantId tenant, Consumer<Listed> listener) {
    for (Path folder : folders(root.resolve(tenant.toString()))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> tell(file, listener));
      } catch (IOException e) {
        throw new StorageFailure("cannot list " + folder + ": " + e, e);
      }
    }
  }

  private static void tell(Path file, Consumer<Listed> listener) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      listener.accept(
          new Listed(
              UUID.fromString(file.getFileName().toString()),
              attributes.size(),
              attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException | IllegalArgumentException e) {
      // Deleted or renamed since the folder was read, or nothing of ours.
      return;
    } catch (IOException e) {
      throw new StorageFailure("cannot look at " + file + ": " + e, e);
    }
  }

  @Override
  public List<TenantId> tenants() {
    var tenants = new ArrayList<TenantId>();
    for (Path folder : folders(root)) {
      try {
        tenants.add(TenantId.parse(folder.getFileName().toString()));
      } catch (IllegalArgumentException e) {
        LOG.debugf("%s is nothing of ours", folder);
      }
    }
    return tenants;
  }

  private static List<Path> folders(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new StorageFailure("cannot list " + parent + ": " + e, e);
    }
  }

  @Override
  public Optional<Path> file(TenantId tenant, UUID id) {
    return Optional.of(place(tenant, id));
  }

  @Override
  public void check() {
    attempt(
        "use " + root,
        () -> {
          makeFolder(root);
          if (!Files.isWritable(root)) {
            throw new IOException("it is not writable");
          }
          return root;
        });
  }
}
