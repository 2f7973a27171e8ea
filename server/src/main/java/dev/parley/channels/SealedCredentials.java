package dev.parley.channels;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.FieldCipher;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.json.Json;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Credentials as they stand in the database: encrypted, and bound to their channel's row.
final class SealedCredentials {
  private final FieldCipher cipher;

  SealedCredentials(FieldCipher cipher) {
    this.cipher = cipher;
  }

  /// What is encrypted.
  private record Plain(
      @Nullable String accessToken, List<String> appSecrets, @Nullable String verifyToken) {}

  String seal(TenantId tenant, UUID channel, ChannelAccount.Credentials credentials) {
    var plain =
        new Plain(
            reveal(credentials.accessToken()),
            credentials.appSecrets().stream().map(Secret::reveal).toList(),
            reveal(credentials.verifyToken()));
    return cipher.encrypt(new Secret(Json.write(plain)), place(tenant, channel));
  }

  ChannelAccount.Credentials open(ChannelStore.Row row) {
    Plain plain = Json.read(decrypt(row).reveal(), Plain.class);
    return new ChannelAccount.Credentials(
        secret(plain.accessToken),
        plain.appSecrets.stream().map(Secret::new).toList(),
        secret(plain.verifyToken));
  }

  /// Whether another key than the active one was used.
  boolean isStale(ChannelStore.Row row) {
    return cipher.isStale(row.credentials());
  }

  /// The same credentials under the active key.
  String reseal(ChannelStore.Row row) {
    return cipher.encrypt(decrypt(row), place(row.tenant(), row.channel().id()));
  }

  private Secret decrypt(ChannelStore.Row row) {
    return cipher.decrypt(row.credentials(), place(row.tenant(), row.channel().id()));
  }

  private static String place(TenantId tenant, UUID channel) {
    return tenant + "/channels/" + channel + "/credentials";
  }

  private static @Nullable String reveal(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }

  private static @Nullable Secret secret(@Nullable String text) {
    return text == null ? null : new Secret(text);
  }
}
