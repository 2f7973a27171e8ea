package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Bytes;
import dev.parley.sandbox.Call;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/oauth/token` and `/oauth/authorize`, which the original has on its login host. Who signs in is
/// not asked: it is the user whom the organisation's settings name as signed in.
final class OAuthEndpoint {
  private static final long CODE_SECONDS = 60;

  private final Cloud cloud;

  OAuthEndpoint(Cloud cloud) {
    this.cloud = cloud;
  }

  Reply answer(Call call) {
    List<String> path = call.segments();
    String what = call.method() + " " + (path.size() == 2 ? path.get(1) : "");
    return switch (what) {
      case "POST token" -> token(call);
      case "GET authorize" -> authorize(call);
      default -> Reply.json(404, ApiError.notFound().body(UUID.randomUUID().toString()));
    };
  }

  private Reply token(Call call) {
    String type = call.headers().getFirst("Content-Type");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      return error(400, "invalid_request", "the body must be a form");
    }
    Map<String, String> form = Call.parameters(call.body().text());
    return switch (form.getOrDefault("grant_type", "")) {
      case "client_credentials" -> clientToken(call);
      case "authorization_code" -> userToken(form);
      default -> error(400, "unsupported_grant_type", "unsupported grant_type");
    };
  }

  private Reply clientToken(Call call) {
    String[] pair = basic(call.headers().getFirst("Authorization"));
    Organization organization = pair == null ? null : cloud.ofClient(pair[0]);
    if (pair == null || organization == null) {
      return error(400, "invalid_client", "client not found");
    }
    return organization
        .faults()
        .around(
            "token",
            organization::chance,
            UUID.randomUUID().toString(),
            () ->
                organization.settings().clientSecret().equals(pair[1])
                    ? granted(organization, pair[0], null)
                    : error(401, "invalid_client", "authentication failed"));
  }

  private Reply userToken(Map<String, String> form) {
    Tokens.Code code = cloud.tokens().redeem(form.getOrDefault("code", ""));
    if (code == null
        || !code.clientId().equals(form.get("client_id"))
        || !code.redirectUri().equals(form.get("redirect_uri"))) {
      return error(400, "invalid_grant", "the code is not good here");
    }
    String verifier = form.getOrDefault("code_verifier", "");
    if (code.challenge() != null && !code.challenge().equals(challenge(verifier))) {
      return error(400, "invalid_grant", "the code_verifier is wrong");
    }
    return granted(code.organization(), code.clientId(), code.userId());
  }

  private Reply authorize(Call call) {
    String clientId = call.query().getOrDefault("client_id", "");
    String redirect = call.query().getOrDefault("redirect_uri", "");
    Organization organization = cloud.ofWidget(clientId);
    if (organization == null || !organization.settings().redirectUris().contains(redirect)) {
      // Never sends anybody to an address that nobody registered.
      return error(400, "invalid_request", "the client or its redirect_uri is unknown");
    }
    String state = call.query().getOrDefault("state", "");
    String challenge = call.query().get("code_challenge");
    if (!"code".equals(call.query().get("response_type"))
        || !"S256".equals(call.query().get("code_challenge_method"))
        || challenge == null) {
      return back(redirect, "error=invalid_request", state);
    }
    String user = organization.settings().signedIn();
    if (organization.settings().user(user) == null || user == null) {
      return back(redirect, "error=access_denied", state);
    }
    Instant end = Instant.now().plusSeconds(CODE_SECONDS);
    String code =
        cloud
            .tokens()
            .code(new Tokens.Code(organization, clientId, user, redirect, challenge, end));
    return back(redirect, "code=" + code, state);
  }

  private Reply granted(Organization organization, String clientId, @Nullable String userId) {
    long seconds = organization.behaviour().get(Knob.TOKEN_SECONDS);
    String token = cloud.tokens().issue(organization, clientId, userId, seconds);
    organization.counts().token();
    ObjectNode json = Json.object().put("access_token", token).put("token_type", "bearer");
    return new Reply.Body(
        200, json.put("expires_in", seconds), Map.of("Cache-Control", "no-store"));
  }

  private static Reply back(String redirect, String answer, String state) {
    String separator = redirect.contains("?") ? "&" : "?";
    String target = redirect + separator + answer;
    if (!state.isEmpty()) {
      target += "&state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
    }
    return new Reply.Empty(302, Map.of("Location", target));
  }

  private static Reply.Body error(int status, String error, String description) {
    ObjectNode json = Json.object().put("error", error).put("description", description);
    return Reply.json(status, json.put("error_description", description));
  }

  private static String challenge(String verifier) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.of(verifier).sha256());
  }

  private static String @Nullable [] basic(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.ISO_8859_1);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
