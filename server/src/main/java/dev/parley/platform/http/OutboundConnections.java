package dev.parley.platform.http;

import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;

/// How the client behind [OutboundHttp] is set up: nothing is done behind the caller's back, and nothing that the other
/// side says is without a bound.
final class OutboundConnections {
  private static final int MOST_HEADERS = 200;
  private static final int LONGEST_LINE = 32 << 10;

  private OutboundConnections() {}

  static CloseableHttpClient client(OutboundGuard guard, Duration connect) {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(guard)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom()
                            .setMaxHeaderCount(MOST_HEADERS)
                            .setMaxLineLength(LONGEST_LINE)
                            .build())
                    .build())
            .setMaxConnTotal(500)
            .setMaxConnPerRoute(200)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(connect))
                    .setValidateAfterInactivity(Timeout.ofSeconds(2))
                    .setTimeToLive(Timeout.ofMinutes(5))
                    .build())
            .build();
    return HttpClients.custom()
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
}
