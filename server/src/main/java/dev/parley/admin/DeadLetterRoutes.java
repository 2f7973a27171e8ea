package dev.parley.admin;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.platform.queue.DeadLetter;
import dev.parley.platform.queue.DeadLetters;
import dev.parley.platform.queue.WorkQueue;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
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

  @GET
  @Requires(Permission.DEAD_LETTERS_MANAGE)
  @Operation(summary = "List dead letters", description = "Newest first, optionally of one queue.")
  @APIResponse(responseCode = "200", description = "A page of dead letters")
  public Page<DeadLetter> list(
      @Context SecurityContext security,
      @QueryParam("queue") @Nullable String queueName,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        letters.page(Access.caller(security).inTenant(), queueName, Page.decodeId(after), most + 1),
        most,
        letter -> letter.id().toString());
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
