package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.Input;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// How long a tenant wants its things kept: the setting `retention`, a number of days for each of [What], such as
/// `{"apiLogDays": 7, "auditDays": 400}`. What is not set goes by the configuration.
public final class Retention {
  private static final String FIELD = "retention";
  private static final int MOST = 3650;

  private Retention() {}

  /// What can be kept for a time.
  public enum What {
    /// The log of calls.
    API_LOG("apiLogDays", 1),
    /// The event log. Programs and subscriptions that are further behind lose events.
    EVENTS("eventsDays", 7),
    /// Dead letters.
    DEAD_LETTERS("deadLettersDays", 1),
    /// The content of messages that users took away.
    DELETED_MESSAGES("deletedMessagesDays", 0),
    /// The audit log; for ever where it is not set. The database refuses less than 90 days.
    AUDIT("auditDays", 90);

    private final String field;
    private final int least;

    What(String field, int least) {
      this.field = field;
      this.least = least;
    }

    /// The field of the setting.
    public String field() {
      return field;
    }

    /// The fewest days that may be set.
    public int least() {
      return least;
    }

    /// The most days that may be set.
    public int most() {
      return MOST;
    }
  }

  /// What the settings say; empty when they say nothing.
  public static Optional<Duration> of(JsonNode settings, What what) {
    JsonNode days = settings.path(FIELD).path(what.field());
    return days.isIntegralNumber() ? Optional.of(Duration.ofDays(days.asInt())) : Optional.empty();
  }

  /// Throws a [dev.parley.platform.http.Problem] when the settings say nothing valid.
  static void check(JsonNode settings) {
    JsonNode told = settings.path(FIELD);
    if (told.isMissingNode()) {
      return;
    }
    var input = new Input();
    input.check(told.isObject(), "settings." + FIELD, "must be an object");
    told.fieldNames()
        .forEachRemaining(
            name ->
                input.check(
                    Arrays.stream(What.values()).anyMatch(what -> what.field().equals(name)),
                    "settings.retention." + name,
                    "is not known"));
    for (What what : What.values()) {
      JsonNode days = told.path(what.field());
      input.check(
          days.isMissingNode()
              || (days.isIntegralNumber()
                  && days.canConvertToInt()
                  && days.asInt() >= what.least()
                  && days.asInt() <= MOST),
          "settings.retention." + what.field(),
          "must be %d to %d days".formatted(what.least(), MOST));
    }
    input.done();
  }
}
