package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One business phone number with all that belongs to it.
final class BusinessNumber {
  private static final int SENDS_KEPT = 200_000;

  private final String id;
  private final World world;
  private final WebhookOutbox outbox;
  private final Faults faults = new Faults();
  private final Customers customers = new Customers();
  private final RateLimits limits = new RateLimits(System::nanoTime);
  private final Ledger<SendEntry> sends = new Ledger<>(SENDS_KEPT);
  private final SendCounters counters = new SendCounters();
  private volatile NumberSettings settings;
  private volatile Behaviour behaviour = Behaviour.DEFAULT;
  private volatile boolean registered = true;
  private volatile @Nullable String pin;
  private volatile @Nullable String overrideUrl;
  private SplittableRandom random = new SplittableRandom(Behaviour.DEFAULT.seed());

  BusinessNumber(String id, NumberSettings settings, World world) {
    this.id = id;
    this.settings = settings;
    this.world = world;
    this.outbox = new WebhookOutbox(this, world);
  }

  String id() {
    return id;
  }

  NumberSettings settings() {
    return settings;
  }

  void change(NumberSettings next) {
    this.settings = next;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  void behave(Behaviour next) {
    synchronized (this) {
      if (next.seed() != behaviour.seed()) {
        random = new SplittableRandom(next.seed());
      }
      behaviour = next;
    }
  }

  /// A number from 0 to 1 of the seeded row.
  synchronized double chance() {
    return random.nextDouble();
  }

  boolean registered() {
    return registered;
  }

  void setRegistered(boolean value) {
    registered = value;
  }

  @Nullable String pin() {
    return pin;
  }

  void setPin(String value) {
    pin = value;
  }

  /// Where webhooks of messages go: the number's own override, the account's, then the app's URL.
  @Nullable String messagesUrl() {
    String own = overrideUrl;
    if (own != null) {
      return own;
    }
    String ofAccount = account().overrideUrl();
    return ofAccount != null ? ofAccount : settings.webhookUrl();
  }

  @Nullable String overrideUrl() {
    return overrideUrl;
  }

  void setOverrideUrl(@Nullable String url) {
    overrideUrl = url;
  }

  BusinessAccount account() {
    return world.openAccount(settings.wabaId());
  }

  WebhookOutbox outbox() {
    return outbox;
  }

  Faults faults() {
    return faults;
  }

  Customers customers() {
    return customers;
  }

  RateLimits limits() {
    return limits;
  }

  Ledger<SendEntry> sends() {
    return sends;
  }

  SendCounters counters() {
    return counters;
  }

  /// The base of download addresses that go out in webhooks.
  String mediaBase() {
    String own = settings.mediaBaseUrl();
    return own == null ? world.url() : own;
  }

  /// The head of every `messages` webhook.
  ObjectNode webhookValue() {
    ObjectNode value = Json.object().put("messaging_product", "whatsapp");
    value
        .putObject("metadata")
        .put("display_phone_number", settings.digits())
        .put("phone_number_id", id);
    return value;
  }
}
