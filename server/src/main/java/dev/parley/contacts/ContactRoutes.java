package dev.parley.contacts;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Projects;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for contacts.
@Path("/api/v1/contacts")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Contacts",
    description = "Customers' people and the identities by which providers know them.")
public final class ContactRoutes {
  private final Contacts contacts;
  private final Projects projects;

  ContactRoutes(Contacts contacts, Projects projects) {
    this.contacts = contacts;
    this.projects = projects;
  }

  /// A new or changed contact.
  @Schema(name = "ContactInput")
  public record ContactInput(
      @Schema(
              description = "What people call the contact; at most 200 characters",
              examples = "Ana Souza")
          @Nullable String name,
      @Schema(description = "Phone number in E.164", examples = "+5511987654321")
          @Nullable String phone,
      @Schema(description = "E-mail address", examples = "ana@example.com") @Nullable String email,
      @Schema(description = "Id in a system of yours; unique in the tenant", examples = "crm-4711")
          @Nullable String externalId,
      @Schema(description = "Project; the default one when absent") @Nullable UUID projectId,
      @Schema(
              description = "Values of the tenant's fields by their keys; null clears one",
              examples = "{\"plan\":\"gold\"}")
          @Nullable Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> said() {
      return fields == null ? Map.of() : fields;
    }
  }

  @GET
  @Requires(Permission.CONTACTS_READ)
  @Operation(
      summary = "List contacts",
      description =
          "Newest first. Filter by a part of the name, or by a whole phone number, e-mail address or id.")
  public Page<Contact> list(
      @Context SecurityContext security,
      @QueryParam("name") @Nullable String name,
      @QueryParam("identity") @Nullable String identity,
      @QueryParam("projectId") @Nullable UUID projectId,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    Caller caller = Access.caller(security);
    int most = Page.limit(limit);
    String digits = identity == null ? null : identity.replaceFirst("^\\+", "").strip();
    return Page.of(
        contacts.page(caller.inTenant(), projectId, name, digits, Page.decodeId(after), most),
        most,
        contact -> contact.id().toString());
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONTACTS_READ)
  @Operation(summary = "Read a contact", description = "With all its identities.")
  @APIResponse(responseCode = "200", description = "The contact")
  @APIResponse(responseCode = "404", description = "There is no such contact")
  public Contact get(@Context SecurityContext security, @PathParam("id") String id) {
    return contacts
        .find(Access.caller(security), Input.id(id, "contact"))
        .orElseThrow(() -> Problem.notFound("contact"));
  }

  @POST
  @Requires(Permission.CONTACTS_WRITE)
  @Operation(
      summary = "Make a contact",
      description =
          "At least one of name, phone, email and externalId. An identity that another contact has is refused.")
  @APIResponse(responseCode = "201", description = "Made")
  @APIResponse(responseCode = "409", description = "An identity belongs to another contact")
  public Response create(@Context SecurityContext security, ContactInput input) {
    Caller caller = Access.caller(security);
    ContactInput wanted = Input.body(input);
    var check = new Input();
    String name = check.optional("name", wanted.name(), 200);
    List<Identity> identities = identities(check, wanted);
    check.check(name != null || !identities.isEmpty(), "name", "or an identity is required");
    check.done();
    UUID project = projects.orDefault(caller.inTenant(), wanted.projectId());
    Contact contact =
        contacts.create(caller, project, new Contacts.Said(name, identities, wanted.said()));
    return Response.created(URI.create("/api/v1/contacts/" + contact.id())).entity(contact).build();
  }

  @PATCH
  @Path("/{id}")
  @Requires(Permission.CONTACTS_WRITE)
  @Operation(
      summary = "Change a contact",
      description =
          "Gives it another name, adds identities, sets or clears fields; what is absent stays as it is.")
  @APIResponse(responseCode = "200", description = "Changed")
  @APIResponse(responseCode = "400", description = "A field is not known, or its value not valid")
  @APIResponse(responseCode = "404", description = "There is no such contact")
  @APIResponse(responseCode = "409", description = "An identity belongs to another contact")
  public Contact update(
      @Context SecurityContext security, @PathParam("id") String id, ContactInput input) {
    ContactInput wanted = Input.body(input);
    var check = new Input();
    String name = check.optional("name", wanted.name(), 200);
    List<Identity> identities = identities(check, wanted);
    check.done();
    return contacts.update(
        Access.caller(security),
        Input.id(id, "contact"),
        new Contacts.Said(name, identities, wanted.said()));
  }

  private static List<Identity> identities(Input check, ContactInput input) {
    var identities = new ArrayList<Identity>();
    String phone = check.optional("phone", input.phone(), 30);
    if (phone != null) {
      PhoneNumbers.digits(phone)
          .ifPresentOrElse(
              digits -> identities.add(Identity.phone(digits)),
              () ->
                  check.error(
                      "phone",
                      "must be a phone number with its country code, such as +5511987654321"));
    }
    String email = check.optional("email", input.email(), 254);
    if (email != null) {
      identities.add(new Identity(Identity.Kind.EMAIL, "", check.email("email", email)));
    }
    String external = check.optional("externalId", input.externalId(), 200);
    if (external != null) {
      identities.add(new Identity(Identity.Kind.EXTERNAL, "", external));
    }
    return identities;
  }
}
