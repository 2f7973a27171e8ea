package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.json.Json;
import java.util.List;
import java.util.UUID;

/// Encrypts the credentials of integrations, bound to their row, and opens them.
final class IntegrationSeal {
  private final FieldCipher cipher;

  IntegrationSeal(FieldCipher cipher) {
    this.cipher = cipher;
  }

  /// What is encrypted.
  private record Plain(String clientSecret, List<String> webhookSecrets) {}

  IntegrationStore.Row sealed(
      TenantId tenant, Integration integration, GenesysAccount.Credentials credentials) {
    var plain =
        new Plain(
            credentials.clientSecret().reveal(),
            credentials.webhookSecrets().stream().map(Secret::reveal).toList());
    return new IntegrationStore.Row(
        tenant,
        integration,
        cipher.encrypt(new Secret(Json.write(plain)), place(tenant, integration.id())));
  }

  GenesysAccount open(IntegrationStore.Row row) {
    String place = place(row.tenant(), row.integration().id());
    Plain plain = Json.read(cipher.decrypt(row.credentials(), place).reveal(), Plain.class);
    return new GenesysAccount(
        row.tenant(),
        row.integration(),
        new GenesysAccount.Credentials(
            new Secret(plain.clientSecret()),
            plain.webhookSecrets().stream().map(Secret::new).toList()));
  }

  /// Whether it was encrypted with another key than the active one.
  boolean isStale(IntegrationStore.Row row) {
    return cipher.isStale(row.credentials());
  }

  private static String place(TenantId tenant, UUID id) {
    return tenant + "/genesys_integrations/" + id + "/credentials";
  }
}
