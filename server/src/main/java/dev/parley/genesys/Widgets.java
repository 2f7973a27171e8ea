package dev.parley.genesys;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.cache.Remembered;
import dev.parley.platform.config.Config;
import dev.parley.platform.config.Keys;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.http.Problem;
import dev.parley.tenants.Tenant;
import dev.parley.tenants.Tenants;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The agents' widget of each integration: by which OAuth client agents sign in, and who may frame it.
@Singleton
public final class Widgets {
  /// Where its page is; the id of an integration follows.
  public static final String PATH = "/genesys/widget/";

  /// Where Genesys' login comes back to.
  public static final String CALLBACK = PATH + "callback";

  private static final int KNOWN = 10_000;
  private static final Duration KNOWN_FOR = Duration.ofSeconds(5);

  private final Integrations integrations;
  private final Tenants tenants;
  private final TenantDb db;
  private final FieldCipher cipher;
  private final Audit audit;
  private final InstantSource clock;
  private final Config config;
  private final Remembered<UUID, Optional<String>> framers;

  Widgets(
      Integrations integrations,
      Tenants tenants,
      TenantDb db,
      FieldCipher cipher,
      Audit audit,
      InstantSource clock,
      Config config) {
    this.integrations = integrations;
    this.tenants = tenants;
    this.db = db;
    this.cipher = cipher;
    this.audit = audit;
    this.clock = clock;
    this.config = config;
    this.framers = new Remembered<>(KNOWN, KNOWN_FOR, clock);
  }

  /// The client of an integration's widget. Throws a [Problem] when there is no such integration or it has no widget.
  WidgetClient get(TenantId tenant, UUID integration) {
    return find(tenant, integration).orElseThrow(() -> Problem.notFound("widget"));
  }

  private Optional<WidgetClient> find(TenantId tenant, UUID integration) {
    return db.inTenant(tenant, tx -> WidgetStore.find(tx.sql(), tenant, integration))
        .map(row -> open(tenant, row));
  }

  private WidgetClient open(TenantId tenant, WidgetStore.Row row) {
    String sealed = row.secret();
    return new WidgetClient(
        row.integration(),
        row.clientId(),
        sealed == null ? null : cipher.decrypt(sealed, place(tenant, row.integration())),
        row.updatedAt());
  }

  private static String place(TenantId tenant, UUID integration) {
    return tenant + "/genesys_widgets/" + integration + "/client_secret";
  }

  /// Switches the widget on, or gives it another client. Throws a [Problem] when there is no such integration.
  WidgetClient put(Caller caller, UUID integration, String clientId, @Nullable Secret secret) {
    TenantId tenant = caller.inTenant();
    var client = new WidgetClient(integration, clientId, secret, clock.instant());
    db.runInTenant(
        tenant,
        tx -> {
          if (IntegrationStore.find(tx.sql(), tenant, integration).isEmpty()) {
            throw Problem.notFound("integration");
          }
          WidgetStore.put(
              tx.sql(),
              tenant,
              new WidgetStore.Row(
                  integration,
                  clientId,
                  secret == null ? null : cipher.encrypt(secret, place(tenant, integration)),
                  client.updatedAt()));
          audit.record(
              tx,
              caller,
              "genesys.widget-set",
              "genesys-integration",
              integration,
              Map.of("clientId", clientId));
        });
    framers.forget(integration);
    return client;
  }

  /// Switches the widget off; whoever has it open is out. Throws a [Problem] when it was not on.
  void delete(Caller caller, UUID integration) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!WidgetStore.delete(tx.sql(), tx.tenant(), integration)) {
            throw Problem.notFound("widget");
          }
          audit.record(
              tx, caller, "genesys.widget-removed", "genesys-integration", integration, Map.of());
        });
    framers.forget(integration);
  }

  /// Encrypts the secrets of a tenant's clients with the active key; answers how many were made with another.
  public int rotateKeys(TenantId tenant) {
    return db.inTenant(
        tenant,
        tx -> {
          int stale = 0;
          for (WidgetStore.Row row : WidgetStore.withSecret(tx.sql(), tenant)) {
            Secret secret = open(tenant, row).secret();
            if (secret != null && cipher.isStale(String.valueOf(row.secret()))) {
              WidgetStore.put(
                  tx.sql(),
                  tenant,
                  new WidgetStore.Row(
                      row.integration(),
                      row.clientId(),
                      cipher.encrypt(secret, place(tenant, row.integration())),
                      row.updatedAt()));
              stale++;
            }
          }
          return stale;
        });
  }

  /// The one origin that may frame the widget of an integration of any tenant: that of the Genesys desktop in its region.
  /// Empty where there is no such integration, it has no widget, or its tenant is suspended. At most five seconds old.
  public Optional<String> framer(UUID integration) {
    return framers.get(
        integration,
        id ->
            integrations
                .account(id)
                .filter(account -> isActive(account.tenant()))
                .filter(account -> find(account.tenant(), id).isPresent())
                .map(this::desktop));
  }

  private boolean isActive(TenantId tenant) {
    return tenants.state(tenant).filter(Tenant.State.ACTIVE::equals).isPresent();
  }

  /// The origin of the Genesys desktop of an integration.
  String desktop(GenesysAccount account) {
    return config
        .get(Keys.GENESYS_APPS_URL)
        .replace("{region}", account.integration().region())
        .replaceFirst("/+$", "");
  }

  /// The account and the client of an integration of any tenant whose widget may be used. Throws a [Problem] when there
  /// is none.
  Open open(UUID integration) {
    return integrations
        .account(integration)
        .filter(account -> isActive(account.tenant()))
        .flatMap(
            account -> find(account.tenant(), integration).map(client -> new Open(account, client)))
        .orElseThrow(() -> Problem.notFound("widget"));
  }

  /// A widget that may be used.
  record Open(GenesysAccount account, WidgetClient client) {}

  /// Where Genesys' login comes back to, to be registered with the client.
  String redirectUri() {
    return config.publicUrl().replaceFirst("/+$", "") + CALLBACK;
  }

  /// What to enter as the address of the interaction widget at Genesys, which fills in what is in braces.
  String address(UUID integration) {
    return config.publicUrl().replaceFirst("/+$", "")
        + PATH
        + integration
        + "?conversation={{gcConversationId}}&language={{gcLangTag}}&hostOrigin={{gcHostOrigin}}"
        + "&targetEnv={{gcTargetEnv}}&popup={{gcUsePopupAuth}}";
  }
}
