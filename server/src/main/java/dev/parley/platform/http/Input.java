package dev.parley.platform.http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Checks what came from outside and gathers everything that is wrong with it, so that a caller
/// hears of all at once.
public final class Input {
  private final List<Problem.FieldError> errors = new ArrayList<>();

  /// Text that must be there, without blanks around it; at most `most` characters.
  public String text(String field, @Nullable String value, int most) {
    String stripped = value == null ? "" : value.strip();
    if (stripped.isEmpty()) {
      error(field, "is required");
    }
    return capped(field, stripped, most);
  }

  /// Text that may be missing; at most `most` characters. Blank counts as missing.
  public @Nullable String optional(String field, @Nullable String value, int most) {
    return value == null || value.isBlank() ? null : capped(field, value.strip(), most);
  }

  /// An e-mail address in the form of [EmailAddress].
  public String email(String field, @Nullable String value) {
    String text = EmailAddress.normal(text(field, value, EmailAddress.MOST));
    if (!text.isEmpty() && !EmailAddress.isValid(text)) {
      error(field, "must be an e-mail address");
    }
    return text;
  }

  /// Whether something holds; if not, `detail` is told about `field`.
  public void check(boolean holds, String field, String detail) {
    if (!holds) {
      error(field, detail);
    }
  }

  /// One of an enum's words in lower case with dashes; null after an error.
  public <E extends Enum<E>> @Nullable E word(String field, @Nullable String value, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(value)) {
        return constant;
      }
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(word(constant));
    }
    error(field, "must be one of " + String.join(", ", words));
    return null;
  }

  /// How an enum's constant is written on the wire.
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Notes an error.
  public void error(String field, String detail) {
    errors.add(new Problem.FieldError(field, detail));
  }

  /// Throws a [Problem] with everything that was wrong, if anything was.
  public void done() {
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /// A body that must be there; throws a [Problem] when the client sent none.
  public static <T> T body(@Nullable T body) {
    if (body == null) {
      throw new Problem(Problem.Code.UNREADABLE, "Send a JSON object as the body.");
    }
    return body;
  }

  /// An id in a query or body that may be missing; null then, and after an error.
  public @Nullable UUID optionalId(String field, @Nullable String text) {
    try {
      return text == null || text.isBlank() ? null : UUID.fromString(text.strip());
    } catch (IllegalArgumentException e) {
      error(field, "must be an id");
      return null;
    }
  }

  /// A time in ISO-8601 with its zone that may be missing; null then, and after an error.
  public @Nullable Instant optionalTime(String field, @Nullable String text) {
    try {
      return text == null || text.isBlank() ? null : OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeParseException e) {
      error(field, "must be a time such as 2026-01-31T12:00:00Z");
      return null;
    }
  }

  /// An id in a path; what is no id is treated as one that nobody has.
  public static UUID id(String text, String what) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound(what);
    }
  }

  private String capped(String field, String value, int most) {
    if (value.length() > most) {
      error(field, "must be at most " + most + " characters");
    }
    return value;
  }
}
