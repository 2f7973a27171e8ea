package dev.parley.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes a `multipart/form-data` body apart.
final class MultipartForm {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
  private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]*)\"");
  private static final Pattern TYPE =
      Pattern.compile("^content-type:\\s*(.+?)\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// @param type the part's own content type; null when it has none
  record Part(@Nullable String type, Bytes bytes) {}

  private MultipartForm() {}

  /// The parts by name; empty when the body is no such form.
  static Map<String, Part> parse(@Nullable String contentType, Bytes form) {
    byte[] body = form.array();
    Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
    if (!boundary.find()) {
      return Map.of();
    }
    byte[] delimiter = ("--" + boundary.group(1)).getBytes(StandardCharsets.US_ASCII);
    Map<String, Part> parts = new HashMap<>();
    int start = indexOf(body, delimiter, 0);
    while (start >= 0) {
      int next = indexOf(body, delimiter, start + delimiter.length);
      if (next < 0) {
        break;
      }
      addPart(parts, body, start + delimiter.length, next);
      start = next;
    }
    return parts;
  }

  private static void addPart(Map<String, Part> parts, byte[] body, int from, int to) {
    int headEnd = indexOf(body, HEAD_END, from);
    if (headEnd < 0 || headEnd + HEAD_END.length > to) {
      return;
    }
    String head = new String(body, from, headEnd - from, StandardCharsets.UTF_8);
    Matcher name = NAME.matcher(head);
    if (name.find()) {
      Matcher type = TYPE.matcher(head);
      int end = Math.max(headEnd + HEAD_END.length, to - 2);
      Bytes content = Bytes.of(Arrays.copyOfRange(body, headEnd + HEAD_END.length, end));
      parts.put(name.group(1), new Part(type.find() ? type.group(1) : null, content));
    }
  }

  private static int indexOf(byte[] body, byte[] wanted, int from) {
    for (int i = from; i <= body.length - wanted.length; i++) {
      if (body[i] == wanted[0]
          && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
