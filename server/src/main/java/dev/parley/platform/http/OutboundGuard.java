package dev.parley.platform.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;

/// Which addresses may be called. Asked twice: for the address as it is written, and for what its name resolves to,
/// at the moment of connecting. The connection is made to the answer of that one look-up, so that a name server that
/// says something else a moment later is not asked again.
final class OutboundGuard implements DnsResolver {
  /// Looks names up.
  interface Names {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  private final Set<String> allow;
  private final Names names;
  private final int port;

  /// `allow` are the `host:port` pairs that may be private or plain http; everything else has to be https on `port`.
  OutboundGuard(Collection<String> allow, Names names, int port) {
    this.allow = Set.copyOf(allow);
    this.names = names;
    this.port = port;
  }

  /// Throws when the address is not one that may be called, whatever its name resolves to.
  void check(URI uri) throws OutboundHttp.NotMade {
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || disguised(host)) {
      throw new OutboundHttp.NotMade("not an address that may be called", true, null);
    }
    int at = port(uri);
    boolean web = "https".equalsIgnoreCase(uri.getScheme());
    if (allow.contains(host + ":" + at) && (web || "http".equalsIgnoreCase(uri.getScheme()))) {
      return;
    }
    if (!web || at != port) {
      throw new OutboundHttp.NotMade(
          "only https on port %d may be called, unless http.allow names %s:%d"
              .formatted(port, host, at),
          true,
          null);
    }
  }

  /// An address in a form that some resolvers understand and people do not: 2130706433, 0x7f000001, 0177.0.0.1, 127.1.
  private static boolean disguised(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    return !last.isEmpty() && Character.isDigit(last.charAt(0)) && !IPV4.matcher(host).matches();
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    for (InetAddress address : addresses) {
      if (!PublicAddress.isPublic(address)) {
        throw new ForbiddenAddress(host);
      }
    }
    return addresses;
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int at) throws UnknownHostException {
    InetAddress[] addresses = allow.contains(host + ":" + at) ? names.resolve(host) : resolve(host);
    return Arrays.stream(addresses).map(address -> new InetSocketAddress(address, at)).toList();
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /// The name leads to an address that is not public.
  static final class ForbiddenAddress extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddress(String host) {
      super(host + " leads to an address that is not public");
    }
  }
}
