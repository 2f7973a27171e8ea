package dev.parley.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.resteasy.reactive.common.util.CaseInsensitiveMap;
import org.jboss.resteasy.reactive.server.core.multipart.MultipartParser;
import org.jspecify.annotations.Nullable;

/// Reads `multipart/form-data` with one file in it, part by part as the bytes come: nothing of the file is kept. The
/// fields before the file are known when its reading begins, those behind it when it was read to its end.
public final class Multipart {
  private static final int BUFFER = 64 << 10;
  private static final int MOST_OUTSIDE = 512 << 10;
  private static final int MOST_FIELDS = 20;
  private static final int MOST_FIELD_BYTES = 8 << 10;

  private final InputStream body;
  private final MultipartParser.ParseState parser;
  private final byte[] buffer = new byte[BUFFER];
  private final Pending pending = new Pending();
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Parts parts = new Parts();
  private boolean over;
  private int outside;

  /// Throws a [Problem] when the content type names no boundary.
  public Multipart(InputStream body, String contentType) {
    this.body = body;
    String boundary = parameter(contentType, "boundary");
    if (boundary == null || boundary.isEmpty() || boundary.length() > 200) {
      throw unreadable("Content-Type names no boundary.");
    }
    this.parser =
        MultipartParser.beginParse(
            parts, boundary.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8.name());
  }

  /// The file of a form.
  ///
  /// @param name as the client calls it, or null
  /// @param type as the client says, or null
  public record FilePart(@Nullable String name, @Nullable String type, InputStream bytes) {}

  /// Reads up to the file. Throws a [Problem] when there is none, or the body is not of that form.
  public FilePart file() throws IOException {
    while (!parts.begun) {
      if (!more()) {
        throw unreadable("The form has no file: send it as a part with a file name.");
      }
    }
    return new FilePart(parts.name, parts.type, new FileBytes());
  }

  /// The form's text fields as far as they were read.
  public Map<String, String> fields() {
    return fields;
  }

  /// Reads another piece; false at the end.
  private boolean more() throws IOException {
    if (over) {
      return false;
    }
    int n = body.read(buffer);
    if (n < 0) {
      over = true;
      if (!parser.isComplete()) {
        throw new IOException("the form was cut");
      }
      return false;
    }
    if (!parts.inFile) {
      outside += n;
      if (outside > MOST_OUTSIDE) {
        throw unreadable("The form has too much in it beside the file.");
      }
    }
    try {
      parser.parse(ByteBuffer.wrap(buffer, 0, n));
    } catch (IOException e) {
      throw unreadable("The body is not multipart/form-data of one file.");
    }
    return true;
  }

  private static Problem unreadable(String detail) {
    return new Problem(Problem.Code.UNREADABLE, detail);
  }

  /// Bytes of the file that were parsed and not read; never more than one piece of the body.
  private static final class Pending extends ByteArrayOutputStream {
    private int read;

    int take(byte[] into, int offset, int length) {
      int n = Math.min(length, count - read);
      System.arraycopy(buf, read, into, offset, n);
      read += n;
      if (read == count) {
        read = 0;
        reset();
      }
      return n;
    }

    boolean isEmpty() {
      return read == count;
    }
  }

  private final class FileBytes extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (pending.isEmpty()) {
        if (!more()) {
          return -1;
        }
      }
      return pending.take(into, offset, length);
    }
  }

  private final class Parts implements MultipartParser.PartHandler {
    private boolean begun;
    private @Nullable String name;
    private @Nullable String type;
    private boolean inFile;
    private String field = "";
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();

    @Override
    public void beginPart(CaseInsensitiveMap<String> headers) {
      String disposition = headers.getFirst("Content-Disposition");
      String given = disposition == null ? null : parameter(disposition, "name");
      String file = disposition == null ? null : parameter(disposition, "filename");
      inFile = file != null || "file".equals(given);
      if (inFile) {
        if (begun) {
          throw unreadable("Send one file in a request.");
        }
        begun = true;
        name = file;
        type = headers.getFirst("Content-Type");
        return;
      }
      if (given == null || given.length() > 100 || fields.size() >= MOST_FIELDS) {
        throw unreadable("The form has a part without a name, or too many fields.");
      }
      field = given;
      value.reset();
    }

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      ByteArrayOutputStream to = inFile ? pending : value;
      if (!inFile && value.size() + bytes.remaining() > MOST_FIELD_BYTES) {
        throw unreadable("The field " + field + " is too long.");
      }
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      to.write(copy);
    }

    @Override
    public void endPart() {
      if (!inFile) {
        fields.put(field, value.toString(StandardCharsets.UTF_8));
      }
      inFile = false;
    }
  }

  /// A parameter of a header, quoted or not; null when it is not there. Of browsers' escapes `%22` is a quote.
  private static @Nullable String parameter(String header, String wanted) {
    int at = 0;
    while ((at = header.indexOf(';', at)) >= 0) {
      at++;
      while (at < header.length() && header.charAt(at) == ' ') {
        at++;
      }
      int equals = header.indexOf('=', at);
      if (equals < 0) {
        return null;
      }
      String name = header.substring(at, equals).strip();
      int end;
      String value;
      if (equals + 1 < header.length() && header.charAt(equals + 1) == '"') {
        end = header.indexOf('"', equals + 2);
        end = end < 0 ? header.length() : end;
        value = header.substring(equals + 2, end);
      } else {
        end = header.indexOf(';', equals);
        end = end < 0 ? header.length() : end;
        value = header.substring(equals + 1, end).strip();
      }
      if (name.equalsIgnoreCase(wanted)) {
        return value.replace("%22", "\"");
      }
      at = end;
    }
    return null;
  }
}
