package dev.parley.admin;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.DeadLetter;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.WorkQueue;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

/// REST for dead letters.
@Path("/api/v1/dead-letters")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Dead letters", description = "Work that could not be done, kept with its cause.")
public final class DeadLetterRoutes {
  private static final int MOST = 1000;
  private static final int BATCH = 200;
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "createdAt",
          "queue",
          "kind",
          "key",
          "cause",
          "attempts",
          "correlationId",
          "payload");

  private final DeadLetters letters;
  private final WorkQueue queue;
  private final Audit audit;
  private final TenantDb db;

  DeadLetterRoutes(DeadLetters letters, WorkQueue queue, Audit audit, TenantDb db) {
    this.letters = letters;
    this.queue = queue;
    this.audit = audit;
    this.db = db;
  }

  /// Which dead letters are meant; all fields that are there must match.
  @Schema(name = "DeadLetterSelection")
  public record Selection(
      @Schema(description = "Only of this queue", examples = "outbound-messages")
          @Nullable String queue,
      @Schema(description = "Only of this kind", examples = "message") @Nullable String kind,
      @Schema(description = "Only where the cause has this in it") @Nullable String cause,
      @Schema(description = "Only from this time on") @Nullable String from,
      @Schema(description = "Only from before this time") @Nullable String to,
      @Schema(description = "Must be true where nothing else narrows") @Nullable Boolean all) {}

  /// What became of a selection.
  @Schema(name = "DeadLettersDone")
  public record Done(
      @Schema(description = "How many it were") int done,
      @Schema(description = "Whether there are more; then ask again") boolean more) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(summary = "List dead letters", description = "Newest first." + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page of dead letters, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Letters.class)))
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Response list(
      @Context SecurityContext security,
      @QueryParam("queue") @Nullable String queueName,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("cause") @Nullable @Parameter(description = "A part of the cause") String cause,
      @QueryParam("from") @Nullable @Parameter(description = "Earliest time, included") String from,
      @QueryParam("to") @Nullable @Parameter(description = "Latest time, excluded") String to,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    Caller caller = Access.caller(security);
    DeadLetters.Filter filter = filter(new Selection(queueName, kind, cause, from, to, null));
    Csv.Pages<DeadLetter> pages =
        (cursor, size) ->
            Page.of(
                letters.matching(caller.inTenant(), filter, Page.decodeId(cursor), size + 1),
                size,
                letter -> letter.id().toString());
    return Csv.asked(accept)
        ? Csv.file("dead-letters", after, COLUMNS, DeadLetterRoutes::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  /// A page of dead letters.
  @Schema(name = "DeadLetterPage")
  public record Letters(List<DeadLetter> items, @Nullable String next) {}

  private static List<@Nullable Object> cells(DeadLetter letter) {
    return Arrays.asList(
        letter.id(),
        letter.createdAt(),
        letter.queue(),
        letter.kind(),
        letter.key(),
        letter.cause(),
        letter.attempts(),
        letter.correlationId(),
        letter.payload());
  }

  private static DeadLetters.Filter filter(Selection selection) {
    var input = new Input();
    var filter =
        new DeadLetters.Filter(
            input.optional("queue", selection.queue(), 100),
            input.optional("kind", selection.kind(), 100),
            input.optional("cause", selection.cause(), 500),
            input.optionalTime("from", selection.from()),
            input.optionalTime("to", selection.to()));
    input.done();
    return filter;
  }

  @POST
  @Path("/retry")
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(
      summary = "Retry many dead letters",
      description =
          "Puts up to 1,000 of a selection back at the ends of their queues, the oldest first; ask again while `more`.")
  @APIResponse(
      responseCode = "200",
      description = "Back in their queues",
      content = @Content(schema = @Schema(implementation = Done.class)))
  @APIResponse(responseCode = "400", description = "Nothing narrows the selection, nor says all")
  public Done retryMany(@Context SecurityContext security, @Nullable Selection body) {
    return take(Access.caller(security), Input.body(body), queue, "dead-letter.retry-many");
  }

  @POST
  @Path("/drop")
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(
      summary = "Drop many dead letters",
      description =
          "Removes up to 1,000 of a selection for good, the oldest first; ask again while `more`.")
  @APIResponse(
      responseCode = "200",
      description = "Dropped",
      content = @Content(schema = @Schema(implementation = Done.class)))
  @APIResponse(responseCode = "400", description = "Nothing narrows the selection, nor says all")
  public Done dropMany(@Context SecurityContext security, @Nullable Selection body) {
    return take(Access.caller(security), Input.body(body), null, "dead-letter.drop-many");
  }

  private Done take(Caller caller, Selection selection, @Nullable WorkQueue into, String action) {
    DeadLetters.Filter filter = filter(selection);
    if (filter.equals(DeadLetters.Filter.ALL) && !Boolean.TRUE.equals(selection.all())) {
      throw Problem.invalid("all", "must be true where nothing else narrows the selection");
    }
    var told = new LinkedHashMap<String, Object>();
    told.put("selection", Json.MAPPER.valueToTree(selection));
    int done = 0;
    int batch;
    do {
      batch =
          letters.takeAll(
              caller.inTenant(),
              filter,
              Math.min(BATCH, MOST - done),
              into,
              (tx, count) -> {
                told.put("count", count);
                audit.record(tx, caller, action, "dead-letter", null, told);
              });
      done += batch;
    } while (batch == BATCH && done < MOST);
    boolean more = done == MOST && !letters.matching(caller.inTenant(), filter, null, 1).isEmpty();
    return new Done(done, more);
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(summary = "Read a dead letter", description = "With its payload and cause.")
  @APIResponse(responseCode = "200", description = "The dead letter")
  @APIResponse(responseCode = "404", description = "There is no such dead letter")
  public DeadLetter get(@Context SecurityContext security, @PathParam("id") String id) {
    return letters
        .find(Access.caller(security).inTenant(), Input.id(id, "dead letter"))
        .orElseThrow(() -> Problem.notFound("dead letter"));
  }

  @POST
  @Path("/{id}/retry")
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(
      summary = "Retry a dead letter",
      description = "Puts it back at the end of its queue, with all its tries again.")
  @APIResponse(responseCode = "204", description = "Back in its queue")
  @APIResponse(responseCode = "404", description = "There is no such dead letter")
  public void retry(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    UUID letter = Input.id(id, "dead letter");
    require(letters.retry(caller.inTenant(), letter, queue));
    record(caller, "dead-letter.retry", letter);
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(summary = "Drop a dead letter", description = "Removes it for good.")
  @APIResponse(responseCode = "204", description = "Dropped")
  @APIResponse(responseCode = "404", description = "There is no such dead letter")
  public void drop(@Context SecurityContext security, @PathParam("id") String id) {
    Caller caller = Access.caller(security);
    UUID letter = Input.id(id, "dead letter");
    require(letters.drop(caller.inTenant(), letter));
    record(caller, "dead-letter.drop", letter);
  }

  private static void require(boolean there) {
    if (!there) {
      throw Problem.notFound("dead letter");
    }
  }

  private void record(Caller caller, String action, UUID letter) {
    db.runInTenant(
        caller.inTenant(),
        tx -> audit.record(tx, caller, action, "dead-letter", letter.toString(), Map.of()));
  }
}
