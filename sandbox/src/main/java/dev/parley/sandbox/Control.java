package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The control API under `/sandbox/`, for whoever runs the demo or the test. No token is asked for:
/// a sandbox holds nothing that is worth one.
final class Control {
  private static final long LONGEST_WAIT_SECONDS = 120;
  private static final int PAGE = 1000;

  private final World world;
  private final CustomerMessages customers;

  Control(World world, MediaEndpoint media) {
    this.world = world;
    this.customers = new CustomerMessages(world, media);
  }

  Reply answer(Call call) {
    try {
      return dispatch(call, call.segments().subList(1, call.segments().size()));
    } catch (ControlRefusal refusal) {
      return refusal.reply();
    }
  }

  private Reply dispatch(Call call, List<String> path) {
    String first = path.isEmpty() ? "" : path.getFirst();
    if (first.equals("reset") && call.method().equals("POST") && path.size() == 1) {
      world.reset();
      return Reply.success();
    }
    if (first.equals("numbers") && path.size() >= 2) {
      String id = path.get(1);
      if (path.size() == 2 && call.method().equals("PUT")) {
        return register(id, json(call));
      }
      BusinessNumber number = world.number(id);
      if (number == null) {
        throw new ControlRefusal(404, "no such number: " + id);
      }
      return ofNumber(number, path.subList(2, path.size()), call);
    }
    if (first.equals("accounts") && path.size() == 4 && path.get(2).equals("templates")) {
      return decideTemplate(call, path.get(1), path.get(3));
    }
    throw unknown(call);
  }

  private Reply ofNumber(BusinessNumber number, List<String> path, Call call) {
    if (path.size() == 3 && path.getFirst().equals("customers") && path.get(2).equals("messages")) {
      requireMethod(call, "POST");
      CustomerMessages.Posted posted = customers.post(number, path.get(1), json(call));
      ObjectNode answer = Json.object().put("id", posted.wamid());
      answer.set("message", posted.message());
      return Reply.ok(call.flag("wait") ? await(posted.outcome(), answer) : answer);
    }
    if (path.size() > 1) {
      throw unknown(call);
    }
    String what = call.method() + " " + (path.isEmpty() ? "" : path.getFirst());
    return switch (what) {
      case "GET " -> Reply.ok(number.settings().json().put("id", number.id()));
      case "DELETE " -> {
        world.remove(number.id());
        yield Reply.success();
      }
      case "POST webhooks" -> webhooks(number, call);
      case "GET messages" -> {
        List<SendEntry> sends =
            number.sends().after(call.number("after", 0), call.number("limit", PAGE));
        yield list(sends.stream().map(SendEntry::json).toList());
      }
      case "GET deliveries" -> {
        var attempts =
            number.outbox().attempts().after(call.number("after", 0), call.number("limit", PAGE));
        yield list(attempts.stream().map(DeliveryAttempt::json).toList());
      }
      case "GET counts" -> {
        ObjectNode counts = number.counters().json();
        number.outbox().countInto(counts);
        yield Reply.ok(counts);
      }
      case "GET behaviour" -> Reply.ok(number.behaviour().json());
      case "PUT behaviour" -> {
        number.behave(number.behaviour().with(json(call)));
        yield Reply.ok(number.behaviour().json());
      }
      case "GET faults" -> Reply.ok(number.faults().json());
      case "PUT faults" -> {
        number.faults().replace(anyJson(call));
        yield Reply.ok(number.faults().json());
      }
      default -> throw unknown(call);
    };
  }

  private Reply register(String id, JsonNode json) {
    if (!id.matches("[0-9]{1,30}")) {
      throw new ControlRefusal(400, "a phone number id has only digits");
    }
    BusinessNumber known = world.number(id);
    BusinessNumber number =
        world.register(id, NumberSettings.of(json, known == null ? null : known.settings()));
    String handshake = "none";
    String url = Json.text(json, "webhookUrl");
    if (url != null) {
      String failure = world.webhooks().handshake(url, number.settings().verifyToken());
      // As with the original, a URL that fails the handshake is not taken over.
      if (failure == null) {
        number.change(number.settings().withWebhookUrl(url));
      }
      handshake = failure == null ? "ok" : "failed: " + failure;
    } else if (json.path("webhookUrl").isNull()) {
      number.change(number.settings().withWebhookUrl(null));
    }
    return Reply.ok(Json.object().put("id", id).put("handshake", handshake));
  }

  private Reply webhooks(BusinessNumber number, Call call) {
    JsonNode json = json(call);
    boolean wait = call.flag("wait");
    var signature =
        switch (call.query().getOrDefault("signature", "good").toLowerCase(Locale.ROOT)) {
          case "good" -> WebhookOutbox.Signature.GOOD;
          case "wrong" -> WebhookOutbox.Signature.WRONG;
          case "none" -> WebhookOutbox.Signature.NONE;
          default -> throw new ControlRefusal(400, "signature must be good, wrong or none");
        };
    // Who waits wants to see the answer to this one POST.
    int tries = call.number("tries", wait ? 1 : number.behaviour().webhookMaxTries());
    var outcome = number.outbox().post(webhookBody(number, json), signature, tries);
    return Reply.ok(wait ? await(outcome, Json.object()) : Json.object().put("success", true));
  }

  private static Bytes webhookBody(BusinessNumber number, JsonNode json) {
    JsonNode raw = json.path("raw");
    if (raw.isTextual()) {
      return Bytes.of(raw.textValue());
    }
    if (!raw.isMissingNode()) {
      return Json.webhookBytes(raw);
    }
    if (!json.path("changes").isArray()) {
      throw new ControlRefusal(400, "the body must have changes (a list) or raw");
    }
    ObjectNode envelope = Json.object().put("object", "whatsapp_business_account");
    ObjectNode entry = envelope.putArray("entry").addObject().put("id", number.settings().wabaId());
    entry.set("changes", json.get("changes"));
    return Json.webhookBytes(envelope);
  }

  private Reply decideTemplate(Call call, String wabaId, String templateId) {
    requireMethod(call, "PUT");
    BusinessAccount account = world.account(wabaId);
    String status = Json.text(json(call), "status");
    Set<String> statuses = Set.of("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED");
    if (status == null || !statuses.contains(status)) {
      throw new ControlRefusal(400, "status must be one of " + statuses);
    }
    if (account == null || !TemplatesEndpoint.decide(account, templateId, status)) {
      throw new ControlRefusal(404, "no such template: " + templateId);
    }
    return Reply.success();
  }

  private static ObjectNode await(
      CompletableFuture<WebhookOutbox.Outcome> outcome, ObjectNode answer) {
    try {
      WebhookOutbox.Outcome end = outcome.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
      return answer.put("delivered", end.delivered()).put("status", end.status());
    } catch (TimeoutException e) {
      return answer.put("delivered", false).put("status", 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlRefusal(503, "the sandbox is being closed");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Reply list(List<ObjectNode> entries) {
    ObjectNode json = Json.object();
    json.putArray("data").addAll(entries);
    return Reply.ok(json);
  }

  private static JsonNode json(Call call) {
    JsonNode json = anyJson(call);
    if (!json.isObject()) {
      throw new ControlRefusal(400, "the body must be a JSON object");
    }
    return json;
  }

  private static JsonNode anyJson(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new ControlRefusal(400, "the body is no JSON: " + e.getMessage());
    }
  }

  private static void requireMethod(Call call, String method) {
    if (!call.method().equals(method)) {
      throw unknown(call);
    }
  }

  private static ControlRefusal unknown(Call call) {
    return new ControlRefusal(404, "no such call: " + call.method() + " " + call.path());
  }
}
