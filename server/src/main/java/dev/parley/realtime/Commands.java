package dev.parley.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.identity.Callers;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.Permission;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import dev.parley.platform.telemetry.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The operations that clients can ask for over a connection: how they read in JSON, and what those do that are the same
/// as over REST.
public final class Commands {
  private static final int MOST_TOPICS = 500;

  /// Carries out an operation for a caller; may block.
  @FunctionalInterface
  public interface Operation {
    /// Answers what the ack holds. Throws a [Problem] when it cannot be done; the caller's rights are checked here.
    Ack run(Caller caller, JsonNode fields);
  }

  private final Map<String, Operation> operations = new TreeMap<>();

  /// Adds an operation; to be called while the process starts. Throws `IllegalArgumentException` when there is one of
  /// that name, or when [CommandForms] does not list it.
  public void add(String op, Operation operation) {
    if (!CommandForms.isKnown(op) || operations.putIfAbsent(op, operation) != null) {
      throw new IllegalArgumentException(op + " is not listed, or there already");
    }
  }

  /// Reads a command from its name and fields. Throws a [Problem] when it is none.
  ///
  /// @param host the address that the client called
  public Command parse(String op, JsonNode fields, @Nullable String host) {
    return switch (op) {
      case "auth" ->
          new Command.Authenticate(
              new Callers.Shown(
                  text(fields, "apiKey"), text(fields, "token"), host, text(fields, "tenant")));
      case "subscribe" -> new Command.Subscribe(topics(fields), text(fields, "after"));
      case "resume" -> {
        String after = text(fields, "after");
        if (after == null) {
          throw Problem.invalid("after", "is required");
        }
        yield new Command.Subscribe(topics(fields), after);
      }
      case "unsubscribe" -> new Command.Unsubscribe(topics(fields));
      case "typing.start" -> act(Activity.TYPING, fields, true);
      case "typing.stop" -> act(Activity.TYPING, fields, false);
      case "viewing.start" -> act(Activity.VIEWING, fields, true);
      case "viewing.stop" -> act(Activity.VIEWING, fields, false);
      case "presence" -> new Command.Present(state(fields));
      case "ping" -> new Command.Ping();
      default -> {
        if (!operations.containsKey(op)) {
          throw Problem.invalid("op", "is not known");
        }
        yield new Command.Call(op, fields);
      }
    };
  }

  private static Command act(Activity activity, JsonNode fields, boolean on) {
    return new Command.Act(activity, id(fields, "conversationId"), on);
  }

  /// Carries out an operation of [Command.Call]; blocking.
  Ack run(Caller caller, Command.Call call) {
    Operation operation = operations.get(call.op());
    if (operation == null) {
      throw Problem.invalid("op", "is not known");
    }
    return Trace.accept(text(call.fields(), "correlationId"), null)
        .call(caller.inTenant().toString(), () -> operation.run(caller, call.fields()));
  }

  static void require(Caller caller, Permission permission) {
    if (!caller.allows(permission)) {
      throw new Problem(
          Problem.Code.FORBIDDEN, "This needs the permission " + permission.scope() + ".");
    }
  }

  private static List<Topic> topics(JsonNode fields) {
    JsonNode names = fields.path("topics");
    if (!names.isArray() || names.isEmpty() || names.size() > MOST_TOPICS) {
      throw Problem.invalid("topics", "must be a list of 1 to " + MOST_TOPICS);
    }
    var topics = new ArrayList<Topic>();
    names.forEach(name -> topics.add(Topic.parse(name.asText())));
    return topics;
  }

  private static String state(JsonNode fields) {
    String state = fields.path("state").asText("online");
    var input = new Input();
    input.check(state.equals("online") || state.equals("away"), "state", "must be online or away");
    input.done();
    return state;
  }

  static @Nullable String text(JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    return value.isTextual() ? value.asText() : null;
  }

  static UUID id(JsonNode fields, String name) {
    try {
      return UUID.fromString(fields.path(name).asText());
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(name, "must be an id");
    }
  }
}
