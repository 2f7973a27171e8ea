package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// How one number behaves: what comes after a send, how webhooks are delivered, which limits hold.
/// Durations are in milliseconds.
///
/// @param statuses the statuses that follow an accepted message, in order
/// @param statusDelayMs from the acceptance to the first status
/// @param statusGapMs from one status to the next
/// @param duplicates how many extra times every webhook is delivered
/// @param shuffle statuses of a message in random order and without waiting for one another
/// @param batchSize how many updates are gathered in one POST
/// @param batchLingerMs how long the first update of a batch waits for others
/// @param missing the chance (0..1) that a status never comes
/// @param windowRefusal how a free-form message outside the 24-hour window ends
/// @param unknownRecipients whether customers that never wrote are on WhatsApp
/// @param notOnWhatsApp phone numbers that can't be reached; the message fails with 131026
/// @param throughputPerSecond sends per second before 130429; 0 for no limit
/// @param pairLimit whether the limit per customer holds: 45 at once, then one per 6 s (131056)
/// @param webhookRetryMs the pause before the first retry; it doubles up to 2 s (or itself, if
///   longer)
/// @param webhookMaxTries how often a webhook is tried before it is lost
/// @param webhookTimeoutMs how long an answer to a webhook is awaited
/// @param mediaUrlSeconds how long a download address works
/// @param mediaIdSeconds how long a media id is known; 0 for WhatsApp's own: 30 days when the
///   business uploaded it, 7 when a customer sent it
/// @param templateReview what becomes of a created template
/// @param templateReviewMs how long the review takes
/// @param seed the start of the random numbers behind `missing`, `shuffle` and fault probabilities
record Behaviour(
    List<String> statuses,
    long statusDelayMs,
    long statusGapMs,
    int duplicates,
    boolean shuffle,
    int batchSize,
    long batchLingerMs,
    double missing,
    When windowRefusal,
    When unknownRecipients,
    Set<String> notOnWhatsApp,
    int throughputPerSecond,
    boolean pairLimit,
    long webhookRetryMs,
    int webhookMaxTries,
    long webhookTimeoutMs,
    int mediaUrlSeconds,
    int mediaIdSeconds,
    String templateReview,
    long templateReviewMs,
    long seed) {

  /// When a refusal is told: at once, afterwards by a `failed` status, or never (no refusal at
  /// all).
  enum When {
    SYNC,
    ASYNC,
    OFF
  }

  private static final Set<String> STATUSES =
      Set.of("sent", "delivered", "read", "played", "failed");
  private static final Set<String> REVIEWS = Set.of("approve", "reject", "manual");
  private static final Set<String> NAMES =
      Set.of(
          "statuses",
          "statusDelayMs",
          "statusGapMs",
          "duplicates",
          "shuffle",
          "batchSize",
          "batchLingerMs",
          "missing",
          "windowRefusal",
          "unknownRecipients",
          "notOnWhatsApp",
          "throughputPerSecond",
          "pairLimit",
          "webhookRetryMs",
          "webhookMaxTries",
          "webhookTimeoutMs",
          "mediaUrlSeconds",
          "mediaIdSeconds",
          "templateReview",
          "templateReviewMs",
          "seed");

  static final Behaviour DEFAULT =
      new Behaviour(
          List.of("sent", "delivered", "read"),
          50,
          50,
          0,
          false,
          1,
          20,
          0,
          When.ASYNC,
          When.OFF,
          Set.of(),
          80,
          true,
          100,
          20,
          10_000,
          300,
          0,
          "approve",
          200,
          42);

  /// This behaviour with the fields of `changes` in place of its own.
  ///
  /// @throws ControlRefusal when a field is unknown or its value makes no sense
  Behaviour with(JsonNode changes) {
    changes.fieldNames().forEachRemaining(Behaviour::requireKnown);
    return new Behaviour(
        List.copyOf(texts(changes, "statuses", STATUSES, statuses)),
        whole(changes, "statusDelayMs", 0, 86_400_000, statusDelayMs),
        whole(changes, "statusGapMs", 0, 86_400_000, statusGapMs),
        (int) whole(changes, "duplicates", 0, 100, duplicates),
        bool(changes, "shuffle", shuffle),
        (int) whole(changes, "batchSize", 1, 1000, batchSize),
        whole(changes, "batchLingerMs", 0, 60_000, batchLingerMs),
        chance(changes, "missing", missing),
        when(changes, "windowRefusal", windowRefusal),
        when(changes, "unknownRecipients", unknownRecipients),
        Set.copyOf(texts(changes, "notOnWhatsApp", Set.of(), notOnWhatsApp)),
        (int) whole(changes, "throughputPerSecond", 0, 1_000_000, throughputPerSecond),
        pairLimit(changes),
        whole(changes, "webhookRetryMs", 1, 3_600_000, webhookRetryMs),
        (int) whole(changes, "webhookMaxTries", 1, 1_000_000, webhookMaxTries),
        whole(changes, "webhookTimeoutMs", 1, 600_000, webhookTimeoutMs),
        (int) whole(changes, "mediaUrlSeconds", -1, 86_400, mediaUrlSeconds),
        (int) whole(changes, "mediaIdSeconds", -1, 2_592_000, mediaIdSeconds),
        one(changes, "templateReview", REVIEWS, templateReview),
        whole(changes, "templateReviewMs", 0, 86_400_000, templateReviewMs),
        whole(changes, "seed", Long.MIN_VALUE, Long.MAX_VALUE, seed));
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    var list = json.putArray("statuses");
    statuses.forEach(list::add);
    json.put("statusDelayMs", statusDelayMs).put("statusGapMs", statusGapMs);
    json.put("duplicates", duplicates).put("shuffle", shuffle);
    json.put("batchSize", batchSize).put("batchLingerMs", batchLingerMs).put("missing", missing);
    json.put("windowRefusal", name(windowRefusal))
        .put("unknownRecipients", name(unknownRecipients));
    var unreachable = json.putArray("notOnWhatsApp");
    notOnWhatsApp.forEach(unreachable::add);
    json.put("throughputPerSecond", throughputPerSecond).put("pairLimit", pairLimit);
    json.put("webhookRetryMs", webhookRetryMs).put("webhookMaxTries", webhookMaxTries);
    json.put("webhookTimeoutMs", webhookTimeoutMs).put("mediaUrlSeconds", mediaUrlSeconds);
    json.put("mediaIdSeconds", mediaIdSeconds);
    json.put("templateReview", templateReview).put("templateReviewMs", templateReviewMs);
    return json.put("seed", seed);
  }

  private static String name(When when) {
    return when.name().toLowerCase(Locale.ROOT);
  }

  private static void requireKnown(String field) {
    if (!NAMES.contains(field)) {
      throw new ControlRefusal(400, "unknown behaviour: " + field);
    }
  }

  private boolean pairLimit(JsonNode changes) {
    return switch (changes.path("pairLimit").asText("")) {
      case "on" -> true;
      case "off" -> false;
      default -> bool(changes, "pairLimit", pairLimit);
    };
  }

  private static When when(JsonNode changes, String field, When present) {
    String name = one(changes, field, Set.of("sync", "async", "off"), name(present));
    return When.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static double chance(JsonNode changes, String field, double present) {
    JsonNode value = changes.path(field);
    if (value.isMissingNode()) {
      return present;
    }
    if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1) {
      throw new ControlRefusal(400, field + " must be a number from 0 to 1");
    }
    return value.doubleValue();
  }

  private static boolean bool(JsonNode changes, String field, boolean present) {
    JsonNode value = changes.path(field);
    if (value.isMissingNode()) {
      return present;
    }
    if (!value.isBoolean()) {
      throw new ControlRefusal(400, field + " must be true or false");
    }
    return value.booleanValue();
  }

  private static long whole(JsonNode changes, String field, long min, long max, long present) {
    JsonNode value = changes.path(field);
    if (value.isMissingNode()) {
      return present;
    }
    if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      throw new ControlRefusal(
          400, "%s must be a whole number from %d to %d".formatted(field, min, max));
    }
    return value.longValue();
  }

  private static String one(JsonNode changes, String field, Set<String> allowed, String present) {
    Collection<String> texts = texts(changes, field, allowed, List.of(present));
    if (texts.size() != 1) {
      throw new ControlRefusal(400, field + " must be one text");
    }
    return texts.iterator().next();
  }

  private static List<String> many(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isTextual()) {
      texts.add(value.textValue());
    }
    value.elements().forEachRemaining(element -> texts.add(element.asText()));
    return texts;
  }

  /// A text or a list of texts; an empty `allowed` allows everything.
  private static Collection<String> texts(
      JsonNode changes, String field, Set<String> allowed, Collection<String> present) {
    JsonNode value = changes.path(field);
    if (value.isMissingNode()) {
      return present;
    }
    Set<String> texts = new LinkedHashSet<>();
    for (String text : many(value)) {
      if (!allowed.isEmpty() && !allowed.contains(text)) {
        throw new ControlRefusal(400, "%s: %s is none of %s".formatted(field, text, allowed));
      }
      texts.add(text);
    }
    if (texts.isEmpty() && !value.isArray()) {
      throw new ControlRefusal(400, field + " must be text");
    }
    return texts;
  }
}
