package dev.parley.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Every call to the outside goes through here.
///
/// It goes by https to public addresses only: the addresses that a name resolves to are checked, and the connection is
/// made to the very address that was checked, so a name that resolves differently a moment later changes nothing.
/// Redirects are not followed, answers are read up to a limit, and every call ends after its time. Exceptions to the
/// address rule are named as `host:port` in the configuration key `http.allow`.
public final class OutboundHttp implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// A call.
  ///
  /// @param headers as they are sent; `Content-Type` is needed where there is a body
  /// @param timeout from the beginning to the last byte of the answer
  /// @param maxBytes of the answer's body; more is an [Unanswered]
  public record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      Duration timeout,
      int maxBytes) {}

  /// An answer, whatever its status. Header names are in lower case.
  public record Reply(int status, Map<String, String> headers, byte[] body) {}

  /// The call was not made: the address is not allowed, or nobody could be reached. The other side has seen nothing.
  public static final class NotMade extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean forbidden;

    NotMade(String message, boolean forbidden, @Nullable Throwable cause) {
      super(message, cause);
      this.forbidden = forbidden;
    }

    /// Whether the address is not allowed, so that trying again is of no use.
    public boolean forbidden() {
      return forbidden;
    }
  }

  /// The call was made and no whole answer came: the other side may or may not have acted on it.
  public static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    Unanswered(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final Set<String> allow;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("http-deadlines").factory());

  /// `allow` are the `host:port` pairs that may be private or plain http.
  public OutboundHttp(List<String> allow) {
    this.allow = Set.copyOf(allow);
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(new Guard())
            .setMaxConnTotal(500)
            .setMaxConnPerRoute(200)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(CONNECT))
                    .setValidateAfterInactivity(Timeout.ofSeconds(2))
                    .setTimeToLive(Timeout.ofMinutes(5))
                    .build())
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            // A retry of a POST behind our back could send a message twice.
            .disableAutomaticRetries()
            .disableContentCompression()
            .evictIdleConnections(Timeout.ofSeconds(30))
            .setUserAgent("Parley")
            .build();
  }

  /// Makes the call and waits for its answer.
  public Reply send(Request request) throws NotMade, Unanswered {
    checkUri(request.uri());
    var call = new HttpUriRequestBase(request.method(), request.uri());
    request.headers().forEach(call::addHeader);
    byte[] body = request.body();
    if (body != null) {
      call.setEntity(new ByteArrayEntity(body, null));
    }
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(request.timeout()))
            .setConnectionRequestTimeout(Timeout.of(CONNECT))
            .build());
    // The client's own limit is one of silence: who sends a byte now and then would never be cut
    // off.
    var deadline =
        deadlines.schedule(call::cancel, request.timeout().toNanos(), TimeUnit.NANOSECONDS);
    try {
      return client.execute(call, context, response -> reply(call, response, request.maxBytes()));
    } catch (ForbiddenAddress e) {
      throw new NotMade(String.valueOf(e.getMessage()), true, e);
    } catch (ConnectException
        | UnknownHostException
        | NoRouteToHostException
        | ConnectionRequestTimeoutException
        | ConnectTimeoutException e) {
      throw new NotMade(
          "cannot reach " + request.uri().getHost() + ": " + e.getMessage(), false, e);
    } catch (IOException e) {
      throw new Unanswered("no answer from " + request.uri().getHost() + ": " + e.getMessage(), e);
    } finally {
      deadline.cancel(false);
    }
  }

  private static Reply reply(HttpUriRequestBase call, ClassicHttpResponse response, int maxBytes)
      throws IOException {
    var headers = new HashMap<String, String>();
    for (var header : response.getHeaders()) {
      headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    HttpEntity entity = response.getEntity();
    var bytes = new ByteArrayOutputStream();
    if (entity != null) {
      try (InputStream in = entity.getContent()) {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          bytes.write(buffer, 0, n);
          if (bytes.size() > maxBytes) {
            // Otherwise closing the stream would read the rest, however long it is.
            call.cancel();
            throw new IOException("the answer is larger than " + maxBytes + " bytes");
          }
        }
      }
    }
    return new Reply(response.getCode(), headers, bytes.toByteArray());
  }

  private void checkUri(URI uri) throws NotMade {
    String host = uri.getHost();
    if (host == null || uri.getUserInfo() != null) {
      throw new NotMade("not an address that may be called", true, null);
    }
    int port = port(uri);
    if (allow.contains(host + ":" + port)) {
      return;
    }
    if (!"https".equalsIgnoreCase(uri.getScheme()) || port != 443) {
      throw new NotMade(
          "only https on port 443 may be called, unless http.allow names " + host + ":" + port,
          true,
          null);
    }
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  /// Resolves names and refuses those that lead to addresses which are not public. The connection is then made to
  /// these addresses and no others.
  private final class Guard implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
      for (InetAddress address : addresses) {
        if (!PublicAddress.isPublic(address)) {
          throw new ForbiddenAddress(host);
        }
      }
      return addresses;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
      InetAddress[] addresses =
          allow.contains(host + ":" + port)
              ? SystemDefaultDnsResolver.INSTANCE.resolve(host)
              : resolve(host);
      return Arrays.stream(addresses).map(address -> new InetSocketAddress(address, port)).toList();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private static final class ForbiddenAddress extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddress(String host) {
      super(host + " leads to an address that is not public");
    }
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      // Nothing depends on how its sockets are closed.
      connections.close();
    }
  }
}
