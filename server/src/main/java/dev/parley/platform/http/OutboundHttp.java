package dev.parley.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.mime.InputStreamBody;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Every call to the outside goes through here.
///
/// It goes by https to public addresses only: the addresses that a name resolves to are checked, and the connection is
/// made to the very address that was checked, so a name that resolves differently a moment later changes nothing.
/// Redirects are followed where a [Fetch] says so, each checked like the first address, and nowhere else. Answers are
/// read up to a limit and never decompressed, their heads are bounded too, and every call ends after its time.
/// Exceptions to the address rule are named as `host:port` in the configuration key `http.allow`.
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

  /// A `multipart/form-data` POST with one file, which is read while it is sent.
  ///
  /// @param fields of the form, beside the file, which is called `file`
  /// @param length of the file in bytes
  /// @param timeout from the beginning to the last byte of the answer
  /// @param maxBytes of the answer's body
  public record Upload(
      URI uri,
      Map<String, String> headers,
      Map<String, String> fields,
      String filename,
      String mimeType,
      long length,
      InputStream file,
      Duration timeout,
      int maxBytes) {}

  /// A GET whose answer is read as it comes.
  ///
  /// @param headers go to the first host only, never to one that it redirects to
  /// @param silence how long nothing may come
  /// @param timeout from the beginning to the last byte, redirects included
  /// @param maxBytes of the answer's body; more is a [TooLarge]
  /// @param redirects how many are followed; with 0 the reader sees the redirect itself
  public record Fetch(
      URI uri,
      Map<String, String> headers,
      Duration silence,
      Duration timeout,
      long maxBytes,
      int redirects) {}

  /// What an answer says before its body. Header names are in lower case.
  ///
  /// @param length of the body, or -1 where the other side does not tell
  public record Head(int status, Map<String, String> headers, long length) {}

  /// Reads an answer.
  public interface Reader<T> {
    /// The body ends with an `IOException` when it is cut off, too long or too slow. It need not be read to its end.
    T read(Head head, InputStream body) throws IOException;
  }

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

  /// The answer to a [Fetch] is larger than it may be.
  public static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(long most) {
      super("the answer is larger than " + most + " bytes");
    }
  }

  private final OutboundGuard guard;
  private volatile OutboundCalls listener = _ -> {};
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("http-deadlines").factory());

  /// `allow` are the `host:port` pairs that may be private or plain http.
  public OutboundHttp(List<String> allow) {
    this(new OutboundGuard(allow, SystemDefaultDnsResolver.INSTANCE::resolve, 443));
  }

  OutboundHttp(OutboundGuard guard) {
    this.guard = guard;
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.client = OutboundConnections.client(guard, CONNECT);
  }

  /// Makes `listener` the one who hears of the calls.
  public void tell(OutboundCalls listener) {
    this.listener = listener;
  }

  /// Makes the call and waits for its answer.
  public Reply send(Request request) throws NotMade, Unanswered {
    byte[] body = request.body();
    return heard(
        OutboundCalls.Line.begin(
            request.method(), request.uri(), body, body == null ? 0 : body.length),
        () -> made(request));
  }

  private Reply made(Request request) throws NotMade, Unanswered {
    guard.check(request.uri());
    var call = new HttpUriRequestBase(request.method(), request.uri());
    request.headers().forEach(call::addHeader);
    byte[] body = request.body();
    if (body != null) {
      call.setEntity(new ByteArrayEntity(body, null));
    }
    return whole(call, request.timeout(), request.maxBytes());
  }

  /// Sends a file and waits for the answer. The stream is read once and not closed.
  public Reply upload(Upload upload) throws NotMade, Unanswered {
    return heard(
        OutboundCalls.Line.begin("POST", upload.uri(), null, upload.length()), () -> made(upload));
  }

  private Reply made(Upload upload) throws NotMade, Unanswered {
    guard.check(upload.uri());
    var call = new HttpUriRequestBase("POST", upload.uri());
    upload.headers().forEach(call::addHeader);
    MultipartEntityBuilder form = MultipartEntityBuilder.create();
    upload.fields().forEach(form::addTextBody);
    form.addPart(
        "file",
        new InputStreamBody(
            upload.file(),
            ContentType.parse(upload.mimeType()),
            upload.filename(),
            upload.length()));
    call.setEntity(form.build());
    return whole(call, upload.timeout(), upload.maxBytes());
  }

  private interface Making {
    Reply make() throws NotMade, Unanswered;
  }

  private Reply heard(OutboundCalls.Line line, Making making) throws NotMade, Unanswered {
    try {
      Reply reply = making.make();
      listener.made(line.answered(reply.status(), reply.body(), reply.body().length));
      return reply;
    } catch (NotMade | Unanswered e) {
      listener.made(line.failed(0, e));
      throw e;
    }
  }

  private Reply whole(HttpUriRequestBase call, Duration timeout, int maxBytes)
      throws NotMade, Unanswered {
    try {
      return exchange(
          call,
          timeout,
          timeout,
          maxBytes,
          (head, body) -> new Reply(head.status(), head.headers(), body.readAllBytes()));
    } catch (TooLarge e) {
      throw new Unanswered(String.valueOf(e.getMessage()), e);
    }
  }

  /// Fetches something; the answer of the last address goes to `reader`, whatever its status.
  public <T> T fetch(Fetch fetch, Reader<T> reader) throws NotMade, Unanswered, TooLarge {
    var line = OutboundCalls.Line.begin("GET", fetch.uri(), null, 0);
    int[] status = new int[1];
    long[] length = new long[1];
    try {
      T value =
          followed(
              fetch,
              (head, body) -> {
                status[0] = head.status();
                length[0] = Math.max(0, head.length());
                return reader.read(head, body);
              });
      listener.made(line.answered(status[0], null, length[0]));
      return value;
    } catch (NotMade | Unanswered | TooLarge e) {
      listener.made(line.failed(status[0], e));
      throw e;
    }
  }

  private <T> T followed(Fetch fetch, Reader<T> reader) throws NotMade, Unanswered, TooLarge {
    long end = System.nanoTime() + fetch.timeout().toNanos();
    URI at = fetch.uri();
    Map<String, String> headers = fetch.headers();
    for (int hop = 0; hop <= fetch.redirects(); hop++) {
      guard.check(at);
      var call = new HttpUriRequestBase("GET", at);
      headers.forEach(call::addHeader);
      boolean follow = fetch.redirects() > 0;
      Duration left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
      Hop<T> came =
          exchange(
              call,
              left,
              fetch.silence().compareTo(left) < 0 ? fetch.silence() : left,
              fetch.maxBytes(),
              (head, body) -> {
                String location = follow ? location(head) : null;
                return location == null
                    ? new Hop<>(null, List.of(reader.read(head, body)))
                    : new Hop<>(location, List.<T>of());
              });
      if (came.location() == null) {
        return came.value().getFirst();
      }
      URI next = resolve(at, came.location());
      // What was meant for one host, a token above all, is nobody else's.
      headers = sameHost(at, next) ? headers : Map.of();
      at = next;
    }
    throw new Unanswered("redirected more than " + fetch.redirects() + " times", null);
  }

  /// Either where to go on, or what the reader made of the answer.
  private record Hop<T>(@Nullable String location, List<T> value) {}

  private static @Nullable String location(Head head) {
    return List.of(301, 302, 303, 307, 308).contains(head.status())
        ? head.headers().get("location")
        : null;
  }

  private static URI resolve(URI from, String location) throws NotMade {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new NotMade("redirected to something that is no address", true, e);
    }
  }

  private static boolean sameHost(URI one, URI other) {
    return String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort()
        && String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme());
  }

  private <T> T exchange(
      HttpUriRequestBase call,
      Duration timeout,
      Duration silence,
      long maxBytes,
      Reader<? extends T> reader)
      throws NotMade, Unanswered, TooLarge {
    String host = call.getAuthority().getHostName();
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(silence))
            .setConnectionRequestTimeout(Timeout.of(CONNECT))
            .build());
    // The client's own limit is one of silence: who sends a byte now and then would never be cut
    // off.
    var deadline = deadlines.schedule(call::cancel, timeout.toNanos(), TimeUnit.NANOSECONDS);
    var answered = new Answered<T>();
    try {
      client.execute(
          call,
          context,
          response -> {
            answered.value = List.of(read(call, response, maxBytes, reader));
            return true;
          });
    } catch (OutboundGuard.ForbiddenAddress e) {
      throw new NotMade(String.valueOf(e.getMessage()), true, e);
    } catch (ConnectException
        | UnknownHostException
        | NoRouteToHostException
        | ConnectionRequestTimeoutException
        | ConnectTimeoutException e) {
      throw new NotMade("cannot reach " + host + ": " + e.getMessage(), false, e);
    } catch (CappedStream.TooLong e) {
      throw new TooLarge(maxBytes);
    } catch (IOException e) {
      // The connection may be cut after the reader has what it wanted.
      if (answered.value == null) {
        throw new Unanswered("no answer from " + host + ": " + e.getMessage(), e);
      }
    } finally {
      deadline.cancel(false);
    }
    if (answered.value == null) {
      throw new Unanswered("no answer from " + host, null);
    }
    return answered.value.getFirst();
  }

  private static final class Answered<T> {
    private @Nullable List<T> value;
  }

  private static <T> T read(
      HttpUriRequestBase call, ClassicHttpResponse response, long maxBytes, Reader<T> reader)
      throws IOException {
    var headers = new HashMap<String, String>();
    for (var header : response.getHeaders()) {
      headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    HttpEntity entity = response.getEntity();
    InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
    long length = entity == null ? 0 : entity.getContentLength();
    var body = new CappedStream(content, maxBytes, length);
    try {
      return reader.read(new Head(response.getCode(), headers, length), body);
    } finally {
      if (!body.ended()) {
        // Otherwise closing the stream would read the rest, however long it is.
        call.cancel();
      }
    }
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    client.close(CloseMode.GRACEFUL);
  }
}
