package dev.parley.channels.whatsapp;

import dev.parley.channels.ChannelAccount;
import dev.parley.channels.ChannelCalls;
import dev.parley.channels.Channels;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.WebhookIntake;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.telemetry.Trace;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Meta's webhooks: `GET` and `POST /webhooks/whatsapp/{channelId}`, through [WebhookIntake]. A GET is Meta's handshake.
public final class WhatsAppWebhook implements WebhookIntake.Provider<ChannelAccount> {
  /// Meta's own limit of a body, in bytes.
  static final int MOST_BYTES = 3 << 20;

  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(WhatsAppWebhook::mac);

  private final Channels channels;
  private final ChannelCalls calls;
  private final WebhookIntake<ChannelAccount> intake;

  /// Hands updates to the intake of `doors`.
  public WhatsAppWebhook(Channels channels, ChannelCalls calls, WebhookIntake.Doors doors) {
    this.channels = channels;
    this.calls = calls;
    this.intake = new WebhookIntake<>(this, doors);
  }

  /// Adds the routes.
  public void mount(Router router) {
    intake.mount(router, this::handshake);
  }

  private void handshake(RoutingContext context, ChannelAccount account) {
    HttpServerRequest request = context.request();
    String token = request.getParam("hub.verify_token", "");
    String challenge = request.getParam("hub.challenge", "");
    Secret expected = account.credentials().verifyToken();
    if ("subscribe".equals(request.getParam("hub.mode"))
        && expected != null
        && expected.matches(token)
        && challenge.length() <= 1000) {
      context
          .response()
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .putHeader("X-Content-Type-Options", "nosniff")
          .end(challenge);
    } else {
      intake.answer(
          context, new Problem(Problem.Code.FORBIDDEN, "The verify token is not this channel's."));
    }
  }

  @Override
  public String name() {
    return WhatsAppConnector.KIND;
  }

  @Override
  public String account() {
    return "channel";
  }

  @Override
  public int mostBytes() {
    return MOST_BYTES;
  }

  @Override
  public @Nullable Optional<ChannelAccount> recent(UUID id) {
    Optional<ChannelAccount> recent = channels.recent(id);
    return recent == null ? null : ours(recent);
  }

  @Override
  public Optional<ChannelAccount> account(UUID id) {
    return ours(channels.account(id));
  }

  private static Optional<ChannelAccount> ours(Optional<ChannelAccount> account) {
    return account.filter(one -> one.kind().equals(WhatsAppConnector.KIND));
  }

  @Override
  public TenantId tenant(ChannelAccount account) {
    return account.tenant();
  }

  @Override
  public boolean signed(ChannelAccount account, HttpServerRequest request, byte[] body) {
    return signedBy(
        account.credentials().appSecrets(), request.getHeader("X-Hub-Signature-256"), body);
  }

  @Override
  public List<WorkItem> items(ChannelAccount account, byte[] body, Trace trace, Instant now) {
    return WhatsAppSplit.split(account, body, trace, now);
  }

  @Override
  public void called(ChannelAccount account, boolean signed) {
    if (signed) {
      calls.signed(account);
    } else {
      calls.unsigned(account);
    }
  }

  /// Whether one of the secrets has made the signature of exactly these bytes. Takes the same time whatever differs.
  static boolean signedBy(List<Secret> secrets, @Nullable String signature, byte[] body) {
    if (signature == null || !signature.startsWith("sha256=")) {
      return false;
    }
    byte[] given;
    try {
      given = HexFormat.of().parseHex(signature, 7, signature.length());
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean matches = false;
    for (Secret secret : secrets) {
      matches |= MessageDigest.isEqual(sign(secret, body), given);
    }
    return matches;
  }

  private static byte[] sign(Secret secret, byte[] body) {
    try {
      Mac mac = MAC.get();
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
