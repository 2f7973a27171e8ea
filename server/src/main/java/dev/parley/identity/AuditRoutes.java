package dev.parley.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The audit log.
@Path("/api/v1/audit")
@RunOnVirtualThread
@Singleton
@Tag(name = "Audit", description = "Every administrative act, append-only.")
public final class AuditRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "time",
          "actorKind",
          "actorId",
          "actorName",
          "action",
          "targetType",
          "targetId",
          "detail",
          "ip",
          "correlationId");

  private final Audit audit;

  /// Reads from `audit`.
  public AuditRoutes(Audit audit) {
    this.audit = audit;
  }

  /// An act on the wire.
  @Schema(name = "AuditEntry")
  public record View(
      UUID id,
      Instant time,
      @Schema(
              examples = "user",
              enumeration = {"user", "api-key", "operator", "system"})
          String actorKind,
      UUID actorId,
      @Schema(examples = "ada@acme.example") String actorName,
      @Schema(examples = "user.created") String action,
      @Schema(examples = "user") String targetType,
      @Nullable String targetId,
      @Schema(implementation = Map.class) JsonNode detail,
      @Nullable String ip,
      String correlationId) {

    static View of(AuditEntry entry) {
      return new View(
          entry.id(),
          entry.time(),
          Input.word(entry.actorKind()),
          entry.actorId(),
          entry.actorName(),
          entry.action(),
          entry.targetType(),
          entry.targetId(),
          entry.detail(),
          entry.ip(),
          entry.correlationId());
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          time,
          actorKind,
          actorId,
          actorName,
          action,
          targetType,
          targetId,
          detail,
          ip,
          correlationId);
    }
  }

  /// A page of acts.
  @Schema(name = "AuditPage")
  public record Entries(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.AUDIT_READ)
  @Operation(
      summary = "Read the audit log",
      description =
          "Newest first. An operator outside any tenant reads the installation's own log."
              + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page of acts, or the file",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = Entries.class)),
        @Content(mediaType = Csv.TYPE, schema = @Schema(implementation = String.class))
      })
  public Response list(
      @Context SecurityContext security,
      @Nullable @QueryParam("limit") @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @Nullable @QueryParam("after") @Parameter(description = "next of the page before")
          String after,
      @Nullable @QueryParam("actor") @Parameter(description = "Id of the user, key or operator")
          String actor,
      @Nullable @QueryParam("action") @Parameter(description = "Such as user.created")
          String action,
      @Nullable @QueryParam("from") @Parameter(description = "Earliest time, included") String from,
      @Nullable @QueryParam("to") @Parameter(description = "Latest time, excluded") String to,
      @Nullable @HeaderParam("Accept") @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    TenantId tenant = caller.tenant();
    TenantId realm = tenant == null ? TenantId.NONE : tenant;
    var input = new Input();
    var filter =
        new Audit.Filter(
            input.optionalId("actor", actor),
            input.optional("action", action, 100),
            input.optionalTime("from", from),
            input.optionalTime("to", to));
    input.done();
    Csv.Pages<View> pages =
        (cursor, size) ->
            Page.of(
                    audit.page(realm, filter, Page.decodeId(cursor), size + 1),
                    size,
                    entry -> entry.id().toString())
                .map(View::of);
    return Csv.asked(accept)
        ? Csv.file("audit", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }
}
