package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The Platform API: checks the token, counts the call, hands it on, and notes what came.
final class Api {
  private final Cloud cloud;
  private final OAuthEndpoint oauth;

  Api(Cloud cloud) {
    this.cloud = cloud;
    this.oauth = new OAuthEndpoint(cloud);
  }

  Reply answer(Call call) {
    if (call.method().equals("OPTIONS")) {
      return new Reply.Empty(204, crossOrigin(call));
    }
    List<String> path = call.segments();
    if (!path.isEmpty() && path.getFirst().equals("oauth")) {
      return with(oauth.answer(call), crossOrigin(call), UUID.randomUUID().toString());
    }
    if (path.size() < 3 || !path.getFirst().equals("api") || !path.get(1).equals("v2")) {
      return refused(call, ApiError.notFound());
    }
    if (path.get(2).equals("downloads")) {
      return cloud.downloads().answer(path);
    }
    String bearer = call.token();
    if (bearer == null) {
      return refused(call, ApiError.authenticationRequired());
    }
    Tokens.Token token = cloud.tokens().find(bearer);
    if (token == null) {
      return refused(call, ApiError.badCredentials());
    }
    boolean expired = Instant.now().isAfter(token.end());
    if (token.revoked() || expired) {
      token.organization().counts().unauthorized();
      return refused(call, expired ? ApiError.expired() : ApiError.badCredentials());
    }
    return visit(new Visit(call, token));
  }

  private Reply visit(Visit visit) {
    Organization organization = visit.organization();
    Behaviour behaviour = organization.behaviour();
    String kind = kind(visit);
    RateLimit.Place place =
        organization
            .limit(visit.token().clientId())
            .take(behaviour.get(Knob.RATE_PER_MINUTE), behaviour.get(Knob.RATE_WINDOW_MS));
    Reply reply;
    if (place.within()) {
      reply =
          organization
              .faults()
              .around(kind, organization::chance, visit.correlationId(), () -> dispatched(visit));
    } else {
      organization.counts().limited();
      reply = error(visit, ApiError.tooMany(place.allowed(), place.resetSeconds()));
    }
    note(visit, kind, reply);
    Map<String, String> headers = crossOrigin(visit.call());
    headers.putAll(place.headers());
    return with(reply, headers, visit.correlationId());
  }

  private static Reply dispatched(Visit visit) {
    try {
      return dispatch(visit);
    } catch (ApiRefusal refusal) {
      return error(visit, refusal.error());
    }
  }

  private static Reply dispatch(Visit visit) {
    List<String> path = visit.path();
    String first = path.getFirst();
    String second = path.size() > 1 ? path.get(1) : "";
    List<String> rest = path.subList(Math.min(2, path.size()), path.size());
    if (first.equals("conversations") && second.equals("messages") && rest.size() > 1) {
      String integration = rest.getFirst();
      switch (String.join("/", rest.subList(1, rest.size()))) {
        case "inbound/open/message" -> {
          return InboundEndpoint.message(visit, integration);
        }
        case "inbound/open/event" -> {
          return InboundEndpoint.event(visit, integration);
        }
        case "inbound/open/receipt" -> {
          return InboundEndpoint.receipt(visit, integration);
        }
        case "inbound/open/structured/response" -> {
          return InboundEndpoint.response(visit, integration);
        }
        default -> {
          // one of the others below
        }
      }
    }
    if (rest.isEmpty()) {
      return switch (first + "/" + second) {
        case "users/me" -> me(visit);
        case "organizations/me" -> organization(visit);
        default -> conversation(visit, path);
      };
    }
    return switch (first + "/" + second) {
      case "conversations/messages" -> ConversationsEndpoint.messages(visit, rest);
      case "conversations/messaging" -> IntegrationsEndpoint.answer(visit, rest);
      case "routing/message" -> IntegrationsEndpoint.recipients(visit, rest);
      default -> conversation(visit, path);
    };
  }

  private static Reply conversation(Visit visit, List<String> path) {
    if (!path.getFirst().equals("conversations") || path.size() < 2) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return ConversationsEndpoint.answer(visit, path.subList(1, path.size()));
  }

  /// What faults and counts call it.
  private static String kind(Visit visit) {
    String path = String.join("/", visit.path());
    if (path.startsWith("conversations/messages/") && path.contains("/inbound/open/")) {
      String last = path.substring(path.lastIndexOf('/') + 1);
      return Faults.INBOUND.contains(last) ? last : "other";
    }
    if (path.equals("conversations/messages/agentless")) {
      return "agentless";
    }
    if (path.startsWith("conversations/messaging/") || path.startsWith("routing/message/")) {
      return "integrations";
    }
    return path.startsWith("conversations/") ? "conversations" : "other";
  }

  private static Reply me(Visit visit) {
    visit.requireMethod("GET");
    String userId = visit.token().userId();
    if (userId == null) {
      throw new ApiRefusal(
          ApiError.badRequest(
              "This request requires a user context. Client credentials cannot be used for"
                  + " requests to this resource."));
    }
    OrganizationSettings.User user = visit.organization().settings().user(userId);
    if (user == null) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return Reply.ok(user.json());
  }

  private static Reply organization(Visit visit) {
    visit.requireMethod("GET");
    Organization organization = visit.organization();
    ObjectNode json = Json.object().put("id", organization.key());
    json.put("name", organization.settings().name()).put("state", "active");
    return Reply.ok(json.put("selfUri", "/api/v2/organizations/me"));
  }

  private static void note(Visit visit, String kind, Reply reply) {
    int status =
        switch (reply) {
          case Reply.Body body -> body.status();
          case Reply.Empty empty -> empty.status();
          default -> 0;
        };
    visit.organization().counts().call(kind, visit.accepted());
    visit
        .organization()
        .calls()
        .add(
            number ->
                new CallEntry(
                    number,
                    visit.at(),
                    kind,
                    visit.call().method(),
                    visit.call().path(),
                    status,
                    visit.accepted(),
                    visit.correlationId(),
                    visit.id(),
                    visit.conversationId(),
                    visit.call().body().text()));
  }

  private static Reply error(Visit visit, ApiError error) {
    return Reply.json(error.status(), error.body(visit.correlationId()));
  }

  private static Reply refused(Call call, ApiError error) {
    String correlationId = UUID.randomUUID().toString();
    return with(
        Reply.json(error.status(), error.body(correlationId)), crossOrigin(call), correlationId);
  }

  /// Pages of any origin may call, as the widget's page has to.
  private static Map<String, String> crossOrigin(Call call) {
    @Nullable String origin = call.headers().getFirst("Origin");
    Map<String, String> headers = new TreeMap<>();
    if (origin != null) {
      headers.put("Access-Control-Allow-Origin", origin);
      headers.put("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
      headers.put("Access-Control-Allow-Headers", "authorization, content-type");
      headers.put("Access-Control-Expose-Headers", "inin-correlation-id, retry-after");
      headers.put("Vary", "Origin");
    }
    return headers;
  }

  private static Reply with(Reply reply, Map<String, String> more, String correlationId) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("inin-correlation-id", correlationId);
    return switch (reply) {
      case Reply.Body body -> {
        headers.putAll(body.headers());
        yield new Reply.Body(body.status(), body.json(), headers);
      }
      case Reply.Empty empty -> {
        headers.putAll(empty.headers());
        yield new Reply.Empty(empty.status(), headers);
      }
      default -> reply;
    };
  }
}
