package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.http.WebhookIntake;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.telemetry.Trace;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Genesys Cloud's webhooks: `POST /webhooks/genesys/{integrationId}`, through [WebhookIntake].
///
/// Genesys gives an answer ten seconds and tries again for 85, so whatever is to be done is done later, and what cannot be
/// done is told by a receipt. A GET of the address of an integration answers 204, for who sets it up.
@Singleton
public final class GenesysWebhook implements WebhookIntake.Provider<GenesysAccount> {
  /// As it stands in addresses.
  static final String NAME = "genesys";

  private static final int MOST_BYTES = 1 << 20;

  private final Integrations integrations;
  private final WebhookIntake<GenesysAccount> intake;

  GenesysWebhook(Integrations integrations, WebhookIntake.Doors doors) {
    this.integrations = integrations;
    this.intake = new WebhookIntake<>(this, doors);
  }

  /// Adds the routes.
  public void mount(Router router) {
    intake.mount(router, (context, _) -> context.response().setStatusCode(204).end());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String account() {
    return "integration";
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  @Override
  public @Nullable Optional<GenesysAccount> recent(UUID id) {
    return integrations.recent(id);
  }

  @Override
  public Optional<GenesysAccount> account(UUID id) {
    return integrations.account(id);
  }

  @Override
  public TenantId tenant(GenesysAccount account) {
    return account.tenant();
  }

  @Override
  public boolean signed(GenesysAccount account, HttpServerRequest request, byte[] body) {
    return GenesysSignature.by(
        account.credentials().webhookSecrets(), request.getHeader(GenesysSignature.HEADER), body);
  }

  @Override
  public List<WorkItem> items(GenesysAccount account, byte[] body, Trace trace, Instant now) {
    return List.of(WebhookItem.of(account, body, trace, now));
  }

  @Override
  public void called(GenesysAccount account, boolean signed) {
    if (integrations.calledAnew(account, signed)) {
      Thread.ofVirtual().start(() -> integrations.noteCall(account, signed));
    }
  }
}
