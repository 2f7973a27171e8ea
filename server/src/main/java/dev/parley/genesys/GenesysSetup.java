package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.SetupCheck;
import dev.parley.channels.SetupCheck.Found;
import dev.parley.channels.SetupCheckStore;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.OutboundHttp;
import dev.parley.platform.http.WebhookIntake;
import dev.parley.platform.json.Json;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Looks at each part of an integration's set-up: the OAuth client by a call, its permission by a receipt that cannot
/// be one (which is refused as malformed by who may send receipts, and as forbidden otherwise), the integration and the
/// address of its webhook as Genesys knows them, and whether that address answers from outside.
@Singleton
public final class GenesysSetup {
  private static final SetupCheckStore CHECKS =
      new SetupCheckStore("genesys_checks", "integration_id");
  private static final Logger LOG = Logger.getLogger(GenesysSetup.class);
  private static final String TOKEN = "token";
  private static final String INTEGRATION = "integration";
  private static final String PERMISSION = "permission";
  private static final String WEBHOOK = "webhook";
  private static final String REACHABLE = "reachable";
  private static final List<String> ORDER =
      List.of(TOKEN, INTEGRATION, PERMISSION, WEBHOOK, REACHABLE);
  private static final int MOST = 1_000;
  private static final int INTEGRATIONS = 100;

  private final Integrations integrations;
  private final GenesysClient client;
  private final OutboundHttp http;
  private final TenantDb db;
  private final Config config;
  private final InstantSource clock;

  GenesysSetup(
      Integrations integrations,
      GenesysClient client,
      OutboundHttp http,
      TenantDb db,
      Config config,
      InstantSource clock) {
    this.integrations = integrations;
    this.client = client;
    this.http = http;
    this.db = db;
    this.config = config;
    this.clock = clock;
  }

  /// Where Genesys has to send its webhooks.
  static String webhook(Config config, UUID integration) {
    return config.publicUrl() + WebhookIntake.path(GenesysWebhook.NAME) + integration;
  }

  /// Looks at every part now; blocks until Genesys has answered or its time is over. Throws a problem when there is no
  /// such integration.
  List<SetupCheck> look(Caller caller, UUID id) {
    TenantId tenant = caller.inTenant();
    GenesysAccount account = integrations.account(tenant, id);
    List<Found> found = examine(account);
    Instant now = clock.instant();
    db.runInTenant(
        tenant,
        tx ->
            found.stream()
                .sorted(Comparator.comparing(Found::name))
                .forEach(one -> CHECKS.put(tx.sql(), tenant, id, one, now)));
    integrations.noteError(
        account,
        found.stream()
            .filter(one -> one.state() == SetupCheck.State.FAILED)
            .map(Found::detail)
            .findFirst()
            .orElse(null));
    return last(tenant, id);
  }

  /// What the last look has found; empty when nobody has looked.
  List<SetupCheck> last(TenantId tenant, UUID id) {
    return db.inTenant(tenant, tx -> CHECKS.all(tx.sql(), tenant, id, MOST)).stream()
        .sorted(Comparator.comparingInt(check -> ORDER.indexOf(check.name())))
        .toList();
  }

  /// What was last found about all integrations of a tenant.
  public List<SetupCheck> ofTenant(TenantId tenant) {
    return db.inTenant(tenant, tx -> CHECKS.all(tx.sql(), tenant, null, MOST));
  }

  /// Looks at every active integration of a tenant; one that cannot be looked at is logged and holds up no other.
  public void lookAtAll(TenantId tenant) {
    for (Integration integration : integrations.page(tenant, null, INTEGRATIONS)) {
      if (integration.state() == Integration.State.ACTIVE) {
        try {
          look(Caller.system(tenant), integration.id());
        } catch (RuntimeException e) {
          LOG.infof("set-up of genesys integration %s: %s", integration.id(), e.getMessage());
        }
      }
    }
  }

  private List<Found> examine(GenesysAccount account) {
    var found = new ArrayList<Found>();
    if (account.genesysId().isEmpty()) {
      found.add(token(client.get(account, GenesysClient.OPEN + "?pageSize=1")));
      found.add(
          Found.failed(
              INTEGRATION,
              "There is no integration at Genesys Cloud yet.",
              "Have it created, or give genesysId the id of one that is there."));
      return rest(found, "there is no integration.");
    }
    GenesysReply seen = client.get(account, GenesysClient.OPEN + "/" + account.genesysId());
    found.add(token(seen));
    if (found.getFirst().state() == SetupCheck.State.FAILED) {
      return rest(found, "the client is not let in.");
    }
    switch (seen) {
      case GenesysReply.Done(JsonNode there) -> {
        found.add(integration(there));
        found.add(permission(account));
        found.add(webhook(account, there));
        found.add(reachable(account));
      }
      case GenesysReply.Refused(int status, _) when status == 404 -> {
        found.add(
            Found.failed(
                INTEGRATION,
                "Genesys Cloud has no Open Messaging integration of this id.",
                "Compare genesysId with the id in Admin, Message, Platforms; or have it created."));
        return rest(found, "there is no integration.");
      }
      default -> {
        found.add(Found.unknown(INTEGRATION, "Not looked at: " + seen.cause()));
        found.add(permission(account));
        found.add(Found.unknown(WEBHOOK, "Not looked at: " + seen.cause()));
        found.add(reachable(account));
      }
    }
    return found;
  }

  private static List<Found> rest(List<Found> found, String why) {
    Stream<Found> unseen =
        ORDER.stream().skip(found.size()).map(name -> Found.unknown(name, "Not looked at: " + why));
    return Stream.concat(found.stream(), unseen).toList();
  }

  private static Found token(GenesysReply seen) {
    return switch (seen) {
      case GenesysReply.Refused(int status, String detail) when status == 401 ->
          Found.failed(
              TOKEN,
              "Genesys Cloud does not let the client in: " + detail,
              "Compare region, client id and secret with the OAuth client in Admin, Integrations, OAuth; its grant"
                  + " type is Client Credentials.");
      case GenesysReply.Later later -> Found.unknown(TOKEN, "Not looked at: " + later.cause());
      case GenesysReply.Unknown unknown ->
          Found.unknown(TOKEN, "Not looked at: " + unknown.cause());
      default -> Found.ok(TOKEN, "Genesys Cloud lets the client in.");
    };
  }

  private static Found integration(JsonNode there) {
    String name = there.path("name").asText("");
    return switch (there.path("createStatus").asText("Completed")) {
      case "Completed" -> Found.ok(INTEGRATION, "Genesys Cloud has it as " + name + ".");
      case "Initiated" ->
          Found.warning(
              INTEGRATION, "Genesys Cloud is still creating it.", "Wait, then look again.");
      default ->
          Found.failed(
              INTEGRATION,
              "Genesys Cloud could not create it: "
                  + there.path("createError").path("message").asText("no reason given"),
              "Delete it there, and have it created again.");
    };
  }

  private Found permission(GenesysAccount account) {
    return switch (client.receipt(account, Json.MAPPER.createObjectNode())) {
      case GenesysReply.Refused(int status, _) when status == 403 ->
          Found.failed(
              PERMISSION,
              "The client may not send messages and receipts.",
              "Give the OAuth client a role with Conversation > Message > Receive.");
      case GenesysReply.Refused(int status, _) when status == 400 ->
          Found.ok(PERMISSION, "The client may send messages and receipts.");
      case GenesysReply.Done _ ->
          Found.ok(PERMISSION, "The client may send messages and receipts.");
      case GenesysReply reply -> Found.unknown(PERMISSION, "Not seen: " + reply.cause());
    };
  }

  private Found webhook(GenesysAccount account, JsonNode there) {
    String ours = webhook(config, account.id());
    String theirs = there.path("outboundNotificationWebhookUrl").asText("");
    if (!theirs.equals(ours)) {
      return Found.failed(
          WEBHOOK,
          theirs.isEmpty()
              ? "Genesys Cloud has no address for webhooks."
              : "Genesys Cloud sends webhooks to " + theirs + ".",
          "Set the webhook URL of the integration to " + ours + ", or have it brought up to date.");
    }
    URI address = URI.create(ours);
    boolean usual =
        "https".equals(address.getScheme())
            && (address.getPort() == -1 || address.getPort() == 443);
    return usual
        ? Found.ok(WEBHOOK, "Genesys Cloud sends webhooks to this installation.")
        : Found.warning(
            WEBHOOK,
            "Genesys Cloud takes https on port 443 only; the address is " + ours + ".",
            "Set public.url to such an address.");
  }

  private Found reachable(GenesysAccount account) {
    String ours = webhook(config, account.id());
    try {
      OutboundHttp.Reply reply =
          http.send(
              new OutboundHttp.Request(
                  "GET", URI.create(ours), Map.of(), null, Duration.ofSeconds(10), 64 << 10));
      return reply.status() == 204
          ? Found.ok(REACHABLE, "The webhook's address leads to this installation.")
          : Found.failed(
              REACHABLE,
              "The webhook's address answers "
                  + reply.status()
                  + ", which is not this installation.",
              "Look at public.url and at the proxy in front of Parley.");
    } catch (OutboundHttp.NotMade e) {
      return e.forbidden()
          ? Found.unknown(REACHABLE, "Not looked at: " + e.getMessage())
          : Found.warning(
              REACHABLE,
              "The webhook's address cannot be reached from here: " + e.getMessage(),
              "Look at public.url; the address must be reachable from the internet.");
    } catch (OutboundHttp.Unanswered e) {
      return Found.warning(
          REACHABLE,
          "The webhook's address gives no answer: " + e.getMessage(),
          "Look at public.url and at the proxy in front of Parley.");
    }
  }
}
