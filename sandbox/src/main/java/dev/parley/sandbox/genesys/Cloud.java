package dev.parley.sandbox.genesys;

import dev.parley.sandbox.Listener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Everything that the emulated Genesys Cloud knows.
final class Cloud {
  private final Map<String, Organization> organizations = new ConcurrentHashMap<>();
  private final Tokens tokens = new Tokens();
  private final Downloads downloads = new Downloads();
  private final Listener listener;
  private final Wire wire;

  Cloud(Listener listener) {
    this.listener = listener;
    this.wire = new Wire(listener.threads());
  }

  String url() {
    return listener.url().toString();
  }

  Tokens tokens() {
    return tokens;
  }

  Downloads downloads() {
    return downloads;
  }

  Wire wire() {
    return wire;
  }

  /// Runs a task beside the caller.
  void start(Runnable task) {
    listener.start(task);
  }

  @Nullable Organization organization(String key) {
    return organizations.get(key);
  }

  /// Registers the organisation, or gives the known one its new settings.
  Organization register(String key, OrganizationSettings settings) {
    Organization organization =
        organizations.computeIfAbsent(key, k -> new Organization(k, settings, this));
    organization.change(settings);
    return organization;
  }

  void remove(String key) {
    Organization gone = organizations.remove(key);
    if (gone != null) {
      gone.outbox().retire();
      gone.tokenGeneration().incrementAndGet();
    }
  }

  /// The organisation whose client this is; null when nobody knows it.
  @Nullable Organization ofClient(String clientId) {
    return organizations.values().stream()
        .filter(one -> one.settings().clientId().equals(clientId))
        .findFirst()
        .orElse(null);
  }

  /// The organisation whose widget signs in by this client; null when nobody knows it.
  @Nullable Organization ofWidget(String clientId) {
    return organizations.values().stream()
        .filter(one -> one.settings().widgetClientId().equals(clientId))
        .findFirst()
        .orElse(null);
  }

  /// Back to the state after the start; webhooks on their way are dropped.
  void reset() {
    organizations.keySet().forEach(this::remove);
    downloads.clear();
  }
}
