package dev.parley.app;

import dev.parley.platform.http.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/// `/problems`: what each code of a problem means; the `type` of every problem leads here.
final class ProblemPage {
  private ProblemPage() {}

  static void show(RoutingContext context) {
    var page =
        new StringBuilder(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width\"><title>Problems</title><h1>Problems</h1><p>Errors are"
                + " application/problem+json (RFC 9457). Programs branch on <code>code</code>; people read"
                + " <code>detail</code>; <code>errors</code> names the fields.</p><dl>");
    for (Problem.Code code : Problem.Code.values()) {
      String word = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
      page.append("<dt id=\"")
          .append(word)
          .append("\"><code>")
          .append(word)
          .append("</code> (")
          .append(code.status())
          .append(")</dt><dd>")
          .append(code.title())
          .append("</dd>");
    }
    context
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Content-Security-Policy", "default-src 'none'")
        .end(page.append("</dl></html>").toString());
  }
}
