package dev.parley.acceptance;

import static dev.parley.acceptance.World.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.Operations.Operation;
import dev.parley.acceptance.driver.Answer;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Tenant;
import dev.parley.acceptance.driver.Wait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation of the API document, called with one tenant's credentials and the other's ids, by every role and by
/// nobody. An operation that is not in the table here fails the test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryRouteTest {
  private static final String CANARY = "globexcanary";
  private static final String NOTHING = "0199d9a0-0000-7000-8000-000000000000";

  private final World world = World.shared();
  private final Tenant acme = world.tenants.acme();
  private final Tenant globex = world.tenants.globex();
  private final List<Operation> operations = Operations.of(world.server.api()).all();
  private final Map<String, String> theirs = new LinkedHashMap<>();

  /// What a call with somebody else's id must come to.
  private enum Expect {
    /// 404, and nothing of theirs.
    NOT_FOUND,
    /// A good answer with nothing of theirs.
    WITHOUT_THEIRS,
    /// It is about nobody's things, or only about one's own.
    NO_MATTER
  }

  /// @param fill which of their ids stand in the path for which placeholder, `{id}=contact` and so on
  private record Case(String fill, Expect expect, String body) {}

  private static final Map<String, Case> CASES = cases();

  private static Map<String, Case> cases() {
    var cases = new LinkedHashMap<String, Case>();
    for (String list :
        List.of(
            "projects",
            "users",
            "invitations",
            "api-keys",
            "audit",
            "channels",
            "contacts",
            "contact-fields",
            "conversations",
            "teams",
            "tags",
            "canned-replies",
            "saved-filters",
            "events",
            "event-log",
            "files",
            "dead-letters")) {
      cases.put("GET /api/v1/" + list, new Case("", Expect.WITHOUT_THEIRS, ""));
    }
    cases.put("GET /api/v1/retention", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("PUT /api/v1/retention", new Case("", Expect.WITHOUT_THEIRS, "{}"));
    // SetupTest sees what it takes to be let in.
    cases.put("GET /api/v1/setup", new Case("", Expect.NO_MATTER, ""));
    cases.put("POST /api/v1/setup", new Case("", Expect.NO_MATTER, "{}"));
    cases.put("GET /api/v1/health", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("GET /api/v1/api-log", new Case("", Expect.WITHOUT_THEIRS, ""));
    theirs(cases, "GET /api/v1/api-log/{id}", "{id}=call", "");
    cases.put("GET /api/v1/tenant", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("PATCH /api/v1/tenant", new Case("", Expect.WITHOUT_THEIRS, "{}"));
    // Ids stand in the query; NodesTest asks for a stranger's.
    cases.put("GET /api/v1/presence", new Case("", Expect.NO_MATTER, ""));
    cases.put("PUT /api/v1/me/presence", new Case("", Expect.NO_MATTER, "{\"state\":\"online\"}"));
    cases.put("GET /api/v1/auth/me", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("GET /api/v1/me", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("PATCH /api/v1/me", new Case("", Expect.WITHOUT_THEIRS, "{}"));
    cases.put("GET /api/v1/me/devices", new Case("", Expect.WITHOUT_THEIRS, ""));
    theirs(cases, "DELETE /api/v1/me/devices/{id}", "{id}=device", "");
    own(cases, "invitations", "invitation", null);
    theirs(cases, "POST /api/v1/invitations/{id}/resend", "{id}=invitation", "");
    own(cases, "projects", "project", "{\"name\":\"Taken\"}");
    own(cases, "users", "user", "{\"name\":\"Taken\"}");
    own(cases, "api-keys", "key", null);
    own(cases, "channels", "channel", "{\"name\":\"Taken\"}");
    own(cases, "contacts", "contact", "{\"name\":\"Taken\"}");
    own(cases, "contact-fields", "contactField", "{\"name\":\"Taken\"}");
    own(cases, "conversations", "conversation", "{\"priority\":\"high\"}");
    inbox(cases);
    own(cases, "dead-letters", "letter", null);
    own(cases, "files", "file", null);
    theirs(cases, "POST /api/v1/files/{id}/links", "{id}=file", "");
    theirs(cases, "POST /api/v1/files/{id}/complete", "{id}=upload", "");
    theirs(cases, "PATCH /api/v1/files/uploads/{id}", "{id}=upload", "");
    theirs(cases, "DELETE /api/v1/files/uploads/{id}", "{id}=upload", "");
    cases.put("POST /api/v1/files/verification", new Case("", Expect.WITHOUT_THEIRS, "{}"));
    for (String made : List.of("files", "files/uploads", "files/presigned")) {
      cases.put("POST /api/v1/" + made, new Case("", Expect.NO_MATTER, "{}"));
    }
    theirs(cases, "POST /api/v1/users/{id}/reset-password", "{id}=user", "");
    theirs(cases, "POST /api/v1/channels/{id}/test", "{id}=channel", "");
    theirs(cases, "GET /api/v1/channels/{id}/notices", "{id}=channel", "");
    theirs(cases, "GET /api/v1/channels/{channel}/desk", "{channel}=channel", "");
    theirs(
        cases, "PUT /api/v1/channels/{channel}/desk", "{channel}=channel", "{\"desk\":\"inbox\"}");
    genesys(cases);
    String checks = "/api/v1/channels/{channel}/checks";
    theirs(cases, "GET " + checks, "{channel}=channel", "");
    theirs(cases, "POST " + checks, "{channel}=channel", "");
    theirs(cases, "POST " + checks + "/message", "{channel}=channel", "{\"to\":\"+16505551234\"}");
    String templates = "/api/v1/channels/{channel}/templates";
    String ofChannel = "{channel}=channel";
    String template = "{channel}=channel {id}=template";
    theirs(cases, "GET " + templates, ofChannel, "");
    theirs(
        cases,
        "POST " + templates,
        ofChannel,
        "{\"name\":\"x\",\"language\":\"en_US\",\"category\":\"utility\",\"components\":[]}");
    theirs(cases, "POST " + templates + "/sync", ofChannel, "");
    theirs(cases, "GET " + templates + "/{id}", template, "");
    theirs(cases, "PATCH " + templates + "/{id}", template, "{}");
    theirs(cases, "DELETE " + templates + "/{id}", template, "");
    theirs(cases, "POST " + templates + "/{id}/preview", template, "{}");
    theirs(cases, "POST /api/v1/conversations/{id}/read", "{id}=conversation", "{}");
    theirs(cases, "POST /api/v1/dead-letters/{id}/retry", "{id}=letter", "");
    // Of their own; AdminListsTest sees that the other tenant's stay.
    for (String many : List.of("retry", "drop")) {
      cases.put("POST /api/v1/dead-letters/" + many, new Case("", Expect.NO_MATTER, "{}"));
    }
    String messages = "/api/v1/conversations/{conversation}/messages";
    String both = "{conversation}=conversation {id}=message";
    theirs(cases, "GET " + messages, "{conversation}=conversation", "");
    theirs(
        cases,
        "POST " + messages,
        "{conversation}=conversation",
        "{\"content\":{\"type\":\"text\",\"body\":\"x\"}}");
    theirs(cases, "GET " + messages + "/{id}", both, "");
    theirs(cases, "POST " + messages + "/{id}/retry", both, "");
    chats(cases, messages, both);
    theirs(cases, "POST " + messages + "/{id}/media/retry", both, "");
    theirs(
        cases,
        "POST /api/v1/conversations",
        "",
        "{\"channelId\":\"{channel}\",\"contactId\":\"{contact}\"}");
    // Making something takes no id of anybody; that the result is one's own is seen in the lists.
    for (String made :
        List.of(
            "projects",
            "users",
            "invitations",
            "api-keys",
            "channels",
            "contacts",
            "contact-fields")) {
      cases.put("POST /api/v1/" + made, new Case("", Expect.NO_MATTER, "{}"));
    }
    // What the public ones do with another tenant's links is in AccountsTest.
    for (String auth :
        List.of(
            "login",
            "refresh",
            "logout",
            "logout-everywhere",
            "password",
            "register",
            "verify-email",
            "resend-verification",
            "forgot-password",
            "reset-password",
            "accept-invitation")) {
      cases.put("POST /api/v1/auth/" + auth, new Case("", Expect.NO_MATTER, "{}"));
    }
    // By a cookie, and for pages of this server alone; BrowserSignInTest shows what they do with
    // another tenant's.
    for (String session :
        List.of(
            "POST /api/v1/auth/session",
            "POST /api/v1/auth/session/refresh",
            "DELETE /api/v1/auth/session")) {
      cases.put(session, new Case("", Expect.NO_MATTER, ""));
    }
    cases.put("POST /api/v1/stream/tickets", new Case("", Expect.NO_MATTER, ""));
    // The operator's; a tenant's roles are refused, which the test of roles shows.
    for (String operators :
        List.of(
            "GET /api/v1/tenants",
            "POST /api/v1/tenants",
            "GET /api/v1/tenants/{id}",
            "PATCH /api/v1/tenants/{id}",
            "DELETE /api/v1/tenants/{id}",
            "POST /api/v1/tenants/{id}/suspend",
            "POST /api/v1/tenants/{id}/resume")) {
      cases.put(operators, new Case("{id}=tenant", Expect.NO_MATTER, "{}"));
    }
    cases.put("GET /api/v1/roles", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("GET /api/v1/channels/kinds", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("GET /.well-known/jwks.json", new Case("", Expect.WITHOUT_THEIRS, ""));
    return cases;
  }

  /// Connections with Genesys Cloud, and what goes to its desk.
  private static void genesys(Map<String, Case> cases) {
    String list = "/api/v1/genesys/integrations";
    cases.put("GET " + list, new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("POST " + list, new Case("", Expect.NO_MATTER, "{}"));
    own(cases, "genesys/integrations", "integration", "{\"name\":\"Taken\"}");
    theirs(cases, "POST " + list + "/{id}/provision", "{id}=integration", "");
    theirs(cases, "GET " + list + "/{id}/checks", "{id}=integration", "");
    theirs(cases, "POST " + list + "/{id}/checks", "{id}=integration", "");
    for (String method : List.of("GET", "DELETE")) {
      theirs(cases, method + " " + list + "/{id}/widget", "{id}=integration", "");
    }
    theirs(cases, "PUT " + list + "/{id}/widget", "{id}=integration", "{\"clientId\":\"taken\"}");
    // They take no id of a conversation: it is the session's. GenesysWidgetTest comes with others'.
    for (String widget :
        List.of(
            "POST /sign-ins",
            "POST /sessions",
            "GET /session",
            "DELETE /session",
            "GET /conversation",
            "GET /messages",
            "POST /messages",
            "GET /notes",
            "GET /suggestions",
            "GET /templates",
            "POST /templates/{id}/preview")) {
      cases.put(
          widget.replace(" ", " /api/v1/genesys/widget"), new Case("", Expect.NO_MATTER, "{}"));
    }
    theirs(cases, "POST " + list + "/{id}/webhook-secret", "{id}=integration", "");
    cases.put("GET /api/v1/genesys/health", new Case("", Expect.WITHOUT_THEIRS, ""));
    String desk = "/api/v1/conversations/{conversation}/desk";
    theirs(cases, "GET " + desk, "{conversation}=conversation", "");
    theirs(cases, "PUT " + desk, "{conversation}=conversation", "{\"desk\":\"inbox\"}");
  }

  /// What agents do at the desk, and what it is run with.
  private static void inbox(Map<String, Case> cases) {
    cases.put("GET /api/v1/conversations/counts", new Case("", Expect.WITHOUT_THEIRS, ""));
    String one = " /api/v1/conversations/{id}";
    theirs(cases, "GET" + one + "/history", "{id}=conversation", "");
    theirs(cases, "PUT" + one + "/assignment", "{id}=conversation", "{\"assigneeId\":\"\"}");
    String tagged = "{id}=conversation {tagId}=tag";
    theirs(cases, "PUT" + one + "/tags/{tagId}", tagged, "");
    theirs(cases, "DELETE" + one + "/tags/{tagId}", tagged, "");
    own(cases, "teams", "team", "{\"name\":\"Taken\"}");
    own(cases, "tags", "tag", "{\"name\":\"Taken\"}");
    theirs(cases, "GET /api/v1/teams/{id}/members", "{id}=team", "");
    theirs(cases, "POST /api/v1/teams/{id}/members", "{id}=team", "{\"userIds\":[\"{user}\"]}");
    theirs(cases, "DELETE /api/v1/teams/{id}/members/{userId}", "{id}=team {userId}=user", "");
    theirs(cases, "GET" + one + "/notes", "{id}=conversation", "");
    theirs(cases, "POST" + one + "/notes", "{id}=conversation", "{\"text\":\"Taken\"}");
    String note = "{id}=conversation {noteId}=note";
    theirs(cases, "PATCH" + one + "/notes/{noteId}", note, "{\"text\":\"Taken\"}");
    theirs(cases, "DELETE" + one + "/notes/{noteId}", note, "");
    own(cases, "canned-replies", "reply", "{\"text\":\"Taken\"}");
    theirs(cases, "DELETE /api/v1/saved-filters/{id}", "{id}=filter", "");
    theirs(cases, "PATCH /api/v1/saved-filters/{id}", "{id}=filter", "{\"name\":\"Taken\"}");
    for (String made : List.of("teams", "tags", "canned-replies", "saved-filters")) {
      cases.put("POST /api/v1/" + made, new Case("", Expect.NO_MATTER, "{}"));
    }
  }

  /// Conversations among users, and what is done with messages of any conversation.
  private static void chats(Map<String, Case> cases, String messages, String both) {
    for (String things : List.of("messages", "contacts", "users")) {
      cases.put(
          "GET /api/v1/search/" + things, new Case("?q=" + CANARY, Expect.WITHOUT_THEIRS, ""));
    }
    cases.put("GET /api/v1/chats", new Case("", Expect.WITHOUT_THEIRS, ""));
    cases.put("GET /api/v1/chats/public", new Case("", Expect.WITHOUT_THEIRS, ""));
    theirs(cases, "POST /api/v1/chats", "", "{\"kind\":\"direct\",\"userId\":\"{user}\"}");
    own(cases, "chats", "chat", "{\"title\":\"Taken\"}");
    String chat = "{id}=chat";
    for (String act : List.of("archive", "unarchive", "read", "join", "leave")) {
      theirs(cases, "POST /api/v1/chats/{id}/" + act, chat, act.equals("read") ? "{}" : "");
    }
    theirs(cases, "PATCH /api/v1/chats/{id}/me", chat, "{\"archived\":true}");
    String participants = " /api/v1/chats/{id}/participants";
    theirs(cases, "GET" + participants, chat, "");
    theirs(cases, "POST" + participants, chat, "{\"userIds\":[\"{user}\"]}");
    theirs(
        cases,
        "PATCH" + participants + "/{userId}",
        chat + " {userId}=user",
        "{\"role\":\"admin\"}");
    theirs(cases, "DELETE" + participants + "/{userId}", chat + " {userId}=user", "");
    String one = " " + messages + "/{id}";
    theirs(cases, "PATCH" + one, both, "{\"content\":{\"type\":\"text\",\"body\":\"Taken\"}}");
    theirs(cases, "DELETE" + one, both, "");
    for (String view : List.of("edits", "around", "thread", "receipts")) {
      theirs(cases, "GET" + one + "/" + view, both, "");
    }
    theirs(cases, "POST" + one + "/reactions", both, "{\"emoji\":\"👍\"}");
    theirs(cases, "DELETE" + one + "/reactions/{emoji}", both + " {emoji}=emoji", "");
    theirs(cases, "POST" + one + "/pin", both, "");
    theirs(cases, "DELETE" + one + "/pin", both, "");
    theirs(
        cases, "GET /api/v1/conversations/{conversation}/pins", "{conversation}=conversation", "");
  }

  /// Reading, changing and deleting one of their things.
  private static void own(
      Map<String, Case> cases, String list, String thing, @Nullable String patch) {
    String path = " /api/v1/" + list + "/{id}";
    String fill = "{id}=" + thing;
    theirs(cases, "GET" + path, fill, "");
    theirs(cases, "DELETE" + path, fill, "");
    theirs(cases, "PATCH" + path, fill, patch == null ? "{}" : patch);
  }

  private static void theirs(Map<String, Case> cases, String operation, String fill, String body) {
    cases.put(operation, new Case(fill, Expect.NOT_FOUND, body));
  }

  @BeforeAll
  void giveGlobexOneOfEach() {
    String customer = World.customer();
    world.sandbox.write(
        globex.number(),
        customer,
        Json.of(
            "type", "text", "text", Json.of("body", CANARY), "profileName", CANARY + " customer"));
    JsonNode conversation = globex.api().awaitConversation(customer, SOON);
    theirs.put("conversation", conversation.path("id").asText());
    theirs.put("contact", conversation.path("contactId").asText());
    theirs.put(
        "message",
        globex.api().sendText(conversation.path("id").asText(), CANARY).path("id").asText());
    theirs.put("channel", globex.channelId());
    theirs.put("tenant", globex.id());
    String templates = "/api/v1/channels/" + globex.channelId() + "/templates";
    globex.as("admin").post(templates + "/sync", Json.of()).ok();
    theirs.put("template", globex.list(templates).getFirst().path("id").asText());
    Api admin = globex.as("admin");
    theirs.put(
        "project",
        admin
            .post("/api/v1/projects", Json.of("name", CANARY + customer))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "user",
        admin
            .createUser(
                CANARY + customer + "@globex.example", CANARY, "agent", Tenant.password("globex"))
            .path("id")
            .asText());
    for (String thing : List.of("team", "tag")) {
      theirs.put(
          thing,
          admin
              .post("/api/v1/" + thing + "s", Json.of("name", CANARY + customer))
              .ok()
              .path("id")
              .asText());
    }
    theirs.put(
        "contactField",
        admin
            .post(
                "/api/v1/contact-fields",
                Json.of("key", "canary" + customer, "name", CANARY, "type", "text"))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "integration",
        admin
            .post(
                "/api/v1/genesys/integrations",
                Json.of(
                    "name",
                    CANARY,
                    "region",
                    "genesys.invalid",
                    "clientId",
                    CANARY,
                    "clientSecret",
                    "secret"))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "note",
        admin
            .post(
                "/api/v1/conversations/" + theirs.get("conversation") + "/notes",
                Json.of("text", CANARY))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "reply",
        admin
            .post("/api/v1/canned-replies", Json.of("shortcut", CANARY + customer, "text", CANARY))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "filter",
        admin
            .post(
                "/api/v1/saved-filters",
                Json.of("name", CANARY + customer, "query", Json.of(), "shared", true))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "chat",
        admin
            .post(
                "/api/v1/chats",
                Json.of(
                    "kind", "group", "title", CANARY, "description", CANARY, "privacy", "public"))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "device", Api.items(admin.get("/api/v1/me/devices").ok()).getFirst().path("id").asText());
    admin
        .patch(
            "/api/v1/tenant",
            Json.of("settings", Json.of("registration", Json.of("mode", "invited"))))
        .ok();
    theirs.put(
        "invitation",
        admin
            .post(
                "/api/v1/invitations",
                Json.of("email", CANARY + customer + "@new.example", "role", "agent"))
            .ok()
            .path("id")
            .asText());
    theirs.put(
        "file",
        globex
            .api()
            .with("Content-Type", "text/plain")
            .call("POST", "/api/v1/files?name=" + CANARY, CANARY)
            .ok()
            .path("id")
            .asText());
    String upload =
        String.valueOf(
            globex
                .api()
                .with("Tus-Resumable", "1.0.0")
                .with("Upload-Length", "10")
                .call("POST", "/api/v1/files/uploads", null)
                .expect(201)
                .header("Location"));
    theirs.put("upload", upload.substring(upload.lastIndexOf('/') + 1));
    theirs.put(
        "call",
        Wait.until(
                "a call is logged",
                SOON,
                () -> Api.items(admin.get("/api/v1/api-log?limit=1").ok()),
                calls -> !calls.isEmpty())
            .getFirst()
            .path("id")
            .asText());
    theirs.put("key", admin.createKey(CANARY, List.of("contacts:read")).path("id").asText());
    globex
        .post(world.server.url(), (CANARY + customer).getBytes(StandardCharsets.UTF_8))
        .expect(200);
    theirs.put(
        "letter",
        Wait.until(
                "a dead letter",
                SOON,
                () -> globex.list("/api/v1/dead-letters"),
                letters -> letters.stream().anyMatch(l -> l.toString().contains(CANARY)))
            .getFirst()
            .path("id")
            .asText());
  }

  List<Operation> operations() {
    return operations;
  }

  List<Operation> guarded() {
    return operations.stream().filter(operation -> operation.permission() != null).toList();
  }

  @Test
  void theTableNamesEveryOperation() {
    var names = new TreeSet<String>();
    operations.forEach(operation -> names.add(operation.name()));
    names.removeIf(name -> name.contains(" /health") || name.contains(" /metrics"));

    assertThat(names).hasSizeGreaterThan(40);
    assertThat(names).allMatch(CASES::containsKey);
    assertThat(operations)
        .filteredOn(operation -> operation.permission() != null)
        .allMatch(operation -> Operations.PERMISSIONS.containsKey(operation.permission()));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void nobodySeesOrTouchesWhatIsOfAnotherTenant(Operation operation) {
    Case test = CASES.get(operation.name());
    if (test == null || test.expect() == Expect.NO_MATTER) {
      return;
    }
    String path = operation.path();
    for (String pair : test.fill().split(" ")) {
      String[] parts = pair.split("=");
      if (pair.startsWith("?")) {
        path += pair;
      } else if (parts.length == 2) {
        path = path.replace(parts[0], theirs.getOrDefault(parts[1], NOTHING));
      }
    }
    String body = test.body();
    for (Map.Entry<String, String> id : theirs.entrySet()) {
      body = body.replace("{" + id.getKey() + "}", id.getValue());
    }
    for (Api caller : List.of(acme.api(), acme.as("admin"))) {
      // A key cannot be given these, and is refused before anything is looked for.
      if (caller == acme.api()
          && List.of("self", "chat").contains(String.valueOf(operation.permission()))) {
        continue;
      }
      Answer answer = caller.call(operation.method(), path, body.isEmpty() ? null : body);

      if (test.expect() == Expect.NOT_FOUND) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(404);
      } else {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(theirs.values()).noneMatch(answer.text()::contains);
      }
      assertThat(answer.text()).doesNotContain(CANARY);
    }
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void aRoleMayExactlyWhatTheTableSays(Operation operation) {
    var wrong = new ArrayList<String>();
    for (String role : Tenant.ROLES) {
      Api caller = operation.path().contains("/auth/") ? leaving(role) : acme.as(role);
      int status = harmless(caller, operation);
      boolean allowed = operation.allows(role);
      if ((status != 403) != allowed || status >= 500) {
        wrong.add(role + " got " + status);
      }
    }
    assertThat(wrong).as(operation.name()).isEmpty();
  }

  /// Somebody else of that role: signing out would end the sign-ins that others use.
  private Api leaving(String role) {
    String email = "leaving-" + UUID.randomUUID() + "@acme.example";
    acme.as("admin").createUser(email, "Leaving", role, Tenant.password("acme"));
    return world.server.api().login(email, Tenant.password("acme"), "acme");
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void nobodyGetsInWithoutCredentials(Operation operation) {
    Api nobody = world.server.api();

    assertThat(harmless(nobody, operation)).as(operation.name()).isEqualTo(401);
    assertThat(harmless(nobody.withToken("no.good.token"), operation))
        .as(operation.name())
        .isEqualTo(401);
    assertThat(harmless(nobody.withKey("pk_no_good_key"), operation))
        .as(operation.name())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void aKeyMayOnlyWhatItsScopesSay(Operation operation) {
    String other = "contacts:read".equals(operation.permission()) ? "audit:read" : "contacts:read";
    Api caller = world.server.api().withKey(keyWith(other));

    assertThat(harmless(caller, operation)).as(operation.name()).isEqualTo(403);
  }

  private final Map<String, String> keys = new LinkedHashMap<>();

  private String keyWith(String scope) {
    return keys.computeIfAbsent(
        scope, only -> acme.as("admin").createKey(only, List.of(only)).path("secret").asText());
  }

  /// Calls it with ids of nothing and an empty body.
  private static int harmless(Api caller, Operation operation) {
    String path = operation.path().replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
    return caller.call(operation.method(), path, operation.hasBody() ? "{}" : null).status();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void theDocumentDescribesIt(Operation operation) {
    JsonNode document = operation.document();
    var missing = new ArrayList<String>();
    if (document.path("summary").asText().isBlank()) {
      missing.add("summary");
    }
    if (document.path("description").asText().isBlank()) {
      missing.add("description");
    }
    boolean problem =
        document.path("responses").properties().stream()
            .anyMatch(response -> response.getKey().matches("[45]..|default"));
    if (!problem && operation.path().startsWith("/api/")) {
      missing.add("a problem");
    }
    if (operation.hasBody()) {
      document
          .path("requestBody")
          .path("content")
          .forEach(
              content -> {
                if (content.path("schema").isEmpty() && content.path("examples").isEmpty()) {
                  missing.add("a schema or an example");
                }
              });
    }

    assertThat(missing).as(operation.name()).isEmpty();
  }
}
