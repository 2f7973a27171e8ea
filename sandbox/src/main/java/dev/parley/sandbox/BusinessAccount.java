package dev.parley.sandbox;

import org.jspecify.annotations.Nullable;

/// A WhatsApp Business Account: its templates, and whether the app hears of it.
final class BusinessAccount {
  private final String id;
  private final World world;
  private final Templates templates;
  private volatile boolean subscribed = true;
  private volatile @Nullable String overrideUrl;

  BusinessAccount(String id, World world) {
    this.id = id;
    this.world = world;
    this.templates = new Templates(id);
  }

  String id() {
    return id;
  }

  Templates templates() {
    return templates;
  }

  boolean subscribed() {
    return subscribed;
  }

  /// @param override where webhooks of messages go instead of the app's URL; null for the app's
  void subscribe(@Nullable String override) {
    overrideUrl = override;
    subscribed = true;
  }

  void unsubscribe() {
    overrideUrl = null;
    subscribed = false;
  }

  @Nullable String overrideUrl() {
    return overrideUrl;
  }

  /// Sends account news once, through the first number that has somewhere to send it to.
  void announce(WebhookUpdate update) {
    world.numbersOf(id).stream()
        .filter(number -> number.settings().webhookUrl() != null)
        .findFirst()
        .ifPresent(
            number -> {
              var _ = number.outbox().offer(update);
            });
  }
}
