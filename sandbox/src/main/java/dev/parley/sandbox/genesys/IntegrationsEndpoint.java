package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// `/conversations/messaging/...`: the integrations and what is set up around them.
final class IntegrationsEndpoint {
  private static final String LIST = "/api/v2/conversations/messaging/integrations/open";

  private IntegrationsEndpoint() {}

  /// @param path what follows `/conversations/messaging`
  static Reply answer(Visit visit, List<String> path) {
    Profiles profiles = visit.organization().profiles();
    String first = path.getFirst();
    permit(visit);
    if (path.size() >= 2 && first.equals("integrations") && path.get(1).equals("open")) {
      return path.size() == 2 ? all(visit) : one(visit, path.subList(2, path.size()));
    }
    if (first.equals("supportedcontent") || first.equals("settings")) {
      return profiles.collection(first, path.subList(1, path.size()), visit);
    }
    if (first.equals("threadingtimeline") && path.size() == 1) {
      return profiles.timeline(visit);
    }
    if (path.size() == 4 && first.equals("identityresolution")) {
      Integration integration = find(visit, path.get(3));
      ObjectNode initial = Json.object().put("resolveIdentities", false);
      return profiles.single("identities " + integration.id(), initial, visit);
    }
    throw new ApiRefusal(ApiError.notFound());
  }

  /// `/routing/message/recipients[/{id}]`.
  ///
  /// @param path what follows `/routing/message`
  static Reply recipients(Visit visit, List<String> path) {
    if (!path.getFirst().equals("recipients") || path.size() > 2) {
      throw new ApiRefusal(ApiError.notFound());
    }
    List<String> rest = path.subList(1, path.size());
    Organization organization = visit.organization();
    String base = "/api/v2/routing/message/recipients";
    visit.require("routing:message:manage");
    if (rest.isEmpty()) {
      visit.requireMethod("GET");
      return Page.of(
          organization.integrations().stream().map(one -> recipient(one, base)).toList(),
          base,
          visit);
    }
    Integration integration = find(visit, rest.getFirst());
    return organization
        .profiles()
        .single("recipient " + integration.id(), recipient(integration, base), visit);
  }

  private static ObjectNode recipient(Integration integration, String base) {
    ObjectNode json = Json.object().put("id", integration.id()).put("name", integration.name());
    json.put("messengerType", "open");
    json.putObject("flow").put("id", integration.id()).put("name", "Sandbox flow");
    return json.put("selfUri", base + "/" + integration.id());
  }

  private static Reply all(Visit visit) {
    Organization organization = visit.organization();
    if (visit.call().method().equals("POST")) {
      Integration made =
          Integration.create(UUID.randomUUID().toString(), visit.body(), organization.behaviour());
      organization.put(made);
      visit.accept(made.id(), null);
      return Reply.ok(made.json(Instant.now()));
    }
    visit.requireMethod("GET");
    Instant now = Instant.now();
    return Page.of(
        organization.integrations().stream().map(one -> one.json(now)).toList(), LIST, visit);
  }

  private static Reply one(Visit visit, List<String> rest) {
    Organization organization = visit.organization();
    Integration integration = find(visit, rest.getFirst());
    if (rest.size() > 1) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return switch (visit.call().method()) {
      case "GET" -> Reply.ok(integration.json(Instant.now()));
      case "PATCH" -> {
        Integration next = integration.patched(visit.body());
        organization.put(next);
        visit.accept(next.id(), null);
        yield Reply.ok(next.json(Instant.now()));
      }
      case "DELETE" -> {
        organization.removeIntegration(integration.id());
        yield new Reply.Empty(204, Map.of());
      }
      default -> throw new ApiRefusal(ApiError.notFound());
    };
  }

  private static void permit(Visit visit) {
    visit.require(
        "messaging:integration:"
            + switch (visit.call().method()) {
              case "POST" -> "add";
              case "PATCH", "PUT" -> "edit";
              case "DELETE" -> "delete";
              default -> "view";
            });
  }

  private static Integration find(Visit visit, String id) {
    Integration found = visit.organization().integration(id);
    if (found == null) {
      throw new ApiRefusal(ApiError.notFound());
    }
    return found;
  }
}
