package dev.parley.sandbox.genesys;

import dev.parley.sandbox.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One organisation of the emulated Genesys Cloud with all that belongs to it.
final class Organization {
  private static final int CALLS_KEPT = 200_000;

  private final String key;
  private final Cloud cloud;
  private final Outbox outbox;
  private final Faults faults = new Faults();
  private final Conversations conversations = new Conversations();
  private final Profiles profiles = new Profiles();
  private final Counts counts = new Counts();
  private final Ledger<CallEntry> calls = new Ledger<>(CALLS_KEPT);
  private final Map<String, Integration> integrations = new ConcurrentHashMap<>();
  private final Map<String, RateLimit> limits = new ConcurrentHashMap<>();
  private final AtomicLong tokenGeneration = new AtomicLong();
  private volatile Script script = Script.silent();
  private volatile OrganizationSettings settings;
  private volatile Behaviour behaviour = Behaviour.initial();
  private SplittableRandom random = new SplittableRandom(Knob.SEED.initial());

  Organization(String key, OrganizationSettings settings, Cloud cloud) {
    this.key = key;
    this.settings = settings;
    this.cloud = cloud;
    this.outbox = new Outbox(this, cloud);
  }

  String key() {
    return key;
  }

  Cloud cloud() {
    return cloud;
  }

  OrganizationSettings settings() {
    return settings;
  }

  void change(OrganizationSettings next) {
    settings = next;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  void behave(Behaviour next) {
    synchronized (this) {
      if (next.get(Knob.SEED) != behaviour.get(Knob.SEED)) {
        random = new SplittableRandom(next.get(Knob.SEED));
      }
      behaviour = next;
    }
  }

  /// A number from 0 to 1 of the seeded row.
  synchronized double chance() {
    return random.nextDouble();
  }

  Outbox outbox() {
    return outbox;
  }

  Faults faults() {
    return faults;
  }

  Conversations conversations() {
    return conversations;
  }

  Profiles profiles() {
    return profiles;
  }

  Counts counts() {
    return counts;
  }

  Ledger<CallEntry> calls() {
    return calls;
  }

  /// Tokens of an older generation are good no more.
  AtomicLong tokenGeneration() {
    return tokenGeneration;
  }

  Script script() {
    return script;
  }

  void play(Script next) {
    script = next;
  }

  RateLimit limit(String clientId) {
    return limits.computeIfAbsent(clientId, id -> new RateLimit(System::nanoTime));
  }

  void put(Integration integration) {
    integrations.put(integration.id(), integration);
  }

  @Nullable Integration integration(String id) {
    return integrations.get(id);
  }

  boolean removeIntegration(String id) {
    return integrations.remove(id) != null;
  }

  List<Integration> integrations() {
    return integrations.values().stream()
        .sorted(Comparator.comparing(Integration::created))
        .toList();
  }

  /// The integration of this id that takes messages, or the refusal that there is none.
  Integration usable(String id) {
    Integration found = integrations.get(id);
    if (found == null || !found.usable(Instant.now())) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return found;
  }

  /// How long a conversation can be taken up again after its end.
  Duration threadingWindow() {
    long set = behaviour.get(Knob.THREADING_MS);
    return set >= 0 ? Duration.ofMillis(set) : profiles.threadingWindow();
  }
}
