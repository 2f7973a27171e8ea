package dev.parley.sandbox.genesys;

import dev.parley.sandbox.Call;
import dev.parley.sandbox.Listener;
import dev.parley.sandbox.Reply;
import java.net.URI;
import java.util.UUID;

/// An emulator of Genesys Cloud: OAuth, Open Messaging in both directions, conversations.
///
/// It stands in place of both `https://login.{domain}` and `https://api.{domain}`, answers for the
/// organisations that were registered through its control API, sends signed webhooks as the original
/// does, and can be told to misbehave. The control API lies under `/sandbox/...`:
///
/// | Call | Does |
/// |---|---|
/// | `PUT /sandbox/organizations/{key}` | registers or changes an organisation |
/// | `GET`, `DELETE /sandbox/organizations/{key}` | shows, removes it |
/// | `GET`, `PUT .../behaviour` | tokens, limits, retries, order, duplicates |
/// | `GET`, `PUT .../faults` | errors, latency, hangs, cut connections |
/// | `GET`, `PUT .../script` | what the agent answers by itself |
/// | `POST .../tokens/revoke` | makes every token worthless |
/// | `GET .../calls` | every call with a good token; `?kind=`, `?after=` a number, `?limit=` |
/// | `GET .../deliveries` | every attempt to deliver a webhook, paged alike |
/// | `GET .../counts` | exact counts, messages that came twice among them |
/// | `GET .../conversations[/{id}]` | conversations with participants and messages |
/// | `POST .../conversations/{id}/acts` | the agent does one thing; `?wait=true` until it is delivered |
/// | `POST .../conversations/{id}/participants` | an agent comes in, or changes its state |
/// | `POST .../integrations/{id}/webhooks` | delivers any payload; `?signature=wrong`, `?wait=true` |
/// | `POST /sandbox/reset` | forgets everything |
///
/// `GET /desktop/{key}` is a page that stands in for the agent's desktop, with the widget in a frame.
///
/// All state is in memory and gone after [#close()]. Instances are independent of each other and
/// may be used by any number of callers at the same time.
public final class GenesysSandbox implements AutoCloseable {
  private final Listener listener;
  private final Cloud cloud;
  private final Api api;
  private final Control control;

  private GenesysSandbox(Listener listener) {
    this.listener = listener;
    this.cloud = new Cloud(listener);
    this.api = new Api(cloud);
    this.control = new Control(cloud);
  }

  /// Starts a sandbox with no organisations in it.
  ///
  /// @param host the address to listen on, e.g. `127.0.0.1`, or `0.0.0.0` for all
  /// @param port the port; 0 for a free one
  /// @throws java.io.UncheckedIOException when the port is taken or the address is not this
  ///   machine's
  public static GenesysSandbox start(String host, int port) {
    Listener listener = Listener.bind("genesys-sandbox", host, port);
    GenesysSandbox sandbox = new GenesysSandbox(listener);
    listener.serve(
        sandbox::answer,
        e -> Reply.json(500, ApiError.of(500).body("The sandbox failed: " + UUID.randomUUID())));
    return sandbox;
  }

  /// Where it listens: the base of everything, with no slash at the end.
  public URI url() {
    return listener.url();
  }

  /// Stops listening and drops all that is under way, webhooks included.
  @Override
  public void close() {
    listener.close();
    cloud.wire().close();
  }

  private Reply answer(Call call) {
    String first = call.segments().isEmpty() ? "" : call.segments().getFirst();
    return switch (first) {
      case "sandbox" -> control.answer(call);
      case "desktop" -> Desktop.answer(cloud, call);
      default -> api.answer(call);
    };
  }
}
