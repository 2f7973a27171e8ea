package dev.parley.media;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.events.DomainEvent;
import dev.parley.platform.events.EventType;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to files.
public sealed interface FileEvent extends DomainEvent {
  /// The file.
  UUID fileId();

  /// The project that it is in.
  UUID projectId();

  @Override
  @JsonIgnore
  default UUID inProject() {
    return projectId();
  }

  /// All bytes of a file are stored.
  @EventType(value = "file.uploaded", doc = "All bytes of a file are stored.")
  record Uploaded(
      UUID fileId,
      UUID projectId,
      FileKind kind,
      String type,
      @Nullable String name,
      long size,
      String sha256,
      String source)
      implements FileEvent {}

  /// A file can be opened and served.
  @EventType(value = "file.ready", doc = "A file can be opened and served.")
  record Ready(UUID fileId, UUID projectId, FileKind kind, String type, long size)
      implements FileEvent {}

  /// The scanner has found something in a file.
  @EventType(
      value = "file.infected",
      doc = "The scanner has found something in a file; it is out of reach from now on.")
  record Infected(UUID fileId, UUID projectId, String threat) implements FileEvent {}

  /// The bytes of a file could not be had.
  @EventType(value = "file.failed", doc = "The bytes of an announced file could not be had.")
  record Failed(UUID fileId, UUID projectId, String reason) implements FileEvent {}

  /// The bytes of a file are no longer in the storage.
  @EventType(value = "file.missing", doc = "The bytes of a file are no longer in the storage.")
  record Missing(UUID fileId, UUID projectId) implements FileEvent {}

  /// Another form of a file is there.
  @EventType(
      value = "file.rendition-added",
      doc = "A thumbnail, poster or other form of a file is there.")
  record RenditionAdded(UUID fileId, UUID projectId, String rendition, String type, long size)
      implements FileEvent {}

  /// What can be made of a file has been made.
  ///
  /// @param renditions names of those that were made now
  /// @param metadata what was found out, as it was added to the file's
  /// @param causes why something is missing that there could be, for people
  @EventType(
      value = "file.rendered",
      doc = "Thumbnails and other forms of a file were made, or cannot be made.")
  record Rendered(
      UUID fileId, UUID projectId, List<String> renditions, JsonNode metadata, List<String> causes)
      implements FileEvent {}

  /// A file was deleted.
  @EventType(
      value = "file.deleted",
      doc = "A file was deleted, by somebody or because nobody used it.")
  record Deleted(UUID fileId, UUID projectId) implements FileEvent {}
}
