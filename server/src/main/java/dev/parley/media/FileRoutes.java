package dev.parley.media;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Multipart;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.Streamed;
import dev.parley.platform.http.StreamedBody;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// REST for files.
@Path("/api/v1/files")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
@Singleton
@Tag(name = "Files", description = "Pictures, sound, films and documents.")
public final class FileRoutes {
  /// How long nothing of an upload may come before it is given up.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String FORM = "multipart/form-data";

  private final Files files;
  private final FileViews views;
  private final CurrentVertxRequest current;

  /// Works through `files`.
  public FileRoutes(Files files, FileViews views, CurrentVertxRequest current) {
    this.files = files;
    this.views = views;
    this.current = current;
  }

  @GET
  @Requires(Permission.FILES_READ)
  @Operation(
      summary = "List files",
      description = "Newest first. Filter by project, state and kind; links are not among it.")
  @APIResponse(responseCode = "200", description = "A page of files")
  public Page<StoredFile> list(
      @Context SecurityContext security,
      @QueryParam("projectId") @Nullable String projectId,
      @QueryParam("state")
          @Parameter(description = "uploading, scanning, ready, infected, missing or failed")
          @Nullable String state,
      @QueryParam("kind")
          @Parameter(description = "image, audio, voice, video, document or sticker")
          @Nullable String kind,
      @QueryParam("limit") @Parameter(description = "1 to 200; 50 without it")
          @Nullable Integer limit,
      @QueryParam("after") @Parameter(description = "next of the page before")
          @Nullable String after) {
    Caller caller = Access.caller(security);
    var input = new Input();
    UUID project = input.optionalId("projectId", projectId);
    FileState wanted = state == null ? null : input.word("state", state, FileState.class);
    FileKind ofKind = kind(input, kind);
    input.done();
    int most = Page.limit(limit);
    return Page.of(
        files.page(
            caller.inTenant(),
            new Files.Filter(project, wanted, ofKind),
            Page.decodeId(after),
            most + 1),
        most,
        file -> file.id().toString());
  }

  private static @Nullable FileKind kind(Input input, @Nullable String word) {
    return word == null || word.isBlank() ? null : input.word("kind", word, FileKind.class);
  }

  @POST
  @Streamed
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Upload a file",
      description =
          "As a form (`multipart/form-data`) with one file and, optionally, the fields `kind`, `name` and `projectId`; or"
              + " as the plain body of any other content type, with those as query parameters. The bytes decide what the"
              + " file is: when they are not of the type that is said, it is refused. What is cut off or refused leaves"
              + " nothing behind. With a scanner the file is `scanning` first.")
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = FORM,
            schema =
                @Schema(
                    type = SchemaType.OBJECT,
                    properties = {
                      @SchemaProperty(name = "file", type = SchemaType.STRING, format = "binary"),
                      @SchemaProperty(name = "name", type = SchemaType.STRING),
                      @SchemaProperty(name = "kind", type = SchemaType.STRING),
                      @SchemaProperty(name = "projectId", type = SchemaType.STRING, format = "uuid")
                    })),
        @Content(
            mediaType = "application/octet-stream",
            schema = @Schema(type = SchemaType.STRING, format = "binary"))
      })
  @APIResponse(
      responseCode = "201",
      description = "Stored",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = FileViews.View.class)))
  @APIResponse(responseCode = "413", description = "Larger than files like it may be")
  @APIResponse(
      responseCode = "422",
      description =
          "Of another type than was said, empty, damaged, with too many pixels, or over the quota")
  public RestResponse<FileViews.View> upload(
      @Context SecurityContext security,
      @HeaderParam("Content-Type") @Nullable String type,
      @HeaderParam("Content-Length") @Parameter(hidden = true) @Nullable Long length,
      @QueryParam("name") @Parameter(description = "Name of a plain body") @Nullable String name,
      @QueryParam("kind")
          @Parameter(description = "What the sender says it is: voice, sticker, document, …")
          @Nullable String kind,
      @QueryParam("projectId") @Nullable String projectId) {
    Caller caller = Access.caller(security);
    StoreResult result;
    try (InputStream body = StreamedBody.of(current.getCurrent(), PATIENCE)) {
      result =
          type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM)
              ? uploadForm(caller, new Multipart(body, type))
              : files.store(
                  caller, described(name, kind, projectId).ofType(type).ofSize(length), body);
    } catch (IOException e) {
      throw cut(e);
    }
    StoredFile file = stored(result);
    return RestResponse.ResponseBuilder.<FileViews.View>created(
            URI.create("/api/v1/files/" + file.id()))
        .entity(views.of(caller.inTenant(), file))
        .build();
  }

  private StoreResult uploadForm(Caller caller, Multipart form) throws IOException {
    Multipart.FilePart part = form.file();
    Map<String, String> fields = form.fields();
    String name = fields.getOrDefault("name", part.name());
    return files.store(
        caller,
        described(name, fields.get("kind"), fields.get("projectId")).ofType(part.type()),
        part.bytes());
  }

  /// What a client says of a file. Throws a [Problem] when it is not valid.
  private static NewFile described(
      @Nullable String name, @Nullable String kind, @Nullable String projectId) {
    var input = new Input();
    FileKind said = kind(input, kind);
    UUID project = input.optionalId("projectId", projectId);
    input.done();
    return NewFile.from("api").named(name).ofKind(said).inProject(project);
  }

  static Problem cut(IOException e) {
    return new Problem(
        Problem.Code.UNREADABLE, "The upload ended early: " + e.getMessage() + "; send it again.");
  }

  /// The file, or a [Problem] that says why there is none.
  static StoredFile stored(StoreResult result) {
    return switch (result) {
      case StoreResult.Stored stored -> stored.file();
      case StoreResult.Refused refused -> throw refused(refused);
    };
  }

  static Problem refused(StoreResult.Refused refused) {
    return new Problem(
        switch (refused.reason()) {
          case TOO_LARGE -> Problem.Code.TOO_LARGE;
          case WRONG_TYPE -> Problem.Code.WRONG_TYPE;
          case EMPTY, DAMAGED, TOO_MANY_PIXELS -> Problem.Code.DAMAGED;
          case QUOTA -> Problem.Code.QUOTA_EXCEEDED;
          case GONE -> Problem.Code.WRONG_STATE;
        },
        refused.detail());
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.FILES_READ)
  @Operation(
      summary = "Read a file's description",
      description = "With an address for its bytes when it is ready, and its renditions.")
  @APIResponse(responseCode = "200", description = "The file")
  public FileViews.View get(@Context SecurityContext security, @PathParam("id") String id) {
    TenantId tenant = Access.caller(security).inTenant();
    return views.of(tenant, find(tenant, id));
  }

  private StoredFile find(TenantId tenant, String id) {
    return files.find(tenant, Input.id(id, "file")).orElseThrow(() -> Problem.notFound("file"));
  }

  /// What a link is to be like.
  @Schema(name = "FileLinkInput")
  public record LinkInput(
      @Schema(
              description =
                  "A rendition's name, or `original` for the file as it came; absent for the file,"
                      + " without its metadata where there is such a copy")
          @Nullable String rendition,
      @Schema(description = "How long it is good at least: 1 to 604800", examples = "3600")
          @Nullable Long seconds,
      @Schema(description = "Whether a browser saves it in place of showing it")
          @Nullable Boolean download) {}

  /// A link.
  @Schema(name = "FileLink")
  public record LinkView(URI url, Instant expiresAt) {}

  @POST
  @Path("/{id}/links")
  @Requires(Permission.FILES_READ)
  @Operation(
      summary = "Make a link",
      description =
          "An address of the bytes that needs no credentials and ends by itself, at most a quarter later than asked.")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = LinkInput.class)))
  @Consumes(MediaType.APPLICATION_JSON)
  @APIResponse(responseCode = "200", description = "The link")
  @APIResponse(responseCode = "409", description = "The file is not ready")
  public LinkView link(
      @Context SecurityContext security, @PathParam("id") String id, @Nullable LinkInput body) {
    TenantId tenant = Access.caller(security).inTenant();
    LinkInput wanted = body == null ? new LinkInput(null, null, null) : body;
    StoredFile file = find(tenant, id);
    var input = new Input();
    Long seconds = wanted.seconds();
    input.check(
        seconds == null || (seconds >= 1 && seconds <= Links.LONGEST.toSeconds()),
        "seconds",
        "must be 1 to " + Links.LONGEST.toSeconds());
    String rendition = wanted.rendition();
    if (rendition != null) {
      boolean there =
          rendition.equals(Files.ORIGINAL)
              || views.renditions(tenant, file.id()).stream()
                  .anyMatch(r -> r.name().equals(rendition));
      input.check(there, "rendition", "must be the name of one of the file's renditions");
    }
    input.done();
    if (file.state() != FileState.READY) {
      throw withheld(file);
    }
    Links.Link link =
        files.link(
            tenant,
            file.id(),
            rendition,
            seconds == null ? null : Duration.ofSeconds(seconds),
            Boolean.TRUE.equals(wanted.download()));
    return new LinkView(link.url(), link.until());
  }

  static Problem withheld(StoredFile file) {
    return new Problem(
        Problem.Code.WRONG_STATE,
        switch (file.state()) {
          case UPLOADING -> "The file's bytes are not here yet; ask again later.";
          case SCANNING -> "The file is being scanned; ask again shortly.";
          case INFECTED -> "The scanner has found something in the file; it is not given out.";
          case FAILED -> "The file's bytes could not be had.";
          case MISSING, READY -> "The file's bytes are not in the storage; tell the operator.";
        });
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.FILES_WRITE)
  @Operation(
      summary = "Delete a file",
      description = "With its renditions. A file that something uses, such as a message, stays.")
  @APIResponse(responseCode = "204", description = "Deleted")
  @APIResponse(responseCode = "409", description = "Something uses it")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    files.delete(Access.caller(security), Input.id(id, "file"));
  }
}
