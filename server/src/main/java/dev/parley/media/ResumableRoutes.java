package dev.parley.media;

import dev.parley.media.Uploads.Appended;
import dev.parley.media.Uploads.Begun;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.Streamed;
import dev.parley.platform.http.StreamedBody;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Uploads that can be gone on with after a cut: the tus protocol 1.0 with the extensions creation, termination,
/// expiration and checksum.
@Path("/api/v1/files/uploads")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
@Singleton
@Tag(name = "Files")
public final class ResumableRoutes {
  private static final String VERSION = "1.0.0";
  private static final String TYPE = "application/offset+octet-stream";
  private static final int METADATA_LENGTH = 8 << 10;
  private static final Duration LOCKED_FOR = Duration.ofSeconds(5);

  private final Uploads uploads;
  private final CurrentVertxRequest current;
  private final long most;

  ResumableRoutes(Uploads uploads, CurrentVertxRequest current, Config config) {
    this.uploads = uploads;
    this.current = current;
    this.most = (long) config.get(Keys.MEDIA_MAX_MB) << 20;
  }

  /// Every answer says which version it speaks, problems too.
  private void greet() {
    current.getCurrent().response().putHeader("Tus-Resumable", VERSION);
  }

  private void speak(@Nullable String version) {
    greet();
    if (!VERSION.equals(version)) {
      current.getCurrent().response().putHeader("Tus-Version", VERSION);
      throw new Problem(Problem.Code.PRECONDITION_FAILED, "Send Tus-Resumable: " + VERSION + ".");
    }
  }

  @OPTIONS
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Ask what resumable uploads can do",
      description = "Version, extensions, checksum algorithms and largest size, in headers (tus).")
  @APIResponse(responseCode = "204", description = "See the headers Tus-…")
  public RestResponse<Void> options() {
    greet();
    return RestResponse.ResponseBuilder.<Void>noContent()
        .header("Tus-Version", VERSION)
        .header("Tus-Extension", "creation,termination,expiration,checksum")
        .header("Tus-Checksum-Algorithm", Checksum.KNOWN)
        .header("Tus-Max-Size", most)
        .build();
  }

  @POST
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Begin a resumable upload",
      description =
          "The tus protocol 1.0: the answer's Location takes the bytes by PATCH. `Upload-Metadata` may hold `filename`,"
              + " `filetype`, `kind` and `projectId`.")
  @APIResponse(responseCode = "201", description = "Begun; its address is in Location")
  @APIResponse(responseCode = "412", description = "Another version of the protocol")
  @APIResponse(responseCode = "413", description = "Larger than files like it may be")
  public RestResponse<Void> create(
      @Context SecurityContext security,
      @HeaderParam("Tus-Resumable") @Parameter(description = "1.0.0") @Nullable String version,
      @HeaderParam("Upload-Length") @Parameter(description = "Bytes in all")
          @Nullable String length,
      @HeaderParam("Upload-Metadata") @Parameter(description = "Keys and values in base64")
          @Nullable String metadata) {
    Caller caller = Access.caller(security);
    speak(version);
    var input = new Input();
    long size = number(input, "Upload-Length", length);
    Map<String, String> said = metadata(input, metadata);
    String word = said.get("kind");
    FileKind kind =
        word == null || word.isBlank() ? null : input.word("kind", word, FileKind.class);
    UUID project = input.optionalId("projectId", said.get("projectId"));
    input.done();
    NewFile file =
        NewFile.from("api")
            .named(said.getOrDefault("filename", said.get("name")))
            .ofType(said.getOrDefault("filetype", said.get("type")))
            .ofKind(kind)
            .inProject(project);
    return switch (uploads.begin(caller, file, size, false)) {
      case Begun.Going going ->
          RestResponse.ResponseBuilder.<Void>created(
                  URI.create("/api/v1/files/uploads/" + going.file().id()))
              .header("Upload-Expires", date(going.expiresAt()))
              .build();
      case Begun.No no -> throw FileRoutes.refused(no.refused());
      case Begun.Unable _ -> throw new IllegalStateException("every storage takes pieces");
    };
  }

  private static long number(Input input, String header, @Nullable String text) {
    if (text == null || !text.matches("\\d{1,18}")) {
      input.error(header, "must be a number of bytes");
      return 0;
    }
    return Long.parseLong(text);
  }

  private static Map<String, String> metadata(Input input, @Nullable String header) {
    var all = new HashMap<String, String>();
    if (header == null) {
      return all;
    }
    input.check(
        header.length() <= METADATA_LENGTH,
        "Upload-Metadata",
        "must be at most " + METADATA_LENGTH + " characters");
    for (String pair : header.split(",")) {
      String[] parts = pair.strip().split(" ", 2);
      try {
        byte[] value = Base64.getDecoder().decode(parts.length == 2 ? parts[1].strip() : "");
        all.put(parts[0], new String(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        input.error("Upload-Metadata", "must be keys and base64 values");
      }
    }
    return all;
  }

  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  @HEAD
  @Path("/{id}")
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Ask how far an upload is",
      description = "`Upload-Offset` is where the next piece begins (tus).")
  @APIResponse(responseCode = "200", description = "See the headers Upload-…")
  @APIResponse(responseCode = "404", description = "There is no such upload, or not any more")
  public RestResponse<Void> head(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @HeaderParam("Tus-Resumable") @Nullable String version) {
    UploadStore.Upload upload = find(Access.caller(security).inTenant(), id);
    speak(version);
    return RestResponse.ResponseBuilder.<Void>ok()
        .header("Upload-Offset", upload.offset())
        .header("Upload-Length", upload.size())
        .header("Upload-Expires", date(upload.expiresAt()))
        .header("Cache-Control", "no-store")
        .build();
  }

  private UploadStore.Upload find(TenantId tenant, String id) {
    return uploads
        .find(tenant, Input.id(id, "upload"))
        .filter(upload -> upload.blob() == null)
        .orElseThrow(() -> Problem.notFound("upload"));
  }

  @PATCH
  @Path("/{id}")
  @Streamed
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Send a piece of an upload",
      description =
          "What came before a cut is kept, unless the piece has an `Upload-Checksum`. With its last byte the upload becomes"
              + " a file of the same id.")
  @RequestBody(
      required = true,
      content =
          @Content(mediaType = TYPE, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "204", description = "Kept; Upload-Offset says how far it is")
  @APIResponse(responseCode = "409", description = "The piece does not begin at Upload-Offset")
  @APIResponse(responseCode = "423", description = "Another request is sending a piece")
  @APIResponse(responseCode = "460", description = "The piece does not have its checksum")
  public RestResponse<Void> patch(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @HeaderParam("Tus-Resumable") @Nullable String version,
      @HeaderParam("Content-Type") @Parameter(hidden = true) @Nullable String type,
      @HeaderParam("Upload-Offset") @Nullable String offset,
      @HeaderParam("Upload-Checksum")
          @Parameter(description = "sha1, sha256 or md5, a blank, and the sum in base64")
          @Nullable String checksum) {
    TenantId tenant = Access.caller(security).inTenant();
    UUID upload = find(tenant, id).id();
    speak(version);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(TYPE)) {
      throw new Problem(Problem.Code.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: " + TYPE + ".");
    }
    var input = new Input();
    long from = number(input, "Upload-Offset", offset);
    Checksum sum = checksum == null ? null : Checksum.parse(checksum).orElse(null);
    input.check(
        checksum == null || sum != null,
        "Upload-Checksum",
        "must be one of " + Checksum.KNOWN + ", a blank, and base64");
    input.done();
    try (InputStream body = StreamedBody.of(current.getCurrent(), FileRoutes.PATIENCE)) {
      return answer(uploads.append(tenant, upload, from, body, sum));
    } catch (IOException e) {
      throw FileRoutes.cut(e);
    }
  }

  private static RestResponse<Void> answer(Appended appended) {
    return switch (appended) {
      case Appended.Progress progress ->
          RestResponse.ResponseBuilder.<Void>noContent()
              .header("Upload-Offset", progress.offset())
              .header("Upload-Expires", date(progress.expiresAt()))
              .build();
      case Appended.Done done -> {
        StoredFile file = FileRoutes.stored(done.result());
        yield RestResponse.ResponseBuilder.<Void>noContent()
            .header("Upload-Offset", done.offset())
            .header("Content-Location", "/api/v1/files/" + file.id())
            .build();
      }
      case Appended.WrongOffset wrong ->
          throw new Problem(
              Problem.Code.WRONG_STATE,
              "The upload is at " + wrong.offset() + "; go on from there.");
      case Appended.Busy _ ->
          throw Problem.later(
              Problem.Code.LOCKED,
              "Another request is sending a piece of this upload; ask how far it is and go on.",
              LOCKED_FOR);
      case Appended.WrongChecksum _ ->
          throw new Problem(
              Problem.Code.CHECKSUM_MISMATCH, "The piece was not kept; send it again.");
      case Appended.Absent _ -> throw Problem.notFound("upload");
      case Appended.TooMuch _ ->
          throw new Problem(
              Problem.Code.TOO_LARGE, "There came more bytes than Upload-Length announced.");
    };
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Give an upload up",
      description = "What came of it is deleted, and its file with it (tus).")
  @APIResponse(responseCode = "204", description = "Given up")
  public RestResponse<Void> delete(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @HeaderParam("Tus-Resumable") @Nullable String version) {
    TenantId tenant = Access.caller(security).inTenant();
    UUID upload = find(tenant, id).id();
    speak(version);
    if (!uploads.abort(tenant, upload)) {
      throw Problem.notFound("upload");
    }
    return RestResponse.noContent();
  }
}
