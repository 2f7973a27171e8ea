package dev.parley.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.http.Access;
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
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
  private static final String CSV = "text/csv";
  private static final int CSV_BATCH = 500;
  private static final int CSV_MOST = 100_000;

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
  }

  /// A page of acts.
  @Schema(name = "AuditPage")
  public record Entries(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, CSV})
  @Requires(Permission.AUDIT_READ)
  @Operation(
      summary = "Read the audit log",
      description =
          "Newest first. With Accept: text/csv the whole selection comes as a file, up to 100,000 rows. An operator outside any tenant reads the installation's own log.")
  @APIResponse(
      responseCode = "200",
      description = "A page of acts, or the file",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = Entries.class)),
        @Content(mediaType = CSV, schema = @Schema(implementation = String.class))
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
    if (accept != null && accept.contains(CSV)) {
      StreamingOutput file = out -> write(out, realm, filter);
      return Response.ok(file, CSV + ";charset=UTF-8")
          .header("Content-Disposition", "attachment; filename=audit.csv")
          .build();
    }
    int most = Page.limit(limit);
    Page<View> page =
        Page.of(
                audit.page(realm, filter, Page.decodeId(after), most + 1),
                most,
                entry -> entry.id().toString())
            .map(View::of);
    return Response.ok(page, MediaType.APPLICATION_JSON_TYPE).build();
  }

  private void write(OutputStream out, TenantId realm, Audit.Filter filter) throws IOException {
    out.write(
        "id,time,actorKind,actorId,actorName,action,targetType,targetId,detail,ip,correlationId\r\n"
            .getBytes(StandardCharsets.UTF_8));
    UUID before = null;
    int rows = 0;
    List<AuditEntry> batch;
    do {
      batch = audit.page(realm, filter, before, CSV_BATCH);
      var text = new StringBuilder();
      for (AuditEntry entry : batch) {
        text.append(row(entry));
        before = entry.id();
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      rows += batch.size();
    } while (batch.size() == CSV_BATCH && rows < CSV_MOST);
  }

  private static String row(AuditEntry entry) {
    return String.join(
            ",",
            entry.id().toString(),
            entry.time().toString(),
            Input.word(entry.actorKind()),
            entry.actorId().toString(),
            cell(entry.actorName()),
            cell(entry.action()),
            cell(entry.targetType()),
            cell(entry.targetId()),
            cell(entry.detail().toString()),
            cell(entry.ip()),
            cell(entry.correlationId()))
        + "\r\n";
  }

  /// Quoted (RFC 4180), and never a formula to a spreadsheet.
  private static String cell(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
