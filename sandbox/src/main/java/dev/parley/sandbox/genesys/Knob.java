package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.ControlRefusal;
import java.util.List;

/// What can be set in the behaviour of an organisation. Durations are in milliseconds unless the
/// name says otherwise.
enum Knob {
  /// How long an access token is good.
  TOKEN_SECONDS("tokenSeconds", 86_400, 1, 31_536_000),
  /// Calls that a client may make in one window; 0 for no limit.
  RATE_PER_MINUTE("ratePerMinute", 300, 0, 10_000_000),
  /// The length of that window, a minute by rights.
  RATE_WINDOW_MS("rateWindowMs", 60_000, 100, 3_600_000),
  /// From the creation of an integration to `createStatus` Completed.
  INTEGRATION_MS("integrationMs", 200, 0, 600_000),
  /// How the creation of an integration ends.
  INTEGRATION_ENDS("integrationEnds", "Completed|Error"),
  /// From the acceptance of an inbound message to its outcome.
  PROCESS_MS("processMs", 20, 0, 600_000),
  /// Whether answers and receipts of inbound messages name them in `channel.messageId` as the
  /// middleware did; otherwise as Genesys does.
  ECHO("echoMessageId", true),
  /// Whether the outcome of inbound messages is told by receipts.
  RECEIPTS("receipts", true),
  /// The status that an accepted inbound message is answered with.
  ACCEPT_STATUS("acceptStatus", 200, 200, 202),
  /// The longest inbound text; 0 for any. Genesys does not publish its limit; 4000 is that of its
  /// agents' composer.
  MAX_TEXT("maxText", 4000, 0, 1_000_000),
  /// How long a disconnected conversation goes on when the customer writes; -1 as the threading
  /// timeline says.
  THREADING_MS("threadingMs", -1, -1, Long.MAX_VALUE / 2),
  /// In which state the first agent comes into a conversation.
  AGENT("agent", "connected|alerting|none"),
  /// Whether the address of an attachment is fetched.
  FETCH("fetch", true),
  /// How long that may take.
  FETCH_TIMEOUT_MS("fetchTimeoutMs", 10_000, 1, 600_000),
  /// How long an answer to a webhook is awaited.
  WEBHOOK_TIMEOUT_MS("webhookTimeoutMs", 10_000, 1, 600_000),
  /// The pause between the tries of a webhook.
  WEBHOOK_RETRY_MS("webhookRetryMs", 5_000, 1, 3_600_000),
  /// How often a webhook is tried again.
  WEBHOOK_RETRIES("webhookRetries", 5, 0, 1_000_000),
  /// From the making of a webhook to its first try.
  WEBHOOK_DELAY_MS("webhookDelayMs", 0, 0, 3_600_000),
  /// Whether the webhooks of a conversation wait for one another, go at once, or in disorder.
  ORDER("order", "kept|free|shuffled"),
  /// The longest that a webhook is held back when they go in disorder.
  SHUFFLE_MS("shuffleMs", 300, 1, 600_000),
  /// How many extra times every webhook is delivered.
  DUPLICATES("duplicates", 0, 0, 100),
  /// How long after the first the extra ones come.
  DUPLICATE_AFTER_MS("duplicateAfterMs", 0, 0, 3_600_000),
  /// How long the address of a file of the agent's works.
  DOWNLOAD_SECONDS("downloadSeconds", 300, -1, 86_400),
  /// Whether the agent's typing is told only where the integration's messaging setting enables it,
  /// as in Genesys, where it is off by default.
  TYPING_BY_SETTING("typingBySetting", false),
  /// The start of the random numbers behind disorder and the probabilities of faults.
  SEED("seed", 42, Long.MIN_VALUE, Long.MAX_VALUE);

  private final String title;
  private final long initial;
  private final long min;
  private final long max;
  private final String choices;
  private final boolean flag;

  Knob(String title, long initial, long min, long max) {
    this(title, initial, min, max, "", false);
  }

  Knob(String title, boolean initial) {
    this(title, initial ? 1 : 0, 0, 1, "", true);
  }

  /// @param choices of which the first holds at the beginning, with `|` between them
  Knob(String title, String choices) {
    this(title, 0, 0, 0, choices, false);
  }

  Knob(String title, long initial, long min, long max, String choices, boolean flag) {
    this.title = title;
    this.initial = initial;
    this.min = min;
    this.max = max;
    this.choices = choices;
    this.flag = flag;
  }

  long initial() {
    return initial;
  }

  static Knob named(String title) {
    for (Knob knob : values()) {
      if (knob.title.equals(title)) {
        return knob;
      }
    }
    throw new ControlRefusal(400, "unknown behaviour: " + title);
  }

  /// The value that this JSON sets it to.
  ///
  /// @throws ControlRefusal when it is none of the allowed ones
  long read(JsonNode json) {
    if (flag) {
      if (!json.isBoolean()) {
        throw new ControlRefusal(400, title + " must be true or false");
      }
      return json.booleanValue() ? 1 : 0;
    }
    if (!choices.isEmpty()) {
      int chosen = choices().indexOf(json.asText());
      if (chosen < 0) {
        throw new ControlRefusal(400, "%s must be one of %s".formatted(title, choices()));
      }
      return chosen;
    }
    if (!json.canConvertToLong() || json.longValue() < min || json.longValue() > max) {
      throw new ControlRefusal(
          400, "%s must be a whole number from %d to %d".formatted(title, min, max));
    }
    return json.longValue();
  }

  void write(long value, ObjectNode json) {
    if (flag) {
      json.put(title, value == 1);
    } else if (choices.isEmpty()) {
      json.put(title, value);
    } else {
      json.put(title, choice(value));
    }
  }

  String choice(long value) {
    return choices().get((int) value);
  }

  private List<String> choices() {
    return List.of(choices.split("\\|"));
  }
}
