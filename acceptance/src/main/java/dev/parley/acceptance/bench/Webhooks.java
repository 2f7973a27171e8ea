package dev.parley.acceptance.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.LongUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Webhooks as Meta sends them, signed: text messages of 600 to 900 bytes, each with an id of its own.
final class Webhooks {
  private static final String WORDS =
      "Good morning, I ordered the blue one last week and it still says that it is being packed. Could you look where"
          + " it is? My order number is 48213 and I would need it before Friday because we are moving. Thank you very"
          + " much for your help and have a nice day! I could also come and fetch it myself if that is quicker.";

  private final Random random = new Random(42);
  private final long run = System.currentTimeMillis();
  private List<String> ids = new ArrayList<>();
  private long made;

  /// So many requests to the channels in turn, one message each. `customer` says who writes the n-th, n from 0.
  Requests single(Launched.Channel[] channels, int count, LongUnaryOperator customer) {
    var all = new byte[count][];
    for (int i = 0; i < count; i++) {
      Launched.Channel channel = channels[i % channels.length];
      int n = i;
      all[i] = request(channel, body(channel, 1, _ -> customer.applyAsLong(n)));
    }
    return new Requests(all, take());
  }

  /// So many messages in requests of 50.
  Requests bulk(Launched.Channel channel, int messages, LongUnaryOperator customer) {
    var all = new byte[(messages + 49) / 50][];
    for (int i = 0; i < all.length; i++) {
      int first = i * 50;
      all[i] =
          request(
              channel,
              body(channel, Math.min(50, messages - first), n -> customer.applyAsLong(first + n)));
    }
    return new Requests(all, take());
  }

  private byte[] request(Launched.Channel channel, byte[] body) {
    String signature;
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              channel.number().appSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      signature = HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    String head =
        "POST /webhooks/whatsapp/"
            + channel.id()
            + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: facebookexternalua\r\nContent-Type: application/json\r\n"
            + "Accept: */*\r\nX-Hub-Signature-256: sha256="
            + signature
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    var whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  private byte[] body(Launched.Channel channel, int messages, LongUnaryOperator customer) {
    var contacts = new StringJoiner(",");
    var list = new StringJoiner(",");
    for (int i = 0; i < messages; i++) {
      String phone = "1650" + (1_000_000_000L + customer.applyAsLong(i));
      contacts.add(
          "{\"profile\":{\"name\":\"Customer " + phone + "\"},\"wa_id\":\"" + phone + "\"}");
      list.add(
          "{\"from\":\"%s\",\"id\":\"%s\",\"timestamp\":\"%d\",\"text\":{\"body\":\"%s\"},\"type\":\"text\"}"
              .formatted(phone, wamid(), Instant.now().getEpochSecond(), text()));
    }
    return """
        {"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"value":{"messaging_product":"whatsapp",\
        "metadata":{"display_phone_number":"15550783881","phone_number_id":"%s"},"contacts":[%s],"messages":[%s]},\
        "field":"messages"}]}]}"""
        .formatted(channel.number().wabaId(), channel.number().id(), contacts, list)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Unique, and as Meta's in no order.
  private String wamid() {
    made++;
    String id = Long.toHexString(random.nextLong()) + ":" + run + ":" + made;
    String wamid =
        "wamid." + Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
    ids.add(wamid);
    return wamid;
  }

  private List<String> take() {
    List<String> taken = ids;
    ids = new ArrayList<>();
    return taken;
  }

  private String text() {
    return WORDS.substring(0, 120 + random.nextInt(WORDS.length() - 120));
  }
}
