package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads and settings of phone numbers and business accounts.
final class AccountEndpoint {
  private static final Pattern PIN = Pattern.compile("[0-9]{6}");
  private static final String WRONG_CODE = "000000";
  private static final String APP_ID = "670843887433847";
  private static final String NUMBER_DEFAULTS =
      "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,"
          + "webhook_configuration,id";
  private static final Set<String> NUMBER_FIELDS =
      Set.of(
          "id",
          "display_phone_number",
          "verified_name",
          "quality_rating",
          "code_verification_status",
          "platform_type",
          "throughput",
          "webhook_configuration",
          "status",
          "name_status",
          "new_name_status",
          "account_mode",
          "messaging_limit_tier",
          "is_pin_enabled",
          "is_official_business_account",
          "whatsapp_business_manager_messaging_limit",
          "last_onboarded_time",
          "country_dial_code",
          "health_status",
          "username");
  private static final Set<String> ACCOUNT_FIELDS =
      Set.of(
          "id",
          "name",
          "timezone_id",
          "currency",
          "message_template_namespace",
          "country",
          "account_review_status",
          "business_verification_status",
          "ownership_type",
          "primary_business_location",
          "health_status");

  private final World world;

  AccountEndpoint(World world) {
    this.world = world;
  }

  Reply look(BusinessNumber number, Call call) {
    return Reply.ok(number(number, call.query().getOrDefault("fields", NUMBER_DEFAULTS)));
  }

  Reply look(BusinessAccount account, Call call) {
    ObjectNode json =
        Json.object().put("id", account.id()).put("name", "Sandbox account " + account.id());
    json.put("timezone_id", "1").put("currency", "USD").put("country", "US");
    json.put("message_template_namespace", "ba30dd89_2ebd_41e4_b805_f2c05ae04cc9");
    json.put("account_review_status", "APPROVED").put("business_verification_status", "VERIFIED");
    json.put("ownership_type", "SELF").put("primary_business_location", "US");
    json.putObject("health_status").put("can_send_message", "AVAILABLE");
    String fields =
        call.query().getOrDefault("fields", "id,name,timezone_id,message_template_namespace");
    return Reply.ok(Graph.pick(json, fields, ACCOUNT_FIELDS));
  }

  Reply numbers(BusinessAccount account, Call call) {
    ObjectNode json = Json.object();
    var data = json.putArray("data");
    String fields = call.query().getOrDefault("fields", NUMBER_DEFAULTS);
    world.numbersOf(account.id()).forEach(number -> data.add(number(number, fields)));
    json.putObject("paging").putObject("cursors").put("before", "MAZDZD").put("after", "MAZDZD");
    return Reply.ok(json);
  }

  Reply subscriptions(BusinessAccount account) {
    ObjectNode json = Json.object();
    var data = json.putArray("data");
    if (account.subscribed()) {
      ObjectNode app = data.addObject();
      app.putObject("whatsapp_business_api_data")
          .put("id", APP_ID)
          .put("name", "Sandbox app")
          .put("link", "https://www.facebook.com/games/?app_id=" + APP_ID);
      if (account.overrideUrl() != null) {
        app.put("override_callback_uri", account.overrideUrl());
      }
    }
    return Reply.ok(json);
  }

  Reply subscribe(BusinessAccount account, Call call) {
    account.subscribe(override(Graph.jsonOrEmpty(call)));
    return Reply.success();
  }

  Reply unsubscribe(BusinessAccount account) {
    account.unsubscribe();
    return Reply.success();
  }

  /// `POST /{phoneNumberId}`: the two-step pin or an override of the callback.
  Reply change(BusinessNumber number, Call call) {
    Field root = Field.root(Graph.json(call));
    if (root.at("webhook_configuration").present()) {
      number.setOverrideUrl(override(root.at("webhook_configuration").node()));
    } else {
      number.setPin(pin(root));
    }
    return Reply.success();
  }

  Reply register(BusinessNumber number, Call call) {
    String pin = pin(Field.root(Graph.json(call)));
    String present = number.pin();
    if (present != null && !present.equals(pin)) {
      throw new GraphRefusal(GraphError.of(133005, "The pin is not the one that was set."));
    }
    number.setPin(pin);
    number.setRegistered(true);
    return Reply.success();
  }

  Reply deregister(BusinessNumber number) {
    number.setRegistered(false);
    return Reply.success();
  }

  Reply requestCode(Call call) {
    Field root = Field.root(Graph.json(call));
    root.at("code_method").oneOf(Set.of("SMS", "VOICE"));
    root.at("language").text(10);
    return Reply.success();
  }

  /// Takes every code of six digits but 000000.
  Reply verifyCode(Call call) {
    String code = Field.root(Graph.json(call)).at("code").id();
    if (!PIN.matcher(code).matches() || code.equals(WRONG_CODE)) {
      throw new GraphRefusal(GraphError.of(136025, "The verification code is not correct."));
    }
    return Reply.success();
  }

  /// What Meta knows of a token: valid when it is one of a registered number.
  Reply debugToken(@Nullable BusinessNumber owner) {
    ObjectNode data = Json.object().putObject("data");
    data.put("app_id", APP_ID).put("type", "SYSTEM_USER").put("application", "Sandbox app");
    data.put("is_valid", owner != null).put("expires_at", 0).put("data_access_expires_at", 0);
    var scopes = data.putArray("scopes");
    var granular = data.putArray("granular_scopes");
    if (owner != null) {
      for (String scope :
          new String[] {"whatsapp_business_management", "whatsapp_business_messaging"}) {
        scopes.add(scope);
        granular
            .addObject()
            .put("scope", scope)
            .putArray("target_ids")
            .add(owner.settings().wabaId());
      }
    }
    return Reply.ok(Json.object().set("data", data));
  }

  private static ObjectNode number(BusinessNumber number, String fields) {
    NumberSettings settings = number.settings();
    ObjectNode json = Json.object().put("verified_name", settings.verifiedName());
    json.put("code_verification_status", "VERIFIED");
    json.put("display_phone_number", settings.displayPhoneNumber());
    json.put("quality_rating", "GREEN").put("platform_type", "CLOUD_API");
    boolean high = number.behaviour().throughputPerSecond() > 80;
    json.putObject("throughput").put("level", high ? "HIGH" : "STANDARD");
    ObjectNode hooks =
        json.putObject("webhook_configuration").put("application", settings.webhookUrl());
    if (number.account().overrideUrl() != null) {
      hooks.put("whatsapp_business_account", number.account().overrideUrl());
    }
    if (number.overrideUrl() != null) {
      hooks.put("phone_number", number.overrideUrl());
    }
    json.put("status", number.registered() ? "CONNECTED" : "DISCONNECTED");
    json.put("name_status", "APPROVED").put("new_name_status", "NONE").put("account_mode", "LIVE");
    json.put("messaging_limit_tier", "TIER_UNLIMITED");
    json.put("whatsapp_business_manager_messaging_limit", "TIER_UNLIMITED");
    json.put("is_pin_enabled", number.pin() != null).put("is_official_business_account", false);
    json.put("last_onboarded_time", "2026-01-01T00:00:00+0000").put("country_dial_code", "1");
    json.putObject("health_status").put("can_send_message", "AVAILABLE");
    json.put("id", number.id());
    return Graph.pick(json, fields, NUMBER_FIELDS);
  }

  private @Nullable String override(JsonNode json) {
    Field url = Field.root(json).at("override_callback_uri");
    if (!url.present() || url.node().asText().isEmpty()) {
      return null;
    }
    String link = url.link();
    String failure =
        world.webhooks().handshake(link, Field.root(json).at("verify_token").text(1000));
    if (failure != null) {
      String text = "Callback verification failed with the following errors: " + failure;
      throw new GraphRefusal(new GraphError(400, 2200, 0, text, text));
    }
    return link;
  }

  private static String pin(Field root) {
    String pin = root.at("pin").id();
    if (!PIN.matcher(pin).matches()) {
      throw root.at("pin").invalid("must have six digits");
    }
    return pin;
  }
}
