package dev.parley.genesys;

import dev.parley.platform.http.Input;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// When a conversation goes to Genesys: when everything that is given holds.
///
/// @param tagId a tag that the conversation has
@Schema(name = "DeskRule", description = "Goes to Genesys when everything that is given holds")
public record DeskRule(
    @Nullable Hours hours,
    @Schema(description = "A tag that the conversation must have") @Nullable UUID tagId) {

  private static final int MOST = 50;

  /// When the desk is open.
  @Schema(name = "DeskHours")
  public record Hours(
      @Schema(description = "A time zone of the IANA database", examples = "Europe/Lisbon")
          @Nullable String timezone,
      @Nullable List<Opening> openings) {}

  /// A time of a day of the week, from the one up to the other.
  @Schema(name = "DeskOpening")
  public record Opening(
      @Schema(examples = "monday") @Nullable String day,
      @Schema(examples = "09:00") @Nullable String from,
      @Schema(description = "24:00 is the end of the day", examples = "17:30")
          @Nullable String to) {

    private boolean holds(ZonedDateTime at) {
      DayOfWeek wanted = dayOf(day);
      LocalTime begin = time(from, false);
      LocalTime end = time(to, true);
      if (wanted == null || begin == null || end == null || at.getDayOfWeek() != wanted) {
        return false;
      }
      LocalTime time = at.toLocalTime();
      return !time.isBefore(begin) && (end.equals(LocalTime.MAX) || time.isBefore(end));
    }
  }

  /// Whether a conversation with these tags goes to Genesys at that moment.
  boolean holds(Instant now, Set<UUID> tags) {
    return (tagId == null || tags.contains(tagId)) && (hours == null || open(hours, now));
  }

  private static boolean open(Hours hours, Instant now) {
    String zone = hours.timezone();
    List<Opening> openings = hours.openings();
    if (zone == null || openings == null) {
      return false;
    }
    ZonedDateTime at = now.atZone(ZoneId.of(zone));
    return openings.stream().anyMatch(opening -> opening.holds(at));
  }

  void check(Input input) {
    input.check(hours != null || tagId != null, "rule", "must have hours or tagId");
    if (hours == null) {
      return;
    }
    String zone = input.text("rule.hours.timezone", hours.timezone(), 50);
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      input.error("rule.hours.timezone", "must be a time zone such as Europe/Lisbon");
    }
    List<Opening> openings = hours.openings();
    if (openings == null || openings.isEmpty() || openings.size() > MOST) {
      input.error("rule.hours.openings", "must hold 1 to " + MOST);
      return;
    }
    for (int i = 0; i < openings.size(); i++) {
      Opening opening = openings.get(i);
      String field = "rule.hours.openings[" + i + "]";
      if (opening == null) {
        input.error(field, "is required");
        continue;
      }
      input.check(dayOf(opening.day()) != null, field + ".day", "must be monday to sunday");
      LocalTime from = time(opening.from(), false);
      LocalTime to = time(opening.to(), true);
      input.check(from != null, field + ".from", "must be a time such as 09:00");
      input.check(
          to != null && (from == null || from.isBefore(to)),
          field + ".to",
          "must be a time after from, such as 17:30 or 24:00");
    }
  }

  private static @Nullable DayOfWeek dayOf(@Nullable String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().toLowerCase(Locale.ROOT).equals(text)) {
        return day;
      }
    }
    return null;
  }

  private static @Nullable LocalTime time(@Nullable String text, boolean end) {
    if (end && "24:00".equals(text)) {
      return LocalTime.MAX;
    }
    try {
      return text == null ? null : LocalTime.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
