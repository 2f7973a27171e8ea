package dev.parley.inbox;

import dev.parley.conversations.ConversationFilter;
import dev.parley.conversations.ConversationFilter.Hands;
import dev.parley.conversations.ConversationLists;
import dev.parley.conversations.ConversationStatus;
import dev.parley.conversations.DeskChange;
import dev.parley.conversations.Priority;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import dev.parley.platform.http.Access;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// REST for looking at customers' conversations.
@Path("/api/v1/conversations")
@Produces("application/json")
@Consumes("application/json")
@RunOnVirtualThread
@Tag(
    name = "Conversations",
    description = "Conversations with customers, one for each contact and channel.")
public final class InboxRoutes {
  private static final int MOST_TAGS = 10;
  private static final int LONGEST_SEARCH = 200;

  private final Inbox inbox;

  InboxRoutes(Inbox inbox) {
    this.inbox = inbox;
  }

  /// What a list is narrowed to.
  public static final class Narrowing {
    /// Words of [ConversationStatus].
    @QueryParam("status")
    @Parameter(description = "open, pending, snoozed, resolved; several with commas")
    public @Nullable String status;

    @QueryParam("channelId")
    @Parameter(description = "A channel's id")
    public @Nullable String channelId;

    @QueryParam("contactId")
    @Parameter(description = "A contact's id")
    public @Nullable String contactId;

    @QueryParam("assignee")
    @Parameter(description = "me, none, or a user's id")
    public @Nullable String assignee;

    @QueryParam("team")
    @Parameter(description = "none, or a team's id")
    public @Nullable String team;

    @QueryParam("tagId")
    @Parameter(description = "A tag's id; of several with commas it has all, at most 10")
    public @Nullable String tagId;

    @QueryParam("unread")
    @Parameter(description = "true: with unread messages; false: without")
    public @Nullable Boolean unread;

    @QueryParam("priority")
    @Parameter(description = "none, low, medium, high, urgent; several with commas")
    public @Nullable String priority;

    @QueryParam("q")
    @Parameter(
        description =
            "Name, phone number or another identity of the contact; a part will do. The 200 contacts that are most like"
                + " it are looked at")
    public @Nullable String q;

    Inbox.Question question(Caller caller) {
      var check = new Input();
      UUID contact = check.optionalId("contactId", contactId);
      var filter =
          new ConversationFilter(
              words(check, "status", status, ConversationStatus.class),
              check.optionalId("channelId", channelId),
              "me".equals(assignee)
                  ? Hands.of(caller.id())
                  : hands(check, "assignee", assignee, "must be me, none, or a user's id"),
              hands(check, "team", team, "must be none or a team's id"),
              ids(check),
              unread,
              words(check, "priority", priority, Priority.class),
              contact == null ? null : List.of(contact));
      String text = check.optional("q", q, LONGEST_SEARCH);
      check.done();
      return new Inbox.Question(filter, text);
    }

    private List<UUID> ids(Input check) {
      var ids = new ArrayList<UUID>();
      if (tagId != null && !tagId.isBlank()) {
        for (String one : tagId.split(",", MOST_TAGS + 1)) {
          UUID id = check.optionalId("tagId", one);
          if (id != null) {
            ids.add(id);
          }
        }
      }
      check.check(ids.size() <= MOST_TAGS, "tagId", "must be at most " + MOST_TAGS + " ids");
      return ids.stream().distinct().toList();
    }

    private static Hands hands(Input check, String field, @Nullable String text, String wrong) {
      if (text == null || text.isBlank()) {
        return Hands.ANY;
      }
      if (text.equals("none")) {
        return Hands.NOBODY;
      }
      try {
        return Hands.of(UUID.fromString(text));
      } catch (IllegalArgumentException e) {
        check.error(field, wrong);
        return Hands.ANY;
      }
    }

    private static <E extends Enum<E>> @Nullable Set<E> words(
        Input check, String field, @Nullable String text, Class<E> type) {
      if (text == null || text.isBlank()) {
        return null;
      }
      EnumSet<E> words = EnumSet.noneOf(type);
      for (String one : text.split(",", type.getEnumConstants().length + 1)) {
        E word = check.word(field, one.strip(), type);
        if (word != null) {
          words.add(word);
        }
      }
      return words;
    }
  }

  @GET
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List conversations",
      description =
          "Each with its contact, channel, tags and whose it is. `sort=newest` begins with what was last said in,"
              + " `sort=waiting` lists those whose customer waits for an answer, the longest first, `sort=priority` begins"
              + " with the most urgent. `window` tells until when free messages may be sent.")
  @APIResponse(responseCode = "200", description = "A page of conversations")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public Page<InboxConversation> list(
      @Context SecurityContext security,
      @BeanParam Narrowing narrowing,
      @QueryParam("sort") @DefaultValue("newest") String sort,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    Caller caller = Access.caller(security);
    int most = Page.limit(limit);
    Inbox.Question question = narrowing.question(caller);
    var check = new Input();
    ConversationLists.Sort order = check.word("sort", sort, ConversationLists.Sort.class);
    check.done();
    return inbox.page(
        caller, question, order == null ? ConversationLists.Sort.NEWEST : order, after, most);
  }

  @GET
  @Path("/counts")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Count conversations",
      description =
          "How many the list has when it is narrowed in the same way, and how many of them are the caller's, nobody's and"
              + " unread; by status as if no status were named. Counting stops at 1,000: that much means that many or"
              + " more.")
  @APIResponse(responseCode = "200", description = "The counts")
  @APIResponse(responseCode = "400", description = "A parameter is not valid")
  public ConversationLists.Counts counts(
      @Context SecurityContext security, @BeanParam Narrowing narrowing) {
    Caller caller = Access.caller(security);
    return inbox.counts(caller, narrowing.question(caller));
  }

  @GET
  @Path("/{id}")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "Read a conversation",
      description =
          "What the list shows of it, and those who take part: the contact, and whoever here has read it. Without its"
              + " messages.")
  @APIResponse(responseCode = "200", description = "The conversation")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public InboxConversation get(@Context SecurityContext security, @PathParam("id") String id) {
    return inbox.find(Access.caller(security), Input.id(id, "conversation"));
  }

  @GET
  @Path("/{id}/history")
  @Requires(Permission.CONVERSATIONS_READ)
  @Operation(
      summary = "List what was done with a conversation",
      description =
          "Each change of status, priority and hands, the newest first: by whom, when, from what to what. `cause` tells why"
              + " it happened by itself.")
  @APIResponse(responseCode = "200", description = "A page of changes")
  @APIResponse(responseCode = "404", description = "There is no such conversation")
  public Page<DeskChange> history(
      @Context SecurityContext security,
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    int most = Page.limit(limit);
    return Page.of(
        inbox.history(
            Access.caller(security), Input.id(id, "conversation"), Page.decodeId(after), most),
        most,
        change -> change.id().toString());
  }
}
