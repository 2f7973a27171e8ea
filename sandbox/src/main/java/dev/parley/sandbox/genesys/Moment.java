package dev.parley.sandbox.genesys;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as Genesys writes them: ISO-8601 in UTC, always with three digits of the second.
final class Moment {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Moment() {}

  static String text(Instant time) {
    return FORM.format(time);
  }
}
