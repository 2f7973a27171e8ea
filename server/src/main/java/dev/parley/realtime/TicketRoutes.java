package dev.parley.realtime;

import dev.parley.identity.Callers;
import dev.parley.identity.Tickets;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for tickets of the event stream.
@Path("/api/v1/stream/tickets")
@Produces("application/json")
@RunOnVirtualThread
@Tag(name = "Stream", description = "Events as they happen; see docs/realtime.md.")
public final class TicketRoutes {
  private final Tickets tickets;
  private final Callers callers;

  TicketRoutes(Tickets tickets, Callers callers) {
    this.tickets = tickets;
    this.callers = callers;
  }

  /// A ticket.
  ///
  /// @param ticket give it as `?ticket=` to `/ws` or `/api/v1/stream`
  /// @param expiresAt until when it can be used, once
  @Schema(name = "StreamTicket")
  public record StreamTicket(String ticket, Instant expiresAt) {}

  @POST
  @Requires(Permission.SELF)
  @Operation(
      summary = "Get a ticket for the event stream",
      description =
          "For pages, whose sockets and event sources can send no header: the ticket goes into the address, opens one"
              + " connection within half a minute, and is worth nothing afterwards. The connection lasts no longer than"
              + " the access token that the ticket was got with.")
  @APIResponse(
      responseCode = "201",
      description = "The ticket",
      content = @Content(schema = @Schema(implementation = StreamTicket.class)))
  @APIResponse(responseCode = "403", description = "The caller is no user of a tenant")
  public Response issue(
      @Context SecurityContext security,
      @HeaderParam("Authorization") @Nullable String authorization) {
    Caller caller = Access.caller(security);
    String token = Refusals.bearer(authorization);
    if (token == null) {
      throw new Problem(Problem.Code.FORBIDDEN, "Get a ticket with an access token.");
    }
    Tickets.Issued issued = tickets.issue(caller, callers.expiry(token));
    return Response.status(201)
        .entity(new StreamTicket(issued.ticket(), issued.expiresAt()))
        .build();
  }
}
