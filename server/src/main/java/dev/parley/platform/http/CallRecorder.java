package dev.parley.platform.http;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.calls.Call;
import dev.parley.platform.calls.CallLog;
import dev.parley.platform.calls.CallPolicy.Bodies;
import dev.parley.platform.db.Ids;
import dev.parley.platform.json.Json;
import dev.parley.platform.telemetry.Trace;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// Hands every request of the API to the log of calls once it was answered. What it is known by is put together on the
/// way: by the route that takes it, by whoever is found to call, by the answer. Bodies are copied up to the limit of the
/// log and redacted later, by the log's own thread.
@Singleton
public final class CallRecorder {
  private static final String OPEN = CallRecorder.class.getName();

  private final CallLog log;
  private final CurrentVertxRequest current;
  private final InstantSource clock;
  private final Map<Method, String> routes = new ConcurrentHashMap<>();

  /// Hands to `log`.
  public CallRecorder(CallLog log, CurrentVertxRequest current, InstantSource clock) {
    this.log = log;
    this.current = current;
    this.clock = clock;
  }

  /// A request that is not answered yet. One thread after the other writes it.
  private static final class Open {
    private final long started = System.nanoTime();
    private @Nullable String route;
    private @Nullable Caller caller;
    private @Nullable String correlation;
    private @Nullable Beginning body;
    private @Nullable String answer;
  }

  /// Adds itself before all routes but the hot ones.
  public void mount(Router router) {
    if (log.on()) {
      router.route("/api/*").order(-960).handler(this::open);
    }
  }

  private void open(RoutingContext routing) {
    var open = new Open();
    routing.put(OPEN, open);
    routing.addEndHandler(_ -> close(routing, open));
    routing.next();
  }

  private @Nullable Open here() {
    RoutingContext routing = current.getCurrent();
    return routing == null ? null : routing.get(OPEN);
  }

  /// After it is known who calls, and before the body is read.
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION + 20)
  public void taken(ContainerRequestContext request, ResourceInfo route) {
    Open open = here();
    if (open == null) {
      return;
    }
    open.route = routes.computeIfAbsent(route.getResourceMethod(), CallRecorder::address);
    open.correlation = Trace.current().correlationId();
    TenantId tenant = TenantId.NONE;
    if (request.getSecurityContext().getUserPrincipal() instanceof Caller caller) {
      open.caller = caller;
      tenant = tenant(caller);
    }
    if (request.hasEntity()
        && !route.getResourceMethod().isAnnotationPresent(Streamed.class)
        && log.policy(tenant).bodies() != Bodies.NONE) {
      open.body = new Beginning(request.getEntityStream(), log.excerpt());
      request.setEntityStream(open.body);
    }
  }

  /// What is answered, before it is written.
  @ServerResponseFilter
  public void answered(ContainerRequestContext request, ContainerResponseContext response) {
    Open open = here();
    if (open == null) {
      return;
    }
    open.correlation = Trace.current().correlationId();
    // A request that was refused before it was let through has a caller too.
    if (open.caller == null
        && request.getSecurityContext().getUserPrincipal() instanceof Caller caller) {
      open.caller = caller;
    }
    Caller caller = open.caller;
    TenantId tenant = caller == null ? TenantId.NONE : tenant(caller);
    if (log.policy(tenant).keeps(response.getStatus())) {
      open.answer = text(response.getEntity());
    }
  }

  private @Nullable String text(@Nullable Object entity) {
    if (entity == null || entity instanceof StreamingOutput || entity instanceof byte[]) {
      return null;
    }
    if (entity instanceof String text) {
      return text.length() <= log.excerpt() ? text : text.substring(0, log.excerpt());
    }
    var out = new Capped(log.excerpt());
    try {
      Json.MAPPER.writeValue(out, entity);
    } catch (IOException e) {
      // Full, which is enough; or not for JSON, and then the answer fails by itself.
      return out.text();
    }
    return out.text();
  }

  private static TenantId tenant(Caller caller) {
    TenantId tenant = caller.tenant();
    return tenant == null ? TenantId.NONE : tenant;
  }

  private static String address(Method method) {
    Path root = method.getDeclaringClass().getAnnotation(Path.class);
    Path path = method.getAnnotation(Path.class);
    String all = (root == null ? "" : root.value()) + (path == null ? "" : "/" + path.value());
    return ("/" + all).replaceAll("/+", "/");
  }

  private void close(RoutingContext routing, Open open) {
    HttpServerRequest request = routing.request();
    Caller caller = open.caller;
    Beginning body = open.body;
    String correlation = open.correlation;
    String address = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    log.add(
        new Call(
            caller == null ? TenantId.NONE : tenant(caller),
            Ids.next(),
            clock.instant(),
            Call.Direction.IN,
            request.method().name(),
            open.route,
            request.path() == null ? "/" : request.path(),
            request.query(),
            routing.response().getStatusCode(),
            TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - open.started),
            caller == null
                ? null
                : new Call.By(Input.word(caller.kind()), caller.id(), caller.name()),
            address,
            correlation == null
                ? Trace.accept(request.getHeader(Correlation.HEADER), null).correlationId()
                : correlation,
            request.bytesRead(),
            routing.response().bytesWritten(),
            body == null ? null : body.text(),
            open.answer,
            null));
  }

  /// Keeps the first bytes of what is read.
  private static final class Beginning extends FilterInputStream {
    private final byte[] first;
    private int kept;

    Beginning(InputStream in, int most) {
      super(in);
      this.first = new byte[most];
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0 && kept < first.length) {
        first[kept++] = (byte) one;
      }
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = super.read(into, offset, length);
      if (n > 0) {
        int some = Math.min(n, first.length - kept);
        System.arraycopy(into, offset, first, kept, some);
        kept += some;
      }
      return n;
    }

    String text() {
      return new String(first, 0, kept, StandardCharsets.UTF_8);
    }
  }

  /// Takes so many bytes and then no more.
  private static final class Capped extends OutputStream {
    private final byte[] bytes;
    private int kept;

    Capped(int most) {
      this.bytes = new byte[most];
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      int some = Math.min(length, bytes.length - kept);
      System.arraycopy(from, offset, bytes, kept, some);
      kept += some;
      if (some < length) {
        throw new IOException("enough");
      }
    }

    String text() {
      return new String(bytes, 0, kept, StandardCharsets.UTF_8);
    }
  }
}
