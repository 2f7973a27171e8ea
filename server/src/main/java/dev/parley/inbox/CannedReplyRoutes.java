package dev.parley.inbox;

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
import java.net.URI;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for canned replies.
@Path("/api/v1/canned-replies")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Canned replies", description = "Answers that agents use again and again.")
public final class CannedReplyRoutes {
  private static final int SHORTCUT = 50;
  private static final int TEXT = 4096;
  private static final int SEARCH = 100;
  private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{N}_-]+");

  private final CannedReplies replies;

  CannedReplyRoutes(CannedReplies replies) {
    this.replies = replies;
  }

  /// One to make, or what is to change of one.
  @Schema(name = "CannedReplyInput")
  public record CannedReplyInput(
      @Schema(
              maxLength = SHORTCUT,
              examples = "hello",
              description =
                  "Letters, digits, dashes and underscores, whatever their case; required to make one")
          @Nullable String shortcut,
      @Schema(
              maxLength = TEXT,
              examples = "Hello {{contact.firstName|there}}, this is {{agent.name}}.",
              description =
                  "Required to make one. Variables: contact.name, contact.firstName, contact.phone, agent.name,"
                      + " channel.name; after a bar what stands there when there is no value")
          @Nullable String text) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List canned replies",
      description =
          "With `q` those whose shortcut begins with it, then those that have it elsewhere in the shortcut, then in the"
              + " text. With `conversationId` each comes `filled`: with the values that its variables have there.")
  @APIResponse(responseCode = "200", description = "A page of canned replies")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Page<CannedReply> list(
      @Context SecurityContext security,
      @QueryParam("q") @Parameter(description = "What to look for") @Nullable String q,
      @QueryParam("conversationId") @Nullable String conversationId,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    String text = check.optional("q", q, SEARCH);
    check.done();
    UUID conversation = conversationId == null ? null : Input.id(conversationId, "conversation");
    return replies.page(Access.caller(security), text, conversation, after, most);
  }

  @POST
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Create a canned reply",
      description = "The shortcut is unique, whatever its case. A tenant has at most 2,000.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = CannedReplyInput.class),
              examples =
                  @ExampleObject(
                      name = "hello",
                      value =
                          "{\"shortcut\":\"hello\",\"text\":\"Hello {{contact.firstName|there}}, this is"
                              + " {{agent.name}}.\"}")))
  @APIResponse(
      responseCode = "201",
      description = "The canned reply",
      content = @Content(schema = @Schema(implementation = CannedReply.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "409", description = "The shortcut is taken")
  public Response create(@Context SecurityContext security, CannedReplyInput input) {
    Caller caller = Access.caller(security);
    CannedReplyInput wanted = Input.body(input);
    var check = new Input();
    String shortcut = shortcut(check, wanted.shortcut());
    String text = text(check, wanted.text());
    check.done();
    CannedReply reply = replies.create(caller, shortcut, text);
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/canned-replies/" + reply.id()))
        .entity(reply)
        .build();
  }

  private static String shortcut(Input check, @Nullable String text) {
    String shortcut = check.text("shortcut", text, SHORTCUT).toLowerCase(Locale.ROOT);
    check.check(
        shortcut.isEmpty() || FORM.matcher(shortcut).matches(),
        "shortcut",
        "must have letters, digits, dashes and underscores alone");
    return shortcut;
  }

  private static String text(Input check, @Nullable String given) {
    String text = check.text("text", given, TEXT);
    String unknown = Variables.unknown(text);
    check.check(
        unknown == null,
        "text",
        "has an unknown variable; there are " + String.join(", ", Variables.NAMES));
    return text;
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(summary = "Read a canned reply", description = "As it was written, not filled.")
  @APIResponse(responseCode = "200", description = "The canned reply")
  @APIResponse(responseCode = "404", description = "There is no such canned reply")
  public CannedReply get(@Context SecurityContext security, @PathParam("id") String id) {
    return replies.find(Access.caller(security), Input.id(id, "canned reply"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(summary = "Change a canned reply", description = "Its shortcut and its text.")
  @APIResponse(responseCode = "200", description = "The canned reply")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such canned reply")
  @APIResponse(responseCode = "409", description = "The shortcut is taken")
  public CannedReply change(
      @Context SecurityContext security, @PathParam("id") String id, CannedReplyInput input) {
    CannedReplyInput wanted = Input.body(input);
    var check = new Input();
    String shortcut = wanted.shortcut() == null ? null : shortcut(check, wanted.shortcut());
    String text = wanted.text() == null ? null : text(check, wanted.text());
    check.done();
    return replies.change(Access.caller(security), Input.id(id, "canned reply"), shortcut, text);
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(summary = "Delete a canned reply", description = "What was sent with it stays.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "404", description = "There is no such canned reply")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    replies.delete(Access.caller(security), Input.id(id, "canned reply"));
  }
}
