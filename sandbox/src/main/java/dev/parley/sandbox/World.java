package dev.parley.sandbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Everything that the emulated WhatsApp knows: business accounts, numbers and media.
final class World {
  private final Map<String, BusinessNumber> numbers = new ConcurrentHashMap<>();
  private final Map<String, BusinessAccount> accounts = new ConcurrentHashMap<>();
  private final MediaStore media = new MediaStore();
  private final MessageIds ids = new MessageIds();
  private final WebhookClient webhooks;
  private final ExecutorService threads;
  private volatile String url = "";

  /// @param threads starts a thread per task; the world ends when it is shut down
  World(ExecutorService threads) {
    this.threads = threads;
    this.webhooks = new WebhookClient(threads);
  }

  void reachableAt(String base) {
    this.url = base;
  }

  String url() {
    return url;
  }

  MediaStore media() {
    return media;
  }

  /// The file of this id; null when it is unknown, its life is over or its number is gone.
  MediaStore.@Nullable Media file(String id) {
    MediaStore.Media file = media.get(id);
    BusinessNumber owner = file == null ? null : numbers.get(file.ownerId());
    return file == null
            || owner == null
            || file.expired(Instant.now(), owner.behaviour().mediaIdSeconds())
        ? null
        : file;
  }

  MessageIds ids() {
    return ids;
  }

  WebhookClient webhooks() {
    return webhooks;
  }

  /// Runs a task beside the caller; nothing is run any more once the sandbox is closed.
  void start(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closed) {
      // Nobody is left to see the outcome.
    }
  }

  @Nullable BusinessNumber number(String id) {
    return numbers.get(id);
  }

  @Nullable BusinessAccount account(String id) {
    return accounts.get(id);
  }

  /// The account of this id, made when it was never heard of.
  BusinessAccount openAccount(String id) {
    return accounts.computeIfAbsent(id, newId -> new BusinessAccount(newId, this));
  }

  List<BusinessAccount> accounts() {
    return List.copyOf(accounts.values());
  }

  List<BusinessNumber> numbersOf(String wabaId) {
    return numbers.values().stream()
        .filter(number -> number.settings().wabaId().equals(wabaId))
        .sorted(Comparator.comparing(BusinessNumber::id))
        .toList();
  }

  /// Registers the number, or gives the known one its new settings.
  BusinessNumber register(String id, NumberSettings settings) {
    openAccount(settings.wabaId());
    BusinessNumber number =
        numbers.computeIfAbsent(id, newId -> new BusinessNumber(newId, settings, this));
    number.change(settings);
    return number;
  }

  void remove(String id) {
    BusinessNumber gone = numbers.remove(id);
    if (gone != null) {
      gone.outbox().retire();
    }
  }

  /// Back to the state after the start; webhooks on their way are dropped.
  void reset() {
    numbers.keySet().forEach(this::remove);
    accounts.clear();
    media.clear();
  }
}
