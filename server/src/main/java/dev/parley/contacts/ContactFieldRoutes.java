package dev.parley.contacts;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for the fields that a tenant gives its contacts.
@Path("/api/v1/contact-fields")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(name = "Contact fields", description = "What a tenant wants to know of its contacts.")
public final class ContactFieldRoutes {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final int NAME = 60;
  private static final int CHOICES = 100;
  private static final int CHOICE = 100;

  private final ContactFields fields;

  ContactFieldRoutes(ContactFields fields) {
    this.fields = fields;
  }

  /// A field to make.
  @Schema(name = "NewContactField")
  public record NewContactField(
      @Schema(
              examples = "plan",
              pattern = "[a-z][a-z0-9_]{0,39}",
              description = "Small letters, digits and underscores, a letter first")
          @Nullable String key,
      @Schema(maxLength = NAME, examples = "Plan", description = "What people see")
          @Nullable String name,
      @Schema(
              enumeration = {"text", "number", "date", "boolean", "choice"},
              examples = "choice")
          @Nullable String type,
      @Schema(description = "For type choice: 1 to 100, each of at most 100 characters")
          @Nullable List<String> choices) {}

  /// What is to change of a field.
  @Schema(name = "ContactFieldChange")
  public record ContactFieldChange(
      @Schema(maxLength = NAME) @Nullable String name,
      @Schema(description = "For type choice: all of them, 1 to 100")
          @Nullable List<String> choices) {}

  @GET
  @Requires(Permission.CONTACTS_READ)
  @Operation(
      summary = "List the fields of contacts",
      description = "In the order of their making. A tenant has at most 100.")
  @APIResponse(responseCode = "200", description = "A page of fields")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<ContactField> list(
      @Context SecurityContext security,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        fields.page(Access.caller(security), Page.decodeId(after), most),
        most,
        field -> field.id().toString());
  }

  @POST
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Create a field of contacts",
      description =
          "Key and type never change; for another one delete the field and make a new one.")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(implementation = NewContactField.class),
              examples =
                  @ExampleObject(
                      name = "plan",
                      value =
                          "{\"key\":\"plan\",\"name\":\"Plan\",\"type\":\"choice\",\"choices\":[\"basic\",\"gold\"]}")))
  @APIResponse(
      responseCode = "201",
      description = "The field",
      content = @Content(schema = @Schema(implementation = ContactField.class)))
  @APIResponse(responseCode = "400", description = "A field of the body is not valid")
  @APIResponse(responseCode = "409", description = "The key is taken")
  public Response create(@Context SecurityContext security, NewContactField input) {
    NewContactField wanted = Input.body(input);
    var check = new Input();
    String key = check.text("key", wanted.key(), 40);
    check.check(
        KEY.matcher(key).matches(),
        "key",
        "must be small letters, digits and underscores, a letter first");
    String name = check.text("name", wanted.name(), NAME);
    ContactField.Type type = check.word("type", wanted.type(), ContactField.Type.class);
    List<String> choices = List.of();
    if (type == ContactField.Type.CHOICE) {
      choices = choices(check, wanted.choices());
    } else {
      check.check(
          wanted.choices() == null || wanted.choices().isEmpty(),
          "choices",
          "are for fields of type choice alone");
    }
    check.done();
    ContactField field =
        fields.create(Access.caller(security), key, name, Objects.requireNonNull(type), choices);
    return Response.status(Response.Status.CREATED)
        .location(URI.create("/api/v1/contact-fields/" + field.id()))
        .entity(field)
        .build();
  }

  private static List<String> choices(Input check, @Nullable List<@Nullable String> given) {
    var choices = new LinkedHashSet<String>();
    if (given == null || given.isEmpty() || given.size() > CHOICES) {
      check.error("choices", "must be 1 to " + CHOICES);
      return List.of();
    }
    for (int i = 0; i < given.size(); i++) {
      String choice = check.text("choices[" + i + "]", given.get(i), CHOICE);
      check.check(choices.add(choice), "choices[" + i + "]", "is there twice");
    }
    return List.copyOf(choices);
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONTACTS_READ)
  @Operation(summary = "Read a field of contacts", description = "With its choices, if it has any.")
  @APIResponse(responseCode = "200", description = "The field")
  @APIResponse(responseCode = "404", description = "There is no such field")
  public ContactField get(@Context SecurityContext security, @PathParam("id") String id) {
    return fields.find(Access.caller(security), id(id));
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Change a field of contacts",
      description =
          "Its name or its choices; what is absent stays. A contact's value that is no choice any more stays until"
              + " somebody chooses anew.")
  @APIResponse(responseCode = "200", description = "The field as it is now")
  @APIResponse(responseCode = "400", description = "A field of the body is not valid")
  @APIResponse(responseCode = "404", description = "There is no such field")
  public ContactField change(
      @Context SecurityContext security, @PathParam("id") String id, ContactFieldChange input) {
    ContactFieldChange wanted = Input.body(input);
    var check = new Input();
    String name = wanted.name() == null ? null : check.text("name", wanted.name(), NAME);
    List<String> choices = wanted.choices() == null ? null : choices(check, wanted.choices());
    check.done();
    return fields.change(Access.caller(security), id(id), name, choices);
  }

  @DELETE
  @Path("/{id}")
  @Requires(Permission.INBOX_MANAGE)
  @Operation(
      summary = "Delete a field of contacts",
      description =
          "What it says of contacts is gone with it, also if a field of that key is made again.")
  @APIResponse(responseCode = "204", description = "It is gone")
  @APIResponse(responseCode = "404", description = "There is no such field")
  public void delete(@Context SecurityContext security, @PathParam("id") String id) {
    fields.delete(Access.caller(security), id(id));
  }

  private static UUID id(String text) {
    return Input.id(text, "field of contacts");
  }
}
