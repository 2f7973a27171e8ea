package dev.parley.genesys;

import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// An integration with its opened credentials: for calls and the webhook only, never for an answer.
///
/// @param credentials what Genesys knows us by and we know it by
record GenesysAccount(TenantId tenant, Integration integration, Credentials credentials) {

  /// @param clientSecret of the OAuth client
  /// @param webhookSecrets that sign Genesys' webhooks; several while one replaces another, the first is the newest
  record Credentials(Secret clientSecret, List<Secret> webhookSecrets) {}

  UUID id() {
    return integration.id();
  }

  /// What Genesys calls the integration; empty while there is none.
  String genesysId() {
    String id = integration.genesysId();
    return id == null ? "" : id;
  }

  /// Whether messages may go to it: not while it is paused, or Genesys has not finished creating it.
  boolean works() {
    Integration.CreateStatus status = integration.createStatus();
    return integration.state() == Integration.State.ACTIVE
        && !genesysId().isEmpty()
        && (status == null || status == Integration.CreateStatus.COMPLETED);
  }

  /// Names the OAuth client and its secret without telling them: other credentials have another name. Integrations of a
  /// tenant that share a client share its token and what Genesys lets it do in a minute.
  String client() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          List.of(
              integration.region(), integration.clientId(), credentials.clientSecret().reveal())) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
