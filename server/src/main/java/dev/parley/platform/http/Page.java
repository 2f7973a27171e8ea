package dev.parley.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A page of a list.
///
/// @param items at most as many as were asked for
/// @param next give it as `after` to get the following page; absent on the last page
public record Page<T>(List<T> items, @Nullable String next) {
  /// Items on a page when the client does not say.
  public static final int LIMIT = 50;

  /// Most items on a page.
  public static final int MOST = 200;

  /// Makes a page out of up to `limit` + 1 rows: the one too many says that there is a next page.
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursor) {
    if (rows.size() <= limit) {
      return new Page<>(rows, null);
    }
    List<T> items = List.copyOf(rows.subList(0, limit));
    return new Page<>(items, encode(cursor.apply(items.getLast())));
  }

  /// The same page of other items.
  public <R> Page<R> map(Function<T, R> view) {
    return new Page<>(items.stream().map(view).toList(), next);
  }

  /// Checks a client's `limit`; throws a [Problem] when it is not 1 to 200.
  public static int limit(@Nullable Integer limit) {
    if (limit == null) {
      return LIMIT;
    }
    if (limit < 1 || limit > MOST) {
      throw Problem.invalid("limit", "must be 1 to " + MOST);
    }
    return limit;
  }

  /// Makes an opaque cursor of a position.
  public static String encode(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(position.getBytes(StandardCharsets.UTF_8));
  }

  /// The position in a client's cursor, or null; throws a [Problem] when it is none of ours.
  public static @Nullable String decode(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return null;
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw badCursor();
    }
  }

  /// The id in a client's cursor, or null; throws a [Problem] when it is none of ours. The id itself will do too: it is
  /// what somebody has who goes on after the last row of a file.
  public static @Nullable UUID decodeId(@Nullable String cursor) {
    if (cursor != null && cursor.length() == 36 && cursor.charAt(8) == '-') {
      try {
        return UUID.fromString(cursor);
      } catch (IllegalArgumentException e) {
        throw badCursor();
      }
    }
    String position = decode(cursor);
    try {
      return position == null ? null : UUID.fromString(position);
    } catch (IllegalArgumentException e) {
      throw badCursor();
    }
  }

  /// What a client is told whose cursor is none of ours.
  public static Problem badCursor() {
    return Problem.invalid("after", "must be a cursor from an earlier answer's next");
  }
}
