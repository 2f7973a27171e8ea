package dev.parley.platform.http;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lists as files for spreadsheets (RFC 4180, UTF-8), written as they are read.
///
/// A file has a line of names and at most 100,000 rows. Who wants more asks again with the `id` of the last row as
/// `after`.
public final class Csv {
  /// The media type, in `Accept` and in the answer.
  public static final String TYPE = "text/csv";

  /// Most rows of a file.
  public static final int MOST = 100_000;

  /// For the documents of routes that give files.
  public static final String DOC =
      " With Accept: text/csv the whole selection comes as a file of at most 100,000 rows; the id of its last row as"
          + " `after` gives what follows.";

  private static final int BATCH = 500;
  // What makes a spreadsheet take a text for a formula.
  private static final String FORMULA = "=+-@\t\r";

  private Csv() {}

  /// Gives the pages of a list.
  public interface Pages<T> {
    /// At most `limit` items after a cursor, or from the beginning.
    Page<T> after(@Nullable String cursor, int limit);
  }

  /// Whether the client asks for a file.
  public static boolean asked(@Nullable String accept) {
    return accept != null && accept.contains(TYPE);
  }

  /// The answer with the file: `name` without its ending, the columns' names, and the cells of an item in their order.
  public static <T> Response file(
      String name,
      @Nullable String after,
      List<String> columns,
      Function<T, List<? extends @Nullable Object>> cells,
      Pages<T> pages) {
    // The first page is read before anything is answered, so that what is wrong comes as a problem.
    Page<T> first = pages.after(after, BATCH);
    StreamingOutput file = out -> write(out, columns, cells, pages, first);
    return Response.ok(file, TYPE + ";charset=UTF-8")
        .header("Content-Disposition", "attachment; filename=" + name + ".csv")
        .build();
  }

  private static <T> void write(
      OutputStream out,
      List<String> columns,
      Function<T, List<? extends @Nullable Object>> cells,
      Pages<T> pages,
      Page<T> first)
      throws IOException {
    out.write((String.join(",", columns) + "\r\n").getBytes(StandardCharsets.UTF_8));
    Page<T> page = first;
    int rows = 0;
    while (true) {
      var text = new StringBuilder();
      for (T item : page.items()) {
        text.append(row(cells.apply(item)));
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      rows += page.items().size();
      String next = page.next();
      if (next == null || rows >= MOST) {
        return;
      }
      page = pages.after(next, Math.min(BATCH, MOST - rows));
    }
  }

  /// A line of cells.
  static String row(List<? extends @Nullable Object> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r\n";
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Number) {
      return value.toString();
    }
    String text = value.toString();
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
