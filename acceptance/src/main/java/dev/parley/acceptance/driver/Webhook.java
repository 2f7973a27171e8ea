package dev.parley.acceptance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Webhooks as Meta makes them, for those who need more of them, or worse ones, than the sandbox sends.
public final class Webhook {
  private Webhook() {}

  /// A whole body with these changes of the field `messages`.
  public static byte[] body(PhoneNumber number, List<? extends JsonNode> values) {
    ObjectNode entry =
        Json.of(
            "id",
            number.wabaId(),
            "changes",
            values.stream().map(value -> Json.of("field", "messages", "value", value)).toList());
    return bytes(Json.of("object", "whatsapp_business_account", "entry", List.of(entry)));
  }

  /// The `value` of a change with these messages of one customer.
  public static ObjectNode messages(
      PhoneNumber number, String customer, List<? extends JsonNode> list) {
    ObjectNode value = value(number);
    value.set(
        "contacts",
        Json.array(
            List.of(Json.of("profile", Json.of("name", "C" + customer), "wa_id", customer))));
    value.set("messages", Json.array(list));
    return value;
  }

  /// The `value` of a change with these statuses.
  public static ObjectNode statuses(PhoneNumber number, List<? extends JsonNode> list) {
    ObjectNode value = value(number);
    value.set("statuses", Json.array(list));
    return value;
  }

  private static ObjectNode value(PhoneNumber number) {
    return Json.of(
        "messaging_product",
        "whatsapp",
        "metadata",
        Json.of(
            "display_phone_number",
            number.displayPhoneNumber().replaceAll("\\D", ""),
            "phone_number_id",
            number.id()));
  }

  /// A text message.
  public static ObjectNode text(String id, String customer, Instant at, String body) {
    return Json.of(
        "from",
        customer,
        "id",
        id,
        "timestamp",
        Long.toString(at.getEpochSecond()),
        "type",
        "text",
        "text",
        Json.of("body", body));
  }

  /// A status of a message of ours.
  public static ObjectNode status(String id, String customer, Instant at, String status) {
    return Json.of(
        "id",
        id,
        "status",
        status,
        "timestamp",
        Long.toString(at.getEpochSecond()),
        "recipient_id",
        customer);
  }

  /// The bytes of a JSON body.
  public static byte[] bytes(JsonNode json) {
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /// The value of `X-Hub-Signature-256`.
  public static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
