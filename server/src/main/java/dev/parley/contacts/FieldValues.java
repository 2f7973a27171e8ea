package dev.parley.contacts;

import dev.parley.platform.http.Input;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values of a contact's fields that were checked.
///
/// @param set new values by field
/// @param cleared fields that have none any more
record FieldValues(Map<UUID, Object> set, List<UUID> cleared) {
  /// No value of any field.
  static final FieldValues NONE = new FieldValues(Map.of(), List.of());

  private static final int TEXT = 1000;
  private static final BigDecimal GREATEST = BigDecimal.TEN.pow(15);

  boolean isEmpty() {
    return set.isEmpty() && cleared.isEmpty();
  }

  /// What a caller gives: values by key, null for none. Notes in `check` what is wrong, as `fields.KEY`.
  static FieldValues of(
      Input check, List<ContactField> fields, Map<String, @Nullable Object> given) {
    Map<String, ContactField> byKey =
        fields.stream().collect(Collectors.toMap(ContactField::key, field -> field));
    var set = new LinkedHashMap<UUID, Object>();
    var cleared = new ArrayList<UUID>();
    given.forEach(
        (key, value) -> {
          ContactField field = byKey.get(key);
          if (field == null) {
            check.error("fields." + key, "is no field of contacts; make it first");
          } else if (value == null || value.equals("")) {
            cleared.add(field.id());
          } else {
            String wrong = wrong(field, value);
            check.check(wrong == null, "fields." + key, String.valueOf(wrong));
            set.put(field.id(), value);
          }
        });
    return new FieldValues(set, cleared);
  }

  /// What is wrong with a value, or null.
  private static @Nullable String wrong(ContactField field, Object value) {
    return switch (field.type()) {
      case TEXT ->
          value instanceof String text && text.length() <= TEXT
              ? null
              : "must be a text of at most " + TEXT + " characters";
      case NUMBER ->
          value instanceof Number number
                  && new BigDecimal(number.toString()).abs().compareTo(GREATEST) <= 0
              ? null
              : "must be a number between -10^15 and 10^15";
      case DATE ->
          value instanceof String text && isDay(text) ? null : "must be a day such as 2026-01-31";
      case BOOLEAN -> value instanceof Boolean ? null : "must be true or false";
      case CHOICE ->
          value instanceof String text && field.choices().contains(text)
              ? null
              : "must be one of " + String.join(", ", field.choices());
    };
  }

  private static boolean isDay(String text) {
    try {
      return text.length() == 10 && LocalDate.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
