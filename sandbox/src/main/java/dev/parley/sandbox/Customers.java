package dev.parley.sandbox;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The people that a number has heard of.
final class Customers {
  private static final int CAPACITY = 500_000;

  /// One person.
  ///
  /// @param waId the phone number in digits; null when only the business-scoped id is known
  /// @param userId the business-scoped user id
  /// @param name the profile name; null when it was never seen
  /// @param lastHeard epoch second of the last message from this person; 0 for never
  record Customer(@Nullable String waId, String userId, @Nullable String name, long lastHeard) {

    /// What the pair limit and the like count by.
    String key() {
      return waId == null ? userId : waId;
    }
  }

  private final BoundedMap<String, Customer> byWaId = new BoundedMap<>(CAPACITY);
  private final BoundedMap<String, Customer> byUserId = new BoundedMap<>(CAPACITY);

  /// Notes that this person wrote at that time.
  void heard(String waId, String userId, @Nullable String name, long epochSecond) {
    Customer customer =
        byWaId.update(
            waId,
            new Customer(waId, userId, name, 0),
            old ->
                new Customer(
                    waId,
                    userId,
                    name == null ? old.name() : name,
                    Math.max(old.lastHeard(), epochSecond)));
    byUserId.put(userId, customer);
  }

  Customer withPhone(String waId) {
    Customer known = byWaId.get(waId);
    return known == null ? new Customer(waId, derivedUserId(waId), null, 0) : known;
  }

  Customer withUserId(String userId) {
    Customer known = byUserId.get(userId);
    return known == null ? new Customer(null, userId, null, 0) : known;
  }

  /// The business-scoped id of someone for whom none was given; the same for the same phone always.
  static String derivedUserId(String waId) {
    byte[] hash = Bytes.of(waId).sha256();
    long digits = Long.parseLong(HexFormat.of().formatHex(hash, 0, 7), 16);
    return "US." + (1_000_000_000_000_000L + digits % 9_000_000_000_000_000L);
  }
}
