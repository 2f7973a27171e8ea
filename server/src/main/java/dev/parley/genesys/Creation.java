package dev.parley.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.config.Config;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Problem;
import dev.parley.platform.json.Json;
import dev.parley.platform.timers.Timers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Creates integrations at Genesys Cloud and brings those that are there up to date.
///
/// Genesys creates in the background, so its `createStatus` is asked for until it is no longer `Initiated`, by a timer
/// that outlives this process. Whoever dies between creating and noting the id finds the integration again by the
/// address of its webhook.
@Singleton
public final class Creation {
  /// The kind of timer that asks how far Genesys is; its id is the integration's.
  static final String TIMER = "genesys-creation";

  private static final Logger LOG = Logger.getLogger(Creation.class);
  private static final Duration ASK = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MOST_SECRETS = 5;
  private static final int PAGES = 20;
  private static final int PAGE = 100;

  private final Integrations integrations;
  private final GenesysClient client;
  private final Timers timers;
  private final Config config;
  private final InstantSource clock;

  /// Asks by `timers`.
  public Creation(
      Integrations integrations,
      GenesysClient client,
      Timers timers,
      Config config,
      InstantSource clock) {
    this.integrations = integrations;
    this.client = client;
    this.timers = timers;
    this.config = config;
    this.clock = clock;
    timers.kind(TIMER, (tenant, id) -> ask(tenant, UUID.fromString(id)));
  }

  /// Creates the integration at Genesys, or tells the one that is there its name, the webhook's address and its secret.
  /// Throws a [Problem] when there is none of that id here, or Genesys refuses.
  Integration provision(Caller caller, UUID id) {
    GenesysAccount account = integrations.account(caller.inTenant(), id);
    String known = account.genesysId().isEmpty() ? adopt(account) : account.genesysId();
    JsonNode there =
        known == null
            ? done(client.call(account, "POST", GenesysClient.OPEN, body(account)))
            : done(client.call(account, "PATCH", GenesysClient.OPEN + "/" + known, body(account)));
    return keep(caller, id, there);
  }

  /// Has Genesys sign with a new secret, and takes the one before until the next rotation, so that nothing is refused
  /// that is on its way. Where it is not known whether Genesys has taken the new one, all are good until a rotation ends
  /// well. Throws a [Problem] when there is none of that id here, none at Genesys, or Genesys refuses.
  Integration rotateSecret(Caller caller, UUID id) {
    if (integrations.account(caller.inTenant(), id).genesysId().isEmpty()) {
      throw new Problem(
          Problem.Code.WRONG_STATE,
          "There is no integration at Genesys Cloud yet: create it first.");
    }
    Secret fresh = Secret.random(32);
    integrations.changeSecrets(
        caller,
        id,
        known -> Stream.concat(Stream.of(fresh), known.stream().limit(MOST_SECRETS - 1)).toList());
    provision(caller, id);
    return integrations.changeSecrets(
        caller, id, known -> known.subList(0, Math.min(known.size(), 2)));
  }

  private Integration keep(Caller caller, UUID id, JsonNode there) {
    String genesysId = there.path("id").asText("");
    if (genesysId.isEmpty()) {
      throw new Problem(Problem.Code.UPSTREAM, "Genesys Cloud has told no id of the integration.");
    }
    Integration.CreateStatus status = status(there);
    Integration kept = integrations.created(caller, id, genesysId, status, error(status, there));
    if (status == Integration.CreateStatus.INITIATED) {
      timers.set(TIMER, caller.inTenant(), id.toString(), clock.instant().plus(ASK));
    }
    return kept;
  }

  private static Integration.CreateStatus status(JsonNode there) {
    return switch (there.path("createStatus").asText("Completed")) {
      case "Initiated" -> Integration.CreateStatus.INITIATED;
      case "Completed" -> Integration.CreateStatus.COMPLETED;
      default -> Integration.CreateStatus.ERROR;
    };
  }

  private static @Nullable String error(Integration.CreateStatus status, JsonNode there) {
    return status == Integration.CreateStatus.ERROR
        ? there.path("createError").path("message").asText("Genesys Cloud gives no reason.")
        : null;
  }

  private ObjectNode body(GenesysAccount account) {
    GenesysSettings settings = account.integration().settings();
    ObjectNode body =
        Json.MAPPER
            .createObjectNode()
            .put("name", account.integration().name())
            .put("outboundNotificationWebhookUrl", GenesysSetup.webhook(config, account.id()))
            .put(
                "outboundNotificationWebhookSignatureSecretToken",
                account.credentials().webhookSecrets().getFirst().reveal());
    if (settings.supportedContentId() != null) {
      body.putObject("supportedContent").put("id", settings.supportedContentId());
    }
    if (settings.messagingSettingId() != null) {
      body.putObject("messagingSetting").put("id", settings.messagingSettingId());
    }
    return body;
  }

  /// The id of an integration there whose webhooks come here, or null.
  private @Nullable String adopt(GenesysAccount account) {
    String ours = GenesysSetup.webhook(config, account.id());
    for (int page = 1; page <= PAGES; page++) {
      JsonNode answer =
          done(
              client.get(
                  account, GenesysClient.OPEN + "?pageSize=" + PAGE + "&pageNumber=" + page));
      for (JsonNode there : answer.path("entities")) {
        if (there.path("outboundNotificationWebhookUrl").asText("").equals(ours)) {
          return there.path("id").asText();
        }
      }
      if (answer.path("entities").size() < PAGE) {
        return null;
      }
    }
    return null;
  }

  private static JsonNode done(GenesysReply reply) {
    if (reply instanceof GenesysReply.Done(JsonNode body)) {
      return body;
    }
    throw new Problem(Problem.Code.UPSTREAM, reply.cause());
  }

  /// Asks how far Genesys is with creating an integration, and has it asked again while it is not done.
  private void ask(TenantId tenant, UUID id) {
    Optional<GenesysAccount> found =
        integrations.account(id).filter(account -> account.tenant().equals(tenant));
    if (found.isEmpty()
        || found.get().integration().createStatus() != Integration.CreateStatus.INITIATED) {
      return;
    }
    GenesysAccount account = found.get();
    GenesysReply reply = client.get(account, GenesysClient.OPEN + "/" + account.genesysId());
    Caller system = Caller.system(tenant);
    if (reply instanceof GenesysReply.Done(JsonNode there)
        && status(there) != Integration.CreateStatus.INITIATED) {
      keep(system, id, there);
      return;
    }
    if (account.integration().updatedAt().plus(PATIENCE).isBefore(clock.instant())) {
      integrations.created(
          system,
          id,
          account.genesysId(),
          Integration.CreateStatus.ERROR,
          "Genesys Cloud has not finished within ten minutes. " + reply.cause());
      return;
    }
    LOG.debugf("genesys integration %s is not created yet: %s", id, reply.cause());
    timers.set(TIMER, tenant, id.toString(), clock.instant().plus(ASK));
  }
}
