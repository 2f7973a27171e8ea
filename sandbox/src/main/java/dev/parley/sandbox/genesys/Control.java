package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.ControlRefusal;
import dev.parley.sandbox.DeliveryAttempt;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The control API under `/sandbox/`, for whoever runs the demo or the test. No token is asked for:
/// a sandbox holds nothing that is worth one.
final class Control {
  private static final long LONGEST_WAIT_SECONDS = 120;
  private static final int PAGE = 1000;
  private static final Set<String> STATES = Set.of("alerting", "connected", "disconnected");

  private final Cloud cloud;

  Control(Cloud cloud) {
    this.cloud = cloud;
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
      cloud.reset();
      return Reply.success();
    }
    if (!first.equals("organizations") || path.size() < 2) {
      throw unknown(call);
    }
    String key = path.get(1);
    Organization known = cloud.organization(key);
    if (path.size() == 2 && call.method().equals("PUT")) {
      if (!key.matches("[a-zA-Z0-9._-]{1,60}")) {
        throw new ControlRefusal(400, "the key of an organisation has letters, digits, . _ -");
      }
      OrganizationSettings settings =
          OrganizationSettings.of(key, json(call), known == null ? null : known.settings());
      return Reply.ok(cloud.register(key, settings).settings().json());
    }
    if (known == null) {
      throw new ControlRefusal(404, "no such organisation: " + key);
    }
    List<String> rest = path.subList(2, path.size());
    return rest.size() > 1 ? deep(known, rest, call) : shallow(known, rest, call);
  }

  private Reply shallow(Organization organization, List<String> path, Call call) {
    String what = call.method() + " " + (path.isEmpty() ? "" : path.getFirst());
    return switch (what) {
      case "GET " -> Reply.ok(organization.settings().json());
      case "DELETE " -> {
        cloud.remove(organization.key());
        yield Reply.success();
      }
      case "GET behaviour" -> Reply.ok(organization.behaviour().json());
      case "PUT behaviour" -> {
        organization.behave(organization.behaviour().with(json(call)));
        yield Reply.ok(organization.behaviour().json());
      }
      case "GET faults" -> Reply.ok(organization.faults().json());
      case "PUT faults" -> {
        organization.faults().replace(anyJson(call));
        yield Reply.ok(organization.faults().json());
      }
      case "GET script" -> Reply.ok(organization.script().json());
      case "PUT script" -> {
        organization.play(Script.of(anyJson(call)));
        yield Reply.ok(organization.script().json());
      }
      case "GET calls" -> calls(organization, call);
      case "GET deliveries" ->
          list(
              organization.outbox().attempts().after(call.number("after", 0), limit(call)).stream()
                  .map(DeliveryAttempt::json)
                  .toList());
      case "GET counts" -> {
        ObjectNode counts = organization.counts().json();
        organization.outbox().countInto(counts);
        yield Reply.ok(counts);
      }
      case "GET conversations" ->
          list(
              organization.conversations().after(call.number("after", 0), limit(call)).stream()
                  .map(Conversation::controlJson)
                  .toList());
      default -> throw unknown(call);
    };
  }

  private static Reply deep(Organization organization, List<String> path, Call call) {
    String what =
        call.method() + " " + path.getFirst() + (path.size() > 2 ? " " + path.get(2) : "");
    if (path.size() > 3) {
      throw unknown(call);
    }
    return switch (what) {
      case "POST tokens" -> {
        if (!path.get(1).equals("revoke")) {
          throw unknown(call);
        }
        organization.tokenGeneration().incrementAndGet();
        yield Reply.success();
      }
      case "GET conversations" -> Reply.ok(conversation(organization, path).controlJson());
      case "POST conversations acts" -> act(organization, conversation(organization, path), call);
      case "POST conversations participants" ->
          join(organization, conversation(organization, path), call);
      case "POST integrations webhooks" -> webhook(organization, path.get(1), call);
      default -> throw unknown(call);
    };
  }

  /// The ledger from a number on; with a kind only those, so a page may hold fewer than the limit.
  private static Reply calls(Organization organization, Call call) {
    @Nullable String kind = call.query().get("kind");
    List<ObjectNode> found = new ArrayList<>();
    long after = call.number("after", 0);
    int limit = limit(call);
    while (found.size() < limit) {
      List<CallEntry> page = organization.calls().after(after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      for (CallEntry entry : page) {
        after = entry.number();
        if (kind == null || kind.equals(entry.kind())) {
          found.add(entry.json());
        }
        if (found.size() == limit) {
          break;
        }
      }
    }
    return list(found);
  }

  private static Reply act(Organization organization, Conversation conversation, Call call) {
    Agent.Done done = new Agent(organization).act(conversation, json(call));
    ObjectNode answer = Json.object();
    if (done.webhook() != null) {
      answer.set("id", done.webhook().path("id"));
      answer.set("webhook", done.webhook());
    }
    return Reply.ok(
        call.flag("wait") && done.outcome() != null ? await(done.outcome(), answer) : answer);
  }

  private static Reply join(Organization organization, Conversation conversation, Call call) {
    JsonNode json = json(call);
    OrganizationSettings.User user = organization.settings().user(Json.text(json, "userId"));
    String state = json.path("state").asText("connected");
    if (user == null || !STATES.contains(state)) {
      throw new ControlRefusal(400, "userId must be a user's, state one of " + STATES);
    }
    conversation.join(user, state);
    return Reply.ok(conversation.controlJson());
  }

  private static Reply webhook(Organization organization, String id, Call call) {
    Integration integration = organization.integration(id);
    if (integration == null) {
      throw new ControlRefusal(404, "no such integration: " + id);
    }
    String named = call.query().getOrDefault("signature", "good").toUpperCase(Locale.ROOT);
    Outbox.Signature signature;
    try {
      signature = Outbox.Signature.valueOf(named);
    } catch (IllegalArgumentException e) {
      throw new ControlRefusal(400, "signature must be good, wrong, hex or none");
    }
    boolean wait = call.flag("wait");
    // Who waits wants to see the answer to this one POST.
    long usual = organization.behaviour().get(Knob.WEBHOOK_RETRIES) + 1;
    int tries = call.number("tries", wait ? 1 : (int) usual);
    JsonNode json = json(call);
    JsonNode raw = json.path("raw");
    Bytes body =
        raw.isTextual()
            ? Bytes.of(raw.textValue())
            : Bytes.of(Json.bytes(raw.isMissingNode() ? json : raw));
    var outcome = organization.outbox().post(integration, body, signature, tries);
    return Reply.ok(wait ? await(outcome, Json.object()) : Json.object().put("success", true));
  }

  private static Conversation conversation(Organization organization, List<String> path) {
    Conversation found = organization.conversations().find(path.get(1));
    if (found == null) {
      throw new ControlRefusal(404, "no such conversation: " + path.get(1));
    }
    return found;
  }

  private static ObjectNode await(CompletableFuture<Outbox.Outcome> outcome, ObjectNode answer) {
    try {
      Outbox.Outcome end = outcome.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
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

  private static int limit(Call call) {
    return Math.clamp(call.number("limit", PAGE), 1, PAGE);
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

  private static ControlRefusal unknown(Call call) {
    return new ControlRefusal(404, "no such call: " + call.method() + " " + call.path());
  }
}
