package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.TenantDb;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// Files as requests are answered with them: what is stored, and addresses of its bytes.
@Singleton
public final class FileViews {
  private final Files files;
  private final TenantDb db;

  FileViews(Files files, TenantDb db) {
    this.files = files;
    this.db = db;
  }

  /// Another form of a file, on the wire.
  @Schema(name = "Rendition")
  public record RenditionView(
      @Schema(examples = "thumb-small") String name,
      String type,
      long size,
      String sha256,
      @Schema(description = "`width`, `height` and what else is known") ObjectNode metadata,
      @Schema(description = "Address of the bytes; good until `linkExpiresAt` of the file")
          URI url) {}

  /// What the address of a file gives out.
  @Schema(name = "ServedFile")
  public record Served(String type, long size, String sha256) {}

  /// A file on the wire.
  @Schema(name = "File")
  public record View(
      UUID id,
      UUID projectId,
      FileState state,
      FileKind kind,
      @Schema(description = "Content type as the bytes say; absent until they are here")
          @Nullable String type,
      @Nullable String name,
      @Schema(description = "Bytes of the file as it came") @Nullable Long size,
      @Schema(description = "Hash of the file as it came") @Nullable String sha256,
      @Schema(description = "Where it came from", examples = "api") String source,
      @Schema(description = "Why it failed or what was found in it") @Nullable String reason,
      @Schema(description = "`width`, `height`, `durationMs`, `waveform` and what else is known")
          ObjectNode metadata,
      Instant createdAt,
      Instant updatedAt,
      @Schema(description = "Address of the bytes; needs no credentials. Only of a ready file")
          @Nullable URI url,
      @Nullable Instant linkExpiresAt,
      @Schema(
              description =
                  "What `url` gives out: the copy without metadata once there is one, else the file as it came")
          @Nullable Served served,
      List<RenditionView> renditions) {}

  View of(TenantId tenant, StoredFile file) {
    boolean ready = file.state() == FileState.READY;
    Links.Link link = ready ? files.link(tenant, file.id(), null, null, false) : null;
    var renditions = new ArrayList<RenditionView>();
    Served served = ready ? asItCame(file) : null;
    if (ready) {
      for (Rendition one : renditions(tenant, file.id())) {
        URI url = files.link(tenant, file.id(), one.name(), null, false).url();
        renditions.add(
            new RenditionView(
                one.name(), one.type(), one.size(), one.sha256(), one.metadata(), url));
        if (one.name().equals(Files.CLEAN)) {
          served = new Served(one.type(), one.size(), one.sha256());
        }
      }
    }
    return new View(
        file.id(),
        file.projectId(),
        file.state(),
        file.kind(),
        file.type(),
        file.name(),
        file.size(),
        file.sha256(),
        file.source(),
        file.reason(),
        file.metadata(),
        file.createdAt(),
        file.updatedAt(),
        link == null ? null : link.url(),
        link == null ? null : link.until(),
        served,
        renditions);
  }

  private static @Nullable Served asItCame(StoredFile file) {
    String type = file.type();
    Long size = file.size();
    String sha256 = file.sha256();
    return type == null || size == null || sha256 == null ? null : new Served(type, size, sha256);
  }

  List<Rendition> renditions(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> files.renditions(tx, List.of(id)).getOrDefault(id, List.of()));
  }
}
