package dev.parley.app;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// The pages of inbox and administration, as the build of `web/` made them: the files are in the program, under names that change with
/// their content, and every address that is none of a file's is a page's.
final class WebPages {
  private static final String FOLDER = "web/";
  private static final String START = "index.html";
  private static final String WIDGET = "widget.html";

  /// Where the pages are; the same as in the router of `web/`.
  private static final List<String> PAGES =
      List.of(
          "/sign-in",
          "/forgot-password",
          "/reset-password",
          "/verify-email",
          "/accept-invitation",
          "/inbox",
          "/inbox/*",
          "/setup",
          "/admin",
          "/admin/*");

  /// What the pages may do: run our own scripts, and call nobody but this server. Styles may stand inline, because the
  /// components set sizes and places so.
  private static final String POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:;"
          + " media-src 'self' blob: https:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors ";

  private static final String NOBODY = "'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  private record File(String type, Buffer bytes, Buffer packed, boolean lasting) {}

  private final Map<String, File> files;

  private WebPages(Map<String, File> files) {
    this.files = files;
  }

  /// The pages, or nothing when this program was built where Node was not installed.
  static Optional<WebPages> load() {
    Map<String, File> files = new HashMap<>();
    for (String name : read("files.txt").map(Buffer::toString).orElse("").split("\n")) {
      if (!name.isBlank()) {
        files.put(name, file(name, read(name).orElseThrow()));
      }
    }
    return files.containsKey(START) ? Optional.of(new WebPages(files)) : Optional.empty();
  }

  private static Optional<Buffer> read(String name) {
    try (InputStream in = WebPages.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
      return in == null ? Optional.empty() : Optional.of(Buffer.buffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static File file(String name, Buffer bytes) {
    String type =
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    var packed = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(packed)) {
      zip.write(bytes.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new File(type, bytes, Buffer.buffer(packed.toByteArray()), name.startsWith("assets/"));
  }

  /// Answers `GET` for everything that no other route answers, as far as a browser asks for a page or a file of one.
  void mount(Router router, WidgetPage widget) {
    router.get("/").order(-900).handler(this::page);
    router.get("/assets/*").order(-900).handler(this::asset);
    router.get("/icon.svg").order(-900).handler(this::asset);
    for (String page : PAGES) {
      router.get(page).order(-900).handler(this::page);
    }
    File frame = files.get(WIDGET);
    if (frame != null) {
      widget.mount(
          router,
          (context, framer) -> {
            // Who opens it by hand sees that there is no such widget.
            context.response().setStatusCode(framer.isPresent() ? 200 : 404);
            send(context, frame, framer.orElse(NOBODY));
          });
    }
  }

  private void page(RoutingContext context) {
    send(context, Objects.requireNonNull(files.get(START)), NOBODY);
  }

  private void asset(RoutingContext context) {
    File file = files.get(context.normalizedPath().substring(1));
    if (file == null) {
      context.next();
    } else {
      send(context, file, NOBODY);
    }
  }

  private static void send(RoutingContext context, File file, String framer) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, file.type)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Content-Security-Policy", POLICY + framer)
        .putHeader(
            HttpHeaders.CACHE_CONTROL,
            file.lasting ? "public, max-age=31536000, immutable" : "no-cache")
        .putHeader(HttpHeaders.VARY, "Accept-Encoding");
    String encodings = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (encodings != null && encodings.contains("gzip")) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(file.packed);
    } else {
      response.end(file.bytes);
    }
  }
}
