package dev.parley.inbox;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for notes in customers' conversations.
@Path("/api/v1/conversations")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Notes",
    description = "What agents write for each other in a customer's conversation; never sent.")
public final class NoteRoutes {
  private final Notes notes;

  NoteRoutes(Notes notes) {
    this.notes = notes;
  }

  /// A note to write.
  @Schema(name = "NoteInput")
  public record NoteInput(
      @Schema(required = true, maxLength = Notes.LONGEST) @Nullable String text,
      @Schema(
              description =
                  "Users whom it is to reach, at most 50; absent in a change, those of before stay")
          @Nullable List<UUID> mentions) {}

  @GET
  @Path("/{id}/notes")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List notes",
      description =
          "The newest first. `afterSeq` tells behind which message of the conversation a note stands.")
  @APIResponse(responseCode = "200", description = "A page of notes")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Page<Note> list(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        notes.page(
            Access.caller(security), Input.id(id, "conversation"), Page.decodeId(after), most),
        most,
        note -> note.id().toString());
  }

  @POST
  @Path("/{id}/notes")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Write a note",
      description =
          "For those who work here; the customer never sees it. It stands behind the conversation's last message. Each user"
              + " whom it mentions is told by an event `conversation.mentioned`. It changes neither the status nor what"
              + " the list shows as the last message.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = NoteInput.class),
              examples =
                  @ExampleObject(
                      name = "with a mention",
                      value =
                          "{\"text\":\"@Ada, is this in the warranty?\",\"mentions\":[\"0199d9a0-0000-7000-8000-000000000000\"]}")))
  @APIResponse(
      responseCode = "201",
      description = "The note",
      content = @Content(schema = @Schema(implementation = Note.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Response add(
      @Context SecurityContext security, @PathParam("id") String id, NoteInput input) {
    NoteInput wanted = Input.body(input);
    UUID conversation = Input.id(id, "conversation");
    var check = new Input();
    String text = check.text("text", wanted.text(), Notes.LONGEST);
    Set<UUID> mentions = mentions(check, wanted.mentions());
    check.done();
    Note note =
        notes.add(
            Access.caller(security), conversation, text, mentions == null ? Set.of() : mentions);
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/conversations/" + conversation + "/notes/" + note.id()))
        .entity(note)
        .build();
  }

  private static @Nullable Set<UUID> mentions(Input check, @Nullable List<UUID> ids) {
    if (ids == null) {
      return null;
    }
    check.check(
        ids.size() <= Notes.MOST_MENTIONS, "mentions", "must be at most " + Notes.MOST_MENTIONS);
    check.check(!ids.contains(null), "mentions", "must be ids");
    return new HashSet<>(ids);
  }

  @PATCH
  @Path("/{id}/notes/{noteId}")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Change a note",
      description = "One's own. Users whom it mentions anew are told.")
  @APIResponse(responseCode = "200", description = "The note")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "403", description = "Somebody else wrote it")
  @APIResponse(responseCode = "404", description = "There is no such note")
  public Note change(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("noteId") String noteId,
      NoteInput input) {
    NoteInput wanted = Input.body(input);
    var check = new Input();
    String text = check.text("text", wanted.text(), Notes.LONGEST);
    Set<UUID> mentions = mentions(check, wanted.mentions());
    check.done();
    return notes.change(
        Access.caller(security),
        Input.id(id, "conversation"),
        Input.id(noteId, "note"),
        text,
        mentions);
  }

  @DELETE
  @Path("/{id}/notes/{noteId}")
  @Requires(Permission.CONVERSATIONS_WRITE)
  @Operation(
      summary = "Delete a note",
      description = "One's own; anybody's with the permission inbox:manage.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "403", description = "Somebody else wrote it")
  @APIResponse(responseCode = "404", description = "There is no such note")
  public void delete(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @PathParam("noteId") String noteId) {
    notes.delete(Access.caller(security), Input.id(id, "conversation"), Input.id(noteId, "note"));
  }
}
