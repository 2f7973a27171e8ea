package dev.parley.sandbox;

import java.net.URI;

/// An emulator of Meta's WhatsApp Cloud API.
///
/// It answers the Graph API under `/{version}/...` for numbers that were registered through its
/// control API, sends signed webhooks as the original does, and can be told to misbehave. The
/// control API lies under `/sandbox/...`:
///
/// | Call | Does |
/// |---|---|
/// | `PUT /sandbox/numbers/{id}` | registers or changes a number; with `webhookUrl` does the handshake |
/// | `GET`, `DELETE /sandbox/numbers/{id}` | shows, removes it |
/// | `POST /sandbox/numbers/{id}/customers/{waId}/messages` | a customer writes; `?wait=true` until it is delivered |
/// | `POST /sandbox/numbers/{id}/webhooks` | delivers any payload; `?signature=wrong`, `?wait=true`, `?tries=3` |
/// | `GET /sandbox/numbers/{id}/messages` | every POST to `/messages`, `?after=` a number, `?limit=` |
/// | `GET /sandbox/numbers/{id}/deliveries` | every attempt to deliver a webhook, paged alike |
/// | `GET /sandbox/numbers/{id}/counts` | exact counts, double sends among them |
/// | `GET`, `PUT /sandbox/numbers/{id}/behaviour` | statuses, batches, duplicates, limits, retries |
/// | `GET`, `PUT /sandbox/numbers/{id}/faults` | errors, latency, hangs, cut connections |
/// | `PUT /sandbox/accounts/{wabaId}/templates/{id}` | gives a template a status and announces it |
/// | `POST /sandbox/reset` | forgets everything |
///
/// All state is in memory and gone after [#close()]. Instances are independent of each other and
/// may be used by any number of callers at the same time.
public final class WhatsAppSandbox implements AutoCloseable {
  private final Listener listener;
  private final World world;
  private final MediaEndpoint media;
  private final Graph graph;
  private final Control control;

  private WhatsAppSandbox(Listener listener) {
    this.listener = listener;
    this.world = new World(listener.threads());
    this.media = new MediaEndpoint(world);
    this.graph = new Graph(world, media);
    this.control = new Control(world, media);
  }

  /// Starts a sandbox with no numbers in it.
  ///
  /// @param host the address to listen on, e.g. `127.0.0.1`, or `0.0.0.0` for all
  /// @param port the port; 0 for a free one
  /// @throws java.io.UncheckedIOException when the port is taken or the address is not this
  ///   machine's
  public static WhatsAppSandbox start(String host, int port) {
    Listener listener = Listener.bind("whatsapp-sandbox", host, port);
    WhatsAppSandbox sandbox = new WhatsAppSandbox(listener);
    sandbox.world.reachableAt(sandbox.url().toString());
    listener.serve(sandbox::answer, e -> GraphError.of(131000, "The sandbox failed: " + e).reply());
    return sandbox;
  }

  /// Where it listens: the base of the Graph API and of the control API, with no slash at the end.
  public URI url() {
    return listener.url();
  }

  /// Stops listening and drops all that is under way, webhooks included.
  @Override
  public void close() {
    listener.close();
    world.webhooks().close();
  }

  private Reply answer(Call call) {
    String first = call.segments().isEmpty() ? "" : call.segments().getFirst();
    if (first.equals("sandbox")) {
      return control.answer(call);
    }
    return call.path().equals(MediaEndpoint.DOWNLOAD_PATH)
        ? media.download(call)
        : graph.answer(call);
  }
}
