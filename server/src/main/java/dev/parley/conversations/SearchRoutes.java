package dev.parley.conversations;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for searching.
@Path("/api/v1/search")
@Produces("application/json")
@RunOnVirtualThread
@Tag(name = "Search", description = "Messages by their words, contacts and users by their names.")
public final class SearchRoutes {
  private final MessageSearch search;
  private final ShownMessages messages;

  SearchRoutes(MessageSearch search, ShownMessages messages) {
    this.search = search;
    this.messages = messages;
  }

  @GET
  @Path("/messages")
  @Requires(value = Permission.CONVERSATIONS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Search messages",
      description =
          "Those with all words of `q` that the caller may see, the newest first; case and accents do not matter. Words in"
              + " double quotes stand one after the other, a word after a minus does not occur, and the last word may be"
              + " the beginning of one. `highlight` is plain text with the places of the words in it. A message is found"
              + " shortly after it was written.")
  @APIResponse(responseCode = "200", description = "A page of messages")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<MessageSearch.Found> messages(
      @Context SecurityContext security,
      @QueryParam("q") @Nullable String q,
      @QueryParam("conversationId") @Nullable String conversationId,
      @QueryParam("senderId") @Nullable String senderId,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("hasFile") @Nullable Boolean hasFile,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    String text = query(check, q);
    UUID conversation = check.optionalId("conversationId", conversationId);
    UUID sender = check.optionalId("senderId", senderId);
    String type = check.optional("kind", kind, 30);
    Instant first = check.optionalTime("from", from);
    Instant last = check.optionalTime("to", to);
    check.done();
    Caller caller = Access.caller(security);
    return search
        .messages(
            caller,
            text,
            new MessageSearch.Filter(conversation, sender, type, hasFile, first, last),
            after,
            most)
        .map(
            found ->
                new MessageSearch.Found(
                    messages.shown(caller, found.message()), found.highlight()));
  }

  @GET
  @Path("/contacts")
  @Requires(Permission.CONTACTS_READ)
  @Operation(
      summary = "Search contacts",
      description =
          "Those with a name like `q`, which need not be spelt right, or with `q` (three characters or more) in a phone"
              + " number, address or id; the best first.")
  @APIResponse(responseCode = "200", description = "A page of contacts")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<MessageSearch.FoundContact> contacts(
      @Context SecurityContext security,
      @QueryParam("q") @Nullable String q,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    String text = query(check, q);
    check.done();
    return search.contacts(Access.caller(security), text.strip(), after, most);
  }

  @GET
  @Path("/users")
  @Requires(value = Permission.USERS_READ, or = Permission.CHAT)
  @Operation(
      summary = "Search users",
      description =
          "Active ones with a name like `q`, which need not be spelt right, or with `q` (three characters or more) in the"
              + " e-mail address; the best first.")
  @APIResponse(responseCode = "200", description = "A page of users")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<MessageSearch.FoundUser> users(
      @Context SecurityContext security,
      @QueryParam("q") @Nullable String q,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    var check = new Input();
    String text = query(check, q);
    check.done();
    return search.users(Access.caller(security), text.strip(), after, most);
  }

  // With its last blank, which says that the last word is whole.
  private static String query(Input check, @Nullable String q) {
    check.text("q", q, SearchQuery.LONGEST);
    return q == null ? "" : q.stripLeading();
  }
}
