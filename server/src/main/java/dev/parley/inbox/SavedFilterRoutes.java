package dev.parley.inbox;

import dev.parley.conversations.ConversationLists;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for saved filters.
@Path("/api/v1/saved-filters")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Saved filters",
    description = "Lists of conversations that users come back to: their own, and shared ones.")
public final class SavedFilterRoutes {
  private static final int NAME = 100;
  private static final int PARAMETER = 500;

  private final SavedFilters filters;

  SavedFilterRoutes(SavedFilters filters) {
    this.filters = filters;
  }

  /// One to keep, or what is to change of one.
  @Schema(name = "SavedFilterInput")
  public record SavedFilterInput(
      @Schema(maxLength = NAME, examples = "VIP, unassigned", description = "Required to keep one")
          @Nullable String name,
      @Schema(description = "Parameters of the list; required to keep one")
          SavedFilter.@Nullable Query query,
      @Schema(description = "Whether others see it; false, if it is not said")
          @Nullable Boolean shared) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List saved filters",
      description = "The caller's own and those that others share, in the order of their making.")
  @APIResponse(responseCode = "200", description = "A page of filters")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<SavedFilter> list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        filters.page(Access.caller(security), Page.decodeId(after), most),
        most,
        filter -> filter.id().toString());
  }

  @POST
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Save a filter",
      description =
          "For the user who calls, under a name that they have not used, whatever its case. A user has at most 100.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = SavedFilterInput.class),
              examples =
                  @ExampleObject(
                      name = "waiting for nobody",
                      value =
                          "{\"name\":\"Nobody's\",\"query\":{\"status\":\"open\",\"assignee\":\"none\",\"sort\":\"waiting\"},\"shared\":true}")))
  @APIResponse(
      responseCode = "201",
      description = "The filter",
      content = @Content(schema = @Schema(implementation = SavedFilter.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "The caller is no user")
  @APIResponse(responseCode = "409", description = "The caller has one of that name")
  public Response create(@Context SecurityContext security, SavedFilterInput input) {
    Caller caller = Access.caller(security);
    SavedFilterInput wanted = Input.body(input);
    SavedFilter.Query query = wanted.query();
    var check = new Input();
    String name = check.text("name", wanted.name(), NAME);
    check.check(query != null, "query", "is required");
    check.done();
    if (query == null) {
      throw new IllegalStateException("checked");
    }
    check(caller, query);
    return Response.status(Response.Status.CREATED)
        .entity(filters.create(caller, name, query, Boolean.TRUE.equals(wanted.shared())))
        .build();
  }

  /// Whether the list would take it.
  private static void check(Caller caller, SavedFilter.Query query) {
    var narrowing = new InboxRoutes.Narrowing();
    narrowing.status = query.status();
    narrowing.channelId = query.channelId();
    narrowing.assignee = query.assignee();
    narrowing.team = query.team();
    narrowing.tagId = query.tagId();
    narrowing.unread = query.unread();
    narrowing.priority = query.priority();
    narrowing.q = query.q();
    var check = new Input();
    Stream.of(
            query.status(),
            query.channelId(),
            query.assignee(),
            query.team(),
            query.tagId(),
            query.priority(),
            query.q())
        .filter(Objects::nonNull)
        .forEach(
            text ->
                check.check(
                    text.length() <= PARAMETER, "query", "has a parameter that is too long"));
    check.done();
    narrowing.question(caller);
    if (query.sort() != null) {
      check.word("sort", query.sort(), ConversationLists.Sort.class);
    }
    check.done();
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Change a saved filter",
      description = "One's own: its name, its query as a whole, and whether others see it.")
  @APIResponse(responseCode = "200", description = "The filter")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "It is somebody else's")
  @APIResponse(responseCode = "404", description = "There is none that the caller sees")
  @APIResponse(responseCode = "409", description = "The caller has another one of that name")
  public SavedFilter change(
      @Context SecurityContext security, @PathParam("id") String id, SavedFilterInput input) {
    Caller caller = Access.caller(security);
    SavedFilterInput wanted = Input.body(input);
    var check = new Input();
    String name = wanted.name() == null ? null : check.text("name", wanted.name(), NAME);
    check.done();
    if (wanted.query() != null) {
      check(caller, wanted.query());
    }
    return filters.change(
        caller,
        Input.id(id, "filter"),
        new SavedFilters.Change(name, wanted.query(), wanted.shared()));
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Delete a saved filter",
      description = "One's own; a shared one of anybody's with the permission inbox:manage.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "403", description = "It is somebody else's")
  @APIResponse(responseCode = "404", description = "There is none that the caller sees")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    filters.delete(Access.caller(security), Input.id(id, "filter"));
  }
}
