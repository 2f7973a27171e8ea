package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.sandbox.genesys.GenesysSandbox;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The emulator of Genesys Cloud in this process, steered by its own HTTP API. Each tenant has an organisation of its
/// slug there.
public final class Genesys implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final GenesysSandbox server;
  private final Api control;

  private Genesys(GenesysSandbox server) {
    this.server = server;
    this.control = Api.of(server.url());
  }

  /// Starts one on a free port.
  public static Genesys start() {
    return new Genesys(GenesysSandbox.start("127.0.0.1", 0));
  }

  /// What stands in place of `https://login.{region}` and of `https://api.{region}`.
  public URI url() {
    return server.url();
  }

  /// For `http.allow`.
  public String hostAndPort() {
    return url().getAuthority();
  }

  /// A connection of a tenant with its organisation.
  ///
  /// @param id Parley's id of the integration
  /// @param genesysId Genesys' own
  public record Connection(String organization, String id, String genesysId) {}

  /// Registers an organisation for the tenant, connects it, and lets the conversations of the tenant's WhatsApp channel
  /// be answered there.
  public Connection connect(Tenant tenant) {
    return connect(tenant.slug(), tenant.api(), tenant.channelId());
  }

  /// The same for a tenant known by its slug, a caller who may set it up, and a channel.
  public Connection connect(String slug, Api api, String channelId) {
    register(slug);
    String id =
        api.post(
                "/api/v1/genesys/integrations",
                Json.of(
                    "name",
                    "Genesys of " + slug,
                    "region",
                    "genesys.example",
                    "clientId",
                    "client-" + slug,
                    "clientSecret",
                    clientSecret(slug)))
            .ok()
            .path("id")
            .asText();
    api.post("/api/v1/genesys/integrations/" + id + "/provision", Json.of()).ok();
    JsonNode made =
        Wait.until(
            "the integration is created",
            PATIENCE,
            () -> api.get("/api/v1/genesys/integrations/" + id).ok(),
            one -> one.path("createStatus").asText().equals("completed"));
    api.call(
            "PUT",
            "/api/v1/channels/" + channelId + "/desk",
            Json.write(Json.of("desk", "genesys", "integrationId", id)))
        .ok();
    return new Connection(slug, id, made.path("genesysId").asText());
  }

  /// Makes a supported content profile that lets files of this MIME type alone in; answers its id.
  public String profile(String organization, String mime) {
    String pair = "client-" + organization + ":genesyscanary-of-" + organization;
    String token =
        Http.call(
                "POST",
                url().resolve("/oauth/token"),
                Map.of(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1)),
                    "Content-Type",
                    "application/x-www-form-urlencoded"),
                "grant_type=client_credentials".getBytes(StandardCharsets.ISO_8859_1))
            .ok()
            .path("access_token")
            .asText();
    JsonNode allow = Json.of("inbound", List.of(Json.of("type", mime)));
    return control
        .withToken(token)
        .post(
            "/api/v2/conversations/messaging/supportedcontent",
            Json.of("name", "only " + mime, "mediaTypes", Json.of("allow", allow)))
        .ok()
        .path("id")
        .asText();
  }

  /// Switches the agents' widget of a connection on, with these agents; the first of them takes conversations.
  public void widget(Connection connection, Api api, String... agents) {
    JsonNode widget =
        api.call(
                "PUT",
                "/api/v1/genesys/integrations/" + connection.id() + "/widget",
                Json.write(Json.of("clientId", "widget-" + connection.organization())))
            .ok();
    var users = new ArrayList<JsonNode>();
    for (String agent : agents) {
      users.add(
          Json.of(
              "id",
              agent,
              "name",
              agent + " of " + connection.organization(),
              "email",
              agent + "@" + connection.organization() + ".example"));
    }
    put(
        connection.organization(),
        "",
        Json.of(
            "widgetClientId",
            "widget-" + connection.organization(),
            "widgetUrl",
            widget.path("url").asText(),
            "redirectUris",
            List.of(widget.path("redirectUri").asText()),
            "users",
            users));
  }

  /// Who has a session in the browser; null for nobody.
  public void signedIn(String organization, @Nullable String agent) {
    put(organization, "", Json.of("signedIn", agent));
  }

  /// An agent comes into a conversation, lets it ring, or leaves it: `connected`, `alerting`, `disconnected`.
  public void stands(String organization, String conversation, String agent, String state) {
    control
        .post(
            path(organization) + "/conversations/" + conversation + "/participants",
            Json.of("userId", agent, "state", state))
        .ok();
  }

  /// Where Genesys' login sends a browser that has come to this address.
  public URI login(String authorizeUrl) {
    URI to = URI.create(authorizeUrl);
    Answer answer = control.get(to.getRawPath() + "?" + to.getRawQuery()).expect(302);
    return URI.create(String.valueOf(answer.header("Location")));
  }

  /// The page in place of the agent's desktop, with the widget in a frame.
  public String desktop(String organization, String conversation, String more) {
    return "%s/desktop/%s?conversation=%s%s".formatted(url(), organization, conversation, more);
  }

  /// Makes an organisation with a client of which [#clientSecret] is the secret.
  public void register(String slug) {
    put(slug, "", Json.of("clientId", "client-" + slug, "clientSecret", clientSecret(slug)));
    behave(slug, Json.of("integrationMs", 50));
  }

  /// What the client of an organisation comes in with.
  public static String clientSecret(String slug) {
    return "genesyscanary-of-" + slug;
  }

  /// Changes how an organisation behaves.
  public void behave(String organization, JsonNode changes) {
    put(organization, "/behaviour", changes);
  }

  /// Replaces the faults; none heals it.
  public void faults(String organization, JsonNode... faults) {
    put(organization, "/faults", Json.array(List.of(faults)));
  }

  /// What the agent answers by itself.
  public void script(String organization, JsonNode... rules) {
    put(organization, "/script", Json.array(List.of(rules)));
  }

  /// Makes every token of the organisation worthless.
  public void revokeTokens(String organization) {
    control.post(path(organization) + "/tokens/revoke", Json.of()).ok();
  }

  /// Every call of that kind, the oldest first.
  public List<JsonNode> calls(String organization, String kind) {
    return ledger(organization, "calls?kind=" + kind);
  }

  /// The messages that were taken, the oldest first.
  public List<JsonNode> messages(String organization) {
    return calls(organization, "message").stream()
        .filter(call -> call.path("accepted").asBoolean())
        .toList();
  }

  /// Every conversation with its messages, the oldest first.
  public List<JsonNode> conversations(String organization) {
    return ledger(organization, "conversations");
  }

  /// The conversation with that customer, as soon as there is one.
  public JsonNode awaitConversation(String organization, String customer) {
    return Wait.until(
            "Genesys has a conversation with " + customer,
            PATIENCE,
            () ->
                conversations(organization).stream()
                    .filter(one -> one.at("/from/id").asText().endsWith(customer))
                    .toList(),
            found -> !found.isEmpty())
        .getLast();
  }

  /// The conversation with that customer, as soon as that agent has taken it.
  public JsonNode awaitTaken(String organization, String customer, String agent) {
    String id = awaitConversation(organization, customer).path("id").asText();
    return Wait.until(
        agent + " has taken it",
        PATIENCE,
        () -> conversation(organization, id),
        one -> {
          for (JsonNode participant : one.path("participants")) {
            if (participant.path("userId").asText().equals(agent)
                && participant.path("state").asText().equals("connected")) {
              return true;
            }
          }
          return false;
        });
  }

  /// One conversation.
  public JsonNode conversation(String organization, String id) {
    return control.get(path(organization) + "/conversations/" + id).ok();
  }

  /// The agent does something; answers the webhook's id, empty when nobody is told.
  public String act(String organization, String conversation, JsonNode act) {
    return control
        .post(path(organization) + "/conversations/" + conversation + "/acts", act)
        .ok()
        .path("id")
        .asText();
  }

  /// The agent writes a text; answers the webhook's id.
  public String say(String organization, String conversation, String text) {
    return act(organization, conversation, Json.of("type", "text", "text", text));
  }

  /// Delivers any body once and answers the status; `signature` is `good`, `wrong`, `hex` or `none`.
  public int webhook(Connection connection, JsonNode body, String signature) {
    return control
        .post(
            "%s/integrations/%s/webhooks?wait=true&signature=%s"
                .formatted(path(connection.organization()), connection.genesysId(), signature),
            body)
        .ok()
        .path("status")
        .asInt();
  }

  /// Every attempt to deliver a webhook, the oldest first.
  public List<JsonNode> deliveries(String organization) {
    return ledger(organization, "deliveries");
  }

  /// How often what was taken, refused, came twice.
  public JsonNode counts(String organization) {
    return control.get(path(organization) + "/counts").ok();
  }

  private List<JsonNode> ledger(String organization, String what) {
    var all = new ArrayList<JsonNode>();
    long after = 0;
    while (true) {
      String separator = what.contains("?") ? "&" : "?";
      JsonNode page =
          control
              .get(
                  "%s/%s%slimit=1000&after=%d"
                      .formatted(path(organization), what, separator, after))
              .ok()
              .path("data");
      if (page.isEmpty()) {
        return all;
      }
      page.forEach(all::add);
      after = all.getLast().path("number").asLong();
    }
  }

  private void put(String organization, String what, JsonNode body) {
    control.call("PUT", path(organization) + what, Json.write(body)).ok();
  }

  private static String path(String organization) {
    return "/sandbox/organizations/" + organization;
  }

  @Override
  public void close() {
    server.close();
  }
}
