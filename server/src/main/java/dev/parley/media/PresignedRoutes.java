package dev.parley.media;

import dev.parley.media.Uploads.Begun;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Uploads straight into the storage, and the comparison of files and storage.
@Path("/api/v1/files")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(name = "Files")
public final class PresignedRoutes {
  private final Uploads uploads;
  private final Verification verification;
  private final Audit audit;

  PresignedRoutes(Uploads uploads, Verification verification, Audit audit) {
    this.uploads = uploads;
    this.verification = verification;
    this.audit = audit;
  }

  /// A file that a client is going to put into the storage.
  @Schema(name = "PresignedUploadInput")
  public record UploadInput(
      @Nullable String name,
      @Schema(examples = "image/jpeg") @Nullable String type,
      @Schema(description = "image, audio, voice, video, document or sticker")
          @Nullable String kind,
      @Schema(description = "Bytes; exactly so many must come", examples = "48213")
          @Nullable Long size,
      @Schema(description = "64 hexadecimal digits that the bytes must have")
          @Nullable String sha256,
      @Nullable UUID projectId) {}

  /// Where to put it.
  @Schema(name = "PresignedUpload")
  public record UploadView(
      @Schema(description = "The file's id") UUID id,
      @Schema(description = "PUT the bytes here, without credentials") URI uploadUrl,
      Instant expiresAt) {}

  @POST
  @Path("/presigned")
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Begin an upload straight into the storage",
      description =
          "Only where files are kept in S3. PUT the bytes to `uploadUrl`, then call `/api/v1/files/{id}/complete`.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UploadInput.class)))
  @APIResponse(
      responseCode = "201",
      description = "Begun",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UploadView.class)))
  @APIResponse(responseCode = "409", description = "Files are kept in a folder here")
  public RestResponse<UploadView> begin(
      @Context SecurityContext security, @Nullable UploadInput body) {
    Caller caller = Access.caller(security);
    UploadInput wanted = Input.body(body);
    var input = new Input();
    Long size = wanted.size();
    input.check(size != null && size > 0, "size", "must be a number of bytes");
    String word = input.optional("kind", wanted.kind(), 20);
    FileKind kind = word == null ? null : input.word("kind", word, FileKind.class);
    String type = input.optional("type", wanted.type(), 200);
    String sha256 = input.optional("sha256", wanted.sha256(), 64);
    input.check(
        sha256 == null || sha256.matches("[0-9a-fA-F]{64}"),
        "sha256",
        "must be 64 hexadecimal digits");
    input.done();
    NewFile file =
        NewFile.from("api")
            .named(wanted.name())
            .ofType(type)
            .ofKind(kind)
            .withHash(sha256)
            .inProject(wanted.projectId());
    return switch (uploads.begin(caller, file, size == null ? 0 : size, true)) {
      case Begun.Going going -> created(going);
      case Begun.No no -> throw FileRoutes.refused(no.refused());
      case Begun.Unable _ ->
          throw new Problem(
              Problem.Code.WRONG_STATE,
              "Files are kept in a folder here; POST the bytes to /api/v1/files.");
    };
  }

  private static RestResponse<UploadView> created(Begun.Going going) {
    var address = going.address();
    if (address == null) {
      throw new IllegalStateException("a presigned upload has an address");
    }
    var view = new UploadView(going.file().id(), address.address(), going.expiresAt());
    return RestResponse.status(RestResponse.Status.CREATED, view);
  }

  @POST
  @Path("/{id}/complete")
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "End an upload straight into the storage",
      description =
          "Checks length, hash and type of what was put and makes the file of it. What is put later changes nothing.")
  @APIResponse(responseCode = "200", description = "The file")
  @APIResponse(
      responseCode = "404",
      description = "There is no such upload, or nothing was put yet")
  @APIResponse(responseCode = "422", description = "Not what was announced; begin anew")
  public StoredFile complete(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    try {
      return FileRoutes.stored(
          uploads
              .complete(caller.inTenant(), Input.id(id, "upload"))
              .orElseThrow(() -> Problem.notFound("upload")));
    } catch (IOException e) {
      throw FileRoutes.cut(e);
    }
  }

  /// How to compare.
  @Schema(name = "FileVerificationInput")
  public record VerifyInput(
      @Schema(description = "Mend what does not agree") @Nullable Boolean mend,
      @Schema(description = "Read all bytes and compare their hashes") @Nullable Boolean hashes) {}

  @POST
  @Path("/verification")
  @Requires(Permission.FILES_MANAGE)
  @Operation(
      summary = "Compare files with the storage",
      description =
          "Tells what is missing in the storage and what is in it without a file; mends it when asked: files whose bytes"
              + " are lost are marked, objects that are nobody's are deleted.")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VerifyInput.class)))
  @APIResponse(responseCode = "200", description = "What was found")
  public Verification.Found verify(@Context SecurityContext security, @Nullable VerifyInput body) {
    Caller caller = Access.caller(security);
    VerifyInput wanted = body == null ? new VerifyInput(null, null) : body;
    boolean mend = Boolean.TRUE.equals(wanted.mend());
    Verification.Found found =
        verification.run(
            caller.inTenant(), new Verification.Manner(mend, Boolean.TRUE.equals(wanted.hashes())));
    if (mend && !found.agrees()) {
      audit.record(
          caller.inTenant(), caller, "files.mended", "files", null, Map.of("found", found));
    }
    return found;
  }
}
