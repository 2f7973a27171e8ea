package dev.parley.admin;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.Call;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Csv;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The log of requests and of calls to providers.
@Path("/api/v1/api-log")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Singleton
@Tag(
    name = "API log",
    description =
        "Requests of this API, refused and some accepted webhooks, and calls to providers. Secrets are taken out;"
            + " phone numbers and messages' texts too, unless the tenant's settings keep them.")
public final class ApiLogRoutes {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "time",
          "direction",
          "method",
          "route",
          "path",
          "query",
          "status",
          "durationMillis",
          "callerKind",
          "callerId",
          "callerName",
          "ip",
          "correlationId",
          "requestBytes",
          "responseBytes",
          "failure");

  private final CallLog log;

  ApiLogRoutes(CallLog log) {
    this.log = log;
  }

  /// A call.
  @Schema(name = "ApiCall")
  public record View(
      UUID id,
      @Schema(description = "When it was answered") Instant time,
      @Schema(
              enumeration = {"in", "out"},
              description = "`in` for requests and webhooks, `out` for calls to providers")
          String direction,
      @Schema(examples = "POST") String method,
      @Schema(
              description = "The path with names for ids; absent where no route took it",
              examples = "/api/v1/contacts/{id}")
          @Nullable String route,
      String path,
      @Nullable String query,
      @Schema(description = "0 when no answer came") int status,
      double durationMillis,
      @Schema(enumeration = {"user", "api-key", "operator", "system"}) @Nullable String callerKind,
      @Nullable UUID callerId,
      @Nullable String callerName,
      @Schema(description = "The client's address; of a call to a provider its host")
          @Nullable String ip,
      String correlationId,
      long requestBytes,
      long responseBytes,
      @Schema(description = "Why no answer came, or why a webhook was refused")
          @Nullable String failure,
      @Schema(description = "Its redacted beginning, where it was kept; only in the detail")
          @Nullable String requestBody,
      @Schema(description = "Its redacted beginning, where it was kept; only in the detail")
          @Nullable String responseBody) {

    static View of(Call call, boolean bodies) {
      Call.By caller = call.caller();
      return new View(
          call.id(),
          call.time(),
          Input.word(call.direction()),
          call.method(),
          call.route(),
          call.path(),
          call.query(),
          call.status(),
          call.micros() / 1000.0,
          caller == null ? null : caller.kind(),
          caller == null ? null : caller.id(),
          caller == null ? null : caller.name(),
          call.ip(),
          call.correlationId(),
          call.requestBytes(),
          call.responseBytes(),
          call.failure(),
          bodies ? call.requestBody() : null,
          bodies ? call.responseBody() : null);
    }

    /// In the order of the columns.
    List<@Nullable Object> cells() {
      return Arrays.asList(
          id,
          time,
          direction,
          method,
          route,
          path,
          query,
          status,
          durationMillis,
          callerKind,
          callerId,
          callerName,
          ip,
          correlationId,
          requestBytes,
          responseBytes,
          failure);
    }
  }

  /// A page of calls.
  @Schema(name = "ApiCallPage")
  public record Calls(List<View> items, @Nullable String next) {}

  @GET
  @Produces({MediaType.APPLICATION_JSON, Csv.TYPE})
  @Requires(Permission.API_LOG_READ)
  @Operation(
      summary = "List calls",
      description =
          "Newest first, without bodies. A page looks at 20,000 calls at most: with a filter it may hold few or none"
              + " and still have a `next`. An operator outside any tenant reads the calls of nobody, such as those that"
              + " were refused before it was known who called."
              + Csv.DOC)
  @APIResponse(
      responseCode = "200",
      description = "A page of calls, or the file",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Calls.class)))
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Response list(
      @Context SecurityContext security,
      @QueryParam("direction") @Nullable @Parameter(description = "in or out") String direction,
      @QueryParam("method") @Nullable @Parameter(description = "Such as POST") String method,
      @QueryParam("route") @Nullable @Parameter(description = "Exactly this route") String route,
      @QueryParam("path") @Nullable @Parameter(description = "What the path begins with")
          String path,
      @QueryParam("status")
          @Nullable
          @Parameter(
              description =
                  "A status such as 404, a class such as 4xx, or `errors`: 400 to 599 (calls without an answer have 0)")
          String status,
      @QueryParam("leastMillis") @Nullable @Parameter(description = "Only what took so long")
          Integer leastMillis,
      @QueryParam("callerId")
          @Nullable
          @Parameter(description = "Id of the user, key or operator who called")
          String callerId,
      @QueryParam("correlationId")
          @Nullable
          @Parameter(
              description = "Everything of one request or webhook; no other filter counts then")
          String correlationId,
      @QueryParam("from") @Nullable @Parameter(description = "Earliest time, included") String from,
      @QueryParam("to") @Nullable @Parameter(description = "Latest time, excluded") String to,
      @QueryParam("after") @Nullable @Parameter(description = "next of the page before")
          String after,
      @QueryParam("limit") @Nullable @Parameter(description = "1 to 200; 50 without it")
          Integer limit,
      @HeaderParam("Accept") @Nullable @Parameter(hidden = true) String accept) {
    TenantId realm = realm(security);
    var input = new Input();
    int[] statuses = statuses(input, status);
    Instant least = input.optionalTime("from", from);
    Instant most = input.optionalTime("to", to);
    input.check(leastMillis == null || leastMillis >= 0, "leastMillis", "must be 0 or more");
    var filter =
        new CallLog.Filter(
            direction == null ? null : input.word("direction", direction, Call.Direction.class),
            upper(input.optional("method", method, 10)),
            input.optional("route", route, 300),
            input.optional("path", path, 300),
            statuses[0],
            statuses[1],
            leastMillis == null ? 0 : leastMillis * 1000L,
            input.optionalId("callerId", callerId),
            least == null ? null : CallLog.idAt(least));
    String correlation = input.optional("correlationId", correlationId, 64);
    input.done();
    UUID until = most == null ? null : CallLog.idAt(most);
    Csv.Pages<View> pages =
        (cursor, size) -> {
          UUID given = Page.decodeId(cursor);
          UUID before = given == null ? until : given;
          CallLog.Found found =
              correlation == null
                  ? log.page(realm, filter, before, size)
                  : log.ofCorrelation(realm, correlation, before, size);
          UUID next = found.next();
          return new Page<>(
              found.calls().stream().map(call -> View.of(call, false)).toList(),
              next == null ? null : Page.encode(next.toString()));
        };
    return Csv.asked(accept)
        ? Csv.file("api-log", after, COLUMNS, View::cells, pages)
        : Response.ok(pages.after(after, Page.limit(limit)), MediaType.APPLICATION_JSON_TYPE)
            .build();
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.API_LOG_READ)
  @Operation(
      summary = "Read a call",
      description = "With the redacted beginnings of its bodies, as far as they were kept.")
  @APIResponse(
      responseCode = "200",
      description = "The call",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "404", description = "There is no such call")
  public View get(@Context SecurityContext security, @PathParam("id") String id) {
    return log.find(realm(security), Input.id(id, "call"))
        .map(call -> View.of(call, true))
        .orElseThrow(() -> Problem.notFound("call"));
  }

  private static TenantId realm(SecurityContext security) {
    Caller caller = Access.caller(security);
    TenantId tenant = caller.tenant();
    return tenant == null ? TenantId.NONE : tenant;
  }

  private static @Nullable String upper(@Nullable String word) {
    return word == null ? null : word.toUpperCase(Locale.ROOT);
  }

  /// The least and the most.
  private static int[] statuses(Input input, @Nullable String status) {
    if (status == null || status.isBlank()) {
      return new int[] {0, 999};
    }
    if (status.equals("errors")) {
      return new int[] {400, 599};
    }
    if (status.matches("[1-5]xx")) {
      int least = (status.charAt(0) - '0') * 100;
      return new int[] {least, least + 99};
    }
    if (!status.matches("[0-9]{1,3}")) {
      input.error("status", "must be a status such as 404, a class such as 4xx, or errors");
      return new int[] {0, 999};
    }
    int exact = Integer.parseInt(status);
    return new int[] {exact, exact};
  }
}
