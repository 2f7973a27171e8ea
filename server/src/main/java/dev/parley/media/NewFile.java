package dev.parley.media;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of a file before its bytes are here. None of it is believed; it only narrows what is taken.
///
/// @param projectId null for the tenant's default project
/// @param source where it comes from: `api`, `whatsapp`, …; at most 40 characters
/// @param name as the sender calls it; cleaned before it is kept
/// @param type the content type that the sender says; when the bytes are of another, the file is refused
/// @param kind what the sender says it is; decides between kinds that the bytes leave open
/// @param size how many bytes there must be
/// @param sha256 the hash that the bytes must have, 64 hexadecimal digits
/// @param most bytes that a channel takes at most, besides the limits of configuration and tenant
public record NewFile(
    @Nullable UUID projectId,
    String source,
    @Nullable String name,
    @Nullable String type,
    @Nullable FileKind kind,
    @Nullable Long size,
    @Nullable String sha256,
    long most) {

  /// A file of which nothing is known.
  public static NewFile from(String source) {
    return new NewFile(null, source, null, null, null, null, null, Long.MAX_VALUE);
  }

  public NewFile inProject(@Nullable UUID project) {
    return new NewFile(project, source, name, type, kind, size, sha256, most);
  }

  public NewFile named(@Nullable String text) {
    return new NewFile(projectId, source, text, type, kind, size, sha256, most);
  }

  public NewFile ofType(@Nullable String contentType) {
    return new NewFile(projectId, source, name, contentType, kind, size, sha256, most);
  }

  public NewFile ofKind(@Nullable FileKind said) {
    return new NewFile(projectId, source, name, type, said, size, sha256, most);
  }

  public NewFile ofSize(@Nullable Long bytes) {
    return new NewFile(projectId, source, name, type, kind, bytes, sha256, most);
  }

  public NewFile withHash(@Nullable String hex) {
    return new NewFile(projectId, source, name, type, kind, size, hex, most);
  }

  public NewFile atMost(long bytes) {
    return new NewFile(projectId, source, name, type, kind, size, sha256, bytes);
  }
}
