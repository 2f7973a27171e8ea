package dev.parley.sandbox.genesys;

import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.UUID;

/// `/desktop/{key}`: a page in place of the agent's desktop. It lists the organisation's conversations, writes in them as
/// the agent, frames the interaction widget with the sandbox flags of the original, fills its address in, and takes what
/// the widget proposes by the client-app SDK's message into its composer.
final class Desktop {
  private static final Bytes PAGE = page();

  private Desktop() {}

  private static Bytes page() {
    try (InputStream in =
        Objects.requireNonNull(Desktop.class.getResourceAsStream("desktop.html"))) {
      return Bytes.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply answer(Cloud cloud, Call call) {
    if (!call.method().equals("GET")
        || call.segments().size() != 2
        || cloud.organization(call.segments().get(1)) == null) {
      return Reply.json(404, ApiError.notFound().body(UUID.randomUUID().toString()));
    }
    return new Reply.Content(200, "text/html; charset=utf-8", PAGE);
  }
}
