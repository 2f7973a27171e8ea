package dev.parley.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Graph API: finds the object a call is about, checks the token, and hands the call on.
final class Graph {
  private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+");

  private final World world;
  private final MessagesEndpoint messages;
  private final MediaEndpoint media;
  private final TemplatesEndpoint templates;
  private final AccountEndpoint accounts;

  Graph(World world, MediaEndpoint media) {
    this.world = world;
    this.media = media;
    this.messages = new MessagesEndpoint(world);
    this.templates = new TemplatesEndpoint(world);
    this.accounts = new AccountEndpoint(world);
  }

  Reply answer(Call call) {
    try {
      return dispatch(call);
    } catch (GraphRefusal refusal) {
      return refusal.error().reply();
    }
  }

  private Reply dispatch(Call call) {
    List<String> path = call.segments();
    boolean versioned = !path.isEmpty() && VERSION.matcher(path.getFirst()).matches();
    List<String> rest = versioned ? path.subList(1, path.size()) : path;
    if (rest.equals(List.of("debug_token"))) {
      return accounts.debugToken(owner(call.query().get("input_token")));
    }
    if (!versioned || rest.isEmpty() || rest.size() > 2) {
      throw noSuch(call);
    }
    String id = rest.getFirst();
    String edge = rest.size() == 2 ? rest.get(1) : "";
    BusinessNumber number = world.number(id);
    if (number != null) {
      authorise(call, number);
      return ofNumber(number, edge, call);
    }
    BusinessAccount account = world.account(id);
    if (account != null) {
      BusinessNumber asker = asker(call, account);
      return guarded(
          asker,
          edge.equals("message_templates") ? "templates" : "other",
          () -> ofAccount(account, asker, edge, call));
    }
    MediaStore.Media file = world.file(id);
    BusinessNumber keeper = file == null ? null : world.number(file.ownerId());
    if (file != null && keeper != null && edge.isEmpty()) {
      authorise(call, keeper);
      return guarded(keeper, "lookUp", () -> ofMedia(file, call));
    }
    return ofTemplate(id, edge, call);
  }

  private Reply ofNumber(BusinessNumber number, String edge, Call call) {
    String what = call.method() + " " + edge;
    return switch (what) {
      // This one has its own way with faults: they go into the ledger.
      case "POST messages" -> messages.post(number, call);
      case "POST media" -> guarded(number, "upload", () -> media.upload(number, call));
      case "GET " -> guarded(number, "other", () -> accounts.look(number, call));
      case "POST " -> guarded(number, "other", () -> accounts.change(number, call));
      case "POST register" -> guarded(number, "other", () -> accounts.register(number, call));
      case "POST deregister" -> guarded(number, "other", () -> accounts.deregister(number));
      case "POST request_code" -> guarded(number, "other", () -> accounts.requestCode(call));
      case "POST verify_code" -> guarded(number, "other", () -> accounts.verifyCode(call));
      default -> throw noSuch(call);
    };
  }

  private Reply ofAccount(BusinessAccount account, BusinessNumber asker, String edge, Call call) {
    String what = call.method() + " " + edge;
    return switch (what) {
      case "GET " -> accounts.look(account, call);
      case "GET phone_numbers" -> accounts.numbers(account, call);
      case "GET subscribed_apps" -> accounts.subscriptions(account);
      case "POST subscribed_apps" -> accounts.subscribe(account, call);
      case "DELETE subscribed_apps" -> accounts.unsubscribe(account);
      case "GET message_templates" -> templates.list(account, call);
      case "POST message_templates" -> templates.create(account, asker, call);
      case "DELETE message_templates" -> templates.delete(account, call);
      default -> throw noSuch(call);
    };
  }

  private Reply ofMedia(MediaStore.Media file, Call call) {
    return switch (call.method()) {
      case "GET" -> media.look(file, call);
      case "DELETE" -> media.delete(file);
      default -> throw noSuch(call);
    };
  }

  private Reply ofTemplate(String id, String edge, Call call) {
    for (BusinessAccount account : world.accounts()) {
      Template template = account.templates().get(id);
      if (template != null && edge.isEmpty()) {
        BusinessNumber asker = asker(call, account);
        return switch (call.method()) {
          case "GET" -> guarded(asker, "templates", () -> templates.look(template, call));
          case "POST" ->
              guarded(asker, "templates", () -> templates.edit(account, asker, template, call));
          default -> throw noSuch(call);
        };
      }
    }
    // Of what it doesn't know, Meta only tells those who bear some token.
    if (call.token() == null) {
      throw new GraphRefusal(GraphError.of(190, null));
    }
    throw noSuch(call);
  }

  private static Reply guarded(BusinessNumber number, String place, Work work) {
    return number
        .faults()
        .around(
            place,
            number::chance,
            error -> {},
            () -> {
              try {
                return work.run();
              } catch (GraphRefusal refusal) {
                return refusal.error().reply();
              }
            });
  }

  private interface Work {
    Reply run();
  }

  private static void authorise(Call call, BusinessNumber number) {
    if (!number.settings().accessToken().equals(call.token())) {
      throw new GraphRefusal(GraphError.of(190, null));
    }
    String proof = call.query().get("appsecret_proof");
    if (proof != null && !proof.equals(proof(number.settings()))) {
      throw new GraphRefusal(
          GraphError.invalid("Invalid appsecret_proof provided in the API argument"));
    }
  }

  /// The token's HMAC by the app's secret, in hexadecimal digits.
  private static String proof(NumberSettings settings) {
    Bytes token = Bytes.of(settings.accessToken());
    return WebhookClient.sign(token, settings.appSecret()).substring("sha256=".length());
  }

  /// The number of the account whose token the call bears.
  private BusinessNumber asker(Call call, BusinessAccount account) {
    return world.numbersOf(account.id()).stream()
        .filter(number -> number.settings().accessToken().equals(call.token()))
        .findFirst()
        .orElseThrow(() -> new GraphRefusal(GraphError.of(190, null)));
  }

  private @Nullable BusinessNumber owner(@Nullable String token) {
    return world.accounts().stream()
        .flatMap(account -> world.numbersOf(account.id()).stream())
        .filter(number -> number.settings().accessToken().equals(token))
        .findFirst()
        .orElse(null);
  }

  private static GraphRefusal noSuch(Call call) {
    List<String> path = call.segments();
    String id = path.size() > 1 ? path.get(1) : String.join("/", path);
    return new GraphRefusal(GraphError.noSuchObject(call.method(), id));
  }

  /// The body as a JSON object.
  static JsonNode json(Call call) {
    try {
      JsonNode json = Json.parse(call.body());
      if (json.isObject()) {
        return json;
      }
    } catch (IOException notJson) {
      // falls through to the refusal
    }
    throw new GraphRefusal(GraphError.invalid("The body is not a JSON object."));
  }

  static JsonNode jsonOrEmpty(Call call) {
    return call.body().length() == 0 ? Json.object() : json(call);
  }

  /// The fields asked for; the id is always among them.
  static ObjectNode pick(ObjectNode whole, String fields, Set<String> known) {
    ObjectNode picked = Json.object();
    for (String wanted : fields.split(",", -1)) {
      String field = wanted.strip();
      if (field.isEmpty()) {
        continue;
      }
      if (!known.contains(field)) {
        throw new GraphRefusal(
            GraphError.invalid("Tried accessing nonexisting field (%s)".formatted(field)));
      }
      JsonNode value = whole.get(field);
      if (value != null) {
        picked.set(field, value);
      }
    }
    return picked.set("id", whole.get("id"));
  }
}
