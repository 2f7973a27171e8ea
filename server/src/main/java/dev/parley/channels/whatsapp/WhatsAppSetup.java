package dev.parley.channels.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channels.ChannelAccount;
import dev.parley.channels.SetupCheck.Found;
import dev.parley.channels.SetupCheck.State;
import dev.parley.platform.crypto.Secret;
import dev.parley.platform.http.OutboundHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Looks at each part of a WhatsApp channel's set-up by calls of the Graph API: `debug_token` for the token, the phone
/// number, the numbers and the subscribed apps of the business account, and a call with `appsecret_proof`, which Meta
/// refuses when the secret is not the app's.
final class WhatsAppSetup {
  private static final String TOKEN = "token";
  private static final String NUMBER = "phone-number";
  private static final String ACCOUNT = "account";
  private static final String SUBSCRIPTION = "subscription";
  private static final String APP_SECRET = "app-secret";
  private static final String WEBHOOK = "webhook";
  private static final List<String> AFTER_TOKEN =
      List.of(NUMBER, ACCOUNT, SUBSCRIPTION, APP_SECRET, WEBHOOK);
  private static final Set<String> RIGHTS =
      Set.of("whatsapp_business_messaging", "whatsapp_business_management");
  private static final Duration SOON = Duration.ofDays(7);
  private static final int INVALID = 100;

  private final WhatsAppClient client;
  private final InstantSource clock;

  WhatsAppSetup(WhatsAppClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  List<Found> examine(ChannelAccount account, String webhook) {
    var found = new ArrayList<Found>();
    try {
      Found token = token(account);
      found.add(token);
      if (token.state() == State.FAILED) {
        AFTER_TOKEN.forEach(
            name -> found.add(Found.unknown(name, "Not looked at: the token is not good.")));
        return found;
      }
      JsonNode number =
          get(
              account,
              account.setting("phoneNumberId")
                  + "?fields=id,display_phone_number,verified_name,quality_rating,status,webhook_configuration");
      found.add(number(number));
      found.add(account(account));
      found.add(subscription(account));
      found.add(secret(account));
      found.add(webhook(number, webhook));
    } catch (OutboundHttp.NotMade | OutboundHttp.Unanswered e) {
      Stream.concat(Stream.of(TOKEN), AFTER_TOKEN.stream())
          .skip(found.size())
          .forEach(
              name ->
                  found.add(
                      Found.unknown(
                          name,
                          "Not looked at: WhatsApp does not answer (" + e.getMessage() + ").")));
    }
    return found;
  }

  private JsonNode get(ChannelAccount account, String path)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    return WhatsAppClient.json(client.get(account, path));
  }

  private Found token(ChannelAccount account) throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    String mend =
        "Make a token of a system user with the rights whatsapp_business_messaging and"
            + " whatsapp_business_management, and give it to the channel.";
    JsonNode answer =
        get(
            account,
            "debug_token?input_token=" + encoded(reveal(account.credentials().accessToken())));
    JsonNode told = answer.path("data");
    if (answer.has("error") || !told.path("is_valid").asBoolean()) {
      return Found.failed(TOKEN, "WhatsApp does not accept the access token.", mend);
    }
    var missing = new TreeSet<>(RIGHTS);
    var has = new HashSet<String>();
    told.path("scopes").forEach(scope -> has.add(scope.asText()));
    missing.removeAll(has);
    if (!missing.isEmpty()) {
      return Found.failed(TOKEN, "The token lacks " + String.join(" and ", missing) + ".", mend);
    }
    long expires = told.path("expires_at").asLong(0);
    if (expires > 0 && Instant.ofEpochSecond(expires).isBefore(clock.instant().plus(SOON))) {
      return Found.warning(
          TOKEN, "The token ends at " + Instant.ofEpochSecond(expires) + ".", mend);
    }
    return Found.ok(
        TOKEN,
        expires > 0
            ? "Good until " + Instant.ofEpochSecond(expires) + "."
            : "Good, without an end.");
  }

  private static Found number(JsonNode number) {
    JsonNode error = number.path("error");
    if (!error.isMissingNode()) {
      return Found.failed(
          NUMBER,
          "WhatsApp does not know the phone number for this token: "
              + WhatsAppErrors.of(error).cause(),
          "Compare phoneNumberId with the id in WhatsApp Manager, and give the system user access to the account.");
    }
    String status = number.path("status").asText("CONNECTED");
    String name =
        number.path("display_phone_number").asText("")
            + ", "
            + number.path("verified_name").asText("")
            + ".";
    if (!status.equals("CONNECTED")) {
      return Found.failed(
          NUMBER,
          "The number is " + status.toLowerCase(Locale.ROOT) + ": " + name,
          "Register the number for the Cloud API in WhatsApp Manager.");
    }
    if (number.path("quality_rating").asText("").equals("RED")) {
      return Found.warning(
          NUMBER,
          "Customers rate its messages badly: " + name,
          "Send fewer and more welcome templates, or WhatsApp will limit the number.");
    }
    return Found.ok(NUMBER, name);
  }

  private Found account(ChannelAccount account)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    JsonNode answer =
        get(account, account.setting("wabaId") + "/phone_numbers?fields=id&limit=100");
    if (answer.has("error")) {
      return Found.failed(
          ACCOUNT,
          "WhatsApp does not know the business account for this token.",
          "Compare wabaId with the id in WhatsApp Manager, and give the system user access to it.");
    }
    for (JsonNode number : answer.path("data")) {
      if (number.path("id").asText().equals(account.setting("phoneNumberId"))) {
        return Found.ok(ACCOUNT, "The number belongs to the business account.");
      }
    }
    return answer.path("paging").has("next")
        ? Found.warning(
            ACCOUNT,
            "The number is not among the first hundred of the business account.",
            "Compare wabaId with the id in WhatsApp Manager.")
        : Found.failed(
            ACCOUNT,
            "The number does not belong to the business account.",
            "Compare wabaId and phoneNumberId with the ids in WhatsApp Manager.");
  }

  private Found subscription(ChannelAccount account)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    JsonNode answer = get(account, account.setting("wabaId") + "/subscribed_apps");
    if (answer.has("error")) {
      return Found.failed(
          SUBSCRIPTION,
          "WhatsApp does not tell which apps hear of the business account.",
          "Give the token the right whatsapp_business_management.");
    }
    return answer.path("data").isEmpty()
        ? Found.failed(
            SUBSCRIPTION,
            "No app hears of the business account, so no webhook will come.",
            "Subscribe the app: POST /%s/subscribed_apps with the token, or in the App Dashboard."
                .formatted(account.setting("wabaId")))
        : Found.ok(SUBSCRIPTION, "An app hears of the business account.");
  }

  private Found secret(ChannelAccount account)
      throws OutboundHttp.NotMade, OutboundHttp.Unanswered {
    String token = reveal(account.credentials().accessToken());
    int good = 0;
    for (Secret secret : account.credentials().appSecrets()) {
      JsonNode answer =
          get(
              account,
              account.setting("phoneNumberId")
                  + "?fields=id&appsecret_proof="
                  + proof(secret, token));
      if (!answer.has("error")) {
        good++;
      } else if (answer.path("error").path("code").asInt() != INVALID) {
        return Found.unknown(APP_SECRET, "WhatsApp did not say whether the app secret is right.");
      }
    }
    int all = account.credentials().appSecrets().size();
    if (good == 0) {
      return Found.failed(
          APP_SECRET,
          "The app secret is not that of the token's app: signed webhooks will be refused.",
          "Copy the app secret from the App Dashboard, Settings, Basic.");
    }
    return good == all
        ? Found.ok(APP_SECRET, "The app secret is that of the token's app.")
        : Found.warning(
            APP_SECRET,
            "%d of %d app secrets are those of the token's app.".formatted(good, all),
            "Once the old secret is out of use, give the channel the new one alone.");
  }

  private static Found webhook(JsonNode number, String ours) {
    JsonNode hooks = number.path("webhook_configuration");
    // The nearer one counts: number, then business account, then app.
    String theirs =
        Stream.of("phone_number", "whatsapp_business_account", "application")
            .map(place -> hooks.path(place).asText(""))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    String mend =
        "Set the callback URL of the app to " + ours + ", with the channel's verify token.";
    if (theirs.isEmpty()) {
      return Found.failed(WEBHOOK, "WhatsApp has no address for webhooks.", mend);
    }
    if (theirs.equals(ours)) {
      return Found.ok(WEBHOOK, "WhatsApp sends webhooks to this channel's address.");
    }
    return path(theirs).equals(path(ours))
        ? Found.warning(
            WEBHOOK,
            "WhatsApp sends webhooks to this channel by another address: " + theirs,
            "If they come in, set public.url to that address; else " + mend)
        : Found.failed(WEBHOOK, "WhatsApp sends webhooks to " + theirs + ".", mend);
  }

  private static String path(String address) {
    try {
      return String.valueOf(URI.create(address).getPath());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String reveal(@Nullable Secret secret) {
    return secret == null ? "" : secret.reveal();
  }

  private static String proof(Secret secret, String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
