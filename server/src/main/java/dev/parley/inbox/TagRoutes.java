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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/// REST for tags.
@Path("/api/v1/tags")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@org.eclipse.microprofile.openapi.annotations.tags.Tag(
    name = "Tags",
    description = "Words that conversations can be given.")
public final class TagRoutes {
  private static final int NAME = 50;
  private static final String GREY = "#868e96";
  private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}");

  private final Tags tags;

  TagRoutes(Tags tags) {
    this.tags = tags;
  }

  /// A tag to make, or what is to change of one.
  @Schema(name = "TagInput")
  public record TagInput(
      @Schema(maxLength = NAME, examples = "refund", description = "Required to make one")
          @Nullable String name,
      @Schema(
              examples = "#d9480f",
              description = "# and six hexadecimal digits; grey, if a new one has none")
          @Nullable String color) {}

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List tags",
      description = "In the order of their making, each with how many conversations have it.")
  @APIResponse(responseCode = "200", description = "A page of tags")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<Tag> list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        tags.page(Access.caller(security), Page.decodeId(after), most),
        most,
        tag -> tag.id().toString());
  }

  @POST
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Create a tag",
      description = "The name is unique, whatever its case. A tenant has at most 1,000 tags.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = TagInput.class),
              examples =
                  @ExampleObject(
                      name = "refund",
                      value = "{\"name\":\"refund\",\"color\":\"#d9480f\"}")))
  @APIResponse(
      responseCode = "201",
      description = "The tag",
      content = @Content(schema = @Schema(implementation = Tag.class)))
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "409", description = "The name is taken")
  public Response create(@Context SecurityContext security, TagInput input) {
    Caller caller = Access.caller(security);
    TagInput wanted = Input.body(input);
    var check = new Input();
    String name = check.text("name", wanted.name(), NAME);
    String color = color(check, wanted.color());
    check.done();
    Tag tag = tags.create(caller, name, color == null ? GREY : color);
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/tags/" + tag.id()))
        .entity(tag)
        .build();
  }

  private static @Nullable String color(Input check, @Nullable String text) {
    if (text == null) {
      return null;
    }
    String color = text.strip().toLowerCase(Locale.ROOT);
    check.check(COLOR.matcher(color).matches(), "color", "must be # and six hexadecimal digits");
    return color;
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(summary = "Read a tag", description = "With how many conversations have it.")
  @APIResponse(responseCode = "200", description = "The tag")
  @APIResponse(responseCode = "404", description = "There is no such tag")
  public Tag get(@Context SecurityContext security, @PathParam("id") String id) {
    return tags.find(Access.caller(security), Input.id(id, "tag"));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(summary = "Change a tag", description = "Its name and colour, on all conversations.")
  @APIResponse(responseCode = "200", description = "The tag")
  @APIResponse(responseCode = "400", description = "A field is not valid")
  @APIResponse(responseCode = "404", description = "There is no such tag")
  @APIResponse(responseCode = "409", description = "The name is taken")
  public Tag change(@Context SecurityContext security, @PathParam("id") String id, TagInput input) {
    TagInput wanted = Input.body(input);
    var check = new Input();
    String name = wanted.name() == null ? null : check.text("name", wanted.name(), NAME);
    String color = color(check, wanted.color());
    check.done();
    UUID tag = Input.id(id, "tag");
    return tags.change(Access.caller(security), tag, name, color);
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(summary = "Delete a tag", description = "It is gone from all conversations too.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "404", description = "There is no such tag")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    tags.delete(Access.caller(security), Input.id(id, "tag"));
  }
}
